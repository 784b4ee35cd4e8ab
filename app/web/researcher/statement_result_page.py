"""One statement in one round: how the groups rated it, why it was decided so, where they part, what moved."""

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from analysis.results import StatementAnalysis
from app.domain.messages import N_
from app.services.results import RoundBeside, StudyResults, read_beside, read_results, statement_analyses
from app.web.researcher.desk import Room, RoundNumber, StudyDesk, find_study_desk
from app.web.researcher.figures import StudyWords
from app.web.researcher.results_page import rated_criteria
from app.web.researcher.statement_comments import StatementComments, statement_comments
from app.web.researcher.statement_facts import CriterionResult, StatementReader
from app.web.researcher.texts import Told, told
from app.web.shared.parts import Column, Crumb, NavLink
from app.web.shared.state import database_of

router = APIRouter()


@dataclass(frozen=True, slots=True)
class ResultColumns:
    """The heads of the tables of the page."""

    groups: tuple[Column, ...]
    tests: tuple[Column, ...]
    pairs: tuple[Column, ...]
    stability: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class StatementResultPage:
    """One statement in one round."""

    code: str
    text: Told
    topic: Told
    version: int
    round_number: int
    criteria: tuple[CriterionResult, ...]
    columns: ResultColumns
    comments: StatementComments
    coding_href: str
    previous: NavLink | None
    next: NavLink | None


@router.get("/research/{slug}/results/{number}/{code}")
def show_statement_result(request: Request, slug: str, number: RoundNumber, code: str) -> Response:
    """Show everything about one statement in one round."""
    desk = find_study_desk(request, slug, Room.RESULTS)
    results = read_results(database_of(request), slug, number)
    analyses = statement_analyses(results, number, code)
    beside = read_beside(database_of(request), results.study.id, number)
    round_ = Crumb(desk.say(N_("Round %(round)s")) % {"round": number}, desk.path(Room.RESULTS, number))
    shown = _page(desk, results, beside, number, analyses)
    return desk.inside(round_, Crumb(code)).show("statement_result.html", shown)


def _page(
    desk: StudyDesk,
    results: StudyResults,
    beside: RoundBeside,
    number: int,
    analyses: tuple[StatementAnalysis, ...],
) -> StatementResultPage:
    code = analyses[0].statement
    statement = results.statements[code]
    words = StudyWords(results.protocol, desk.locale)
    topics = {topic.code: told(topic.name, desk.locale) for topic in results.topics}
    asked = list(dict.fromkeys(e.statement for e in results.analysis_of(number).statements))
    place = asked.index(code)
    reader = StatementReader(desk, words, results, beside, rated_criteria(results, desk.locale), number)
    return StatementResultPage(
        code=code,
        text=told(statement.text, desk.locale),
        topic=topics[statement.topic],
        version=statement.version,
        round_number=number,
        criteria=tuple(reader.criterion(analysis) for analysis in analyses),
        columns=result_columns(desk),
        comments=statement_comments(desk, code, number),
        coding_href=f"{desk.path('coding')}?{urlencode({'about': code})}",
        previous=_link(desk, number, asked[place - 1]) if place else None,
        next=_link(desk, number, asked[place + 1]) if place + 1 < len(asked) else None,
    )


def _link(desk: StudyDesk, number: int, code: str) -> NavLink:
    return NavLink(code, desk.path(Room.RESULTS, number, code))


def result_columns(desk: StudyDesk) -> ResultColumns:
    """The heads of the tables on the figures of a statement."""

    def heads(first: str, *numbers: str, last: str = "") -> tuple[Column, ...]:
        return (
            Column(desk.say(first), is_sortable=False),
            *(Column(desk.say(label), "number", is_sortable=False) for label in numbers),
            *((Column(desk.say(last), is_sortable=False),) if last else ()),
        )

    return ResultColumns(
        groups=heads(
            N_("Group"),
            N_("Ratings"),
            N_("Unable"),
            N_("No answer"),
            N_("Agree"),
            N_("Neutral"),
            N_("Disagree"),
            N_("Median"),
            N_("Quartiles"),
            N_("Mean"),
            N_("SD"),
            N_("Cns"),
            N_("A"),
        ),
        tests=heads(
            N_("Test"),
            N_("Effect (ε²)"),
            N_("p"),
            N_("p, over all statements"),
            last=N_("What it means"),
        ),
        pairs=heads(
            N_("Groups"), N_("Cliff’s delta"), N_("Distance"), N_("p, corrected"), last=N_("What it means")
        ),
        stability=heads(
            N_("Group"),
            N_("Rated twice"),
            N_("Unchanged"),
            N_("Towards agreement"),
            N_("Towards disagreement"),
            N_("Net change"),
            N_("Kappa"),
            N_("p (Wilcoxon)"),
            last=N_("Verdict"),
        ),
    )
