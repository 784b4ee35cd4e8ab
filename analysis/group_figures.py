"""Every group's figures on every statement, then ``overall`` and ``group_equal``."""

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
from analysis.scale import Band, Scale

FEWEST_FOR_SD = 2


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
        (
            *(table.figures(place, column, round_number) for column in range(len(whole.groups))),
            _group_equal(counts, rule, place, round_number),
        )
        for place in range(len(counts.statements))
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
            return [NotAssessable.because("no_ratings")] * 8
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
        why = NotAssessable.because("no_ratings")
        return Share(k, n, why, why, why)
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
    known = np.array([(k, n) for k, n in parts if n], dtype=float)
    total = sum(n for _, n in parts)
    value = share(rule, mixture, band)
    if value is None:
        why = NotAssessable.because("no_ratings")
        return Share(None, total, why, why, why)
    shares = known[:, 0] / known[:, 1]
    lower, upper = wilson(known[:, 0], known[:, 1])
    mean = float(value)
    down = float(np.sqrt(((shares - lower) ** 2).sum())) / len(known)
    up = float(np.sqrt(((upper - shares) ** 2).sum())) / len(known)
    return Share(None, total, mean, mean - down, mean + up)


def _group_equal(counts: Counts, rule: ConsensusRule, place: int, round_number: int) -> GroupFigures:
    groups = distributions_of(counts, place)
    mixture = Distribution.mixture(list((groups_that_decide(rule, groups) or groups).values()))
    verdict = decide_group_equal(rule, groups, round_number)
    median, q1, q3, iqr, mean, sd, cns, a = _mixture_numbers(mixture, rule.scale)
    total = sum(mixture.counts)
    return GroupFigures(
        group=GROUP_EQUAL,
        n=mixture.n,
        n_abstained=int(counts.abstained[place].sum()),
        n_missing=int(counts.missing[place].sum()),
        counts=(),
        distribution=tuple(weight / total for weight in mixture.counts) if total else (),
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


def _mixture_numbers(mixture: Distribution, scale: Scale) -> list[Figure]:
    if not mixture.parts:
        return [NotAssessable.because("no_ratings")] * 8
    q1, median, q3 = (
        float(mixture.quantile(scale, probability, 7))
        for probability in (LOWER_QUARTILE, MEDIAN, UPPER_QUARTILE)
    )
    total = sum(mixture.counts)
    weights: Floats = np.array([weight / total for weight in mixture.counts])
    points = np.array(scale.points, dtype=float)
    mean = float(weights @ points)
    sd = float(np.sqrt(weights @ (points - mean) ** 2))
    return [
        median,
        q1,
        q3,
        q3 - q1,
        mean,
        sd,
        float(tastle_wierman_cns(weights)),
        float(van_der_eijk_a(weights)),
    ]
