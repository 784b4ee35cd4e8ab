"""The profile: a few questions about the panelist, asked once and changeable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.clock import Clock
from app.domain.errors import DomainError
from app.domain.event import EventKind
from app.domain.profile import ProfileAnswer, ProfileQuestion, checked_answer
from app.services.consent import refuse_unless_taking_part
from app.services.entering import Visitor
from app.storage import panel, profiles
from app.storage.database import Database
from app.storage.events import append_event


@dataclass(frozen=True)
class Profile:
    """The study's profile questions and what the panelist answered, by question code."""

    questions: tuple[ProfileQuestion, ...]
    answers: Mapping[str, ProfileAnswer]

    @property
    def is_complete(self) -> bool:
        """Whether every required question has an answer."""
        return all(q.code in self.answers for q in self.questions if q.required)


def read_profile(database: Database, visitor: Visitor) -> Profile:
    """The questions and the answers given so far."""
    with database.reading() as connection:
        return Profile(
            profiles.read_profile_questions(connection, visitor.study.id),
            profiles.read_profile_answers(connection, visitor.study.id, visitor.panelist.id),
        )


def save_profile(
    database: Database, clock: Clock, visitor: Visitor, typed: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, DomainError], ...]:
    """Store the whole profile, or nothing.

    Parameters
    ----------
    typed
        What the form sent, by question code.

    Returns
    -------
    tuple
        For each answer that does not fit: the question's code and why. Empty when the profile was stored.

    Raises
    ------
    ConsentMissing, PanelistHasLeft
    """
    now, study_id = clock.now(), visitor.study.id
    with database.writing() as connection:
        refuse_unless_taking_part(panel.hold_panelist(connection, study_id, visitor.panelist.id))
        answers: list[ProfileAnswer] = []
        refusals: list[tuple[str, DomainError]] = []
        for question in profiles.read_profile_questions(connection, study_id):
            try:
                answers.append(
                    checked_answer(question, typed.get(question.code, ()), visitor.panelist.language)
                )
            except DomainError as error:
                refusals.append((question.code, error))
        if not refusals:
            profiles.replace_profile_answers(connection, study_id, visitor.panelist.id, answers, now)
            answered = [answer.question for answer in answers if not answer.is_empty]
            append_event(
                connection, study_id, EventKind.PROFILE_ANSWERED, visitor.actor, now, {"questions": answered}
            )
    return tuple(refusals)
