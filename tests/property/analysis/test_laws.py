"""Laws that every analysis obeys, whatever the ratings."""

import json
import warnings
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import concordance, exact, symmetry
from analysis.consensus import decide_statement
from analysis.distribution import Distribution
from analysis.results import (
    GROUP_EQUAL,
    Figure,
    GroupFigures,
    NotAssessable,
    StatementAnalysis,
    StudyAnalysis,
)
from analysis.rules import PRESETS, ConsensusRule, Decision
from analysis.scale import Direction, Scale
from analysis.study_analysis import analyse_study
from tests.unit.analysis.examples import FIVE, NINE, Row, protocol, rule, study

GROUPS = ("peers", "relatives", "professionals")


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    """Scales of 2 to 101 points, of either direction, with or without a middle."""
    lowest = draw(st.integers(-3, 1))
    n = draw(st.sampled_from((2, 3, 4, 5, 5, 7, 9, 9, 11, 101)))
    points = tuple(range(lowest, lowest + n))
    cut = draw(st.integers(1, n - 1))
    width = draw(st.integers(0, n - cut - 1))
    low, middle, high = points[:cut], points[cut : cut + width], points[cut + width :]
    if draw(st.booleans()):
        return Scale(points, Direction.HIGH_IS_AGREEMENT, low, middle, high)
    return Scale(points, Direction.LOW_IS_AGREEMENT, high, middle, low)


@st.composite
def ratings(draw: st.DrawFn, scale: Scale, most: int = 4) -> list[Row]:
    """Rows of one or two rounds; panelists may abstain, be missing, come late or leave."""
    given_rating = st.one_of(st.none(), st.sampled_from(scale.points))
    listed: list[Row] = []
    for number in range(1, draw(st.integers(1, 2)) + 1):
        for group in GROUPS:
            for panelist in range(draw(st.integers(0, most))):
                for statement in ("S1", "S2"):
                    if draw(st.integers(0, 9)):
                        rating = draw(given_rating)
                        listed.append((number, statement, "agreement", group, f"{group}-{panelist}", rating))
    if not listed:
        listed = [(1, "S1", "agreement", "peers", "peers-0", draw(given_rating))]
    return listed


@st.composite
def studies(draw: st.DrawFn) -> tuple[Scale, list[Row]]:
    scale = draw(scales())
    return scale, draw(ratings(scale))


def analysed(
    scale: Scale, listed: list[Row], groups: tuple[str, ...] = GROUPS, **rule_fields: Any
) -> StudyAnalysis:
    fields = {"preset": "percent_agreement", "threshold": 70, **rule_fields}
    asked = protocol(groups, scale, fields)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return analyse_study(study(listed, asked), asked, seed=1, n_permutations=19)


def entries(played: StudyAnalysis) -> list[StatementAnalysis]:
    return [entry for one in played.rounds for entry in one.statements]


@given(studies())
@settings(max_examples=40, deadline=None)
def test_any_study_gives_results_without_nan_and_without_a_warning(given_study):
    played = analysed(*given_study)
    text = json.dumps(played.to_dict(), allow_nan=False)
    assert StudyAnalysis.from_dict(json.loads(text)) == played


@given(studies(), st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_rows_and_the_names_of_panelists_do_not_matter(given_study, random):
    scale, listed = given_study
    names = sorted({row[4] for row in listed})
    other = [f"x{place}" for place in range(len(names))]
    random.shuffle(other)
    renamed = dict(zip(names, other, strict=True))
    shuffled: list[Row] = [(*row[:4], renamed[row[4]], row[5]) for row in listed]
    random.shuffle(shuffled)
    assert analysed(scale, shuffled) == analysed(scale, listed)


@given(studies())
@settings(max_examples=15, deadline=None)
def test_the_names_of_groups_do_not_matter(given_study):
    scale, listed = given_study
    renamed: list[Row] = [(*row[:3], f"new-{row[3]}", *row[4:]) for row in listed]
    before = json.dumps(analysed(scale, listed).to_dict())
    after = json.dumps(analysed(scale, renamed, tuple(f"new-{group}" for group in GROUPS)).to_dict())
    assert after.replace("new-", "") == before


def turned(scale: Scale, listed: list[Row]) -> list[Row]:
    return [(*row[:5], None if row[5] is None else scale.mirror(row[5])) for row in listed]


MIRRORED = {"n", "n_abstained", "n_missing", "agree", "neutral", "disagree", "decision"}


@given(studies())
@settings(max_examples=15, deadline=None)
def test_reading_the_scale_from_its_other_end_changes_no_decision_and_no_divergence(given_study):
    scale, listed = given_study
    before, after = analysed(scale, listed), analysed(scale.mirrored(), turned(scale, listed))
    for one, other in zip(entries(before), entries(after), strict=True):
        assert (one.decision, one.divergence) == (other.decision, other.divergence)
        assert one.stability == other.stability
        for figures, mirrored in zip(one.groups, other.groups, strict=True):
            for name in MIRRORED:
                assert getattr(figures, name) == getattr(mirrored, name), name


@given(studies())
@settings(max_examples=15, deadline=None)
def test_rating_the_opposite_mirrors_decisions_and_signs(given_study):
    """Everybody's rating reflected, on the same scale with reflected bands: in becomes out."""
    scale, listed = given_study
    opposite = Scale(
        scale.points,
        scale.direction,
        tuple(sorted(scale.mirror(point) for point in scale.agree)),
        tuple(sorted(scale.mirror(point) for point in scale.neutral)),
        tuple(sorted(scale.mirror(point) for point in scale.disagree)),
    )
    swapped = {Decision.CONSENSUS_IN: Decision.CONSENSUS_OUT, Decision.CONSENSUS_OUT: Decision.CONSENSUS_IN}
    before, after = analysed(scale, listed), analysed(opposite, turned(scale, listed))
    for one, other in zip(entries(before), entries(after), strict=True):
        assert other.decision is swapped.get(one.decision, one.decision)
        for pair, mirrored in zip(one.divergence.pairs, other.divergence.pairs, strict=True):
            delta, turned_delta = pair.cliffs_delta, mirrored.cliffs_delta
            assert_opposite(delta.value, turned_delta.value)
            assert_opposite(delta.lower, turned_delta.upper)
            assert_opposite(pair.statistic, mirrored.statistic)
        for moved, turned_back in zip(one.stability, other.stability, strict=True):
            assert (moved.up, moved.down, moved.towards) == (
                turned_back.down,
                turned_back.up,
                turned_back.towards,
            )


def assert_opposite(one: Figure, other: Figure) -> None:
    if isinstance(one, NotAssessable):
        assert other == one
    else:
        assert isinstance(other, float)
        assert other == pytest.approx(-one, abs=1e-12)


@given(st.lists(st.integers(0, 6), min_size=5, max_size=5).filter(any))
@settings(max_examples=25, deadline=None)
def test_identical_groups_diverge_by_zero(counts):
    points = [point for point, count in zip(FIVE.points, counts, strict=True) for _ in range(count)]
    listed: list[Row] = [
        (1, "S1", "agreement", group, f"{group}-{place}", rating)
        for group in GROUPS
        for place, rating in enumerate(points)
    ]
    divergence = entries(analysed(FIVE, listed))[0].divergence
    for value in (
        divergence.gap.estimate.value,
        divergence.kruskal_wallis.statistic,
        divergence.epsilon_squared,
        divergence.cramer_von_mises.statistic,
        *(pair.cliffs_delta.value for pair in divergence.pairs),
        *(pair.wasserstein for pair in divergence.pairs),
    ):
        assert isinstance(value, float)
        assert abs(value) < 1e-9
    assert divergence.kruskal_wallis.p == 1.0


distributions = st.lists(st.integers(0, 12), min_size=9, max_size=9).map(lambda c: Distribution(tuple(c), 0))
panels = st.fixed_dictionaries(dict.fromkeys(GROUPS, distributions))


@given(
    panels,
    st.integers(50, 100),
    st.integers(0, 50),
    st.sampled_from(["overall", "every_group", "group_equal"]),
)
@settings(deadline=None)
def test_a_stricter_threshold_never_accepts_more(groups, threshold, stricter, scope):
    loose = rule(NINE, threshold=threshold, scope=scope)
    strict = rule(NINE, threshold=min(threshold + stricter, 100), scope=scope)
    accepted = (Decision.CONSENSUS_IN, Decision.CONSENSUS_OUT)
    if decide_statement(strict, groups, 1).decision in accepted and threshold > 50:
        assert decide_statement(loose, groups, 1).decision is decide_statement(strict, groups, 1).decision


@given(
    panels,
    st.integers(1, 100),
    st.integers(0, 50),
    st.sampled_from(["overall", "every_group", "any_group", "at_least", "group_equal"]),
    st.sampled_from(["share", "median", "cns", "iqr"]),
)
@settings(deadline=None)
def test_a_stricter_criterion_alone_never_accepts_more_in_any_scope(groups, loose, step, scope, measure):
    """With nothing to reject; a rule that can also reject may accept what it found contradictory before."""
    strict = min(loose + step, 100)
    criteria = [
        {
            "share": {"measure": "share", "band": "agree", "percent": percent},
            "median": {"measure": "median", "low": 1 + percent * 8 / 100},
            "cns": {"measure": "cns", "value": percent / 100},
            "iqr": {"measure": "iqr", "value": 8 - percent * 8 / 100},
        }[measure]
        for percent in (loose, strict)
    ]
    asked: dict[str, Any] = {"scope": scope, "small_groups": "leave_out"}
    if scope == "at_least":
        asked["at_least"] = 2
    before, after = (
        decide_statement(rule(NINE, include={"all": [criterion]}, **asked), groups, 1).decision
        for criterion in criteria
    )
    if after is Decision.CONSENSUS_IN:
        assert before is Decision.CONSENSUS_IN


@given(panels, st.sampled_from(sorted(PRESETS)), st.sampled_from(["overall", "every_group", "any_group"]))
@settings(deadline=None)
def test_every_preset_decides_the_mirror_image_alike(groups, preset, scope):
    """The same ratings on the scale read from its other end, under the same preset."""
    high = rule(NINE, preset=preset, scope=scope)
    low = ConsensusRule.from_mapping({"preset": preset, "scope": scope}, NINE.mirrored())
    mirrored = {code: Distribution(one.counts[::-1], 0) for code, one in groups.items()}
    assert decide_statement(high, groups, 1).decision is decide_statement(low, mirrored, 1).decision


@given(panels, st.permutations(GROUPS))
@settings(deadline=None)
def test_the_order_of_groups_changes_no_decision(groups, order):
    ruling = rule(NINE, minimum_ratings=5)
    reordered = {code: groups[code] for code in order}
    assert decide_statement(ruling, groups, 1).decision is decide_statement(ruling, reordered, 1).decision


@given(studies())
@settings(max_examples=15, deadline=None)
def test_figures_stay_within_their_bounds(given_study):
    scale, listed = given_study
    for entry in entries(analysed(scale, listed)):
        for figures in entry.groups:
            assert_within_bounds(figures, scale)


@given(studies())
@settings(max_examples=15, deadline=None)
def test_corrected_p_values_are_never_smaller_than_the_raw_ones(given_study):
    for entry in entries(analysed(*given_study)):
        for test in (entry.divergence.kruskal_wallis, entry.divergence.cramer_von_mises):
            if isinstance(test.p, float):
                assert isinstance(test.p_fdr, float)
                assert isinstance(test.p_max, float)
                assert 0 < test.p <= min(test.p_fdr, test.p_max) + 1e-12
                assert max(test.p_fdr, test.p_max) <= 1
        for pair in entry.divergence.pairs:
            if isinstance(pair.p, float):
                assert isinstance(pair.p_holm, float)
                assert 0 < pair.p <= pair.p_holm + 1e-12 <= 1 + 1e-12


tables = st.integers(2, 6).flatmap(
    lambda k: st.tuples(*[st.lists(st.integers(0, 6), min_size=k, max_size=k).map(np.array)] * 2)
)


@given(tables)
@settings(deadline=None)
def test_exact_tests_give_a_chance(table):
    first, second = table
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = [
            exact.mann_whitney_exact(first, second),
            exact.fisher_freeman_halton(np.stack(table)),
            exact.brunner_munzel_exact(first, second),
        ]
    assert all(p is None or 0 < p <= 1 + 1e-12 for p in found)


score_matrices = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 9), min_size=k, max_size=k), min_size=2, max_size=6)
)


@given(score_matrices)
@settings(deadline=None)
def test_agreement_of_raters_is_a_figure_within_its_limits_or_none(scores):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        concordant = concordance.kendall_w(scores)
        correlated = concordance.intraclass_correlations(scores)
    if concordant is not None:
        assert -1e-9 <= concordant.w <= 1 + 1e-9
        assert 0 <= concordant.p <= 1
    if correlated is not None:
        for entry in fields(correlated):
            one = getattr(correlated, entry.name)
            listed = [limit for limit in (one.lower, one.value, one.upper) if limit is not None]
            assert np.isfinite(listed).all()
            assert listed == sorted(listed)


moves = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 5), min_size=k, max_size=k), min_size=k, max_size=k)
)


@given(moves.map(np.array))
@settings(deadline=None)
def test_tests_of_symmetry_give_a_chance_or_none(moved):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = [
            symmetry.bowker(moved),
            symmetry.stuart_maxwell(moved),
            symmetry.bhapkar(moved),
            symmetry.contingency_chi_squared(moved),
            symmetry.rounds_chi_squared(moved.sum(axis=1), moved.sum(axis=0)),
        ]
        guessed = symmetry.goodman_kruskal_lambda(moved)
    assert all(one is None or (one.statistic > -1e-9 and 0 <= one.p <= 1) for one in found)
    assert guessed is None or 0 <= guessed <= 1


def assert_within_bounds(figures: GroupFigures, scale: Scale) -> None:
    if figures.group != GROUP_EQUAL:
        assert sum(figures.counts) == figures.n
    for share in (figures.agree, figures.neutral, figures.disagree):
        if isinstance(share.value, float):
            assert isinstance(share.lower, float)
            assert isinstance(share.upper, float)
            assert 0 <= share.lower <= share.value + 1e-12
            assert share.value - 1e-12 <= share.upper <= 1 + 1e-12
    for value in (figures.median, figures.q1, figures.q3, figures.mean):
        assert isinstance(value, NotAssessable) or scale.points[0] <= value <= scale.points[-1]
    assert isinstance(figures.cns, NotAssessable) or 0 <= figures.cns <= 1
    assert isinstance(figures.a, NotAssessable) or -1 - 1e-12 <= figures.a <= 1 + 1e-12
