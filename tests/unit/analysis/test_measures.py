"""Measures where nothing can be computed, and what their extremes mean."""

from fractions import Fraction

import numpy as np
import pytest

from analysis import agreement, concordance, descriptives, dispersion, exact, stability, symmetry
from analysis.figures import attrition_figure, transitions_figure
from analysis.judging import cvr_critical
from analysis.ratings import read_ratings
from analysis.results import GroupFlow, NotAssessable
from analysis.rules import Comparison
from analysis.sensitivity import analyse_sensitivity
from analysis.study_analysis import analyse_study
from analysis.tables import sensitivity_table
from tests.unit.analysis.examples import FIVE, known, protocol, rows, rule, study

EMPTY = np.zeros(5, np.int64)


@pytest.mark.parametrize(
    "measure",
    [
        dispersion.tastle_wierman_cns,
        dispersion.van_der_eijk_a,
        dispersion.leik_d,
        dispersion.blair_lacy_l2,
        dispersion.berry_mielke_iov,
        dispersion.entropy,
    ],
)
def test_an_empty_distribution_has_no_dispersion(measure):
    assert measure(EMPTY) == 0
    assert measure(np.stack([EMPTY, EMPTY + 1])).shape == (2,)


def test_strength_of_consensus_falls_with_the_distance_from_its_target():
    at_target, far = np.array([0, 0, 0, 0, 9]), np.array([9, 0, 0, 0, 0])
    assert dispersion.strength_of_consensus(at_target, 4) == 1
    assert dispersion.strength_of_consensus(far, 4) == pytest.approx(0)
    middle = dispersion.strength_of_consensus(np.array([0, 0, 9, 0, 0]), 4)
    assert middle == pytest.approx(1 + np.log2(0.75))
    assert dispersion.strength_of_consensus(EMPTY, 4) == 0


def test_an_interval_of_nothing_is_everything():
    assert [float(limit) for limit in descriptives.wilson(0, 0)] == [0, 1]


def test_agreement_of_single_ratings_is_undefined():
    single = np.array([[1, 0], [0, 1]])
    assert agreement.krippendorff_alpha(single) is None
    assert agreement.gwet_ac(single) is None
    assert agreement.fleiss_kappa(single) is None


def test_kappa_of_equal_ratings_is_undefined_and_ac_is_one():
    equal = np.array([[0, 4], [0, 4]])
    assert agreement.fleiss_kappa(equal) is None
    assert agreement.krippendorff_alpha(equal) is None
    assert agreement.gwet_ac(equal) == 1


def test_concordance_needs_two_objects_two_raters_and_a_difference():
    assert concordance.kendall_w([[1, 2]]) is None
    assert concordance.kendall_w([[1], [2]]) is None
    assert concordance.kendall_w([[3, 3], [3, 3]]) is None


def test_intraclass_correlations_need_two_objects_two_raters_and_error():
    assert concordance.intraclass_correlations([[1, 2]]) is None
    assert concordance.intraclass_correlations([[3, 3], [3, 3]]) is None
    assert concordance.intraclass_correlations([[1, 2], [2, 1]]) is None


def test_a_mean_of_raters_that_disagree_systematically_has_no_coefficient():
    """Spearman and Brown's formula has a pole where the single coefficient is -1 / (raters - 1)."""
    found = known(concordance.intraclass_correlations([[0, 6, 6], [0, 6, 0], [6, 0, 6], [6, 0, 6]]))
    assert found.agreement.value == pytest.approx(-0.5)
    assert (found.agreement_mean.value, found.agreement_mean.lower) == (None, None)
    assert known(found.agreement_mean.upper) < 1


def test_with_hardly_any_degrees_of_freedom_agreement_has_no_interval():
    scores = [
        [95, 85, 74, 73, 70, 69, 64, 47, 46, 35, 28, 24, 99, 98, 62, 32, 29, 7],
        [36, 86, 70, 17, 43, 45, 73, 40, 88, 18, 49, 24, 94, 9, 63, 86, 87, 97],
    ]
    found = known(concordance.intraclass_correlations(scores)).agreement
    assert known(found.value) < 0
    assert (found.lower, found.upper) == (None, None)


def test_tests_of_symmetry_need_somebody_who_moved():
    still = np.diag([3, 4, 5])
    assert symmetry.bowker(still) is None
    assert symmetry.stuart_maxwell(still) is None
    assert symmetry.bhapkar(still) is None
    assert symmetry.rounds_chi_squared(np.array([3, 0]), np.array([4, 0])) is None
    assert symmetry.goodman_kruskal_lambda(np.array([[2, 0], [1, 0]])) is None


def test_everybody_moving_one_way_leaves_bhapkar_without_variance():
    assert symmetry.bhapkar(np.array([[0, 5], [0, 0]])) is None


def test_when_nobody_moves_the_signed_rank_test_says_so():
    found = stability.signed_rank(np.diag([3, 4]))
    assert (found.statistic, found.p) == (0, 1)


def test_many_movers_are_tested_by_the_normal_approximation():
    moved = np.array([[0, 60, 10], [70, 0, 5], [5, 5, 0]])
    approximate, full = stability.signed_rank(moved), stability.signed_rank(moved, exact_up_to=1000)
    assert (approximate.exact, full.exact) == (False, True)
    assert approximate.p == pytest.approx(full.p, abs=0.02)


def test_two_crossed_either_way_balance():
    assert stability.mcnemar(2, 2) == 1
    assert stability.mcnemar(0, 0) == 1
    assert stability.mcnemar(6, 0) == pytest.approx(2 / 64)


def test_a_table_that_has_neither_two_rows_nor_two_columns_is_refused():
    with pytest.raises(ValueError, match="two rows or two columns"):
        exact.fisher_freeman_halton(np.ones((3, 3), int))


def test_too_many_tables_are_not_enumerated():
    many = np.full(9, 20)
    assert exact.brunner_munzel_exact(many, many) is None


def test_groups_that_do_not_overlap_are_the_rarest_arrangement():
    low, high = np.array([4, 0, 0]), np.array([0, 0, 4])
    assert exact.brunner_munzel_exact(low, high) == pytest.approx(2 / 70)
    assert exact.mann_whitney_exact(low, high) == pytest.approx(2 / 70)


def test_a_comparison_knows_which_way_helps():
    assert Comparison.AT_LEAST.wants_more
    assert not Comparison.LESS_THAN.wants_more


def test_no_panel_of_four_can_be_significant():
    assert [cvr_critical(n, Fraction(1, 20)) for n in (4, 5)] == [None, 5]


def test_without_stability_there_is_nothing_to_draw():
    only = analyse_study(study(rows("S1", {"peers": [3]})), protocol(), seed=1, n_permutations=9)
    assert transitions_figure(only.rounds[0], "agreement").alternative == "Nobody rated in both rounds."


def test_unknown_invitations_do_not_keep_the_flow_from_being_drawn():
    flow = [GroupFlow(1, "peers", None, 4, 4, 0, 0, NotAssessable.because("invitations_unknown"), 1.0)]
    told = "Round 1: 4 took part, 4 of them since the first round, 0 lost since the round before"
    assert attrition_figure(flow).alternative == f"peers. {told}."


def test_a_single_group_is_not_left_out():
    counts = (
        study(rows("S1", {"peers": [5, 4]}), protocol(("peers",))).rounds[0].matrices["agreement"].counts()
    )
    assert b"without_" not in sensitivity_table([analyse_sensitivity(counts, rule(FIVE), "agreement", 1)])


def test_the_middle_alone_has_no_mean_share():
    given = protocol(consensus={"preset": "percent_agreement", "middle": "exclude"})
    listed = rows("S1", {"peers": [3, 3], "relatives": [3]})
    entry = analyse_study(study(listed, given), given, seed=1, n_permutations=9).rounds[0].statements[0]
    assert entry.figures_of("group_equal").agree.value == NotAssessable.because("no_ratings")
    assert entry.divergence.gap.highest_group is None


def test_ratings_without_a_column_for_abstentions_have_none(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text("round,statement,group,panelist,rating\n1,S1,peers,ann,5\n", encoding="utf-8")
    assert read_ratings(path, protocol()).rounds[0].matrices["agreement"].counts().abstained.sum() == 0
