"""Every group's figures on every statement, then ``overall`` and ``group_equal``."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from analysis.consensus import decide_group, decide_group_equal, groups_that_decide
from analysis.counts import Counts, Floats
from analysis.descriptives import (
    LOWER_QUARTILE,
    MEDIAN,
    UPPER_QUARTILE,
    mean_and_sd,
    quantile,
    wilson,
)
from analysis.dispersion import tastle_wierman_cns, van_der_eijk_a
from analysis.distribution import Distribution, share, share_counts
from analysis.results import GROUP_EQUAL, Figure, GroupFigures, NotAssessable, Share
from analysis.rules import ConsensusRule
from analysis.rules.rule import SHARES_ONLY_TYPE
from analysis.scale import Band, Scale

FEWEST_FOR_SD = 2
_NO_RATINGS = NotAssessable.because("no_ratings")


def distributions_of(counts: Counts, statement: int) -> dict[str, Distribution]:
    """Each group's distribution on one statement, in the study's order."""
    silent = counts.abstained[statement] + counts.missing[statement]
    return {
        group: Distribution(tuple(row), n_silent)
        for group, row, n_silent in zip(
            counts.groups, counts.rated[statement].tolist(), silent.tolist(), strict=True
        )
    }


def figures_of_groups(
    counts: Counts, rule: ConsensusRule, round_number: int
) -> list[tuple[GroupFigures, ...]]:
    """Figures per statement: each group, ``overall``, ``group_equal``.

    Shares follow the rule's denominator and its middle, so that the share shown is the share that decided;
    ``distribution`` and ``counts`` are of all ratings. Quantiles are of the rule's type.
    """
    whole = counts.with_overall()
    table = _Table(whole, rule)
    return [
        (*(table.figures(place, column, round_number) for column in range(len(whole.groups))), equal)
        for place, equal in enumerate(_group_equal(counts, rule, round_number))
    ]


class _Table:
    """All figures of all statements and groups, computed at once and handed out one by one."""

    def __init__(self, counts: Counts, rule: ConsensusRule) -> None:
        self.counts = counts
        self.rule = rule
        points, rated = counts.points, counts.rated
        quartiles = [
            quantile(rated, points, probability, rule.quantile_type)
            for probability in (MEDIAN, LOWER_QUARTILE, UPPER_QUARTILE)
        ]
        mean, sd = mean_and_sd(rated, points)
        columns = [
            *quartiles,
            quartiles[2] - quartiles[1],
            mean,
            sd,
            tastle_wierman_cns(rated),
            van_der_eijk_a(rated),
        ]
        self.columns = np.stack(columns, axis=-1).tolist()
        self.rows = rated.tolist()
        self.abstained = counts.abstained.tolist()
        self.missing = counts.missing.tolist()

    def figures(self, statement: int, column: int, round_number: int) -> GroupFigures:
        group = self.counts.groups[column]
        row = self.rows[statement][column]
        abstained, missing = self.abstained[statement][column], self.missing[statement][column]
        distribution = Distribution(tuple(row), abstained + missing)
        verdict = decide_group(self.rule, distribution, group, round_number)
        n = sum(row)
        median, q1, q3, iqr, mean, sd, cns, a = self._numbers(statement, column, n)
        return GroupFigures(
            group=group,
            n=n,
            n_abstained=abstained,
            n_missing=missing,
            counts=tuple(row),
            distribution=tuple(count / n for count in row) if n else (),
            agree=band_share(self.rule, distribution, Band.AGREE),
            neutral=band_share(self.rule, distribution, Band.NEUTRAL),
            disagree=band_share(self.rule, distribution, Band.DISAGREE),
            median=median,
            q1=q1,
            q3=q3,
            iqr=iqr,
            mean=mean,
            sd=sd,
            cns=cns,
            a=a,
            decision=verdict.decision,
            reasons=verdict.reasons,
        )

    def _numbers(self, statement: int, column: int, n: int) -> list[Figure]:
        if not n:
            return [_NO_RATINGS] * 8
        numbers: list[Figure] = list(self.columns[statement][column])
        if n < FEWEST_FOR_SD:
            numbers[5] = NotAssessable.because("needs_two_ratings")
        return numbers


def band_share(rule: ConsensusRule, distribution: Distribution, band: Band) -> Share:
    """A band's share under the rule, with its interval."""
    if distribution.parts:
        return _mean_share(rule, distribution, band)
    k, n = share_counts(rule, distribution, band)
    if not n:
        return Share(k, n, _NO_RATINGS, _NO_RATINGS, _NO_RATINGS)
    lower, upper = _limits(k, n)
    return Share(k, n, k / n, lower, upper)


@lru_cache(maxsize=4096)
def _limits(k: int, n: int) -> tuple[float, float]:
    """Wilson limits; a study has the same few shares over and over."""
    lower, upper = wilson(k, n)
    return float(lower), float(upper)


def _mean_share(rule: ConsensusRule, mixture: Distribution, band: Band) -> Share:
    """Average the groups' shares; limits combine their Wilson limits (MOVER, Zou and Donner 2008)."""
    parts = [share_counts(rule, part, band) for part in mixture.parts]
    total = sum(n for _, n in parts)
    value = share(rule, mixture, band)
    if value is None:
        return Share(None, total, _NO_RATINGS, _NO_RATINGS, _NO_RATINGS)
    known = [(k / n, *_limits(k, n)) for k, n in parts if n]
    mean = float(value)
    down = sum((one - lower) ** 2 for one, lower, _ in known) ** 0.5 / len(known)
    up = sum((upper - one) ** 2 for one, _, upper in known) ** 0.5 / len(known)
    return Share(None, total, mean, mean - down, mean + up)


def _group_equal(counts: Counts, rule: ConsensusRule, round_number: int) -> Iterator[GroupFigures]:
    """The figures of the mean of the groups' distributions, statement by statement."""
    panels = [distributions_of(counts, place) for place in range(len(counts.statements))]
    mixtures = [
        Distribution.mixture(list((groups_that_decide(rule, panel) or panel).values())) for panel in panels
    ]
    totals = [sum(mixture.counts) for mixture in mixtures]
    distributions = [
        tuple(weight / (total or 1) for weight in mixture.counts)
        for mixture, total in zip(mixtures, totals, strict=True)
    ]
    numbers = _mixture_numbers(np.array(distributions), rule.scale)
    for place, (panel, mixture) in enumerate(zip(panels, mixtures, strict=True)):
        verdict = decide_group_equal(rule, panel, round_number)
        median, q1, q3, iqr = _mixture_quartiles(mixture, rule.scale)
        mean, sd, cns, a = numbers[place] if mixture.parts else [_NO_RATINGS] * 4
        yield GroupFigures(
            group=GROUP_EQUAL,
            n=mixture.n,
            n_abstained=int(counts.abstained[place].sum()),
            n_missing=int(counts.missing[place].sum()),
            counts=(),
            distribution=distributions[place] if totals[place] else (),
            agree=band_share(rule, mixture, Band.AGREE),
            neutral=band_share(rule, mixture, Band.NEUTRAL),
            disagree=band_share(rule, mixture, Band.DISAGREE),
            median=median,
            q1=q1,
            q3=q3,
            iqr=iqr,
            mean=mean,
            sd=sd,
            cns=cns,
            a=a,
            decision=verdict.decision,
            reasons=verdict.reasons,
        )


def _mixture_quartiles(mixture: Distribution, scale: Scale) -> list[Figure]:
    if not mixture.parts:
        return [_NO_RATINGS] * 4
    q1, median, q3 = (
        float(mixture.quantile(scale, probability, SHARES_ONLY_TYPE))
        for probability in (LOWER_QUARTILE, MEDIAN, UPPER_QUARTILE)
    )
    return [median, q1, q3, q3 - q1]


def _mixture_numbers(weights: Floats, scale: Scale) -> list[list[float]]:
    """Mean, SD, Cns and A of distributions (statement, point) that sum to 1."""
    points = np.array(scale.points, dtype=float)
    mean = weights @ points
    sd = np.sqrt((weights * (points - mean[:, None]) ** 2).sum(axis=1))
    columns = [mean, sd, tastle_wierman_cns(weights), van_der_eijk_a(weights)]
    numbers: list[list[float]] = np.stack(columns, axis=-1).tolist()
    return numbers
