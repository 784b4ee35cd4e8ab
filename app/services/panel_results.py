"""What a panelist may look back on: how the panel answered what was fed back, topic by topic."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.rating import Rating
from app.domain.statement import Statement, Topic
from app.services.comments import ReleasedComment, released_comments
from app.services.entering import Visitor
from app.services.feedback import CriterionFeedback, feedback_on
from app.storage import ratings, rounds, statements, studies
from app.storage.database import Connection, Database
from app.storage.feedback import find_released_feedback, read_released_feedback


@dataclass(frozen=True)
class StatementResult:
    """A statement as it was asked, the panelist's own ratings of it, and what may be seen of the panel."""

    statement: Statement
    own: Mapping[str, Rating]
    feedback: tuple[CriterionFeedback, ...]
    comments: tuple[ReleasedComment, ...]


@dataclass(frozen=True)
class PanelResults:
    """One round that was fed back: its statements, and the numbers of all such rounds, first to last."""

    round_number: int
    round_numbers: tuple[int, ...]
    topics: tuple[Topic, ...]
    topic: Topic
    statements: tuple[StatementResult, ...]


def read_panel_results(
    database: Database, visitor: Visitor, *, round_number: int | None = None, topic: str | None = None
) -> PanelResults | None:
    """How the panel answered one topic in one round, by default the first of the newest round fed back.

    None when nothing has been fed back, or when that round or topic was not.
    """
    study_id = visitor.study.id
    with database.reading() as connection:
        numbers = tuple(one.round_number for one in read_released_feedback(connection, study_id))
        number = numbers[-1] if numbers and round_number is None else round_number
        if number not in numbers:
            return None
        asked = [one.statement for one in statements.read_round_statements(connection, study_id, number)]
        about = {statement.topic for statement in asked}
        topics = tuple(one for one in studies.read_topics(connection, study_id) if one.code in about)
        chosen = next((one for one in topics if topic is None or one.code == topic), None)
        if chosen is None:
            return None
        shown = [statement for statement in asked if statement.topic == chosen.code]
        return PanelResults(number, numbers, topics, chosen, _results(connection, visitor, number, shown))


def _results(
    connection: Connection, visitor: Visitor, number: int, shown: list[Statement]
) -> tuple[StatementResult, ...]:
    study_id = visitor.study.id
    own = ratings.read_own_ratings(connection, study_id, number, visitor.panelist.id)
    held = rounds.find_round(connection, study_id, number)
    released = find_released_feedback(connection, study_id, held)
    feedback = feedback_on(connection, visitor, held, released, own)
    comments = released_comments(connection, study_id, released, [statement.code for statement in shown])
    return tuple(
        StatementResult(
            statement=statement,
            own={criterion: rating for (code, criterion), rating in own.items() if code == statement.code},
            feedback=feedback(statement.code),
            comments=comments.get(statement.code, ()),
        )
        for statement in shown
    )
