"""Changing the questions of a study: until the panel is asked them, and not afterwards."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.scale import ProtocolFault
from app.domain.errors import DomainError, OpenQuestionsAreFixed, ProfileIsFixed, ProtocolNotValid
from app.domain.field_reading import FieldReader
from app.domain.open_question import OpenQuestion
from app.domain.profile import ProfileQuestion
from app.domain.question_reading import (
    OPEN_TABLE,
    PROFILE_TABLE,
    open_tables,
    profile_tables,
    read_open_questions,
    read_profile_questions,
)
from app.domain.round import PlannedRound, Round, RoundStatus
from app.domain.study import StudyStatus


@dataclass(frozen=True)
class Questions:
    """What a study asks beside its statements: of everybody once, and in its open rounds."""

    profile: tuple[ProfileQuestion, ...]
    open: tuple[OpenQuestion, ...]

    @property
    def tables(self) -> dict[str, Any]:
        """The same in the form of ``study.toml``."""
        return {PROFILE_TABLE: profile_tables(self.profile), OPEN_TABLE: open_tables(self.open)}


def questions_from_document(
    document: Mapping[str, Any], languages: Sequence[str], topics: Collection[str]
) -> Questions:
    """Read the questions of a document of the form of ``study.toml``.

    Raises
    ------
    ProtocolNotValid
        With every wrong field, each by its path and with what to write instead.
    """
    faults: list[ProtocolFault] = []
    root = FieldReader(document, "", faults)
    questions = Questions(
        read_profile_questions(root, languages), read_open_questions(root, languages, topics)
    )
    if faults:
        raise ProtocolNotValid(faults)
    return questions


def profile_hindrance(*, is_frozen: bool, is_answered: bool) -> DomainError | None:
    """Why the profile questions cannot be changed; None when they can."""
    return ProfileIsFixed() if is_frozen or is_answered else None


def open_questions_hindrance(
    status: StudyStatus, plan: Sequence[PlannedRound], rounds: Sequence[Round]
) -> DomainError | None:
    """Why the open questions cannot be changed: no open round is still to come; None when they can."""
    n_begun = sum(round_.status is not RoundStatus.DRAFT for round_ in rounds)
    is_to_come = status is not StudyStatus.CONCLUDED and PlannedRound.OPEN in plan[n_begun:]
    return None if is_to_come else OpenQuestionsAreFixed()
