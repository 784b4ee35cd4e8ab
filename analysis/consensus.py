"""Decisions: a consensus rule applied to distributions of ratings, with reasons and margins.

Everything is compared exactly: shares as integers (``100 k >= t n``), medians, quartiles, means and
variances as fractions. Cns and A are compared after rounding to twelve decimals, so that the binary
representation of a decimal threshold cannot flip a decision. A criterion that cannot be computed is
neither met nor missed; all/any and the scopes treat it by three-valued logic.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Self

import numpy as np

from analysis.descriptives import (
    LOWER_QUARTILE,
    MEDIAN,
    UPPER_QUARTILE,
    quantile_parts,
)
from analysis.dispersion import tastle_wierman_cns, van_der_eijk_a
from analysis.results import GROUP_EQUAL, OVERALL, Reason
from analysis.rules import (
    Comparison,
    ConsensusRule,
    Criterion,
    CvrCriterion,
    Decision,
    Denominator,
    DisagreementCriterion,
    DisagreementMethod,
    Measure,
    MeasureCriterion,
    MedianCriterion,
    Middle,
    Scope,
    ShareCriterion,
    Side,
    SmallGroups,
)
from analysis.rules.reading import plain_number
from analysis.scale import Band, Scale

PANEL_TABLE_SIZES = range(8, 17)
P30, P70 = Fraction(3, 10), Fraction(7, 10)
IPR_AT_SYMMETRY = Fraction(47, 20)
ASYMMETRY_CORRECTION = Fraction(3, 2)
COMPARED_DECIMALS = 12


@dataclass(frozen=True, slots=True)
class Distribution:
    """Ratings of one statement by one group, counted.

    ``counts`` follow the scale's points, ``n_silent`` are abstained and missing panelists. A mixture, the
    mean of several groups' distributions, keeps its ``parts``; its ``counts`` are then the exact integer
    weights of the points, and its quantiles are of type 2 (the only usual type that depends on shares alone).
    """

    counts: tuple[int, ...]
    n_silent: int
    parts: tuple["Distribution", ...] = ()

    @classmethod
    def mixture(cls, parts: Sequence["Distribution"]) -> Self:
        """Average the parts' distributions, each counting the same; parts without ratings are left out."""
        rated = tuple(part for part in parts if part.n)
        if not rated:
            return cls((0,) * len(parts[0].counts), sum(part.n_silent for part in parts))
        common = int(np.lcm.reduce([part.n for part in rated], dtype=object))
        counts = tuple(
            sum(count * (common // part.n) for part, count in zip(rated, column, strict=True))
            for column in zip(*(part.counts for part in rated), strict=True)
        )
        return cls(counts, sum(part.n_silent for part in parts), rated)

    @property
    def n(self) -> int:
        """Number of ratings; of a mixture, of all its parts."""
        return sum(part.n for part in self.parts) if self.parts else sum(self.counts)

    def n_on(self, scale: Scale, band: Band) -> int:
        """How many ratings (of a mixture, how much weight) lie in a band."""
        members = scale.points_of(band)
        if not members:
            return 0
        first = members[0] - scale.points[0]
        return sum(self.counts[first : first + len(members)])

    def quantile(self, scale: Scale, probability: Fraction, quantile_type: int) -> Fraction:
        """An exact quantile in points of the scale."""
        if self.parts:
            return scale.points[0] + _mixture_quantile(self.counts, probability)
        numerators, denominator = quantile_parts(np.array(self.counts), probability, quantile_type)
        return scale.points[0] + Fraction(int(numerators), denominator)


def _mixture_quantile(weights: tuple[int, ...], probability: Fraction) -> Fraction:
    """Type 2 over weights: midway between the lowest and the highest position that may be the quantile."""
    total = sum(weights)
    reached = 0
    for place, weight in enumerate(weights):
        reached += weight
        if reached > probability * total:
            return Fraction(place)
        if weight and reached == probability * total:
            following = next(later for later in range(place + 1, len(weights)) if weights[later])
            return Fraction(place + following, 2)
    raise ValueError("a distribution without ratings has no quantile")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision and why."""

    decision: Decision
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Whether a criterion is met (None: cannot be said), and the reason in data."""

    met: bool | None
    reason: Reason


def share_counts(rule: ConsensusRule, distribution: Distribution, band: Band) -> tuple[int, int]:
    """Numerator and denominator of a band's share under the rule's denominator and its middle."""
    scale = rule.scale
    k = distribution.n_on(scale, band)
    n = sum(distribution.counts)
    if rule.denominator is Denominator.ALL:
        n += distribution.n_silent
    if rule.middle is Middle.OWN:
        return k, n
    middle = distribution.n_on(scale, Band.NEUTRAL)
    if rule.middle is Middle.EXCLUDE:
        n -= middle
    elif band is _SIDE_OF_MIDDLE[rule.middle]:
        k += middle
    return (0 if band is Band.NEUTRAL else k), n


_SIDE_OF_MIDDLE = {Middle.WITH_AGREE: Band.AGREE, Middle.WITH_DISAGREE: Band.DISAGREE}


def share(rule: ConsensusRule, distribution: Distribution, band: Band) -> Fraction | None:
    """A band's share, from 0 to 1; of a mixture, the mean of its parts' shares. None when over nothing."""
    if distribution.parts:
        shares = [share(rule, part, band) for part in distribution.parts]
        known = [value for value in shares if value is not None]
        return sum(known, Fraction(0)) / len(known) if known else None
    k, n = share_counts(rule, distribution, band)
    return Fraction(k, n) if n else None


def decide_group(rule: ConsensusRule, distribution: Distribution, group: str, round_number: int) -> Verdict:
    """The rule's verdict on one distribution, whatever its scope.

    Reasons name every criterion of both sides with its figures; ``too_few_ratings`` stands alone.
    """
    blocking = _too_few(rule, distribution, group)
    if blocking is not None:
        return Verdict(Decision.NOT_ASSESSABLE, (blocking,))
    sides = [
        (decision, *_judge_side(rule, side, distribution, group, round_number, decision))
        for decision, side in rule.sides
    ]
    reasons = tuple(outcome.reason for _, _, outcomes in sides for outcome in outcomes)
    return Verdict(_settle([(decision, met) for decision, met, _ in sides]), reasons)


def decide_statement(
    rule: ConsensusRule, distributions: Mapping[str, Distribution], round_number: int
) -> Verdict:
    """The rule's verdict on a statement, by its scope.

    Parameters
    ----------
    rule : ConsensusRule
    distributions : mapping of group code to Distribution
        The stakeholder groups, in the study's order.
    round_number : int
        Chooses among thresholds that differ by round.

    Notes
    -----
    When every group of a scope that asks for any, or some, groups is in for one and out for another, the
    sides contradict each other and there is no consensus.
    """
    if rule.scope is Scope.OVERALL:
        return decide_group(rule, pooled(distributions.values()), OVERALL, round_number)
    if rule.scope is Scope.GROUP_EQUAL:
        return decide_group_equal(rule, distributions, round_number)
    groups = distributions
    if rule.small_groups is SmallGroups.LEAVE_OUT:
        groups = {code: one for code, one in distributions.items() if one.n >= rule.minimum_ratings}
    if not groups:
        return Verdict(Decision.NOT_ASSESSABLE, _too_few_reasons(rule, distributions))
    return _decide_by_groups(rule, groups, round_number)


def decide_group_equal(rule: ConsensusRule, groups: Mapping[str, Distribution], round_number: int) -> Verdict:
    """The rule's verdict on the mean of the groups' distributions, whatever its scope.

    Every group needs the minimum of ratings; with ``small_groups = leave_out`` the others count.
    """
    kept = groups
    if rule.small_groups is SmallGroups.LEAVE_OUT:
        kept = {code: one for code, one in groups.items() if one.n >= rule.minimum_ratings} or groups
    blocking = _too_few_reasons(rule, kept)
    if blocking:
        return Verdict(Decision.NOT_ASSESSABLE, blocking)
    return decide_group(rule, Distribution.mixture(list(kept.values())), GROUP_EQUAL, round_number)


def pooled(distributions: Iterable[Distribution]) -> Distribution:
    """All panelists together."""
    listed = list(distributions)
    counts = tuple(sum(column) for column in zip(*(one.counts for one in listed), strict=True))
    return Distribution(counts, sum(one.n_silent for one in listed))


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


def _too_few(rule: ConsensusRule, distribution: Distribution, group: str) -> Reason | None:
    for part in distribution.parts or (distribution,):
        if part.n < rule.minimum_ratings:
            return Reason.of("too_few_ratings", group=group, n=part.n, minimum=rule.minimum_ratings)
    return None


def _too_few_reasons(rule: ConsensusRule, distributions: Mapping[str, Distribution]) -> tuple[Reason, ...]:
    found = (_too_few(rule, distribution, code) for code, distribution in distributions.items())
    return tuple(reason for reason in found if reason is not None)


def _settle(sides: Sequence[tuple[Decision, bool | None]]) -> Decision:
    """One decision from the sides: exactly one that holds wins; one that may hold leaves it open."""
    held = [decision for decision, met in sides if met]
    if any(met is None for _, met in sides) and len(held) < len(sides):
        return Decision.NOT_ASSESSABLE
    return held[0] if len(held) == 1 else Decision.NO_CONSENSUS


def _judge_side(
    rule: ConsensusRule,
    side: Side,
    distribution: Distribution,
    group: str,
    round_number: int,
    decision: Decision,
) -> tuple[bool | None, list[_Outcome]]:
    outcomes = [
        _judge(rule, criterion, distribution, {"group": group, "side": decision.value}, round_number)
        for criterion in side.criteria
    ]
    met = [outcome.met for outcome in outcomes]
    return (_any(met) if side.any_of else _all(met)), outcomes


def _all(values: Sequence[bool | None]) -> bool | None:
    if False in values:
        return False
    return None if None in values else True


def _any(values: Sequence[bool | None]) -> bool | None:
    if True in values:
        return True
    return None if None in values else False


def _decide_by_groups(rule: ConsensusRule, groups: Mapping[str, Distribution], round_number: int) -> Verdict:
    needed = {Scope.EVERY_GROUP: len(groups), Scope.ANY_GROUP: 1}.get(rule.scope, rule.groups_needed or 1)
    sides = []
    summaries = []
    details: list[Reason] = []
    small = _too_few_reasons(rule, groups)
    for decision, side in rule.sides:
        judged = {
            code: (None, [])
            if _too_few(rule, one, code)
            else _judge_side(rule, side, one, code, round_number, decision)
            for code, one in groups.items()
        }
        n_met = sum(met is True for met, _ in judged.values())
        n_open = sum(met is None for met, _ in judged.values())
        holds = True if n_met >= needed else (None if n_met + n_open >= needed else False)
        sides.append((decision, holds))
        summaries.append(
            Reason.of("groups_met", side=decision.value, n_met=n_met, n_groups=len(groups), needed=needed)
        )
        if decision is Decision.CONSENSUS_IN:
            details = [
                outcome.reason
                for met, outcomes in judged.values()
                if met is not True
                for outcome in outcomes
                if not outcome.met
            ]
    settled = _settle(sides)
    if settled in (Decision.CONSENSUS_IN, Decision.CONSENSUS_OUT):
        held = [summary for summary in summaries if ("side", settled.value) in summary.facts]
        return Verdict(settled, (*held, *small))
    if all(holds for _, holds in sides) and len(sides) > 1:
        return Verdict(settled, (Reason.of("groups_opposed"), *summaries, *small))
    return Verdict(settled, (*summaries, *details, *small))


def _judge(
    rule: ConsensusRule,
    criterion: Criterion,
    distribution: Distribution,
    facts: Mapping[str, str],
    round_number: int,
) -> _Outcome:
    match criterion:
        case ShareCriterion():
            return _judge_share(rule, criterion, distribution, facts, round_number)
        case MedianCriterion(low, high):
            median = distribution.quantile(rule.scale, MEDIAN, rule.quantile_type)
            met = criterion.holds(median)
            code = "median_within" if met else "median_outside"
            return _Outcome(
                met, Reason.of(code, **facts, median=float(median), low=float(low), high=float(high))
            )
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
) -> _Outcome:
    threshold = criterion.percent.at(round_number)
    known = {**facts, "band": criterion.band.value, "comparison": criterion.comparison.value}
    percent = plain_number(threshold)
    if distribution.parts:
        value = share(rule, distribution, criterion.band)
        if value is None:
            return _Outcome(None, Reason.of("share_of_nothing", **known))
        met = criterion.comparison.holds(100 * value, threshold)
        code = "mean_share_met" if met else "mean_share_missed"
        return _Outcome(met, Reason.of(code, **known, share=float(100 * value), percent=percent))
    k, n = share_counts(rule, distribution, criterion.band)
    if not n:
        return _Outcome(None, Reason.of("share_of_nothing", **known))
    met = criterion.comparison.holds(100 * k * threshold.denominator, threshold.numerator * n)
    ratings = abs(_spare(criterion.comparison, k, n, threshold))
    code = "share_met" if met else "share_missed"
    return _Outcome(met, Reason.of(code, **known, k=k, n=n, percent=percent, ratings=ratings))


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


def _judge_measure(
    rule: ConsensusRule,
    criterion: MeasureCriterion,
    distribution: Distribution,
    facts: Mapping[str, str],
    round_number: int,
) -> _Outcome:
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
            return _Outcome(None, Reason.of("measure_needs_two", **known))
        met = threshold >= 0 and criterion.comparison.holds(variance, threshold * threshold)
        value = float(variance) ** 0.5
    else:
        exact = _measure(rule, criterion.measure, distribution)
        met = criterion.comparison.holds(exact, threshold)
        value = float(exact)
    return _Outcome(met, Reason.of("measure_met" if met else "measure_missed", **known, value=value))


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
) -> _Outcome:
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
    return _Outcome(found is wanted, Reason.of(code, **facts, **numbers))


def _judge_panel_agreement(
    rule: ConsensusRule, distribution: Distribution, facts: Mapping[str, str]
) -> _Outcome:
    if distribution.parts:
        return _Outcome(None, Reason.of("not_for_means", **facts))
    median = distribution.quantile(rule.scale, MEDIAN, rule.quantile_type)
    home = next(band for band in Band if _reached(rule.scale, band, median))
    n_outside = distribution.n - distribution.n_on(rule.scale, home)
    allowed = max((distribution.n - 2) // 3, 0)
    code = "few_outside" if n_outside <= allowed else "many_outside"
    return _Outcome(n_outside <= allowed, Reason.of(code, **facts, n_outside=n_outside, allowed=allowed))


def _reached(scale: Scale, band: Band, median: Fraction) -> bool:
    """Whether a median lies in a band or short of it; one between two bands belongs nearer to agreement."""
    members = scale.points_of(band)
    if not members:
        return False
    return median <= members[-1] if scale.high_is_agreement else median >= members[0]


def _judge_cvr(
    rule: ConsensusRule, band: Band, alpha: Fraction, distribution: Distribution, facts: Mapping[str, str]
) -> _Outcome:
    if distribution.parts:
        return _Outcome(None, Reason.of("not_for_means", **facts))
    k, n = share_counts(rule, distribution, band)
    critical = cvr_critical(n, alpha)
    if critical is None:
        return _Outcome(None, Reason.of("cvr_needs_more", **facts, n=n))
    code = "cvr_met" if k >= critical else "cvr_missed"
    return _Outcome(k >= critical, Reason.of(code, **facts, k=k, n=n, needed=critical, band=band.value))
