"""Chi-squared tests of change between two rounds, from transitions or from two rounds' counts.

They are large-sample tests: with few panelists prefer the exact ones of ``analysis.stability``.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from analysis.counts import Floats, Integers


@dataclass(frozen=True, slots=True)
class ChiSquared:
    """A chi-squared statistic with its degrees of freedom and upper-tail p."""

    statistic: float
    degrees_of_freedom: int
    p: float


def _chi_squared(statistic: float, degrees_of_freedom: int) -> ChiSquared:
    return ChiSquared(float(statistic), degrees_of_freedom, float(chdtrc(degrees_of_freedom, statistic)))


def bowker(moved: Integers) -> ChiSquared | None:
    """Bowker's test of symmetry (1948): moves from i to j are as many as those from j to i, for every pair.

    Pairs that nobody moved between are left out of the degrees of freedom. None when nobody moved.

    Parameters
    ----------
    moved : int array (point before, point after)
    """
    crossed = moved + moved.T
    np.fill_diagonal(crossed, 0)
    n_pairs = int(np.count_nonzero(crossed)) // 2
    if not n_pairs:
        return None
    difference = moved - moved.T
    # Every pair stands twice in the table.
    return _chi_squared((difference * difference / np.maximum(crossed, 1)).sum() / 2, n_pairs)


def stuart_maxwell(moved: Integers) -> ChiSquared | None:
    """Stuart and Maxwell's test (1955, 1970) that the two rounds have the same distribution.

    Points whose count cannot have changed are left out. None when nothing can have changed.
    """
    difference = (moved.sum(axis=1) - moved.sum(axis=0)).astype(float)
    covariance = -(moved + moved.T).astype(float)
    np.fill_diagonal(covariance, moved.sum(axis=0) + moved.sum(axis=1) - 2 * np.diagonal(moved))
    return _quadratic_form(difference, covariance)


def bhapkar(moved: Integers) -> ChiSquared | None:
    """Bhapkar's test (1966) of the same hypothesis as ``stuart_maxwell``, with the unrestricted variance.

    None when nothing can have changed, or when everybody moved so that there is no variance.
    """
    restricted = stuart_maxwell(moved)
    n = int(moved.sum())
    if restricted is None or restricted.statistic >= n * (1 - 1e-12):
        return None
    statistic = restricted.statistic / (1 - restricted.statistic / n)
    return _chi_squared(statistic, restricted.degrees_of_freedom)


def _quadratic_form(difference: Floats, covariance: Floats) -> ChiSquared | None:
    rank = int(np.linalg.matrix_rank(covariance))
    if not rank:
        return None
    return _chi_squared(float(difference @ np.linalg.pinv(covariance) @ difference), rank)


def rounds_chi_squared(before: Integers, after: Integers) -> ChiSquared | None:
    """Compare two rounds' distributions as if other people had answered (Dajani, Sincoff and Talley 1979).

    The classic group-level stability test; it ignores that the panelists are the same. Points that nobody
    chose are left out. None when fewer than two points were chosen or a round is empty.

    Parameters
    ----------
    before, after : int arrays (point)
    """
    return contingency_chi_squared(np.stack([before, after]))


def contingency_chi_squared(table: Integers) -> ChiSquared | None:
    """Pearson's chi-squared of a table, empty rows and columns left out; None when nothing is left."""
    kept = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0].astype(float)
    degrees = (kept.shape[0] - 1) * (kept.shape[1] - 1)
    if degrees < 1:
        return None
    expected = np.outer(kept.sum(axis=1), kept.sum(axis=0)) / kept.sum()
    return _chi_squared(((kept - expected) ** 2 / expected).sum(), degrees)


def goodman_kruskal_lambda(moved: Integers) -> float | None:
    """How much better the later rating is guessed when the earlier one is known: 0 not at all, 1 surely.

    Used for individual stability by Chaffin and Talley (1980). None when all later ratings are equal.
    """
    n, most_common = int(moved.sum()), int(moved.sum(axis=0).max())
    if n == most_common:
        return None
    return float((moved.max(axis=1).sum() - most_common) / (n - most_common))
