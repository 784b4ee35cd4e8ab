"""Permutations of group labels, and corrections for testing many things at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from analysis.counts import Floats, Integers

ROUNDING = 1e-9
"""Values that differ by less than this share of their size differ by rounding only."""


@dataclass(frozen=True, slots=True, eq=False)
class Relabellings:
    """Group labels of a panel (relabelling, panelist); ``complete`` when they are all that there are."""

    labels: Integers
    complete: bool


def permuted_labels(group_of: Integers, n_permutations: int, seed: int) -> Relabellings:
    """Permute the panel's group labels; one set serves all statements, so dependence is kept.

    Where the groups are so small that there are no more than ``n_permutations`` ways to label the panel, all
    of them are taken once, and the test is exact.

    Parameters
    ----------
    group_of : int array (panelist)
        Group positions, panelists in canonical order.
    n_permutations : int
    seed : int

    Raises
    ------
    ValueError
        For less than one permutation: there would be no p.
    """
    if n_permutations < 1:
        raise ValueError(f"n_permutations must be at least 1, not {n_permutations}.")
    sizes = np.bincount(group_of, minlength=1)
    if gammaln(sizes.sum() + 1) - gammaln(sizes + 1).sum() <= log(n_permutations) + ROUNDING:
        return Relabellings(_all_labels(sizes), complete=True)
    generator = np.random.Generator(np.random.PCG64(seed))
    shape = (n_permutations, group_of.size)
    return Relabellings(generator.permuted(np.broadcast_to(group_of, shape), axis=1), complete=False)


def _all_labels(sizes: Integers) -> Integers:
    """Every way to give so many panelists each label; those of the largest group keep what is left."""
    largest = int(sizes.argmax())
    labels = [np.full(sizes.sum(), largest)]
    for group, size in enumerate(sizes.tolist()):
        if group != largest:
            labels = [
                _labelled(before, chosen, group)
                for before in labels
                for chosen in combinations(np.flatnonzero(before == largest).tolist(), size)
            ]
    return np.stack(labels)


def _labelled(before: Integers, chosen: Sequence[int], group: int) -> Integers:
    labels = before.copy()
    labels[list(chosen)] = group
    return labels


def label_indicators(labels: Integers, n_groups: int) -> npt.NDArray[np.float32]:
    """Indicators (permutation, group, panelist) of labels (permutation, panelist).

    In single precision: sums of at most 2**24 ones stay exact, and the product is twice as fast.
    """
    belongs = labels[:, None, :] == np.arange(n_groups)[None, :, None]
    return np.asarray(belongs, dtype=np.float32)


def permutation_p(observed: Floats, permuted: Floats, *, complete: bool = False) -> Floats:
    """Permutation p for large values: (1 + number at least as large) / (1 + permutations).

    Parameters
    ----------
    observed : float array (test)
    permuted : float array (permutation, test)
    complete : bool
        All permutations are there, the observed one among them: p is then the share itself.

    Notes
    -----
    Values within a relative 1e-9 count as equal, since the same table can sum to another last digit.
    """
    tolerance = ROUNDING * np.maximum(np.abs(observed), 1.0)
    at_least = (permuted >= observed - np.where(np.isfinite(tolerance), tolerance, 0)).sum(axis=0)
    drawn = 0 if complete else 1
    return np.asarray((drawn + at_least) / (drawn + permuted.shape[0]))


def westfall_young_max_t(observed: Floats, permuted: Floats, *, complete: bool = False) -> Floats:
    """Step-down max-T adjusted p over tests that share their permutations (Westfall and Young 1993).

    Controls the chance of any false finding, using the dependence between the tests. The statistics must
    be on one footing (the same null distribution, or standardised).

    Parameters
    ----------
    observed : float array (test)
    permuted : float array (permutation, test)
    complete : bool
        As in :func:`permutation_p`.
    """
    order = np.argsort(-observed, kind="stable")
    running = np.maximum.accumulate(permuted[:, order[::-1]], axis=1)[:, ::-1]
    stepwise = permutation_p(observed[order], running, complete=complete)
    adjusted = np.empty_like(stepwise)
    adjusted[order] = np.maximum.accumulate(stepwise)
    return adjusted


def holm(p_values: Sequence[float] | Floats) -> Floats:
    """Holm's step-down adjusted p values (Holm 1979): the chance of any false finding is controlled."""
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p, kind="stable")
    factors = np.arange(p.size, 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(factors * p[order]), 1)
    return adjusted


def benjamini_hochberg(p_values: Sequence[float] | Floats) -> Floats:
    """Benjamini-Hochberg adjusted p values (1995): the expected share of false findings is controlled."""
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(-p, kind="stable")
    factors = p.size / np.arange(p.size, 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.minimum.accumulate(factors * p[order]), 1)
    return adjusted
