"""The same ratings by another grouping: the same figures, and no test where one is in two groups."""

from typing import Any

import pytest

from analysis.grouped_analysis import analyse_by_grouping
from analysis.other_views import GroupedAnalysis
from analysis.ratings import ratings_from_rows
from analysis.results import OVERALL, DivergenceClass, NotAssessable
from analysis.rules import Decision
from analysis.study_analysis import analyse_round
from tests.unit.analysis.examples import FIVE_TURNED, protocol, rows, rule, study

LISTED = [
    *rows("S1", {"peers": [5, 5, 4, 4, 5, 1], "relatives": [4, 5, 1, None]}),
    *rows("S2", {"peers": [1, 2, 2, 1], "relatives": [5, 4, 4, 5]}),
]
PANEL = [f"peers-{n}" for n in range(6)] + [f"relatives-{n}" for n in range(4)]
FRENCH, DUTCH = PANEL[::2], PANEL[1::2]


def grouped(members: dict[str, list[str]], turned: bool = False) -> GroupedAnalysis:
    given = protocol(scale=FIVE_TURNED) if turned else protocol()
    rules = {"agreement": given.criteria[0].rule}
    return analyse_by_grouping(study(LISTED, given).rounds[0], rules, members, seed=3, n_permutations=49)


def test_by_the_stakeholder_groups_everything_is_as_the_round_says():
    members = {"peers": PANEL[:6], "relatives": PANEL[6:]}
    usual = analyse_round(study(LISTED).rounds[0], protocol(), seed=3, n_permutations=49)
    found = grouped(members)
    assert found.is_exclusive
    assert found.notes == usual.notes
    for one, other in zip(found.statements, usual.statements, strict=True):
        assert one.groups == other.groups[:-1]
        assert one.divergence == other.divergence


def test_each_panelist_is_counted_in_their_own_group():
    found = grouped({"fr": FRENCH, "nl": DUTCH})
    assert (found.groups, found.sizes) == (("fr", "nl"), (5, 5))
    first = found.statements[0]
    assert first.figures_of("fr").counts == (1, 0, 0, 2, 2)
    assert first.figures_of("nl").counts == (1, 0, 0, 1, 2)
    assert first.figures_of("nl").n_abstained == 1
    assert not isinstance(first.divergence.kruskal_wallis.p, NotAssessable)


def test_a_group_without_panelists_is_left_out_and_one_group_alone_is_compared_with_nothing():
    found = grouped({"fr": PANEL, "nl": []})
    assert found.groups == ("fr",)
    assert found.statements[0].divergence.decision_class is DivergenceClass.NOT_ASSESSABLE


def test_whoever_is_in_two_groups_counts_in_both_and_once_in_the_whole():
    found = grouped({"a": PANEL[:8], "b": PANEL[4:]})
    assert not found.is_exclusive
    assert found.sizes == (8, 6)
    first = found.statements[0]
    assert [figures.n for figures in first.groups] == [8, 5, 9]
    usual = analyse_round(study(LISTED).rounds[0], protocol(), seed=3, n_permutations=49)
    assert first.figures_of(OVERALL) == usual.statements[0].figures_of(OVERALL)


def test_between_groups_that_share_panelists_there_is_a_distance_and_no_test():
    divergence = grouped({"a": PANEL[:8], "b": PANEL[4:]}).statements[1].divergence
    assert divergence.gap.estimate.value == pytest.approx(1 - 2 / 6)
    for figure in (
        *(divergence.gap.estimate.lower, divergence.gap.estimate.upper, divergence.epsilon_squared),
        *(divergence.kruskal_wallis.p, divergence.cramer_von_mises.p_fdr),
        *(divergence.pairs[0].p_holm, divergence.pairs[0].cliffs_delta.lower),
    ):
        assert isinstance(figure, NotAssessable)
        assert figure.reason.code == "overlapping_groups"
    assert isinstance(divergence.pairs[0].cliffs_delta.value, float)


def test_a_shared_distance_counts_towards_the_agreeing_end_of_the_scale():
    members = {"a": PANEL[:8], "b": PANEL[4:]}
    (usual,) = grouped(members).statements[1].divergence.pairs
    (turned,) = grouped(members, turned=True).statements[1].divergence.pairs
    assert turned.cliffs_delta.value == -float(str(usual.cliffs_delta.value))
    assert turned.wasserstein == usual.wasserstein


def test_a_group_that_rated_nothing_has_no_distance():
    members = {"a": PANEL, "b": PANEL[4:6]}
    (pair,) = grouped(members).statements[1].divergence.pairs
    assert isinstance(pair.cliffs_delta.value, NotAssessable)
    assert isinstance(pair.wasserstein, NotAssessable)


def test_a_grouped_analysis_is_written_and_read_back():
    for members in ({"fr": FRENCH, "nl": DUTCH}, {"a": PANEL[:8], "b": PANEL[4:]}):
        found = grouped(members)
        assert GroupedAnalysis.from_dict(found.to_dict()) == found


def test_a_round_that_nobody_answered_has_a_group_with_nothing_to_say():
    given = protocol()
    nobody = ratings_from_rows([], given, asked={1: ["S1"]}).rounds[0]
    rules = {"agreement": given.criteria[0].rule}
    found = analyse_by_grouping(nobody, rules, {"fr": [], "nl": []}, seed=3, n_permutations=9)
    assert (found.groups, found.sizes) == (("fr",), (0,))
    assert found.statements[0].figures_of(OVERALL).n == 0


# Of peers five in six agree (83%), of relatives five in six, of both ten in twelve; the rule asks for 70%.
# Split by language, all six who read French agree and four of the six who read Dutch (67%).
JOINT = rows("S1", {"peers": [4, 5, 4, 5, 4, 1], "relatives": [5, 4, 4, 5, 4, 2]})
JOINT_PANEL = [f"{group}-{place}" for place in (0, 1, 2, 3, 4, 5) for group in ("peers", "relatives")]
BY_LANGUAGE = {"fr": JOINT_PANEL[:6], "nl": JOINT_PANEL[6:]}


def joint_decision(members: dict[str, list[str]], no_group: str | None = None, **fields: Any) -> Decision:
    asked = rule(threshold=70, **fields)
    ratings = study(JOINT).rounds[0]
    found = analyse_by_grouping(
        ratings, {"agreement": asked}, members, seed=3, n_permutations=9, no_group=no_group
    )
    (statement,) = found.statements
    assert statement.decision is not None
    assert statement.reasons
    return statement.decision


def test_the_groups_of_the_protocol_together_are_decided_as_the_round_was():
    (usual,) = analyse_round(study(JOINT).rounds[0], protocol(), seed=3, n_permutations=9).statements
    assert usual.decision is Decision.CONSENSUS_IN
    by_group = {group: [f"{group}-{n}" for n in range(6)] for group in ("peers", "relatives")}
    assert joint_decision(by_group) is usual.decision


def test_in_every_group_asks_every_one_of_the_groups_that_were_chosen():
    assert joint_decision(BY_LANGUAGE) is Decision.NO_CONSENSUS
    assert joint_decision(BY_LANGUAGE, scope="any_group") is Decision.CONSENSUS_IN
    overlapping = {"a": JOINT_PANEL[:8], "b": JOINT_PANEL[4:]}
    assert joint_decision(overlapping) is Decision.CONSENSUS_IN


def test_a_rule_on_the_whole_panel_decides_alike_whatever_the_groups():
    overlapping = {"a": JOINT_PANEL[:8], "b": JOINT_PANEL[4:]}
    for members in (BY_LANGUAGE, overlapping):
        assert joint_decision(members, scope="overall") is Decision.CONSENSUS_IN


def test_a_group_with_too_few_ratings_leaves_the_decision_of_all_open_as_the_rule_says():
    members = {"fr": JOINT_PANEL[:9], "nl": JOINT_PANEL[9:]}
    assert joint_decision(members, minimum_ratings=5) is Decision.NOT_ASSESSABLE
    assert joint_decision(members, minimum_ratings=5, small_groups="leave_out") is Decision.CONSENSUS_IN


def test_those_who_gave_no_answer_are_no_group_that_decides():
    members = {"fr": JOINT_PANEL[:10], "": JOINT_PANEL[10:]}
    assert joint_decision(members) is Decision.NO_CONSENSUS
    assert joint_decision(members, no_group="") is Decision.CONSENSUS_IN


def test_figures_that_were_stored_before_groups_were_decided_together_are_read_without_it():
    stored = grouped({"fr": FRENCH, "nl": DUTCH}).to_dict()
    for statement in stored["statements"]:
        del statement["decision"], statement["reasons"]
    assert [one.decision for one in GroupedAnalysis.from_dict(stored).statements] == [None, None]
