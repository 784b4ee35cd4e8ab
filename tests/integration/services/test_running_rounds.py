"""A round opens, closes, is analysed and fed back; the next asks what is undecided; the study ends."""

from datetime import timedelta
from pathlib import Path

import pytest

from analysis.rules import Decision
from app.clock import FixedClock
from app.domain.errors import (
    ActionBlocked,
    NoRoundToAnalyse,
    RoundNotFound,
    RoundTransitionError,
    StudyNotFound,
)
from app.domain.feedback import OVERALL
from app.domain.round import RoundStatus
from app.domain.statement_editing import FieldsRefused
from app.domain.study import StudyStatus
from app.services.analysing import analyse_closed_round
from app.services.consent import decline_consent, withdraw
from app.services.overview import StudyAction, StudyOverview, read_overview
from app.services.questionnaire import Questionnaire, read_questionnaire
from app.services.rounds import close_round, conclude_study, open_round, release_feedback
from app.services.stored_analyses import read_round_analyses
from app.storage import rounds, studies
from app.storage.database import Database
from tests.running_study import STATEMENTS, RunningStudy

EVERYBODY = range(12)
PEERS, RELATIVES = range(6), range(6, 12)


def overview(study: RunningStudy) -> StudyOverview:
    return read_overview(study.database, study.clock, study.slug)


def next_steps(study: RunningStudy) -> dict[StudyAction, bool]:
    return {step.action: not step.blockers for step in overview(study).next_actions}


def everybody_agrees_on_s01_and_is_split_on_the_rest(study: RunningStudy, round_number: int = 1) -> None:
    for n in EVERYBODY:
        points = {"S02": 3 if n in PEERS else 1, "S03": None if n == 0 else 2}
        points |= {5: {"S02": 2}, 11: {"S02": 2, "S03": 1}}.get(n, {})
        asked = {"S01": 3, **points} if round_number == 1 else points
        study.rate(n, asked, round_number=round_number)


def seen_by(study: RunningStudy, n: int) -> Questionnaire:
    page = read_questionnaire(study.database, study.clock, study.visitor(n))
    assert page is not None
    return page


def test_a_study_is_not_found_by_a_slug_it_does_not_have(database: Database, clock: FixedClock) -> None:
    with pytest.raises(StudyNotFound, match="nowhere"):
        read_overview(database, clock, "nowhere")


def test_opening_round_one_freezes_the_protocol_and_asks_everybody_everything(study: RunningStudy) -> None:
    assert next_steps(study) == {StudyAction.OPEN_ROUND: True}
    assert overview(study).protocol.frozen_at is None
    study.open(days=7)
    now = overview(study)
    assert now.study.status is StudyStatus.RUNNING
    assert now.protocol.frozen_at == study.clock.now()
    (line,) = now.rounds
    assert (line.round.status, line.n_statements, line.n_invited) == (RoundStatus.OPEN, 3, 12)
    assert line.round.closes_at == study.clock.now() + timedelta(days=7)
    assert next_steps(study) == {StudyAction.CLOSE_ROUND: True, StudyAction.CONCLUDE: False}


def test_only_one_round_is_in_hand_at_a_time(open_study: RunningStudy) -> None:
    with pytest.raises(RoundTransitionError, match="Round 1 is open; it cannot be opened now"):
        open_study.open()
    with pytest.raises(RoundTransitionError, match="cannot be fed back"):
        open_study.release()
    open_study.close()
    with pytest.raises(RoundTransitionError):
        open_study.close()


def test_an_old_page_cannot_close_or_release_a_later_round(open_study: RunningStudy) -> None:
    database, clock, slug = open_study.database, open_study.clock, open_study.slug
    open_study.close()
    open_study.release()
    open_study.open()
    with pytest.raises(RoundTransitionError, match="Round 1 is fed back; it cannot be closed now"):
        close_round(database, clock, slug, "system", number=1)
    with pytest.raises(RoundTransitionError, match="Round 1"):
        release_feedback(database, clock, slug, "system", number=1)
    with pytest.raises(RoundNotFound):
        close_round(database, clock, slug, "system", number=9)
    assert close_round(database, clock, slug, "system", number=2).status is RoundStatus.CLOSED


def test_a_round_is_not_closed_before_there_is_one(study: RunningStudy) -> None:
    with pytest.raises(RoundNotFound):
        study.close()
    with pytest.raises(NoRoundToAnalyse, match="no closed round to analyse"):
        analyse_closed_round(study.database, study.clock, study.slug, "system")


def test_a_deadline_in_the_past_and_a_group_without_panelists_block_the_opening(study: RunningStudy) -> None:
    for n in PEERS:
        decline_consent(study.database, study.clock, study.enter(n))
    with pytest.raises(ActionBlocked) as refusal:
        open_round(study.database, study.clock, study.slug, "system", closes_at=study.clock.now())
    assert [str(blocker) for blocker in refusal.value.blockers] == [
        "These stakeholder groups have no panelist: Pairs.",
        "The deadline lies in the past. Choose a later one.",
    ]
    assert overview(study).rounds == ()
    assert next_steps(study) == {StudyAction.OPEN_ROUND: False}


def test_the_response_is_counted_by_group_and_language(open_study: RunningStudy) -> None:
    open_study.rate(0, dict.fromkeys(STATEMENTS, 3))
    open_study.submit(0)
    open_study.rate(1, {"S01": 3})
    open_study.enter(6)
    (line,) = overview(open_study).rounds
    flow = {
        (row.group, row.language): (row.n_invited, row.n_opened, row.n_started, row.n_submitted)
        for row in line.flow
    }
    assert flow == {
        ("peers", "fr"): (3, 1, 1, 1),
        ("peers", "nl"): (3, 1, 1, 0),
        ("relatives", "fr"): (3, 1, 0, 0),
        ("relatives", "nl"): (3, 0, 0, 0),
    }
    assert line.n_submitted == 1


def test_closing_decides_every_statement_from_the_counts_it_kept(open_study: RunningStudy) -> None:
    everybody_agrees_on_s01_and_is_split_on_the_rest(open_study)
    open_study.close()
    now = overview(open_study)
    assert now.decisions[Decision.CONSENSUS_IN] == 1
    assert now.decisions[Decision.NO_CONSENSUS] == 2
    assert now.rounds[0].is_analysed
    with open_study.database.reading() as connection:
        snapshot, _ = rounds.read_snapshot(connection, now.study.id, 1)
        (analysis,) = read_round_analyses(connection, now.study.id)
    kept = {(s, g): (counts, abstained) for s, _, g, counts, abstained in snapshot["counts"]}
    for entry in analysis.statements:
        for figures in entry.groups[:2]:
            assert kept[entry.statement, figures.group] == (list(figures.counts), figures.n_abstained)


def test_the_same_ratings_give_the_same_analysis_byte_for_byte(open_study: RunningStudy) -> None:
    everybody_agrees_on_s01_and_is_split_on_the_rest(open_study)
    open_study.close()
    with open_study.database.reading() as connection:
        found = studies.find_study(connection, open_study.slug)
        assert found is not None
        first = rounds.find_analysis(connection, found.id, 1)
    analyse_closed_round(open_study.database, open_study.clock, open_study.slug, "system")
    with open_study.database.reading() as connection:
        second = rounds.find_analysis(connection, found.id, 1)
    assert first is not None
    assert second == first


def test_a_round_that_nobody_answered_closes_with_nothing_assessable(open_study: RunningStudy) -> None:
    open_study.close()
    assert overview(open_study).decisions[Decision.NOT_ASSESSABLE] == 3


def test_the_next_round_asks_what_is_undecided_with_the_own_rating_of_before(
    open_study: RunningStudy,
) -> None:
    everybody_agrees_on_s01_and_is_split_on_the_rest(open_study)
    open_study.close()
    open_study.release()
    assert next_steps(open_study) == {StudyAction.OPEN_ROUND: True, StudyAction.CONCLUDE: True}
    withdraw(open_study.database, open_study.clock, open_study.visitor(11))
    open_study.open()
    page = seen_by(open_study, 1)
    assert [s.statement.code for s in page.statements] == ["S02", "S03"]
    assert page.statements[0].previous["agreement"].point == 3
    assert page.statements[0].ratings == {}
    assert overview(open_study).rounds[1].n_invited == 11


def test_feedback_shows_groups_of_at_least_five_others_and_the_own_one_is_marked(
    open_study: RunningStudy,
) -> None:
    everybody_agrees_on_s01_and_is_split_on_the_rest(open_study)
    open_study.close()
    assert all(s.feedback == () for s in seen_by(open_study, 1).statements)
    open_study.release()
    open_study.open()
    s02, s03 = seen_by(open_study, 1).statements
    (feedback,) = s02.feedback
    assert [(g.group, g.is_own, g.counts) for g in feedback.groups] == [
        ("peers", True, (0, 1, 5)),
        ("relatives", False, (5, 1, 0)),
        (OVERALL, False, (5, 2, 5)),
    ]
    assert (feedback.groups[0].median, feedback.groups[0].n) == (3.0, 6)
    assert feedback.withheld == ()
    assert feedback.own_group == feedback.groups[0]
    (hidden,) = s03.feedback
    assert hidden.withheld == ("peers", "relatives")
    assert [g.group for g in hidden.groups] == [OVERALL]
    assert hidden.own_group is None


def test_a_statement_the_panel_never_rated_has_no_feedback_figures_to_show(open_study: RunningStudy) -> None:
    open_study.close()
    open_study.release()
    open_study.open()
    assert [s.feedback[0].groups for s in seen_by(open_study, 0).statements] == [(), (), ()]


def test_feedback_waits_for_the_analysis(open_study: RunningStudy) -> None:
    open_study.close()
    with open_study.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM round_analysis")
    with pytest.raises(ActionBlocked, match="no figures yet"):
        open_study.release()
    assert next_steps(open_study) == {
        StudyAction.ANALYSE_ROUND: True,
        StudyAction.RELEASE_FEEDBACK: False,
        StudyAction.CONCLUDE: False,
    }
    analyse_closed_round(open_study.database, open_study.clock, open_study.slug, "system")
    open_study.release()
    assert overview(open_study).rounds[0].round.status is RoundStatus.FED_BACK


def test_a_study_is_concluded_once_and_then_asks_nothing_more(open_study: RunningStudy) -> None:
    with pytest.raises(ActionBlocked, match="Close round 1"):
        conclude_study(open_study.database, open_study.clock, open_study.slug, "system")
    open_study.close()
    open_study.release()
    done = conclude_study(open_study.database, open_study.clock, open_study.slug, "system", reason=" No. ")
    assert done.conclusion_reason == "No."
    assert (done.status, done.concluded_at) == (StudyStatus.CONCLUDED, open_study.clock.now())
    assert conclude_study(open_study.database, open_study.clock, open_study.slug, "system") == done
    with pytest.raises(ActionBlocked, match="concluded"):
        open_study.open()
    assert overview(open_study).next_actions == ()


def test_a_study_ends_against_the_stopping_rule_only_with_a_reason(open_study: RunningStudy) -> None:
    open_study.close()
    open_study.release()
    for reason in ("", "  ", "x" * 2000):
        with pytest.raises(FieldsRefused) as refusal:
            conclude_study(open_study.database, open_study.clock, open_study.slug, "system", reason=reason)
        assert list(refusal.value.problems) == ["reason"]
    assert overview(open_study).study.status is StudyStatus.RUNNING


def test_a_study_without_a_round_is_not_concluded(study: RunningStudy) -> None:
    with pytest.raises(ActionBlocked, match="No round has been held"):
        conclude_study(study.database, study.clock, study.slug, "system")


def test_the_stopping_rule_advises_after_each_round(open_study: RunningStudy) -> None:
    assert overview(open_study).advice is None
    everybody_agrees_on_s01_and_is_split_on_the_rest(open_study)
    open_study.close()
    advice = overview(open_study).advice
    assert advice is not None
    assert not advice.conclude
    for number in (2, 3):
        open_study.release()
        open_study.open()
        everybody_agrees_on_s01_and_is_split_on_the_rest(open_study, number)
        open_study.close()
    advice = overview(open_study).advice
    assert advice is not None
    assert advice.conclude
    assert "3 rounds planned" in str(advice.reason)


def test_a_stable_panel_ends_the_study_early_where_the_protocol_says_so(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    study = RunningStudy(database, clock, tmp_path, stopping={"policy": "stable", "stable_share": 0.9})
    study.open()
    everybody_agrees_on_s01_and_is_split_on_the_rest(study)
    study.close()
    study.release()
    study.open()
    everybody_agrees_on_s01_and_is_split_on_the_rest(study, 2)
    study.close()
    advice = overview(study).advice
    assert advice is not None
    assert str(advice.reason) == "100% of the ratings stayed the same as in the round before."
