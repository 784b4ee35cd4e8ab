"""Divergence of every statement, as results: decision class, gap, tests, effect sizes, corrections."""

from dataclasses import replace
from itertools import combinations

import numpy as np
from scipy.special import stdtrit

from analysis.counts import Counts, Floats, Integers, Positions, oriented_positions
from analysis.distribution import share_counts
from analysis.divergence import (
    GapFigures,
    cliffs_delta,
    cliffs_delta_interval,
    epsilon_squared,
    group_informed_consensus,
    largest_gap,
    wasserstein,
)
from analysis.divergence_tests import LabelPermutations, OmnibusTests, PairTests, omnibus_tests, pair_tests
from analysis.group_figures import distributions_of
from analysis.ratings import RatingMatrix
from analysis.results import (
    RESERVED_GROUPS,
    Divergence,
    DivergenceClass,
    Estimate,
    Figure,
    Gap,
    GroupFigures,
    NotAssessable,
    PairDivergence,
    TestResult,
)
from analysis.rules import ConsensusRule, Decision
from analysis.scale import Band
from analysis.uncertainty import benjamini_hochberg, holm

FEWEST_PER_GROUP = 2


def divergence_of_statements(
    matrix: RatingMatrix,
    counts: Counts,
    rule: ConsensusRule,
    figures: list[tuple[GroupFigures, ...]],
    permutations: LabelPermutations,
) -> list[Divergence]:
    """Divergence of every statement of a criterion, in the matrix's order.

    Only groups with ratings are compared. Corrections over statements are within the criterion.
    """
    oriented = oriented_positions(matrix.positions, matrix.scale)
    rated = counts.rated if matrix.scale.high_is_agreement else counts.rated[:, :, ::-1]
    columns = _Columns(counts, rated, rule)
    if len(counts.groups) < FEWEST_PER_GROUP:
        return [columns.single_group(place, figures[place]) for place in range(len(counts.statements))]
    columns.test(oriented, permutations)
    return [columns.divergence(place, figures[place]) for place in range(len(counts.statements))]


def divergence_of_overlapping(
    counts: Counts, rule: ConsensusRule, figures: list[tuple[GroupFigures, ...]]
) -> list[Divergence]:
    """Divergence of groups that share panelists: how far they are apart, and no test or interval.

    Every interval and every test here supposes that nobody is in two of the groups.
    """
    rated = counts.rated if counts.scale.high_is_agreement else counts.rated[:, :, ::-1]
    columns = _Columns(counts, rated, rule)
    return [columns.overlapping(place, figures[place]) for place in range(len(counts.statements))]


def divergence_class(decisions: list[Decision]) -> DivergenceClass:
    """How the assessable groups' own decisions relate; with fewer than two there is nothing to relate."""
    known = [decision for decision in decisions if decision is not Decision.NOT_ASSESSABLE]
    if len(known) < FEWEST_PER_GROUP:
        return DivergenceClass.NOT_ASSESSABLE
    kinds = set(known)
    if {Decision.CONSENSUS_IN, Decision.CONSENSUS_OUT} <= kinds:
        return DivergenceClass.OPPOSED
    if kinds == {Decision.CONSENSUS_IN}:
        return DivergenceClass.ALL_GROUPS_IN
    if kinds == {Decision.CONSENSUS_OUT}:
        return DivergenceClass.ALL_GROUPS_OUT
    return DivergenceClass.NONE if kinds == {Decision.NO_CONSENSUS} else DivergenceClass.GROUP_SPECIFIC


def _own_decisions(figures: tuple[GroupFigures, ...]) -> list[Decision]:
    return [entry.decision for entry in figures if entry.group not in RESERVED_GROUPS]


class _Columns:
    """Everything about divergence in arrays over statements, handed out statement by statement."""

    def __init__(self, counts: Counts, oriented_counts: Integers, rule: ConsensusRule) -> None:
        self.groups = counts.groups
        self.rated = oriented_counts
        self.n = oriented_counts.sum(axis=2)
        self.comparable = (self.n > 0).sum(axis=1) >= FEWEST_PER_GROUP
        shares = np.array(
            [
                [share_counts(rule, one, Band.AGREE) for one in distributions_of(counts, place).values()]
                for place in range(len(counts.statements))
            ],
            dtype=np.int64,
        ).reshape(len(counts.statements), len(counts.groups), 2)
        self.agreeing, self.sizes = shares[..., 0], shares[..., 1]
        product, geometric = group_informed_consensus(self.agreeing, self.sizes)
        self.informed = product.tolist()
        self.informed_geometric = geometric.tolist()
        self.gap: GapFigures = largest_gap(self.agreeing, self.sizes)
        self.gap_known = (self.sizes > 0).sum(axis=1) >= FEWEST_PER_GROUP

    def test(self, oriented: Positions, permutations: LabelPermutations) -> None:
        self.omnibus: OmnibusTests = omnibus_tests(oriented, self.rated, permutations)
        self.kruskal_fdr = _within(self.comparable, self.omnibus.kruskal_p)
        self.cramer_fdr = _within(self.comparable, self.omnibus.cramer_p)
        self.epsilon = epsilon_squared(self.omnibus.kruskal, self.n.sum(axis=1))
        self.pairs = {
            pair: _PairColumns(
                self.rated,
                self.n,
                pair_tests(
                    oriented,
                    self.rated,
                    permutations.group_of,
                    pair,
                    n_permutations=permutations.n_permutations,
                    seed=permutations.seed,
                ),
                *pair,
            )
            for pair in combinations(range(len(self.groups)), 2)
        }

    def single_group(self, place: int, figures: tuple[GroupFigures, ...]) -> Divergence:
        why = NotAssessable.because("one_group")
        nothing = TestResult(why, why, why, why)
        return Divergence(
            decision_class=divergence_class(_own_decisions(figures)),
            gap=Gap(Estimate.missing(why), None, None),
            kruskal_wallis=nothing,
            epsilon_squared=why,
            cramer_von_mises=nothing,
            pairs=(),
            group_informed_consensus=self.informed[place],
            group_informed_consensus_geometric=self.informed_geometric[place],
        )

    def overlapping(self, place: int, figures: tuple[GroupFigures, ...]) -> Divergence:
        why = NotAssessable.because("overlapping_groups")
        nothing = TestResult(why, why, why, why)
        gap = self._gap(place)
        return Divergence(
            decision_class=divergence_class(_own_decisions(figures)),
            gap=replace(gap, estimate=Estimate(gap.estimate.value, why, why)),
            kruskal_wallis=nothing,
            epsilon_squared=why,
            cramer_von_mises=nothing,
            pairs=tuple(
                self._untested_pair(place, pair, why) for pair in combinations(range(len(self.groups)), 2)
            ),
            group_informed_consensus=why,
            group_informed_consensus_geometric=why,
        )

    def _untested_pair(self, place: int, pair: tuple[int, int], why: NotAssessable) -> PairDivergence:
        first, second = pair
        a, b = self.rated[place, first], self.rated[place, second]
        known = min(self.n[place, first], self.n[place, second]) > 0
        nothing = NotAssessable.because("no_ratings")
        return PairDivergence(
            first=self.groups[first],
            second=self.groups[second],
            cliffs_delta=Estimate(float(cliffs_delta(a, b)) if known else nothing, why, why),
            wasserstein=float(wasserstein(a, b)) if known else nothing,
            statistic=why,
            p=why,
            p_holm=why,
        )

    def divergence(self, place: int, figures: tuple[GroupFigures, ...]) -> Divergence:
        tests = self.omnibus
        return Divergence(
            decision_class=divergence_class(_own_decisions(figures)),
            gap=self._gap(place),
            kruskal_wallis=self._test(
                place, tests.kruskal, tests.kruskal_p, self.kruskal_fdr, tests.kruskal_p_max
            ),
            epsilon_squared=float(self.epsilon[place]) if self.comparable[place] else _too_few_groups(),
            cramer_von_mises=self._test(
                place, tests.cramer, tests.cramer_p, self.cramer_fdr, tests.cramer_p_max
            ),
            pairs=self._pairs(place),
            group_informed_consensus=self.informed[place],
            group_informed_consensus_geometric=self.informed_geometric[place],
        )

    def _gap(self, place: int) -> Gap:
        if not self.gap_known[place]:
            return Gap(Estimate.missing(_too_few_groups()), None, None)
        gap = self.gap
        estimate = Estimate(float(gap.value[place]), float(gap.lower[place]), float(gap.upper[place]))
        return Gap(estimate, self.groups[gap.highest[place]], self.groups[gap.lowest[place]])

    def _test(self, place: int, statistic: Floats, p: Floats, p_fdr: Floats, p_max: Floats) -> TestResult:
        if not self.comparable[place]:
            why = _too_few_groups()
            return TestResult(why, why, why, why)
        return TestResult(*(float(column[place]) for column in (statistic, p, p_fdr, p_max)))

    def _pairs(self, place: int) -> tuple[PairDivergence, ...]:
        tested = [columns.p_of(place) for columns in self.pairs.values()]
        known = [p for p in tested if not isinstance(p, NotAssessable)]
        corrected = iter(holm(known).tolist())
        return tuple(
            columns.divergence(place, self.groups, p if isinstance(p, NotAssessable) else next(corrected))
            for columns, p in zip(self.pairs.values(), tested, strict=True)
        )


class _PairColumns:
    """One pair of groups in arrays over statements."""

    def __init__(self, rated: Integers, n: Integers, tests: PairTests, first: int, second: int) -> None:
        self.first, self.second = first, second
        a, b = rated[:, first], rated[:, second]
        self.smaller = np.minimum(n[:, first], n[:, second])
        self.delta = cliffs_delta(a, b).tolist()
        self.distance = wasserstein(a, b).tolist()
        testable = self.smaller >= FEWEST_PER_GROUP
        self.lower = np.zeros(len(a))
        self.upper = np.zeros(len(a))
        freedom = n[testable, first] + n[testable, second] - 2
        limits = cliffs_delta_interval(a[testable], b[testable], np.asarray(stdtrit(freedom, 0.975)))
        self.lower[testable], self.upper[testable] = limits
        self.tests = tests

    def p_of(self, place: int) -> Figure:
        if self.smaller[place] < FEWEST_PER_GROUP:
            return NotAssessable.because("needs_two_ratings")
        return float(self.tests.p[place])

    def divergence(self, place: int, groups: tuple[str, ...], p_holm: Figure) -> PairDivergence:
        p = self.p_of(place)
        smaller = self.smaller[place]
        missing = NotAssessable.because("no_ratings" if smaller == 0 else "needs_two_ratings")
        enough = smaller >= FEWEST_PER_GROUP
        limits = (float(self.lower[place]), float(self.upper[place])) if enough else (missing, missing)
        statistic = float(self.tests.statistic[place])
        return PairDivergence(
            first=groups[self.first],
            second=groups[self.second],
            cliffs_delta=Estimate(self.delta[place] if smaller else missing, *limits),
            wasserstein=self.distance[place] if smaller else missing,
            statistic=_finite(statistic) if enough else missing,
            p=p,
            p_holm=p_holm,
        )


def _finite(statistic: float) -> Figure:
    return statistic if np.isfinite(statistic) else NotAssessable.because("complete_separation")


def _too_few_groups() -> NotAssessable:
    return NotAssessable.because("fewer_than_two_groups_rated")


def _within(known: np.typing.NDArray[np.bool_], p: Floats) -> Floats:
    """Benjamini-Hochberg over the statements where the test exists."""
    adjusted = np.ones_like(p)
    adjusted[known] = benjamini_hochberg(p[known])
    return adjusted
