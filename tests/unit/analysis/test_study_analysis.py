"""Analyses of rounds and studies, their results and tables."""

import csv
import io
import json
import re
from typing import Any

import pytest

from analysis.protocol import AnalysisProtocol
from analysis.ratings import Ratings, ratings_from_rows
from analysis.results import NotAssessable, Reason, StabilityVerdict, StudyAnalysis
from analysis.rules import Decision
from analysis.study_analysis import analyse_round, analyse_study, summarise_study
from analysis.tables import COLUMNS, all_tables
from analysis.wording import group_name, number_text, phrases_of, reason_sentence
from tests.unit.analysis.examples import FIVE, HUNDRED_AND_ONE, NINE, TWO, Row, protocol, rows, study

RATINGS: list[Row] = [
    *rows("S1", {"peers": [5, 5, 4, 4, 5], "relatives": [4, 5, 5, None]}),
    *rows("S2", {"peers": [5, 5, 4, 4, 5], "relatives": [1, 2, 1, 1]}),
    *rows("S2", {"peers": [5, 5, 4, 4], "relatives": [4, 5, 4, 4]}, 2),
]


@pytest.fixture
def played() -> StudyAnalysis:
    return analyse_study(study(RATINGS), protocol(), seed=1, n_permutations=49)


def table(played: StudyAnalysis, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(all_tables(played)[name].decode("utf-8"))))


def test_the_last_round_that_rated_a_statement_decides_it(played):
    assert [(final.statement, final.decision, final.round) for final in played.final] == [
        ("S1", Decision.CONSENSUS_IN, 1),
        ("S2", Decision.CONSENSUS_IN, 2),
    ]
    (counts,) = played.final_counts
    assert (counts.n_statements, counts.consensus_in, counts.no_consensus) == (2, 2, 0)
    assert [entry.decision_counts[0].consensus_in for entry in played.rounds] == [1, 1]


def test_groups_stand_in_the_studys_order_then_overall_then_the_equal_mean(played):
    entry = played.rounds[0].statement_on("S1", "agreement")
    assert [figures.group for figures in entry.groups] == ["peers", "relatives", "overall", "group_equal"]
    overall = entry.figures_of("overall")
    assert (overall.n, overall.n_abstained, overall.n_missing) == (8, 1, 0)
    assert overall.counts == (0, 0, 0, 3, 5)
    assert entry.figures_of("group_equal").counts == ()
    assert sum(entry.figures_of("group_equal").distribution) == pytest.approx(1)


def test_the_share_shown_is_the_share_that_decided():
    given = protocol(consensus={"preset": "percent_agreement", "threshold": 70, "denominator": "all"})
    (only,) = study(RATINGS[:9], given).rounds
    figures = analyse_round(only, given, seed=1, n_permutations=9).statements[0].figures_of("relatives")
    assert (figures.agree.k, figures.agree.n, figures.agree.value) == (3, 4, 0.75)


def test_stability_compares_the_same_panelists_only(played):
    first, second = played.rounds
    assert first.statements[0].stability == ()
    peers, relatives, overall = second.statements[0].stability
    assert (peers.n, peers.unchanged, peers.verdict) == (4, 1.0, StabilityVerdict.STABLE)
    assert (relatives.up, relatives.mcnemar_gained, relatives.verdict) == (1.0, 4, StabilityVerdict.UNSTABLE)
    assert overall.n == 8


def test_a_group_that_nobody_came_back_from_has_no_stability():
    listed = rows("S1", {"peers": [5, 4], "relatives": [3]}) + rows("S1", {"peers": [5, 4]}, 2)
    second = analyse_study(study(listed), protocol(), seed=1, n_permutations=9).rounds[1]
    assert second.statements[0].stability[1].verdict is StabilityVerdict.NOT_ASSESSABLE


def test_kappa_is_said_to_be_degenerate_when_a_round_is_unanimous():
    listed = rows("S1", {"peers": [5, 5]}) + rows("S1", {"peers": [5, 5]}, 2)
    stability = (
        analyse_study(study(listed), protocol(), seed=1, n_permutations=9).rounds[1].statements[0].stability
    )
    assert stability[0].kappa == NotAssessable.because("unanimous_in_both_rounds")
    assert stability[0].kappa_note == Reason.of("kappa_degenerate")


def test_who_took_part_is_counted_by_group_and_round(played):
    flow = {(entry.round, entry.group): entry for entry in played.flow}
    assert [flow[number, "peers"].took_part for number in (1, 2)] == [5, 4]
    assert flow[2, "peers"].lost_since_previous == 1
    assert flow[2, "overall"].retention == pytest.approx(8 / 9)
    assert flow[1, "peers"].response == NotAssessable.because("invitations_unknown")


def test_response_is_of_the_invited_and_retention_of_the_first_round():
    invited = {(1, "peers"): 10, (1, "relatives"): 10, (2, "peers"): 5}
    played = analyse_study(study(RATINGS), protocol(), seed=1, invited=invited, n_permutations=9)
    flow = {(entry.round, entry.group): entry for entry in played.flow}
    assert flow[1, "overall"].response == pytest.approx(0.45)
    assert (flow[2, "peers"].response, flow[2, "peers"].retention) == (0.8, 0.8)
    assert flow[2, "overall"].invited is None


def test_a_latecomer_is_new_and_an_empty_first_round_gives_no_retention():
    listed = rows("S1", {"peers": [5]}) + rows("S1", {"peers": [5, 4], "relatives": [3]}, 2)
    flow = {
        (e.round, e.group): e for e in analyse_study(study(listed), protocol(), seed=1, n_permutations=9).flow
    }
    assert flow[2, "peers"].newly_in == 1
    assert flow[2, "relatives"].retention == NotAssessable.because("nobody_in_first_round")


def test_leavers_are_held_against_stayers():
    stays = {"peers": [5, 5, 4, 5, 4]}
    listed = (
        rows("S1", {"peers": [5, 5, 4, 5, 4, 1, 2, 1]})
        + rows("S2", {"peers": [3] * 8})
        + rows("S1", stays, 2)
    )
    first, second = analyse_study(study(listed), protocol(), seed=1, n_permutations=199).leavers
    assert (first.n_leavers, first.n_stayers) == (3, 5)
    assert isinstance(first.difference, float)
    assert first.difference < -2
    assert isinstance(first.p, float)
    assert first.p < 0.1
    assert second.difference == NotAssessable.because("nothing_to_compare")


def test_one_leaver_is_not_compared():
    listed = rows("S1", {"peers": [5, 5, 4]}) + rows("S1", {"peers": [5, 5]}, 2)
    (only,) = analyse_study(study(listed), protocol(), seed=1, n_permutations=9).leavers
    assert only.difference == only.p == NotAssessable.because("needs_two_ratings")


def test_small_groups_carry_a_note_on_power(played):
    assert [dict(note.facts)["group"] for note in played.rounds[0].notes] == ["peers", "relatives"]
    many = analyse_study(
        study(rows("S1", {"peers": [5, 4] * 10}), protocol(("peers",))),
        protocol(("peers",)),
        seed=1,
        n_permutations=9,
    )
    assert many.rounds[0].notes == ()


def test_agreement_carries_a_note_when_ratings_crowd_on_one_point():
    listed = rows("S1", {"peers": [5] * 9}) + rows("S2", {"peers": [5] * 8 + [4]})
    played = analyse_study(study(listed), protocol(("peers",)), seed=1, n_permutations=9)
    assert [note.code for note in played.rounds[0].agreement[0].notes] == ["restricted_range"]


def test_agreement_of_nothing_or_of_too_few_is_not_assessable():
    listed = rows("S1", {"peers": [5, 3], "relatives": [None]}) + rows("S2", {"peers": [1, 2]})
    peers, relatives, _ = (
        analyse_study(study(listed), protocol(), seed=1, n_permutations=9).rounds[0].agreement
    )
    assert isinstance(peers.krippendorff_alpha.value, float)
    assert peers.krippendorff_alpha.lower == NotAssessable.because("too_few_for_interval")
    assert relatives.krippendorff_alpha.value == NotAssessable.because("nothing_to_compare")
    assert relatives.notes == ()


def test_an_interval_that_hangs_on_one_panelist_is_not_given():
    listed = rows("S1", {"peers": [5, 5, 1]}) + rows("S2", {"peers": [5, 5, 5]})
    agreement = (
        analyse_study(study(listed), protocol(("peers",)), seed=1, n_permutations=9).rounds[0].agreement
    )
    assert agreement[0].krippendorff_alpha.lower == NotAssessable.because("too_few_for_interval")


def test_a_round_that_nobody_rated_is_analysed():
    found = ratings_from_rows([], protocol(), asked={1: ["S1"]})
    only = analyse_round(found.rounds[0], protocol(), seed=1, n_permutations=9).statements[0]
    assert only.decision is Decision.NOT_ASSESSABLE
    assert only.figures_of("overall").median == NotAssessable.because("no_ratings")
    assert only.figures_of("group_equal").agree.value == NotAssessable.because("no_ratings")


def test_criteria_that_a_round_did_not_ask_are_left_out():
    given = AnalysisProtocol.from_mapping(
        {
            "protocol": {"consensus": {"preset": "percent_agreement"}},
            "group": [{"code": "peers"}],
            "criterion": [
                {"code": "agreement", "scale": FIVE.to_mapping()},
                {"code": "priority", "scale": NINE.to_mapping()},
            ],
        }
    )
    listed: list[Row] = [
        (1, "S1", "agreement", "peers", "ann", 5),
        (2, "S1", "agreement", "peers", "ann", 5),
        (2, "S1", "priority", "peers", "ann", 9),
    ]
    first, second = analyse_study(study(listed, given), given, seed=1, n_permutations=9).rounds
    assert (first.criteria, second.criteria) == (("agreement",), ("agreement", "priority"))
    assert [len(entry.stability) for entry in second.statements] == [2, 0]


def test_results_survive_json(played):
    assert StudyAnalysis.from_dict(json.loads(json.dumps(played.to_dict()))) == played


def test_stored_rounds_are_summarised_alike(played):
    assert summarise_study(played.rounds, played.flow, played.leavers) == played


def test_every_table_has_its_columns_and_its_rows(played):
    for name, columns in COLUMNS.items():
        header = all_tables(played)[name].decode("utf-8").split("\n", 1)[0]
        assert header == ",".join(columns)
    assert len(table(played, "statements.csv")) == 3 * 4
    assert len(table(played, "decisions.csv")) == 3
    assert len(table(played, "pairwise.csv")) == 3
    assert len(table(played, "stability.csv")) == 3
    assert len(table(played, "agreement.csv")) == 6
    assert len(table(played, "attrition.csv")) == 6


def test_a_figure_that_is_not_assessable_is_an_empty_cell_with_its_reason(played):
    first = table(played, "attrition.csv")[0]
    assert (first["response"], first["not_assessable"]) == ("", "response: invitations_unknown")


def test_numbers_are_written_at_full_precision(played):
    overall = played.rounds[0].statement_on("S1", "agreement").figures_of("overall")
    assert table(played, "statements.csv")[2]["agree_lower"] == repr(overall.agree.lower)


def test_the_same_ratings_and_seed_give_the_same_bytes(played):
    again = analyse_study(study(reversed(RATINGS)), protocol(), seed=1, n_permutations=49)
    assert all_tables(again) == all_tables(played)


@pytest.mark.parametrize(
    ("scale", "ratings"),
    [
        (TWO, [0, 1, 1, 1, 0]),
        (HUNDRED_AND_ONE, [0, 100, 50, 99, 61]),
        (FIVE, [3]),
        (FIVE, [None, None]),
        (FIVE, [2, 2, 2]),
    ],
    ids=["two points", "101 points", "one panelist", "all abstaining", "one point"],
)
def test_odd_panels_and_scales_are_analysed(scale, ratings):
    given = protocol(scale=scale)
    listed = [row for n in (1, 2) for row in rows("S1", {"peers": ratings, "relatives": ratings[:1]}, n)]
    played = analyse_study(study(listed, given), given, seed=1, n_permutations=19)
    text = json.dumps(played.to_dict(), allow_nan=False)
    assert StudyAnalysis.from_dict(json.loads(text)) == played


def every_reason(value: Any) -> list[Reason]:
    if isinstance(value, Reason):
        return [value]
    if isinstance(value, tuple):
        return [reason for entry in value for reason in every_reason(entry)]
    if hasattr(value, "__dataclass_fields__"):
        return [
            reason for name in value.__dataclass_fields__ for reason in every_reason(getattr(value, name))
        ]
    return []


@pytest.mark.parametrize("locale", ["en", "fr", "nl", "de"])
def test_every_reason_of_an_analysis_is_a_sentence(played, locale):
    reasons = every_reason(played)
    assert reasons
    for reason in reasons:
        sentence = reason_sentence(reason, locale, {"peers": "Peers"})
        assert sentence.endswith(".")
        assert not re.search(r"%[^ .;]|%\(", sentence)


def test_numbers_follow_the_language():
    assert number_text(0.5, "fr") == "0,5"
    assert number_text(71.6, "en", 0) == "72"
    assert "82,5" in reason_sentence(Reason.of("restricted_range", share=82.5), "de")


def test_groups_are_called_by_their_names():
    assert group_name("overall", "en") == "the whole panel"
    assert group_name("peers", "en", {"peers": "Peers"}) == "Peers"
    assert group_name("peers", "en") == "peers"


def test_another_language_has_no_phrases():
    with pytest.raises(ValueError, match="no wording for locale 'it'"):
        phrases_of("it")


def test_an_empty_study_of_ratings_has_no_rounds():
    assert Ratings(()).rounds == ()


@pytest.mark.parametrize("n_permutations", [0, -1])
def test_an_analysis_without_permutations_is_refused(n_permutations):
    with pytest.raises(ValueError, match=f"n_permutations must be at least 1, not {n_permutations}"):
        analyse_study(study(rows("S1", {"peers": [5, 4]})), protocol(), seed=1, n_permutations=n_permutations)
