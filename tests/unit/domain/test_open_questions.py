"""Open questions: what an answer may be, and when a question counts as answered."""

import pytest

from app.domain.errors import TextNotReadable, TextTooLong, UnknownQuestion
from app.domain.open_question import (
    ANSWER_LIMIT,
    AnswerChange,
    OpenAnswer,
    OpenQuestion,
    checked_answer_text,
    unanswered_questions,
)

QUESTIONS = {"Q1": OpenQuestion("Q1", {"en": "What helps?"}, {}, most_answers=2)}


def test_an_answer_is_kept_without_the_space_around_it() -> None:
    assert checked_answer_text(AnswerChange("Q1", 2, "  Time\r\nto talk ", 0), QUESTIONS) == "Time\nto talk"


@pytest.mark.parametrize(("question", "position"), [("Q2", 1), ("Q1", 0), ("Q1", 3)])
def test_a_question_or_a_place_that_the_round_does_not_have_is_refused(question: str, position: int) -> None:
    with pytest.raises(UnknownQuestion, match=question):
        checked_answer_text(AnswerChange(question, position, "Time", 0), QUESTIONS)


def test_a_text_that_is_too_long_or_not_readable_is_refused() -> None:
    with pytest.raises(TextTooLong, match=str(ANSWER_LIMIT + 1)):
        checked_answer_text(AnswerChange("Q1", 1, "a" * (ANSWER_LIMIT + 1), 0), QUESTIONS)
    with pytest.raises(TextNotReadable):
        checked_answer_text(AnswerChange("Q1", 1, "a\0", 0), QUESTIONS)


def test_a_question_is_answered_in_words_or_by_nothing_to_add_and_not_by_an_answer_taken_back() -> None:
    answers = [OpenAnswer("Q1", 1, "Time", 1), OpenAnswer("Q3", 1, "", 2)]
    assert unanswered_questions(("Q1", "Q2", "Q3", "Q4"), answers, {"Q4"}) == ("Q2", "Q3")
