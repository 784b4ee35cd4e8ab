"""Stability: what the same panelists did between two rounds, from transition counts.

Functions take a table ``moved`` (point before, point after), *oriented* so that a higher position is nearer
to agreement, over the panelists who rated in both rounds: of one statement and group, except where leading
axes are said to be free.
"""

from dataclasses import dataclass
from math import comb

import numpy as np
from scipy.special import ndtr

from analysis.counts import Floats, Integers
from analysis.descriptives import Z95

EXACT_UP_TO = 100
SCHEIBE_LIMIT = 0.15


@dataclass(frozen=True, slots=True)
class Change:
    """Shares of panelists by what they did, each an array over the leading axes; all from 0 to 1."""

    unchanged: Floats
    up: Floats
    down: Floats
    towards: Floats
    away: Floats
    net_change: Floats


def change(moved: Integers) -> Change:
    """Describe the moves of panelists; 0 throughout where there are none.

    ``towards`` and ``away``: nearer to, or farther from, the median of the same panelists' previous ratings.
    ``net_change``: half the summed absolute difference of the two rounds' counts over the panelists
    (Scheibe, Skutsch and Schofer 1975: below 15% is stable).

    Parameters
    ----------
    moved : int array (..., point before, point after)
    """
    n = np.maximum(moved.sum(axis=(-2, -1)), 1)
    places = np.arange(moved.shape[-1])
    before, after = moved.sum(axis=-1), moved.sum(axis=-2)
    distance = np.abs(2 * places - _twice_median(before)[..., None])
    shift = distance[..., None, :] - distance[..., :, None]
    return Change(
        unchanged=np.trace(moved, axis1=-2, axis2=-1) / n,
        up=np.triu(moved, 1).sum(axis=(-2, -1)) / n,
        down=np.tril(moved, -1).sum(axis=(-2, -1)) / n,
        towards=np.where(shift < 0, moved, 0).sum(axis=(-2, -1)) / n,
        away=np.where(shift > 0, moved, 0).sum(axis=(-2, -1)) / n,
        net_change=np.abs(before - after).sum(axis=-1) / (2 * n),
    )


def _twice_median(counts: Integers) -> Integers:
    cumulative = counts.cumsum(axis=-1)
    n = cumulative[..., -1:]
    low = (cumulative < (n + 1) // 2).sum(axis=-1)
    high = (cumulative < n // 2 + 1).sum(axis=-1)
    return np.asarray(low + high)


@dataclass(frozen=True, slots=True)
class SignedRank:
    """Wilcoxon's signed-rank test: sum of ranks of moves towards agreement, two-sided p, whether exact."""

    statistic: float
    p: float
    exact: bool


def signed_rank(moved: Integers, *, pratt: bool = True, exact_up_to: int = EXACT_UP_TO) -> SignedRank:
    """Test whether moves up and down balance, right with ties and zeros.

    Exact by dynamic programming over the distinct sizes of moves, for up to ``exact_up_to`` movers; beyond,
    the normal approximation with the correction for ties. When nobody moved, p is 1.

    Parameters
    ----------
    moved : int array (point before, point after)
    pratt : bool
        Unmoved panelists take part in the ranking and are dropped after it (Pratt 1959); otherwise they are
        dropped before (Wilcoxon 1945).
    """
    k = moved.shape[0]
    ups = np.array([np.trace(moved, offset=step) for step in range(1, k)], dtype=np.int64)
    downs = np.array([np.trace(moved, offset=-step) for step in range(1, k)], dtype=np.int64)
    sizes = ups + downs
    if not sizes.sum():
        return SignedRank(0.0, 1.0, exact=True)
    zeros = int(np.trace(moved)) if pratt else 0
    twice_ranks = 2 * zeros + 2 * sizes.cumsum() - sizes + 1
    statistic = int((ups * twice_ranks).sum())
    if sizes.sum() > exact_up_to:
        return SignedRank(statistic / 2, _normal_p(statistic, sizes, twice_ranks), exact=False)
    chances = _signed_rank_distribution(sizes, twice_ranks)
    total = int((sizes * twice_ranks).sum())
    distance = np.abs(2 * np.arange(total + 1) - total)
    p = chances[distance >= abs(2 * statistic - total)].sum()
    return SignedRank(statistic / 2, min(float(p), 1.0), exact=True)


def _signed_rank_distribution(sizes: Integers, twice_ranks: Integers) -> Floats:
    """Chance of every value of the doubled rank sum when each mover goes up or down by a fair coin."""
    chances = np.zeros(int((sizes * twice_ranks).sum()) + 1)
    chances[0] = 1.0
    reached = 1
    for size, rank in zip(sizes.tolist(), twice_ranks.tolist(), strict=True):
        grown = np.zeros_like(chances)
        for n_up in range(size + 1):
            grown[n_up * rank : n_up * rank + reached] += comb(size, n_up) / 2**size * chances[:reached]
        reached += size * rank
        chances = grown
    return chances


def _normal_p(statistic: int, sizes: Integers, twice_ranks: Integers) -> float:
    mean = (sizes * twice_ranks).sum() / 2
    variance = (sizes * twice_ranks.astype(float) ** 2).sum() / 4
    return float(2 * ndtr(-abs(statistic - mean) / variance**0.5))


def weighted_kappa(moved: Integers, weighting: str = "quadratic") -> float | None:
    """Cohen's kappa of a round with the next, over all points of the scale (Cohen 1968).

    1 when nobody changed, 0 as by chance.

    Parameters
    ----------
    moved : int array (point before, point after)
    weighting : {"none", "linear", "quadratic"}

    Returns
    -------
    float or None
        None when both rounds lie on one and the same point, where kappa is 0 / 0.
    """
    n = moved.sum()
    places = np.arange(moved.shape[0])
    distance = np.abs(places[:, None] - places[None, :])
    weights = {"none": (distance > 0) * 1, "linear": distance, "quadratic": distance**2}[weighting]
    expected = (weights * np.outer(moved.sum(axis=1), moved.sum(axis=0))).sum()
    if not expected:
        return None
    return float(1 - n * (weights * moved).sum() / expected)


def mcnemar(gained: int, lost: int) -> float:
    """Exact two-sided p of McNemar: 1 when as many crossed into agreement as left it."""
    crossed = gained + lost
    tail = sum(comb(crossed, k) for k in range(min(gained, lost) + 1))
    return min(1.0, tail / 2 ** (crossed - 1)) if crossed else 1.0


def share_change(gained: Integers, lost: Integers, n: Integers) -> tuple[Floats, Floats, Floats]:
    """Change of a share among the same panelists, with its 95% limits (Bonett and Price 2012); free axes.

    Parameters
    ----------
    gained, lost : int array
        How many crossed into the share, and out of it.
    n : int array
        How many were there both times; where 0, the change is 0 from -1 to 1.
    """
    safe = np.maximum(n, 1)
    into, out = (gained + 1) / (n + 2), (lost + 1) / (n + 2)
    spread = Z95 * np.sqrt((into + out - (into - out) ** 2) / (n + 2))
    lower, upper = np.clip(into - out - spread, -1, 1), np.clip(into - out + spread, -1, 1)
    return (gained - lost) / safe, np.where(n > 0, lower, -1), np.where(n > 0, upper, 1)
