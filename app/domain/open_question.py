"""Open questions: what an open round asks, and the free answers to it, several for each question."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.domain.errors import UnknownQuestion
from app.domain.rating import checked_text
from app.domain.study import Texts

ANSWER_LIMIT = 4000
MOST_ANSWERS = 20
USUAL_ANSWERS = 5


@dataclass(frozen=True)
class OpenQuestion:
    """A question that is answered in the panelist's own words.

    ``most_answers`` is how many separate answers one panelist can give. ``topic`` is empty where the question
    belongs to none. ``hint`` may be empty.
    """

    code: str
    text: Texts
    hint: Texts
    most_answers: int
    topic: str = ""


@dataclass(frozen=True)
class OpenAnswer:
    """What a panelist has stored at one place of a question; an empty text was taken back.

    ``position`` counts from 1; ``version`` counts the changes from 1, and 0 means nothing ever.
    """

    question: str
    position: int
    text: str = ""
    version: int = 0


@dataclass(frozen=True)
class AnswerChange:
    """The answer a panelist asks to be stored at one place; an empty text takes it back.

    ``known_version`` is the version the page showed (0: none), so that two tabs cannot overwrite each other.
    """

    question: str
    position: int
    text: str
    known_version: int


@dataclass(frozen=True)
class NothingToAdd:
    """A panelist says, or no longer says, that there is nothing to add to a question.

    It is an answer like "unable to rate", and never takes the place of one in words.
    """

    question: str
    is_said: bool


def checked_answer_text(change: AnswerChange, questions: Mapping[str, OpenQuestion]) -> str:
    """The text as it will be kept.

    Raises
    ------
    UnknownQuestion
        The round has no such question, or no such place for an answer to it.
    TextTooLong, TextNotReadable
    """
    question = questions.get(change.question)
    if question is None or not 1 <= change.position <= question.most_answers:
        raise UnknownQuestion(question=change.question)
    return checked_text(change.text, ANSWER_LIMIT)


def unanswered_questions(
    questions: Iterable[str], answers: Iterable[OpenAnswer], nothing_to_add: Collection[str]
) -> tuple[str, ...]:
    """The questions with neither an answer in words nor "nothing to add", in the order given."""
    answered = {answer.question for answer in answers if answer.text} | set(nothing_to_add)
    return tuple(code for code in questions if code not in answered)
