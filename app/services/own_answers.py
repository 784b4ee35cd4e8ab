"""Everything a panelist has answered, to be taken away: round by round, with the wording they saw."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.rating import Rating
from app.domain.round import RoundStatus
from app.domain.statement import Statement, Topic
from app.services.entering import Visitor
from app.services.open_answers import QuestionAnswers, read_question_answers
from app.storage import ratings, rounds, statements, studies
from app.storage.database import Connection, Database


@dataclass(frozen=True)
class AnsweredStatement:
    """A statement in the wording of its round, with the panelist's ratings by criterion and their comment."""

    statement: Statement
    ratings: Mapping[str, Rating]
    comment: str


@dataclass(frozen=True)
class AnsweredRound:
    """One round in which something was answered; ``submitted_at`` is None where it was not handed in.

    ``questions`` are the open ones that have an answer.
    """

    number: int
    submitted_at: datetime | None
    receipt_code: str
    statements: tuple[AnsweredStatement, ...]
    questions: tuple[QuestionAnswers, ...] = ()


@dataclass(frozen=True)
class OwnAnswers:
    """The answers of one panelist, first round first; ``topics`` stand in the study's order."""

    topics: tuple[Topic, ...]
    rounds: tuple[AnsweredRound, ...]

    @property
    def last_answered_at(self) -> datetime | None:
        """When the newest rating was given; None before the first."""
        moments = (
            rating.rated_at
            for round_ in self.rounds
            for answered in round_.statements
            for rating in answered.ratings.values()
        )
        return max(moments, default=None)


def read_own_answers(database: Database, visitor: Visitor) -> OwnAnswers:
    """Everything the panelist has answered, in the study's order."""
    study_id = visitor.study.id
    with database.reading() as connection:
        held = [
            r.number for r in rounds.read_rounds(connection, study_id) if r.status is not RoundStatus.DRAFT
        ]
        found = (_answered_round(connection, visitor, number) for number in held)
        return OwnAnswers(
            topics=tuple(studies.read_topics(connection, study_id)),
            rounds=tuple(round_ for round_ in found if round_.statements or round_.questions),
        )


def _answered_round(connection: Connection, visitor: Visitor, number: int) -> AnsweredRound:
    study_id, panelist_id = visitor.study.id, visitor.panelist.id
    given: defaultdict[str, dict[str, Rating]] = defaultdict(dict)
    for (code, criterion), rating in ratings.read_own_ratings(
        connection, study_id, number, panelist_id
    ).items():
        given[code][criterion] = rating
    comments = ratings.read_own_comments(connection, study_id, number, panelist_id)
    part = rounds.find_participation(connection, study_id, number, panelist_id)
    answered = []
    for stored in statements.read_round_statements(connection, study_id, number):
        code = stored.statement.code
        comment = comments[code].text if code in comments else ""
        if code in given or comment:
            answered.append(AnsweredStatement(stored.statement, given[code], comment))
    return AnsweredRound(
        number=number,
        submitted_at=part.submitted_at if part else None,
        receipt_code=(part.receipt_code or "") if part else "",
        statements=tuple(answered),
        questions=tuple(
            one
            for one in read_question_answers(connection, visitor, number)
            if one.given or one.nothing_to_add
        ),
    )
