"""Exact two-sample tests for small groups, conditional on the pooled ratings.

Both tests enumerate what the permutation test only samples: with the pooled counts and the sizes fixed,
every table of two groups by points has a known chance. Ties are handled by being counted.
"""

from collections.abc import Iterable
from math import comb

import numpy as np
import numpy.typing as npt

from analysis.counts import Floats, Integers
from analysis.divergence import brunner_munzel

MOST_TABLES = 500_000


def mann_whitney_exact(first: Integers, second: Integers) -> float:
    """Exact two-sided p of the Mann-Whitney test, right with ties.

    By dynamic programming over the points: the chance of every midrank sum given the pooled counts. Two-sided
    by distance from the mean. 1 when either group is empty or all ratings are equal.

    Parameters
    ----------
    first, second : int arrays (point)
    """
    pooled = (first + second).tolist()
    size = int(first.sum())
    ways: dict[tuple[int, int], int] = {(0, 0): 1}
    below = 0
    for total in pooled:
        twice_rank = 2 * below + total + 1
        grown: dict[tuple[int, int], int] = {}
        for (drawn, ranks), number in ways.items():
            for taken in range(min(total, size - drawn) + 1):
                key = drawn + taken, ranks + taken * twice_rank
                grown[key] = grown.get(key, 0) + number * comb(total, taken)
        ways = grown
        below += total
    twice_ranks = [2 * (sum(pooled[:place])) + total + 1 for place, total in enumerate(pooled)]
    observed = sum(count * rank for count, rank in zip(first.tolist(), twice_ranks, strict=True))
    mean = size * (below + 1)
    extreme = sum(
        number
        for (drawn, ranks), number in ways.items()
        if drawn == size and abs(ranks - mean) >= abs(observed - mean)
    )
    return extreme / comb(below, size)


def fisher_freeman_halton(table: npt.ArrayLike) -> float:
    """Exact p of a table with two rows (or two columns): the chance of all tables no likelier than this one.

    Parameters
    ----------
    table : int array (2, k) or (k, 2)

    Raises
    ------
    ValueError
        When neither side of the table is two.
    """
    cells = np.asarray(table, dtype=np.int64)
    if cells.ndim != 2 or 2 not in cells.shape:  # noqa: PLR2004  # two groups, or two outcomes
        raise ValueError("the table must have two rows or two columns")
    rows = cells if cells.shape[0] == 2 else cells.T  # noqa: PLR2004
    pooled = rows.sum(axis=0).tolist()
    size = int(rows[0].sum())
    observed = 1
    for total, taken in zip(pooled, rows[0].tolist(), strict=True):
        observed *= comb(total, taken)
    likelihoods: dict[tuple[int, int], int] = {(0, 1): 1}
    for total in pooled:
        grown: dict[tuple[int, int], int] = {}
        for (drawn, product), number in likelihoods.items():
            for taken in range(min(total, size - drawn) + 1):
                key = drawn + taken, product * comb(total, taken)
                grown[key] = grown.get(key, 0) + number
        likelihoods = grown
    no_likelier = sum(
        product * number
        for (drawn, product), number in likelihoods.items()
        if drawn == size and product <= observed
    )
    return no_likelier / comb(sum(pooled), size)


def brunner_munzel_exact(first: Integers, second: Integers) -> float | None:
    """Exact two-sided p of the studentised permutation Brunner-Munzel test.

    Returns
    -------
    float or None
        None when there are more tables to enumerate than ``MOST_TABLES``.
    """
    pooled = first + second
    if number_of_tables(pooled.tolist(), int(first.sum())) > MOST_TABLES:
        return None
    tables, chances = two_group_tables(pooled, int(first.sum()))
    values = np.abs(brunner_munzel(tables, pooled - tables))
    observed = float(np.abs(brunner_munzel(first, second)))
    extreme = values >= observed * (1 - 1e-9) if np.isfinite(observed) else np.isinf(values)
    return min(float(chances[extreme].sum()), 1.0)


def number_of_tables(pooled: Iterable[int], size: int) -> int:
    """How many tables two groups can form with these pooled counts, the first group of this size."""
    ways = {0: 1}
    for total in pooled:
        grown: dict[int, int] = {}
        for drawn, number in ways.items():
            for taken in range(min(total, size - drawn) + 1):
                grown[drawn + taken] = grown.get(drawn + taken, 0) + number
        ways = grown
    return ways.get(size, 0)


def two_group_tables(pooled: Integers, size: int) -> tuple[Integers, Floats]:
    """Every possible counts of the first group (table, point), and the chance of each under no difference."""
    tables = np.zeros((1, 0), np.int64)
    for place, total in enumerate(pooled.tolist()):
        left = int(pooled[place + 1 :].sum())
        taken = np.arange(total + 1)
        grown = np.concatenate(
            [np.repeat(tables, total + 1, axis=0), np.tile(taken, tables.shape[0])[:, None]], axis=1
        )
        drawn = grown.sum(axis=1)
        tables = grown[(drawn <= size) & (drawn + left >= size)]
    ways = np.ones(tables.shape[0])
    for place, total in enumerate(pooled.tolist()):
        ways *= np.array([comb(total, taken) for taken in range(total + 1)], dtype=float)[tables[:, place]]
    return tables, ways / ways.sum()
