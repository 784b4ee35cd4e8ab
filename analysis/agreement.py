"""Agreement of the panel over many statements: Krippendorff's alpha, Gwet's AC and Fleiss' kappa.

All are functions of ``counts`` (statement, point), so leaving out every panelist in turn for a jackknife
interval costs a few array operations.
They fall when ratings crowd at one end of the scale, however well the panel agrees: there is then little
disagreement left to expect by chance.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
from scipy.special import stdtrit

from analysis.counts import Floats, Integers, Positions

FEWEST_FOR_JACKKNIFE = 3
MOST_CELLS = 8_000_000


class Metric(StrEnum):
    """What distance between two points means in Krippendorff's alpha."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


def krippendorff_alpha(counts: Integers, metric: Metric = Metric.ORDINAL) -> float | None:
    """Krippendorff's alpha: 1 perfect agreement, 0 as by chance, below 0 systematic disagreement.

    alpha = 1 - observed / expected disagreement over statements with at least two ratings
    (Krippendorff 2011). Abstentions and missing ratings are simply absent. The ordinal metric's
    squared distance of two points is that of their midranks among all pairable ratings.

    Returns
    -------
    float or None
        None when fewer than two ratings can be paired, or when all of them are equal (0 / 0).
    """
    pairable = counts[counts.sum(axis=-1) > 1].astype(float)
    values = _alpha(pairable[None], metric)
    return None if np.isnan(values[0]) else float(values[0])


def _alpha(counts: Floats, metric: Metric) -> Floats:
    """Alpha of every set of counts (set, statement, point); NaN where it is undefined."""
    m = counts.sum(axis=-1)
    usable = np.where(m > 1, 1 / np.maximum(m - 1, 1), 0)
    kept = counts * (m > 1)[..., None]
    totals = kept.sum(axis=1)
    n = totals.sum(axis=-1)
    if metric is Metric.NOMINAL:
        observed = ((m**2 - (counts**2).sum(axis=-1)) * usable).sum(axis=-1)
        expected = (n**2 - (totals**2).sum(axis=-1)) / np.maximum(n - 1, 1)
    else:
        scores = _scores(totals, metric)
        first = np.einsum("isk,ik->is", counts, scores)
        second = np.einsum("isk,ik->is", counts, scores**2)
        observed = (2 * (m * second - first**2) * usable).sum(axis=-1)
        sum_first, sum_second = (totals * scores).sum(axis=-1), (totals * scores**2).sum(axis=-1)
        expected = 2 * (n * sum_second - sum_first**2) / np.maximum(n - 1, 1)
    defined = (n > 1) & (expected > 1e-12 * np.maximum(n, 1))
    return np.where(defined, 1 - observed / np.where(defined, expected, 1), np.nan)


def _scores(totals: Floats, metric: Metric) -> Floats:
    if metric is Metric.INTERVAL:
        return np.broadcast_to(np.arange(totals.shape[-1], dtype=float), totals.shape)
    return totals.cumsum(axis=-1) - totals / 2


class Weighting(StrEnum):
    """How much near agreement counts: 1 for the same point, down to 0 for the farthest (Gwet 2014)."""

    UNWEIGHTED = "unweighted"
    LINEAR = "linear"
    QUADRATIC = "quadratic"
    ORDINAL = "ordinal"

    @cache
    def matrix(self, n_points: int) -> Floats:
        """Weights (point, point)."""
        steps = np.abs(np.subtract.outer(np.arange(n_points), np.arange(n_points))).astype(float)
        farthest = n_points - 1
        if self is Weighting.UNWEIGHTED:
            return np.asarray((steps == 0), dtype=float)
        if self is Weighting.LINEAR:
            return np.asarray(1 - steps / farthest)
        if self is Weighting.QUADRATIC:
            return np.asarray(1 - (steps / farthest) ** 2)
        return np.asarray(1 - (steps + 1) * steps / ((farthest + 1) * farthest))


def gwet_ac(counts: Integers, weighting: Weighting = Weighting.QUADRATIC) -> float | None:
    """Gwet's AC2, or AC1 when unweighted (Gwet 2008, 10.1348/000711006X126600).

    Chance agreement is taken from how undecided the whole panel is, so it does not collapse when ratings
    crowd on one point. 1 perfect, 0 as by chance.

    Returns
    -------
    float or None
        None when no statement has two ratings.
    """
    value = _gwet(counts[None].astype(float), weighting.matrix(counts.shape[-1]))[0]
    return None if np.isnan(value) else float(value)


def fleiss_kappa(counts: Integers, weighting: Weighting = Weighting.UNWEIGHTED) -> float | None:
    """Fleiss' kappa, generalised to weights and to missing ratings (Fleiss 1971; Gwet 2014).

    Chance agreement is that of two ratings drawn from the panel's pooled distribution. 1 perfect, 0 as by
    chance.

    Returns
    -------
    float or None
        None when no statement has two ratings, or all ratings are equal (0 / 0).
    """
    weights = weighting.matrix(counts.shape[-1])
    observed, share = _observed_agreement(counts[None].astype(float), weights)
    chance = float((share @ weights * share).sum())
    if np.isnan(observed[0]) or chance >= 1 - 1e-12:
        return None
    return float((observed[0] - chance) / (1 - chance))


def _observed_agreement(counts: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Weighted share of agreeing pairs over statements (NaN without any), and mean shares (set, point)."""
    m = counts.sum(axis=-1)
    # Where there is no pair nothing agrees either, so such statements add 0 to the sum.
    agreeing = np.einsum("...k,...k->...", counts @ weights, counts) - m
    agreement = (agreeing / np.maximum(m * (m - 1), 1)).sum(axis=-1)
    n_paired = (m > 1).sum(axis=-1)
    observed = np.where(n_paired > 0, agreement / np.maximum(n_paired, 1), np.nan)
    shares = counts / np.maximum(m, 1)[..., None]
    return observed, shares.sum(axis=-2) / np.maximum((m > 0).sum(axis=-1), 1)[..., None]


def _gwet(counts: Floats, weights: Floats) -> Floats:
    k = counts.shape[-1]
    observed, share = _observed_agreement(counts, weights)
    chance = weights.sum() / (k * (k - 1)) * (share * (1 - share)).sum(axis=-1)
    return np.asarray((observed - chance) / (1 - chance))


@dataclass(frozen=True, slots=True)
class AgreementEstimate:
    """A coefficient with its jackknife 95% interval; None where it is undefined."""

    value: float | None
    lower: float | None
    upper: float | None


def krippendorff_with_jackknife(
    positions: Positions, n_points: int, metric: Metric = Metric.ORDINAL
) -> AgreementEstimate:
    """Alpha of a matrix (panelist, statement), interval by leaving out each panelist in turn.

    The interval is value +- t times the jackknife standard error, with panelists - 1 degrees of freedom,
    cut at 1. None when leaving out somebody makes alpha undefined, or there are fewer than three panelists.
    """
    return _jackknife(positions, n_points, lambda counts: _alpha(counts, metric))


def gwet_ac_with_jackknife(
    positions: Positions, n_points: int, weighting: Weighting = Weighting.QUADRATIC
) -> AgreementEstimate:
    """AC2 (or AC1) of a matrix (panelist, statement), interval as in ``krippendorff_with_jackknife``."""
    weights = weighting.matrix(n_points)
    return _jackknife(positions, n_points, lambda counts: _gwet(counts, weights))


def _jackknife(
    positions: Positions, n_points: int, coefficient: Callable[[Floats], Floats]
) -> AgreementEstimate:
    places = np.arange(n_points, dtype=np.int8)
    counts = np.stack([(positions == place).sum(axis=0) for place in places], axis=-1).astype(float)
    value = float(coefficient(counts[None])[0])
    if np.isnan(value):
        return AgreementEstimate(None, None, None)
    raters = positions[(positions >= 0).any(axis=1)]
    n = raters.shape[0]
    if n < FEWEST_FOR_JACKKNIFE:
        return AgreementEstimate(value, None, None)
    block = max(1, MOST_CELLS // counts.size)
    without = np.concatenate(
        [
            coefficient(counts - (raters[start : start + block, :, None] == places))
            for start in range(0, n, block)
        ]
    )
    if np.isnan(without).any():
        return AgreementEstimate(value, None, None)
    error = float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))
    reach = float(stdtrit(n - 1, 0.975)) * error
    return AgreementEstimate(value, value - reach, min(value + reach, 1.0))
