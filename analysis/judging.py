"""One criterion of a rule held against one distribution, with the reason in data.

Everything is compared exactly: shares as integers (``100 k >= t n``), medians, quartiles, means and
variances as fractions. Cns and A are compared after rounding to twelve decimals, so that the binary
representation of a decimal threshold cannot flip a decision.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import comb

import numpy as np

from analysis.descriptives import LOWER_QUARTILE, MEDIAN, UPPER_QUARTILE
from analysis.dispersion import tastle_wierman_cns, van_der_eijk_a
from analysis.distribution import Distribution, share, share_counts
from analysis.results import Reason
from analysis.rules import (
    Comparison,
    ConsensusRule,
    Criterion,
    CvrCriterion,
    DisagreementCriterion,
    DisagreementMethod,
    Measure,
    MeasureCriterion,
    MedianCriterion,
    ShareCriterion,
)
from analysis.rules.reading import plain_number
from analysis.scale import Band, Scale

PANEL_TABLE_SIZES = range(8, 17)
P30, P70 = Fraction(3, 10), Fraction(7, 10)
IPR_AT_SYMMETRY = Fraction(47, 20)
ASYMMETRY_CORRECTION = Fraction(3, 2)
COMPARED_DECIMALS = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a criterion is met (None: cannot be said); the reason in data is made when it is asked for."""

    met: bool | None
    explain: Callable[[], Reason]

    @property
    def reason(self) -> Reason:
        """Why it is met or missed."""
        return self.explain()


@lru_cache(maxsize=1024)
def cvr_critical(n: int, alpha: Fraction) -> int | None:
    """Smallest k with P(X >= k) <= alpha for X binomial (n, 1/2); None when even k = n is not rare enough.

    Exact one-sided binomial critical value of Lawshe's CVR (Ayre and Scally 2014, 10.1177/0748175613513808).
    """
    critical = n + 1
    tail = 1
    while tail <= alpha * 2**n:
        critical -= 1
        tail += comb(n, critical - 1)
    return critical if critical <= n else None


def ipras(scale: Scale, distribution: Distribution, quantile_type: int = 7) -> tuple[Fraction, Fraction]:
    """Interpercentile range (P30 to P70) and the same adjusted for symmetry, on a 1 to 9 scale.

    IPRAS = 2.35 + 1.5 AI, where AI is the distance of the range's centre from 5. Disagreement when IPR is
    larger (Fitch et al. 2001, RAND MR-1269).
    """
    low = distribution.quantile(scale, P30, quantile_type)
    high = distribution.quantile(scale, P70, quantile_type)
    asymmetry = abs(5 - (low + high) / 2)
    return high - low, IPR_AT_SYMMETRY + ASYMMETRY_CORRECTION * asymmetry


def judge(
    rule: ConsensusRule,
    criterion: Criterion,
    distribution: Distribution,
    facts: Mapping[str, str],
    round_number: int,
) -> Outcome:
    """Hold one criterion against a distribution; ``facts`` (group and side) begin the reason."""
    match criterion:
        case ShareCriterion():
            return _judge_share(rule, criterion, distribution, facts, round_number)
        case MedianCriterion():
            return _judge_median(rule, criterion, distribution, facts, round_number)
        case MeasureCriterion():
            return _judge_measure(rule, criterion, distribution, facts, round_number)
        case DisagreementCriterion(method, present):
            return _judge_disagreement(rule, method, distribution, facts, wanted=present)
        case CvrCriterion(band, alpha):
            return _judge_cvr(rule, band, alpha, distribution, facts)
    return _judge_panel_agreement(rule, distribution, facts)


def _judge_share(
    rule: ConsensusRule,
    criterion: ShareCriterion,
    distribution: Distribution,
    facts: Mapping[str, str],
    round_number: int,
) -> Outcome:
    threshold = criterion.percent.at(round_number)
    known = {**facts, "band": criterion.band.value, "comparison": criterion.comparison.value}
    if distribution.parts:
        return _judge_mean_share(rule, criterion, distribution, known, threshold)
    k, n = share_counts(rule, distribution, criterion.band)
    if not n:
        return Outcome(None, lambda: Reason.of("share_of_nothing", **known))
    numerator, denominator = threshold.as_integer_ratio()
    met = criterion.comparison.holds(100 * k * denominator, numerator * n)
    return Outcome(
        met,
        lambda: Reason.of(
            "share_met" if met else "share_missed",
            **known,
            k=k,
            n=n,
            percent=plain_number(threshold),
            ratings=abs(_spare(criterion.comparison, k, n, threshold)),
        ),
    )


def _judge_mean_share(
    rule: ConsensusRule,
    criterion: ShareCriterion,
    mixture: Distribution,
    known: Mapping[str, str],
    threshold: Fraction,
) -> Outcome:
    value = share(rule, mixture, criterion.band)
    if value is None:
        return Outcome(None, lambda: Reason.of("share_of_nothing", **known))
    percent = 100 * value
    met = criterion.comparison.holds(percent, threshold)
    code = "mean_share_met" if met else "mean_share_missed"
    return Outcome(
        met, lambda: Reason.of(code, **known, share=float(percent), percent=plain_number(threshold))
    )


def _spare(comparison: Comparison, k: int, n: int, percent: Fraction) -> int:
    """How many ratings more than needed, or fewer than allowed; negative when short by so many."""
    below, rest = divmod(percent.numerator * n, 100 * percent.denominator)
    if comparison is Comparison.AT_LEAST:
        return k - below - bool(rest)
    if comparison is Comparison.MORE_THAN:
        return k - below - 1
    if comparison is Comparison.AT_MOST:
        return below - k
    return below + bool(rest) - 1 - k


def _judge_median(
    rule: ConsensusRule,
    criterion: MedianCriterion,
    distribution: Distribution,
    facts: Mapping[str, str],
    round_number: int,
) -> Outcome:
    median = distribution.quantile(rule.scale, MEDIAN, rule.quantile_type)
    low, high = criterion.low.at(round_number), criterion.high.at(round_number)
    met = criterion.holds(median, round_number)

    def explain() -> Reason:
        known = {"median": float(median), "low": float(low), "high": float(high)}
        if met:
            return Reason.of("median_within", **facts, **known)
        open_end = high >= rule.scale.points[-1] or low <= rule.scale.points[0]
        if distribution.parts or not open_end:
            return Reason.of("median_outside", **facts, **known)
        ratings = _ratings_short(rule, criterion, distribution, round_number, upwards=median < low)
        return Reason.of("median_short", **facts, **known, ratings=ratings)

    return Outcome(met, explain)


def _ratings_short(
    rule: ConsensusRule,
    criterion: MedianCriterion,
    distribution: Distribution,
    round_number: int,
    *,
    upwards: bool,
) -> int:
    """The fewest ratings that would have had to be others for the median to lie in a range with an open end.

    It is best to move those farthest from that end there, and the more are moved the nearer the median.
    """
    counts = distribution.counts if upwards else distribution.counts[::-1]

    def meets(n_moved: int) -> bool:
        moved, left = [], n_moved
        for count in counts:
            taken = min(count, left)
            moved.append(count - taken)
            left -= taken
        moved[-1] += n_moved
        other = Distribution(tuple(moved if upwards else moved[::-1]), 0)
        return criterion.holds(other.quantile(rule.scale, MEDIAN, rule.quantile_type), round_number)

    return bisect_left(range(distribution.n + 1), x=True, key=meets)


def _judge_measure(
    rule: ConsensusRule,
    criterion: MeasureCriterion,
    distribution: Distribution,
    facts: Mapping[str, str],
    round_number: int,
) -> Outcome:
    threshold = criterion.value.at(round_number)
    known = {
        **facts,
        "measure": criterion.measure.value,
        "comparison": criterion.comparison.value,
        "threshold": plain_number(threshold),
    }
    if criterion.measure is Measure.SD:
        variance = _variance(distribution)
        if variance is None:
            return Outcome(None, lambda: Reason.of("measure_needs_two", **known))
        met = criterion.comparison.holds(variance, threshold * abs(threshold))
        value = float(variance) ** 0.5
    else:
        exact = _measure(rule, criterion.measure, distribution)
        met = criterion.comparison.holds(exact, threshold)
        value = float(exact)
    code = "measure_met" if met else "measure_missed"
    return Outcome(met, lambda: Reason.of(code, **known, value=value))


def _measure(rule: ConsensusRule, measure: Measure, distribution: Distribution) -> Fraction:
    if measure is Measure.IQR:
        low = distribution.quantile(rule.scale, LOWER_QUARTILE, rule.quantile_type)
        return distribution.quantile(rule.scale, UPPER_QUARTILE, rule.quantile_type) - low
    counts = distribution.counts
    if measure is Measure.MEAN:
        return Fraction(sum(p * c for p, c in zip(rule.scale.points, counts, strict=True)), sum(counts))
    shares = np.array([count / sum(counts) for count in counts]) if distribution.parts else np.array(counts)
    value = tastle_wierman_cns(shares) if measure is Measure.CNS else van_der_eijk_a(shares)
    return Fraction(str(round(float(value), COMPARED_DECIMALS)))


def _variance(distribution: Distribution) -> Fraction | None:
    """Sample variance; of a mixture, the variance of its shares. None when fewer than two ratings."""
    total = sum(distribution.counts)
    first = sum(place * count for place, count in enumerate(distribution.counts))
    second = sum(place * place * count for place, count in enumerate(distribution.counts))
    if distribution.parts:
        return Fraction(total * second - first * first, total * total)
    return Fraction(total * second - first * first, total * (total - 1)) if total > 1 else None


def _judge_disagreement(
    rule: ConsensusRule,
    method: DisagreementMethod,
    distribution: Distribution,
    facts: Mapping[str, str],
    *,
    wanted: bool,
) -> Outcome:
    n = sum(distribution.counts)
    ends = [distribution.n_on(rule.scale, band) for band in (Band.DISAGREE, Band.AGREE)]
    by_table = method is DisagreementMethod.PANEL_TABLE and n in PANEL_TABLE_SIZES and not distribution.parts
    if by_table or method is DisagreementMethod.THIRDS:
        limit = Fraction((n + 1) // 3) if by_table else Fraction(n, 3)
        found = min(ends) >= limit
        numbers: dict[str, int | float] = {"n_disagree": ends[0], "n_agree": ends[1], "limit": float(limit)}
        if distribution.parts:
            numbers = {name: float(Fraction(value) / n) for name, value in numbers.items()}
    else:
        width, adjusted = ipras(rule.scale, distribution, rule.quantile_type)
        found = width > adjusted
        numbers = {"ipr": float(width), "ipras": float(adjusted)}
    code = "disagreement" if found else "no_disagreement"
    return Outcome(found is wanted, lambda: Reason.of(code, **facts, **numbers))


def _judge_panel_agreement(
    rule: ConsensusRule, distribution: Distribution, facts: Mapping[str, str]
) -> Outcome:
    if distribution.parts:
        return Outcome(None, lambda: Reason.of("not_for_means", **facts))
    median = distribution.quantile(rule.scale, MEDIAN, rule.quantile_type)
    home = next(band for band in Band if _reached(rule.scale, band, median))
    n_outside = distribution.n - distribution.n_on(rule.scale, home)
    allowed = max((distribution.n - 2) // 3, 0)
    met = n_outside <= allowed
    code = "few_outside" if met else "many_outside"
    return Outcome(met, lambda: Reason.of(code, **facts, n_outside=n_outside, allowed=allowed))


def _reached(scale: Scale, band: Band, median: Fraction) -> bool:
    """Whether a median lies in a band or short of it; one between two bands belongs nearer to agreement."""
    members = scale.points_of(band)
    if not members:
        return False
    return median <= members[-1] if scale.high_is_agreement else median >= members[0]


def _judge_cvr(
    rule: ConsensusRule, band: Band, alpha: Fraction, distribution: Distribution, facts: Mapping[str, str]
) -> Outcome:
    if distribution.parts:
        return Outcome(None, lambda: Reason.of("not_for_means", **facts))
    k, n = share_counts(rule, distribution, band)
    critical = cvr_critical(n, alpha)
    if critical is None:
        return Outcome(None, lambda: Reason.of("cvr_needs_more", **facts, n=n))
    met = k >= critical
    code = "cvr_met" if met else "cvr_missed"
    return Outcome(met, lambda: Reason.of(code, **facts, k=k, n=n, needed=critical, band=band.value))
