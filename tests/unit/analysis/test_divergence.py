"""Divergence: effect sizes, permutation tests and their corrections."""

import itertools

import numpy as np
import pytest
from scipy.special import ndtri

from analysis import divergence
from analysis.descriptives import wilson
from analysis.divergence_tests import LabelPermutations, omnibus_tests, pair_tests
from analysis.exact import brunner_munzel_exact
from analysis.results import DivergenceClass, NotAssessable
from analysis.rules import Decision
from analysis.statement_divergence import divergence_class
from analysis.study_analysis import analyse_round
from analysis.uncertainty import benjamini_hochberg, permutation_p, westfall_young_max_t
from tests.unit.analysis.examples import FIVE, FIVE_TURNED, protocol, rows, study

IN, OUT = Decision.CONSENSUS_IN, Decision.CONSENSUS_OUT
NO, NOT = Decision.NO_CONSENSUS, Decision.NOT_ASSESSABLE


def counts(*groups: list[int]) -> np.ndarray:
    return np.array([np.bincount(np.array(group, int) - 1, minlength=5) for group in groups])


def divergence_of(ratings: dict[str, list[int | None]], groups: tuple[str, ...] = ("a", "b"), scale=FIVE):
    given = protocol(groups, scale)
    (only,) = study(rows("S1", ratings), given).rounds
    return analyse_round(only, given, seed=1, n_permutations=99).statements[0].divergence


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ([IN, IN], DivergenceClass.ALL_GROUPS_IN),
        ([OUT, OUT], DivergenceClass.ALL_GROUPS_OUT),
        ([IN, OUT, NO], DivergenceClass.OPPOSED),
        ([IN, NO], DivergenceClass.GROUP_SPECIFIC),
        ([OUT, NO], DivergenceClass.GROUP_SPECIFIC),
        ([NO, NO], DivergenceClass.NONE),
        ([IN, NOT, IN], DivergenceClass.ALL_GROUPS_IN),
        ([IN, NOT], DivergenceClass.NOT_ASSESSABLE),
        ([], DivergenceClass.NOT_ASSESSABLE),
    ],
)
def test_groups_decisions_have_a_class(decisions, expected):
    assert divergence_class(decisions) is expected


def test_cramer_von_mises_is_the_mean_squared_distance_from_the_pooled_distribution():
    """By its definition, rating by rating."""
    groups = [[1, 2, 2, 5], [3, 5, 5], [4, 4, 1, 2, 3]]
    pooled = [rating for group in groups for rating in group]

    def below(ratings: list[int], point: int) -> float:
        return sum(rating <= point for rating in ratings) / len(ratings)

    expected = sum(
        len(group)
        * sum((below(group, rating) - below(pooled, rating)) ** 2 for rating in pooled)
        / len(pooled)
        for group in groups
    )
    assert divergence.cramer_von_mises(counts(*groups)) == pytest.approx(expected)


def test_cliffs_delta_is_the_difference_of_wins_and_losses():
    first, second = [1, 4, 5, 5], [2, 4, 4]
    wins = sum((a > b) - (a < b) for a in first for b in second)
    assert divergence.cliffs_delta(*counts(first, second)) == pytest.approx(wins / 12)


def test_groups_that_do_not_overlap_have_delta_one_and_a_one_sided_interval():
    low, high = counts([1, 1, 2, 2], [4, 5, 5, 5])
    t = np.array(2.446911848791681)
    assert divergence.cliffs_delta(high, low) == 1
    lower, upper = divergence.cliffs_delta_interval(high, low, t)
    assert upper == 1
    assert lower == pytest.approx((4 - t**2) / (4 + t**2))
    assert [float(limit) for limit in divergence.cliffs_delta_interval(low, high, t)] == [-1, -lower]


def test_brunner_munzel_is_infinite_without_overlap_and_zero_on_one_point():
    low, high, same = counts([1, 1, 2], [4, 4, 5], [4, 4, 4])
    assert divergence.brunner_munzel(high, low) == np.inf
    assert divergence.brunner_munzel(low, high) == -np.inf
    assert divergence.brunner_munzel(same, same) == 0


def test_wasserstein_goes_from_equal_to_opposite_ends():
    ends = counts([1, 1], [5, 5], [])
    assert divergence.wasserstein(ends[0], ends[0]) == 0
    assert divergence.wasserstein(ends[0], ends[1]) == 1
    assert divergence.wasserstein(ends[0], ends[2]) == 0


def test_the_upper_limit_of_a_gap_is_newcombes():
    """56 of 70 against 48 of 80: 0.0524 to 0.3339 by method 10 (Newcombe 1998, Table II, a)."""
    found = divergence.largest_gap(np.array([[56, 48]]), np.array([[70, 80]]))
    assert found.value[0] == pytest.approx(0.2)
    assert found.upper[0] == pytest.approx(0.3339, abs=5e-5)
    assert 0 < found.lower[0] < 0.0524


def test_the_lower_limit_of_a_gap_pays_for_choosing_the_most_distant_of_all_pairs():
    agreeing, sizes = np.array([9, 2, 5]), np.array([10, 10, 10])
    found = divergence.largest_gap(agreeing[None], sizes[None])
    z = float(ndtri(0.975 ** (1 / 6)))
    limits = [wilson(k, n, z) for k, n in zip(agreeing, sizes, strict=True)]
    pairs = [
        a / 10 - b / 10 - ((a / 10 - limits[i][0]) ** 2 + (limits[j][1] - b / 10) ** 2) ** 0.5
        for i, a in enumerate(agreeing)
        for j, b in enumerate(agreeing)
        if i != j
    ]
    assert found.lower[0] == pytest.approx(max(pairs))
    two = divergence.largest_gap(agreeing[None, :2], sizes[None, :2])
    assert found.lower[0] < two.lower[0]
    assert found.upper[0] == two.upper[0]
    assert (found.highest[0], found.lowest[0]) == (0, 1)


def test_permutation_p_counts_the_observed_arrangement_too():
    assert permutation_p(np.array([5.0]), np.array([[1.0], [2.0], [5.0]])).tolist() == [0.5]


def test_max_t_of_one_test_is_its_own_p_and_of_many_never_smaller():
    generator = np.random.default_rng(3)
    observed, permuted = generator.random(6) * 3, generator.random((99, 6)) * 2
    raw = permutation_p(observed, permuted)
    adjusted = westfall_young_max_t(observed, permuted)
    assert (adjusted >= raw - 1e-12).all()
    assert westfall_young_max_t(observed[:1], permuted[:, :1]) == pytest.approx(raw[:1])


def test_max_t_is_the_step_down_of_its_definition():
    observed = np.array([3.0, 1.0, 2.0])
    permuted = np.array([[0.5, 2.5, 0.1], [1.0, 0.2, 2.2], [3.5, 0.3, 0.4]])
    first = (1 + 1) / 4  # 3.5 alone reaches 3
    second = (1 + 2) / 4  # of the tests at 2 and 1: maxima 2.5, 2.2, 0.4
    third = (1 + 1) / 4  # of the test at 1 alone: 2.5; kept at least as large as the second
    assert westfall_young_max_t(observed, permuted).tolist() == [first, max(second, third), second]


def test_benjamini_hochberg_of_nothing_is_nothing():
    assert benjamini_hochberg([]).tolist() == []


def test_permuted_statistics_are_those_of_permuted_groups():
    """The matrix product gives what relabelling and recounting gives."""
    generator = np.random.default_rng(7)
    positions = generator.integers(-1, 5, size=(24, 6)).astype(np.int8)
    group_of = np.repeat(np.arange(3), 8)
    tensor = np.stack(
        [
            [np.bincount(p[group_of == g][p[group_of == g] >= 0], minlength=5) for g in range(3)]
            for p in positions.T
        ]
    )
    drawn = LabelPermutations.draw(group_of, 3, 50, seed=5)
    found = omnibus_tests(positions, tensor, drawn)
    labels = drawn.indicators.argmax(axis=1)
    labels[drawn.indicators.sum(axis=1) == 0] = 2
    for statement, column in enumerate(positions.T):
        recounted = np.stack(
            [
                [np.bincount(column[(label == g) & (column >= 0)], minlength=5) for g in range(3)]
                for label in labels
            ]
        )
        for name, function in (
            ("kruskal", divergence.kruskal_wallis),
            ("cramer", divergence.cramer_von_mises),
        ):
            observed = getattr(found, name)[statement]
            assert observed == pytest.approx(function(tensor[statement]))
            expected = (1 + (function(recounted) >= observed - 1e-9).sum()) / 51
            assert getattr(found, f"{name}_p")[statement] == pytest.approx(expected)


def test_pairs_are_permuted_among_themselves_only():
    positions = np.array([[4], [4], [4], [4], [0], [0], [0], [0], [2], [2]], dtype=np.int8)
    group_of = np.array([0] * 4 + [1] * 4 + [2] * 2)
    tensor = np.array([[[0, 0, 0, 0, 4], [4, 0, 0, 0, 0], [0, 0, 2, 0, 0]]])
    found = pair_tests(positions, tensor, group_of, (0, 1), n_permutations=999, seed=1)
    assert found.statistic[0] == np.inf
    assert found.p[0] == pytest.approx(2 / 70, abs=0.02)


def test_a_real_difference_is_found_and_named():
    found = divergence_of({"a": [5, 5, 4, 5, 4, 5, 5, 4], "b": [1, 2, 1, 2, 3, 1, 2, 2]})
    assert found.decision_class is DivergenceClass.OPPOSED
    assert found.kruskal_wallis.p == pytest.approx(0.01)
    (pair,) = found.pairs
    assert pair.cliffs_delta.value == 1
    assert isinstance(pair.statistic, NotAssessable)
    assert pair.p == pytest.approx(0.01)
    assert found.gap.highest_group == "a"


def test_nearer_to_agreement_is_positive_on_scales_of_either_direction():
    ratings: dict[str, list[int | None]] = {"a": [5, 4, 5, 3], "b": [2, 1, 3, 4]}
    up = divergence_of(ratings).pairs[0]
    down = divergence_of(ratings, scale=FIVE_TURNED).pairs[0]
    assert up.cliffs_delta.value > 0
    assert down.cliffs_delta.value == -up.cliffs_delta.value


def test_equal_groups_diverge_by_nothing():
    found = divergence_of({"a": [3, 3, 3], "b": [3, 3, 3]})
    assert found.kruskal_wallis.statistic == 0
    assert found.kruskal_wallis.p == 1
    assert found.cramer_von_mises.statistic == 0
    assert found.pairs[0].cliffs_delta.value == 0
    assert found.gap.estimate.value == 0


def test_one_group_has_nothing_to_diverge_from():
    found = divergence_of({"a": [3, 4]}, ("a",))
    assert found.kruskal_wallis.p == NotAssessable.because("one_group")
    assert found.pairs == ()


def test_a_group_without_ratings_is_not_compared():
    found = divergence_of({"a": [3, 4], "b": [None, None]})
    assert found.kruskal_wallis.p == NotAssessable.because("fewer_than_two_groups_rated")
    assert found.gap.highest_group is None
    assert found.pairs[0].wasserstein == NotAssessable.because("no_ratings")
    assert found.pairs[0].cliffs_delta.lower == NotAssessable.because("no_ratings")


def test_a_single_rating_has_an_effect_size_but_no_test():
    (pair,) = divergence_of({"a": [3, 4], "b": [5]}).pairs
    assert pair.cliffs_delta.value == -1
    assert pair.cliffs_delta.lower == NotAssessable.because("needs_two_ratings")
    assert pair.p == NotAssessable.because("needs_two_ratings")


def test_group_informed_consensus_falls_with_one_opposed_group():
    together = divergence.group_informed_consensus(np.array([9, 9]), np.array([10, 10]))
    apart = divergence.group_informed_consensus(np.array([9, 0]), np.array([10, 10]))
    assert apart[0] < together[0]
    assert together[1] == pytest.approx(10 / 12)


def test_a_statement_whose_statistic_cannot_change_is_never_found():
    """One panelist in each of three groups: permutations change the statistic by rounding only."""
    panel = np.array([[6, 0], [2, 3], [6, 5]], np.int8)
    group_of = np.arange(3)
    tallies = np.zeros((2, 3, 7), np.int64)
    for group, row in enumerate(panel):
        tallies[[0, 1], group, row] = 1
    found = omnibus_tests(panel, tallies, LabelPermutations.draw(group_of, 3, 199, 1))
    for p in (found.kruskal_p, found.kruskal_p_max, found.cramer_p, found.cramer_p_max):
        assert p.tolist() == [1.0, 1.0]


SMALL = np.array([[0, 4], [1, 4], [1, 3], [0, 2], [2, 0], [3, 1], [3, 1], [4, 0], [2, 2]], np.int8)
SMALL_GROUPS = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1])


def tallied(panel: np.ndarray, group_of: np.ndarray, n_groups: int) -> np.ndarray:
    return np.array(
        [
            [np.bincount(panel[group_of == group, statement], minlength=5) for group in range(n_groups)]
            for statement in range(panel.shape[1])
        ]
    )


def test_two_small_groups_are_tested_exactly():
    tallies = tallied(SMALL, SMALL_GROUPS, 2)
    found = pair_tests(SMALL, tallies, SMALL_GROUPS, (0, 1), n_permutations=126, seed=1)
    expected = [brunner_munzel_exact(first, second) for first, second in tallies]
    assert found.p.tolist() == pytest.approx(expected)
    other_seed = pair_tests(SMALL, tallies, SMALL_GROUPS, (0, 1), n_permutations=999, seed=2)
    assert other_seed.p.tolist() == found.p.tolist()


def test_three_small_groups_are_tested_by_all_ways_to_label_them():
    group_of = np.array([0, 0, 1, 1, 1, 2, 2])
    panel = SMALL[:7]
    drawn = LabelPermutations.draw(group_of, 3, 210, 1)
    found = omnibus_tests(panel, tallied(panel, group_of, 3), drawn)
    labelled = set(itertools.permutations(group_of.tolist()))
    assert drawn.complete
    assert len(labelled) == len(drawn.indicators) == 210
    for measure, p in (
        (divergence.kruskal_wallis, found.kruskal_p),
        (divergence.cramer_von_mises, found.cramer_p),
    ):
        observed = measure(tallied(panel, group_of, 3))
        others = np.array([measure(tallied(panel, np.array(labels), 3)) for labels in labelled])
        assert p.tolist() == pytest.approx((others >= observed - 1e-9).mean(axis=0).tolist())


def test_one_way_more_than_permutations_asked_for_is_drawn_at_random():
    assert not LabelPermutations.draw(SMALL_GROUPS, 2, 125, 1).complete
    assert LabelPermutations.draw(np.zeros(50_000, np.int64), 1, 9, 1).complete
