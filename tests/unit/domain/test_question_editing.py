"""Questions can be changed until the panel is asked them."""

import pytest

from app.domain.errors import OpenQuestionsAreFixed, ProfileIsFixed, ProtocolNotValid
from app.domain.question_editing import (
    Questions,
    open_questions_hindrance,
    profile_hindrance,
    questions_from_document,
)
from app.domain.round import PlannedRound, Round, RoundKind, RoundMode, RoundStatus
from app.domain.study import StudyStatus
from tests.panel_study import panel_study

OPEN, RATING = PlannedRound.OPEN, PlannedRound.RATING


@pytest.mark.parametrize(
    ("is_frozen", "is_answered", "stands"),
    [(False, False, False), (True, False, True), (False, True, True), (True, True, True)],
)
def test_the_profile_stands_once_it_is_frozen_or_answered(is_frozen, is_answered, stands):
    found = profile_hindrance(is_frozen=is_frozen, is_answered=is_answered)
    assert isinstance(found, ProfileIsFixed) is stands


@pytest.mark.parametrize(
    ("status", "plan", "begun", "stand"),
    [
        (StudyStatus.DRAFT, (OPEN, RATING), (), False),
        (StudyStatus.DRAFT, (RATING, RATING), (), True),
        (StudyStatus.RUNNING, (OPEN, RATING), (RoundStatus.DRAFT,), False),
        (StudyStatus.RUNNING, (OPEN, RATING), (RoundStatus.OPEN,), True),
        (StudyStatus.RUNNING, (OPEN, RATING, OPEN), (RoundStatus.FED_BACK,), False),
        (StudyStatus.CONCLUDED, (OPEN, RATING, OPEN), (RoundStatus.FED_BACK,), True),
    ],
)
def test_open_questions_stand_unless_an_open_round_is_to_come(status, plan, begun, stand):
    rounds = [Round(n, RoundKind.RATING, RoundMode.STANDARD, one, 1) for n, one in enumerate(begun, start=1)]
    found = open_questions_hindrance(status, plan, rounds)
    assert isinstance(found, OpenQuestionsAreFixed) is stand


@pytest.mark.parametrize("folder", ["garden_study", "garden_open_study"])
def test_questions_are_read_from_the_tables_that_they_say(folder):
    study = panel_study(folder)
    questions = Questions(study.profile_questions, study.open_questions)
    topics = [topic.code for topic in study.topics]
    assert questions_from_document(questions.tables, study.languages, topics) == questions


def test_every_fault_of_the_questions_is_named():
    text = {"en": "What?"}
    document = {
        "profile_question": [{"code": "q", "kind": "single", "text": text}],
        "open_question": [{"code": "o", "text": {}, "topic": "moon"}],
    }
    with pytest.raises(ProtocolNotValid) as refusal:
        questions_from_document(document, ["en"], ["pay"])
    assert [fault.field for fault in refusal.value.faults] == [
        "profile_question[1].option",
        "open_question[1].text.en",
        "open_question[1].topic",
    ]
