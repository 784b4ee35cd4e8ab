"""Open rounds: free answers are saved like ratings, counted at the close, and followed by rating rounds."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.clock import FixedClock
from app.domain.errors import (
    ActionBlocked,
    AmendmentTouchesRatings,
    NoRoundToAnalyse,
    QuestionnaireIncomplete,
    RoundNotFound,
    RoundNotOpen,
    StaleAnswer,
    TextTooLong,
    UnknownQuestion,
)
from app.domain.open_question import ANSWER_LIMIT
from app.domain.round import RoundKind, RoundMode, RoundStatus
from app.services.amending import amend_protocol
from app.services.analysing import analyse_closed_round
from app.services.open_answers import read_round_answers
from app.services.overview import StudyAction, read_overview
from app.services.questionnaire import read_questionnaire
from app.services.reporting import read_report
from app.services.rounds import conclude_study
from app.storage import open_answers, rounds
from app.storage.database import Database
from tests.running_study import (
    OPEN_QUESTIONS,
    STATEMENTS,
    RunningStudy,
    small_study_after,
    small_study_prepared,
)

RULES: dict[str, Any] = {"rounds": ["open", "rating", "rating"]}
BEGUN = small_study_prepared("small-asking", **RULES)
LED_TO_BY = {"study": small_study_after(BEGUN, "small-asked", RunningStudy.open, **RULES)}


@pytest.fixture
def study(begun: None, database: Database, clock: FixedClock, tmp_path: Path) -> RunningStudy:
    """A study whose first round asks open questions, and is open."""
    return RunningStudy(database, clock, tmp_path, stands=True, **RULES)


def asked(study: RunningStudy, n: int) -> dict[str, list[str]]:
    questionnaire = read_questionnaire(study.database, study.clock, study.visitor(n))
    assert questionnaire is not None
    return {one.question.code: [answer.text for answer in one.given] for one in questionnaire.questions}


def test_an_open_round_asks_the_questions_and_no_statement(study: RunningStudy) -> None:
    questionnaire = read_questionnaire(study.database, study.clock, study.visitor(0))
    assert questionnaire is not None
    assert questionnaire.round.kind is RoundKind.OPEN
    assert questionnaire.statements == ()
    assert [one.question.code for one in questionnaire.questions] == ["Q1", "Q2"]
    assert questionnaire.questions[0].question.topic == "value"
    assert questionnaire.questions[1].question.hint == {"fr": "Bref", "nl": "Kort"}
    assert (questionnaire.n_answered, questionnaire.n_statements) == (0, 2)
    assert questionnaire.unanswered == ("Q1", "Q2")


def test_a_question_takes_several_answers_and_each_has_its_version(study: RunningStudy) -> None:
    saved = study.answer(0, {("Q1", 1): " Time ", ("Q1", 2): "Trust"})
    assert saved.versions == {("Q1", 1): 1, ("Q1", 2): 1}
    assert (saved.n_answered, saved.n_questions) == (1, 2)
    changed = study.answer(0, {("Q1", 2): "Trust, above all"}, known_version=1)
    assert changed.versions == {("Q1", 2): 2}
    assert asked(study, 0) == {"Q1": ["Time", "Trust, above all"], "Q2": []}


def test_the_same_text_again_is_no_change_whatever_version_the_page_knew(study: RunningStudy) -> None:
    study.answer(0, {("Q1", 1): "Time"})
    again = study.answer(0, {("Q1", 1): "Time"}, known_version=0)
    assert again.refusals == ()
    assert again.versions == {("Q1", 1): 1}


def test_an_answer_taken_back_is_gone_and_its_place_still_knows_its_version(study: RunningStudy) -> None:
    study.answer(0, {("Q1", 1): "Time"})
    gone = study.answer(0, {("Q1", 1): "  "}, known_version=1)
    assert (gone.n_answered, gone.versions) == (0, {("Q1", 1): 2})
    assert asked(study, 0)["Q1"] == []
    stale = study.answer(0, {("Q1", 1): "Typed on the page from before"}, known_version=1)
    assert isinstance(stale.refusals[0].error, StaleAnswer)


def test_a_stale_answer_is_refused_with_what_is_stored_and_the_good_ones_are_kept(
    study: RunningStudy,
) -> None:
    study.answer(0, {("Q1", 1): "From the phone"})
    saved = study.answer(0, {("Q1", 1): "From the computer", ("Q2", 1): "Money"})
    (refusal,) = saved.refusals
    assert isinstance(refusal.error, StaleAnswer)
    assert (refusal.current.text, refusal.current.version) == ("From the phone", 1)
    assert asked(study, 0) == {"Q1": ["From the phone"], "Q2": ["Money"]}


@pytest.mark.parametrize(
    ("place", "text", "kind"),
    [
        (("Q9", 1), "Time", UnknownQuestion),
        (("Q2", 2), "Time", UnknownQuestion),
        (("Q1", 1), "a" * (ANSWER_LIMIT + 1), TextTooLong),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_place(
    study: RunningStudy, place: tuple[str, int], text: str, kind: type[Exception]
) -> None:
    (refusal,) = study.answer(0, {place: text}).refusals
    assert isinstance(refusal.error, kind)
    assert (refusal.question, refusal.position) == place


def test_nothing_to_add_answers_a_question_until_something_is_written(study: RunningStudy) -> None:
    assert study.answer(0, {}, nothing={"Q1": True, "Q9": True}).n_answered == 1
    assert study.answer(0, {}, nothing={"Q1": False}).n_answered == 0
    study.answer(0, {}, nothing={"Q1": True})
    written = study.answer(0, {("Q1", 1): "Time after all"})
    assert written.n_answered == 1
    emptied = study.answer(0, {("Q1", 1): ""}, known_version=1)
    assert emptied.n_answered == 0


def test_words_count_more_than_nothing_to_add(study: RunningStudy) -> None:
    study.answer(0, {("Q1", 1): "Time"}, nothing={"Q1": True})
    questionnaire = read_questionnaire(study.database, study.clock, study.visitor(0))
    assert questionnaire is not None
    assert not questionnaire.questions[0].nothing_to_add


def test_a_questionnaire_is_handed_in_when_every_question_has_an_answer_or_nothing_to_add(
    study: RunningStudy,
) -> None:
    study.answer(0, {("Q1", 1): "Time"})
    with pytest.raises(QuestionnaireIncomplete, match="Q2"):
        study.submit(0)
    study.answer(0, {}, nothing={"Q2": True})
    assert study.submit(0).n_answered == 2
    assert study.submit(0, key="again").n_answered == 2


def test_an_answer_after_the_close_is_refused(study: RunningStudy) -> None:
    study.close()
    with pytest.raises(RoundNotOpen):
        study.answer(0, {("Q1", 1): "Late"})


def test_the_close_keeps_counts_of_answers_and_nothing_is_analysed(study: RunningStudy) -> None:
    study.answer(0, {("Q1", 1): "Time", ("Q1", 2): "Trust"})
    study.answer(1, {("Q1", 1): "Time"}, nothing={"Q2": True})
    study.answer(6, {("Q2", 1): "Money"})
    study.close()
    study_id = study.visitor(0).study.id
    with study.database.reading() as connection:
        content, _ = rounds.read_snapshot(connection, study_id, 1)
    assert content == {
        "questions": [["Q1", "peers", 3, 2, 0], ["Q2", "peers", 0, 0, 1], ["Q2", "relatives", 1, 1, 0]]
    }
    with pytest.raises(NoRoundToAnalyse):
        analyse_closed_round(study.database, study.clock, study.slug, "system")


def test_after_an_open_round_the_next_step_is_to_finish_it_and_then_to_rate_everything(
    study: RunningStudy,
) -> None:
    study.answer(0, {("Q1", 1): "Time"})
    study.close()
    overview = read_overview(study.database, study.clock, study.slug)
    assert [step.action for step in overview.next_actions] == [
        StudyAction.FINISH_ROUND,
        StudyAction.CONCLUDE,
    ]
    assert not overview.next_actions[0].blockers
    assert "No statement has been rated yet." in str(overview.next_actions[1].blockers[0])
    assert (overview.rounds[0].n_questions, overview.rounds[0].n_answers) == (2, 1)
    assert (overview.n_statements, overview.advice) == (3, None)
    study.release()
    with pytest.raises(ActionBlocked):
        conclude_study(study.database, study.clock, study.slug, "system")
    study.open()
    questionnaire = read_questionnaire(study.database, study.clock, study.visitor(0))
    assert questionnaire is not None
    assert questionnaire.round.kind is RoundKind.RATING
    assert tuple(one.statement.code for one in questionnaire.statements) == STATEMENTS
    assert all(not one.previous and not one.feedback for one in questionnaire.statements)
    assert questionnaire.looks_back_on is None


def test_a_plan_of_an_open_and_two_rating_rounds_is_done_after_all_three(study: RunningStudy) -> None:
    study.close()
    study.release()
    for number in (2, 3):
        study.open()
        for n in range(12):
            study.rate(n, dict.fromkeys(STATEMENTS, 1 + n % 3), round_number=number)
        study.close()
        study.release()
        advice = read_overview(study.database, study.clock, study.slug).advice
        assert advice is not None
        assert advice.conclude is (number == 3)
    questionnaire = read_questionnaire(study.database, study.clock, study.visitor(0))
    assert questionnaire is not None
    assert questionnaire.looks_back_on == 2
    assert questionnaire.statements[0].previous["agreement"].point == 1
    report = read_report(study.database, study.slug)
    assert [one.round.kind for one in report.rounds] == [RoundKind.OPEN, RoundKind.RATING, RoundKind.RATING]
    assert [one.n_open_answers for one in report.rounds] == [0, 0, 0]


def test_the_questions_of_a_round_stay_as_they_were_when_it_opened(study: RunningStudy) -> None:
    study_id = study.visitor(0).study.id
    with study.database.reading() as connection:
        frozen = open_answers.read_round_questions(connection, study_id, 1)
    assert [one.question for one in frozen] == list(study.definition.open_questions)


def test_researchers_read_answers_in_the_order_of_the_alphabet_and_without_groups_of_few(
    study: RunningStudy,
) -> None:
    for n, said in enumerate(("Zeal", "Time", "Trust", "Hope", "aid")):
        study.answer(n, {("Q1", 1): said})
    read = read_round_answers(study.database, study.slug, 1, page_size=9)
    assert [answer.text for answer in read.answers] == ["aid", "Hope", "Time", "Trust", "Zeal"]
    assert read.names_groups
    study.answer(6, {("Q1", 1): "Calm"})
    assert not read_round_answers(study.database, study.slug, 1, page_size=9).names_groups


def test_there_are_no_open_answers_to_read_of_a_rating_round(study: RunningStudy) -> None:
    study.close()
    study.release()
    study.open()
    for number in (2, 9):
        with pytest.raises(RoundNotFound):
            read_round_answers(study.database, study.slug, number, page_size=9)


def test_an_amendment_may_change_the_rounds_to_come_and_not_those_held(study: RunningStudy) -> None:
    study.close()
    study.release()
    amended = study.definition_with(rounds=["open", "rating", "real_time"])
    version = amend_protocol(study.database, study.clock, study.slug, amended, "Time is short", "system")
    assert version.protocol.rounds == 3
    with pytest.raises(AmendmentTouchesRatings, match="rounds already held"):
        amend_protocol(
            study.database, study.clock, study.slug, study.definition_with(rounds=2), "No", "system"
        )


def test_a_round_beyond_the_plan_is_one_more_rating_round(study: RunningStudy) -> None:
    study.close()
    study.release()
    for _ in range(3):
        study.open()
        study.close()
        study.release()
    with study.database.reading() as connection:
        held = rounds.read_rounds(connection, study.visitor(0).study.id)
    assert (held[-1].number, held[-1].kind, held[-1].mode) == (4, RoundKind.RATING, RoundMode.STANDARD)
    assert held[-1].status is RoundStatus.FED_BACK


def test_an_amendment_that_plans_an_open_round_brings_its_questions(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    study = RunningStudy(database, clock, tmp_path, rounds=["rating", "rating"])
    study.open()
    study.close()
    study.release()
    amended = study.definition_with(rounds=["rating", "open", "rating"])
    with_questions = replace(amended, open_questions=OPEN_QUESTIONS)
    amend_protocol(database, clock, study.slug, with_questions, "We want to ask why", "system")
    study.open()
    assert asked(study, 0) == {"Q1": [], "Q2": []}
