"""Profile questions: who the panel is, asked once and changeable; any answer can become a grouping."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import ProfileAnswerRefused, ProfileIncomplete
from app.domain.messages import N_, Sentence
from app.domain.rating import checked_text
from app.domain.study import Texts, in_language

TEXT_LIMIT = 200

_NUMBER = re.compile(r"-?\d{1,15}([.,]\d{1,6})?")


class QuestionKind(StrEnum):
    """How a profile question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TEXT = "text"
    NUMBER = "number"


@dataclass(frozen=True)
class ProfileOption:
    """One answer to choose."""

    code: str
    text: Texts


@dataclass(frozen=True)
class ProfileQuestion:
    """A question about the panelist; ``options`` are empty for texts and numbers."""

    code: str
    kind: QuestionKind
    required: bool
    text: Texts
    hint: Texts
    options: tuple[ProfileOption, ...] = ()


@dataclass(frozen=True)
class ProfileAnswer:
    """What a panelist answered: chosen option codes, or one text or number as typed."""

    question: str
    options: tuple[str, ...] = ()
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered."""
        return not self.options and not self.text


def checked_answer(question: ProfileQuestion, typed: Sequence[str], language: str) -> ProfileAnswer:
    """The answer as it will be stored.

    Parameters
    ----------
    question
        What was asked.
    typed
        What the form sent for it: option codes, or one text; empty parts are dropped.
    language
        The panelist's language, for naming the question in a refusal.

    Raises
    ------
    ProfileIncomplete
        A required question has no answer.
    ProfileAnswerRefused
        The answer does not fit: an unknown option, several where one is asked, no number.
    """
    given = tuple(part for part in (checked_text(part, TEXT_LIMIT) for part in typed) if part)
    name = in_language(question.text, language)
    if not given:
        if question.required:
            raise ProfileIncomplete(question=name)
        return ProfileAnswer(question.code)
    if question.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE):
        return _checked_choice(question, given, name)
    if question.kind is QuestionKind.NUMBER and not _NUMBER.fullmatch(given[0]):
        raise ProfileAnswerRefused(question=name, problem=Sentence(N_("write a number, for example 12.")))
    return ProfileAnswer(question.code, text=given[0])


def _checked_choice(question: ProfileQuestion, given: tuple[str, ...], name: str) -> ProfileAnswer:
    known = tuple(option.code for option in question.options)
    if any(code not in known for code in given):
        raise ProfileAnswerRefused(question=name, problem=Sentence(N_("choose from the list.")))
    if question.kind is QuestionKind.SINGLE and len(set(given)) > 1:
        raise ProfileAnswerRefused(question=name, problem=Sentence(N_("choose one answer only.")))
    return ProfileAnswer(question.code, options=tuple(code for code in known if code in given))
