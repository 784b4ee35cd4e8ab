"""Decisions: exact, by scope, with the reasons and margins that explain them."""

from fractions import Fraction
from typing import Any

import pytest

from analysis.consensus import decide_group, decide_group_equal, decide_statement
from analysis.distribution import Distribution, share, share_counts
from analysis.judging import cvr_critical
from analysis.results import Reason
from analysis.rules import Decision
from analysis.scale import Band
from tests.unit.analysis.examples import FIVE, NINE, NINE_TURNED, TWO, rule

IN, OUT = Decision.CONSENSUS_IN, Decision.CONSENSUS_OUT
NO, NOT = Decision.NO_CONSENSUS, Decision.NOT_ASSESSABLE


def five(low: int, middle: int, high: int, silent: int = 0) -> Distribution:
    """So many who disagree, are neutral, agree on a scale of five."""
    return Distribution((low, 0, middle, 0, high), silent)


def nine(**counts: int) -> Distribution:
    """Counts by point: ``nine(p7=5, p9=2)``."""
    return Distribution(tuple(counts.get(f"p{point}", 0) for point in range(1, 10)), 0)


def decide(distributions: dict[str, Distribution], **fields: Any) -> Decision:
    return decide_statement(rule(FIVE, **fields), distributions, 1).decision


def one_side(**criterion: Any) -> dict[str, Any]:
    return {"include": {"all": [criterion]}, "scope": "overall"}


def holds(distribution: Distribution, **criterion: Any) -> bool:
    ruling = rule(NINE, **one_side(**criterion))
    return decide_group(ruling, distribution, "panel", 1).decision is IN


def facts(reason: Reason) -> dict[str, Any]:
    return dict(reason.facts)


def test_exactly_the_threshold_is_enough():
    assert decide({"a": five(3, 0, 7), "b": five(0, 0, 1)}) is IN


def test_a_share_that_floats_would_get_wrong_is_compared_exactly():
    assert 57 / 100 * 100 < 57
    assert decide({"a": five(43, 0, 57)}, threshold=57) is IN
    assert decide({"a": five(44, 0, 56)}, threshold=57) is NO


def test_every_group_must_meet_the_rule_and_the_failing_one_is_named_with_its_margin():
    verdict = decide_statement(rule(FIVE), {"peers": five(0, 0, 10), "relatives": five(3, 2, 5)}, 1)
    assert verdict.decision is NO
    missed = [reason for reason in verdict.reasons if reason.code == "share_missed"]
    assert [facts(reason)["group"] for reason in missed] == ["relatives"]
    assert facts(missed[0]) | {"k": 5, "n": 10, "ratings": 2, "percent": 70} == facts(missed[0])


def test_rejection_is_the_mirror_image():
    assert decide({"a": five(8, 0, 2), "b": five(7, 3, 0)}) is OUT


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({"scope": "every_group"}, NO),
        ({"scope": "any_group"}, IN),
        ({"scope": "at_least", "at_least": 2}, IN),
        ({"scope": "at_least", "at_least": 3}, NO),
        ({"scope": "overall"}, NO),
        ({"scope": "group_equal"}, IN),
    ],
)
def test_scopes_ask_different_groups(scope, expected):
    groups = {"a": five(0, 0, 10), "b": five(1, 0, 9), "c": five(20, 0, 10)}
    assert decide(groups, **scope) is expected


def test_in_the_equal_mean_a_small_group_counts_as_much_as_a_large_one():
    groups = {"small": five(0, 0, 5), "large": five(60, 0, 40)}
    assert decide(groups, scope="overall") is NO
    assert decide(groups, scope="group_equal") is IN
    assert decide({"small": five(5, 0, 0), "large": five(0, 0, 100)}, scope="group_equal") is NO


def test_one_group_in_and_another_out_is_no_consensus_under_any_group():
    verdict = decide_statement(rule(FIVE, scope="any_group"), {"a": five(0, 0, 9), "b": five(9, 0, 0)}, 1)
    assert verdict.decision is NO
    assert verdict.reasons[0].code == "groups_opposed"


def test_a_rule_that_both_sides_meet_decides_nothing():
    assert decide({"a": five(5, 0, 5)}, threshold=50) is NO


def test_abstentions_count_only_when_the_rule_says_so():
    groups = {"a": five(3, 0, 7, silent=1)}
    assert decide(groups) is IN
    assert decide(groups, denominator="all") is NO


@pytest.mark.parametrize(
    ("middle", "expected"), [("own", NO), ("exclude", IN), ("with_agree", IN), ("with_disagree", NO)]
)
def test_the_middle_counts_as_the_rule_says(middle, expected):
    assert decide({"a": five(2, 5, 5)}, middle=middle) is expected


def test_the_middle_counted_with_disagreement_can_reject():
    assert decide({"a": five(4, 4, 2)}, middle="with_disagree") is OUT
    ruling = rule(FIVE, middle="with_disagree")
    assert share_counts(ruling, five(4, 4, 2), Band.NEUTRAL) == (0, 10)


def test_shares_of_nothing_are_not_assessable():
    verdict = decide_statement(rule(FIVE, middle="exclude"), {"a": five(0, 4, 0)}, 1)
    assert verdict.decision is NOT
    assert {reason.code for reason in verdict.reasons} == {"groups_met", "share_of_nothing"}


def test_a_small_group_blocks_where_it_could_still_change_the_decision():
    small = five(0, 0, 2)
    verdict = decide_statement(rule(FIVE, minimum_ratings=5), {"a": five(0, 0, 9), "b": small}, 1)
    assert verdict.decision is NOT
    assert verdict.reasons[-1] == Reason.of("too_few_blocks", group="b", n=2, minimum=5)
    assert decide({"a": five(5, 0, 4), "b": small}, minimum_ratings=5) is NO


def test_a_small_group_blocks_an_acceptance_that_it_could_contradict():
    """Under any_group one group accepts; the small one could still reject, and then nothing is decided."""
    groups = {"a": five(0, 0, 9), "b": five(2, 0, 0)}
    assert decide(groups, scope="any_group", minimum_ratings=5) is NOT
    assert decide(groups, scope="any_group", minimum_ratings=5, small_groups="leave_out") is IN
    one_sided = {"include": {"all": [{"measure": "share", "band": "agree", "percent": 70}]}}
    assert decide(groups, **one_sided, scope="any_group", minimum_ratings=5) is IN


def test_a_small_group_can_be_left_out():
    groups = {"a": five(0, 0, 9), "b": five(2, 0, 0)}
    assert decide(groups, minimum_ratings=5, small_groups="leave_out") is IN
    assert decide(groups, minimum_ratings=5, small_groups="leave_out", scope="group_equal") is IN
    assert decide({"b": five(2, 0, 0)}, minimum_ratings=5, small_groups="leave_out") is NOT
    assert (
        decide({"b": five(2, 0, 0)}, minimum_ratings=5, small_groups="leave_out", scope="group_equal") is NOT
    )


def test_a_small_panel_is_not_assessable_overall():
    assert decide({"a": five(0, 0, 2), "b": five(0, 0, 2)}, scope="overall", minimum_ratings=5) is NOT


def test_a_missing_group_leaves_the_equal_mean_open():
    assert decide({"a": five(0, 0, 9), "b": five(0, 0, 0)}, scope="group_equal") is NOT


def test_thresholds_of_the_round_decide():
    ruling = rule(NINE, preset="comet_70_15", variant="rising")
    groups = {"a": nine(p8=6, p5=4)}
    assert [decide_statement(ruling, groups, number).decision for number in (1, 2, 3)] == [IN, NO, NO]


@pytest.mark.parametrize(
    ("comparison", "percent", "met", "ratings"),
    [
        (">=", 50, True, 0),
        (">", 50, False, 1),
        ("<=", 50, True, 0),
        ("<", 50, False, 1),
        (">=", 45, True, 0),
        (">=", 55, False, 1),
        (">", 45, True, 0),
        ("<=", 45, False, 1),
        ("<", 55, True, 0),
        (">=", "200/3", False, 2),
    ],
)
def test_margins_are_in_ratings(comparison, percent, met, ratings):
    ruling = rule(FIVE, **one_side(measure="share", band="agree", comparison=comparison, percent=percent))
    verdict = decide_group(ruling, five(5, 0, 5), "panel", 1)
    assert verdict.decision is (IN if met else NO)
    assert verdict.reasons[0].code == ("share_met" if met else "share_missed")
    assert facts(verdict.reasons[0])["ratings"] == ratings


@pytest.mark.parametrize(
    ("criterion", "met"),
    [
        ({"measure": "median", "low": 7}, True),
        ({"measure": "median", "low": 8}, False),
        ({"measure": "iqr", "value": 1}, True),
        ({"measure": "iqr", "value": 0.4}, False),
        ({"measure": "mean", "value": 7}, True),
        ({"measure": "mean", "value": 7.01}, False),
        ({"measure": "sd", "value": 1}, True),
        ({"measure": "sd", "value": 0.7}, False),
        ({"measure": "sd", "comparison": ">", "value": -1}, True),
        ({"measure": "sd", "value": -1}, False),
        ({"measure": "cns", "value": 0.8}, True),
        ({"measure": "cns", "value": 0.95}, False),
        ({"measure": "a", "value": 0.7}, True),
        ({"measure": "a", "value": 0.9}, False),
        ({"measure": "panel_agreement"}, True),
        ({"measure": "disagreement"}, True),
        ({"measure": "disagreement", "present": True}, False),
        ({"measure": "disagreement", "method": "thirds"}, True),
        ({"measure": "disagreement", "method": "ipras"}, True),
        ({"measure": "cvr"}, False),
    ],
)
def test_every_criterion_is_met_or_missed(criterion, met):
    assert holds(nine(p6=2, p7=4, p8=2), **criterion) is met


def test_a_standard_deviation_needs_two_ratings():
    ruling = rule(NINE, **one_side(measure="sd", value=1))
    verdict = decide_group(ruling, nine(p7=1), "panel", 1)
    assert verdict.decision is NOT
    assert verdict.reasons[0].code == "measure_needs_two"


def test_a_for_a_decimal_threshold_is_not_missed_by_its_binary_form():
    """A of 17, 1 and 2 ratings is 0.8 exactly."""
    ruling = rule(FIVE, **one_side(measure="a", value=0.8))
    counts = next(
        (a, b, 0, 0, c)
        for a in range(1, 21)
        for b in range(21 - a)
        for c in range(21 - a - b)
        if a + b + c == 20 and decide_group(ruling, Distribution((a, b, 0, 0, c), 0), "p", 1).decision is IN
    )
    assert sum(counts) == 20


def test_disagreement_by_table_needs_ratings_at_both_ends():
    assert holds(nine(p2=3, p5=1, p8=5), measure="disagreement", present=True)
    assert not holds(nine(p2=2, p5=1, p8=6), measure="disagreement", present=True)


def test_disagreement_of_larger_panels_is_by_ipras():
    assert holds(nine(p1=10, p9=10), measure="disagreement", present=True)
    assert not holds(nine(p5=10, p6=10), measure="disagreement", present=True)


def test_disagreement_by_thirds_fits_any_scale():
    ruling = rule(TWO, **one_side(measure="disagreement", method="thirds", present=True))
    assert decide_group(ruling, Distribution((1, 2), 0), "p", 1).decision is IN
    assert decide_group(ruling, Distribution((1, 3), 0), "p", 1).decision is NO


def test_panel_agreement_counts_what_lies_outside_the_medians_third():
    assert holds(nine(p7=7, p4=2), measure="panel_agreement")
    assert not holds(nine(p7=6, p4=3), measure="panel_agreement")
    turned = rule(NINE_TURNED, **one_side(measure="panel_agreement"))
    assert decide_group(turned, nine(p3=7, p6=2), "p", 1).decision is IN
    without_middle = rule(TWO, **one_side(measure="panel_agreement"))
    assert decide_group(without_middle, Distribution((0, 3), 0), "p", 1).decision is IN


def test_rand_classifies_by_median_and_disagreement():
    ruling = rule(NINE, preset="rand_ucla")
    assert decide_group(ruling, nine(p8=9), "p", 1).decision is IN
    assert decide_group(ruling, nine(p2=9), "p", 1).decision is OUT
    assert decide_group(ruling, nine(p5=9), "p", 1).decision is NO
    assert decide_group(ruling, nine(p1=4, p7=5), "p", 1).decision is NO
    assert decide_group(ruling, nine(p6=4, p7=4), "p", 1).decision is IN


def test_cvr_needs_significantly_more_than_half():
    assert cvr_critical(4, Fraction(1, 20)) is None
    assert cvr_critical(5, Fraction(1, 32)) == 5
    assert cvr_critical(5, Fraction(1, 33)) is None
    ruling = rule(FIVE, **one_side(measure="cvr"))
    assert decide_group(ruling, five(0, 0, 5), "p", 1).decision is IN
    assert decide_group(ruling, five(1, 0, 4), "p", 1).decision is NO
    verdict = decide_group(ruling, five(0, 0, 4), "p", 1)
    assert (verdict.decision, verdict.reasons[0].code) == (NOT, "cvr_needs_more")


def test_any_of_needs_one_criterion_only():
    either = {
        "include": {"any": [{"measure": "median", "low": 5}, {"measure": "sd", "value": 9}]},
        "scope": "overall",
    }
    ruling = rule(FIVE, **either)
    assert decide_group(ruling, five(0, 0, 1), "p", 1).decision is IN
    assert decide_group(ruling, five(1, 0, 0), "p", 1).decision is NOT
    assert decide_group(rule(FIVE, **one_side(measure="median", low=5)), five(1, 0, 0), "p", 1).decision is NO
    both = rule(FIVE, include={"any": [{"measure": "median", "low": 5}, {"measure": "median", "low": 4}]})
    assert decide_group(both, five(1, 0, 0), "p", 1).decision is NO


EQUAL_GROUPS = {
    "a": Distribution((0, 0, 0, 0, 0, 0, 2, 2, 0), 0),
    "b": Distribution((0, 0, 0, 0, 0, 1, 1, 0, 0), 0),
}


@pytest.mark.parametrize(
    ("criterion", "decision", "code"),
    [
        ({"measure": "share", "band": "agree", "percent": 75}, IN, "mean_share_met"),
        ({"measure": "share", "band": "agree", "percent": 76}, NO, "mean_share_missed"),
        ({"measure": "median", "low": 7}, IN, "median_within"),
        ({"measure": "mean", "value": 7}, IN, "measure_met"),
        ({"measure": "sd", "value": 1}, IN, "measure_met"),
        ({"measure": "iqr", "value": 1}, IN, "measure_met"),
        ({"measure": "cns", "value": 0.5}, IN, "measure_met"),
        ({"measure": "disagreement"}, IN, "no_disagreement"),
        ({"measure": "disagreement", "method": "thirds"}, IN, "no_disagreement"),
        ({"measure": "panel_agreement"}, NOT, "not_for_means"),
        ({"measure": "cvr"}, NOT, "not_for_means"),
    ],
)
def test_a_mean_of_groups_meets_the_criteria_that_depend_on_shares(criterion, decision, code):
    verdict = decide_group_equal(rule(NINE, **one_side(**criterion)), EQUAL_GROUPS, 1)
    assert (verdict.decision, verdict.reasons[0].code) == (decision, code)


def test_the_quantile_of_a_mean_of_groups_lies_between_two_points_when_half_is_below():
    mixture = Distribution.mixture([Distribution((3, 0, 0, 0, 0), 0), Distribution((0, 0, 0, 0, 7), 0)])
    assert mixture.quantile(FIVE, Fraction(1, 2), 7) == 3
    assert mixture.quantile(FIVE, Fraction(1, 4), 7) == 1
    assert mixture.n == 10


def test_a_mean_of_groups_without_ratings_has_no_quantile_and_no_share():
    empty = Distribution.mixture([Distribution((0, 0), 1)])
    assert empty.n == 0
    assert share(rule(TWO), empty, Band.AGREE) is None
    with pytest.raises(ValueError, match="has no quantile"):
        Distribution((0, 0), 0, (empty,)).quantile(TWO, Fraction(1, 2), 7)


def test_a_mean_of_shares_leaves_out_a_group_whose_share_is_of_nothing():
    ruling = rule(FIVE, middle="exclude")
    mixture = Distribution.mixture([five(1, 0, 3), five(0, 4, 0)])
    assert share(ruling, mixture, Band.AGREE) == Fraction(3, 4)
    only_middle = Distribution.mixture([five(0, 4, 0)])
    assert share(ruling, only_middle, Band.AGREE) is None
    verdict = decide_group_equal(ruling, {"a": five(0, 4, 0)}, 1)
    assert verdict.decision is NOT
    assert share(rule(FIVE), five(1, 0, 3), Band.AGREE) == Fraction(3, 4)
