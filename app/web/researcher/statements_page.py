"""The statements in all languages of the study, and where each stands."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from analysis.rules import Decision
from app.domain.messages import N_
from app.domain.statement import Statement
from app.services.study_contents import StatementList, read_statement_list
from app.web.researcher.desk import Room, StudyDesk, find_study_desk
from app.web.researcher.texts import Told, told
from app.web.shared.parts import Column
from app.web.shared.state import database_of

router = APIRouter()


@dataclass(frozen=True, slots=True)
class LastWord:
    """The last decision on a statement, on one criterion, and the page that explains it."""

    criterion: str
    decision: Decision
    round_number: int
    href: str


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One statement; `texts` stand in the order of the page's languages."""

    code: str
    topic: Told
    version: int
    texts: tuple[Told, ...]
    decisions: tuple[LastWord, ...]


@dataclass(frozen=True, slots=True)
class StatementsPage:
    """All statements in the study's order."""

    columns: tuple[Column, ...]
    statements: tuple[StatementLine, ...]
    shows_criteria: bool


@router.get("/research/{slug}/statements")
def show_statements(request: Request, slug: str) -> Response:
    """Show every statement side by side in the study's languages."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    return desk.show("statements.html", _page(desk, read_statement_list(database_of(request), slug)))


def _page(desk: StudyDesk, listed: StatementList) -> StatementsPage:
    languages = listed.study.languages
    topics = {topic.code: told(topic.name, desk.locale) for topic in listed.topics}
    columns = (
        Column(desk.say(N_("Code"))),
        *(Column(desk.written.language(code)) for code in languages),
        Column(desk.say(N_("Topic"))),
        Column(desk.say(N_("Last decision"))),
    )
    criteria = {last.analysis.criterion for decided in listed.decisions.values() for last in decided}
    return StatementsPage(
        columns=columns,
        statements=tuple(_line(desk, listed, topics[one.topic], one) for one in listed.statements),
        shows_criteria=len(criteria) > 1,
    )


def _line(desk: StudyDesk, listed: StatementList, topic: Told, statement: Statement) -> StatementLine:
    return StatementLine(
        code=statement.code,
        topic=topic,
        version=statement.version,
        texts=tuple(Told(statement.text.get(code, ""), code) for code in listed.study.languages),
        decisions=tuple(
            LastWord(
                last.analysis.criterion,
                last.analysis.decision,
                last.round_number,
                desk.path(Room.RESULTS, last.round_number, statement.code),
            )
            for last in listed.decisions.get(statement.code, ())
        ),
    )
