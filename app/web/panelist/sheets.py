"""Which page asks what: a topic a page, or one statement a page, by the study's choice."""

from dataclasses import dataclass

from app.domain.statement import Statement
from app.domain.study import in_language
from app.services.questionnaire import Questionnaire
from app.web.panelist.visit import Visit


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page to rate on, and its place among all of them.

    ``path`` shows it and saves it; ``previous`` and ``following`` are the paths of its neighbours, empty at
    the ends.
    """

    path: str
    topic: str
    code: str
    position: int
    total: int
    previous: str
    following: str


def topic_sheet(visit: Visit, questionnaire: Questionnaire, code: str) -> Sheet:
    """The page of a topic."""
    codes = tuple(line.topic.code for line in questionnaire.topics)
    return _sheet(visit, "topics", codes, code, topic=_topic_name(visit, questionnaire, code))


def statement_sheet(visit: Visit, questionnaire: Questionnaire, statement: Statement) -> Sheet:
    """The page of a single statement."""
    topic = _topic_name(visit, questionnaire, statement.topic)
    return _sheet(visit, "statements", questionnaire.order, statement.code, topic=topic)


def statement_path(visit: Visit, statement: Statement) -> str:
    """Where a statement is rated."""
    if visit.visitor.protocol.one_statement_a_page:
        return visit.path("statements", statement.code)
    return f"{visit.path('topics', statement.topic)}#statement-{statement.code}"


def first_unanswered_path(visit: Visit, questionnaire: Questionnaire) -> str:
    """Where the first statement of these that waits for an answer is rated, or empty when none does."""
    waiting = (s.statement for s in questionnaire.statements if s.statement.code in questionnaire.unanswered)
    by_place = {statement.code: statement for statement in waiting}
    first = next((code for code in questionnaire.order if code in by_place), "")
    return statement_path(visit, by_place[first]) if first else ""


def _sheet(visit: Visit, room: str, codes: tuple[str, ...], code: str, *, topic: str) -> Sheet:
    place = codes.index(code)
    return Sheet(
        path=visit.path(room, code),
        topic=topic,
        code=code,
        position=place + 1,
        total=len(codes),
        previous=visit.path(room, codes[place - 1]) if place else "",
        following=visit.path(room, codes[place + 1]) if place + 1 < len(codes) else "",
    )


def _topic_name(visit: Visit, questionnaire: Questionnaire, code: str) -> str:
    topic = next(line.topic for line in questionnaire.topics if line.topic.code == code)
    return in_language(topic.name, visit.locale)
