"""Descriptive figures from counts: quantiles of every R type, mean, spread, Wilson intervals.

All functions take counts whose last axis is the scale's points from low to high, and are vectorised over
the axes before it. Where a distribution is empty the result is masked by the caller: such entries hold 0
and ``counts.sum(-1) == 0`` says which they are.
"""

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from analysis.counts import Floats, Integers

Z95 = 1.959963984540054
MEDIAN = Fraction(1, 2)
LOWER_QUARTILE = Fraction(1, 4)
UPPER_QUARTILE = Fraction(3, 4)

# R's continuous types: the quantile at p of n values lies at 1-based position n p + a + b p.
_CONTINUOUS = {
    4: (Fraction(0), Fraction(0)),
    5: (Fraction(1, 2), Fraction(0)),
    6: (Fraction(0), Fraction(1)),
    7: (Fraction(1), Fraction(-1)),
    8: (Fraction(1, 3), Fraction(1, 3)),
    9: (Fraction(3, 8), Fraction(1, 4)),
}


def quantile_place(
    n: Integers, probability: Fraction, quantile_type: int = 7
) -> tuple[Integers, Integers, int]:
    """Where the quantiles of n ratings lie, exactly: between which ranks, and how near the upper one.

    Parameters
    ----------
    n : int array
    probability : Fraction
    quantile_type : int
        R's type, 1 to 9 (Hyndman and Fan 1996).

    Returns
    -------
    rank : int array
        1-based, of the rating below; off the ends the rating at the end is meant.
    weight : int array
        Of the rating with the rank above; the rating below has the rest of the denominator.
    denominator : int
    """
    if quantile_type not in _CONTINUOUS:
        return *_step(n, probability, quantile_type), 2
    a, b = _CONTINUOUS[quantile_type]
    offset = a + b * probability
    denominator = int(np.lcm(probability.denominator, offset.denominator))
    place = n * (probability.numerator * (denominator // probability.denominator))
    place = place + offset.numerator * (denominator // offset.denominator)
    return place // denominator, place % denominator, denominator


def _step(n: Integers, probability: Fraction, quantile_type: int) -> tuple[Integers, Integers]:
    """The discontinuous types 1 to 3: rank below, and the weight (in halves) of the rank above."""
    numerator, denominator = probability.numerator, probability.denominator
    if quantile_type == 3:  # noqa: PLR2004  # the nearest even rank
        place = 2 * n * numerator - denominator
        below, rest = place // (2 * denominator), place % (2 * denominator)
        return below, np.where((rest == 0) & (below % 2 == 0), 0, 2)
    below, rest = (n * numerator) // denominator, (n * numerator) % denominator
    at_jump = 0 if quantile_type == 1 else 1
    return below, np.where(rest == 0, at_jump, 2)


def _order_statistic(counts: Integers, rank: Integers) -> Integers:
    """Position of the value with that 1-based rank; ranks off the ends take the end's value."""
    n = counts.sum(axis=-1)
    clamped = np.clip(rank, 1, np.maximum(n, 1))
    return np.asarray((counts.cumsum(axis=-1) < clamped[..., None]).sum(axis=-1))


def quantile(counts: Integers, points: Integers, probability: Fraction, quantile_type: int = 7) -> Floats:
    """Quantiles in points of the scale; 0 where there are no ratings."""
    n = counts.sum(axis=-1)
    rank, weight, denominator = quantile_place(n, probability, quantile_type)
    low, high = _order_statistic(counts, rank), _order_statistic(counts, rank + 1)
    positions = (low * (denominator - weight) + high * weight) / denominator
    return np.where(n > 0, points[0] + positions, 0.0)


def mean_and_sd(counts: Integers, points: Integers) -> tuple[Floats, Floats]:
    """Mean, and sample standard deviation (divisor n - 1); 0 where there are too few ratings."""
    n = counts.sum(axis=-1)
    first = counts @ points
    second = counts @ (points * points)
    mean = first / np.maximum(n, 1)
    squares = n * second - first * first
    return mean, np.sqrt(squares / np.maximum(n * (n - 1), 1))


def wilson(successes: npt.ArrayLike, trials: npt.ArrayLike, z: float | Floats = Z95) -> tuple[Floats, Floats]:
    """Wilson's score interval for a proportion (Wilson 1927); 0 and 1 where there are no trials."""
    k = np.asarray(successes, dtype=float)
    n = np.asarray(trials, dtype=float)
    safe = np.where(n > 0, n, 1)
    share = k / safe
    centre = share + z * z / (2 * safe)
    spread = z * np.sqrt(share * (1 - share) / safe + z * z / (4 * safe * safe))
    scale = 1 + z * z / safe
    lower = np.where(k <= 0, 0, (centre - spread) / scale)
    upper = np.where(k >= n, 1, (centre + spread) / scale)
    return np.where(n > 0, lower, 0), np.where(n > 0, upper, 1)
