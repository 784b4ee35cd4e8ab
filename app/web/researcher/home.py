"""A study's home: where it stands, what is next, what stands in the way."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.domain.messages import Sentence
from app.domain.round import Round, RoundStatus, accepts_ratings, planned_round
from app.domain.stopping import StoppingAdvice
from app.domain.study import Study, StudyStatus
from app.services.overview import RoundLine, StudyOverview, read_overview
from app.web.researcher.desk import Room, StudyDesk, find_study_desk
from app.web.researcher.figures import DecisionCount, decision_counts
from app.web.researcher.response_page import ResponseLine, response_line
from app.web.researcher.steps import Step, next_steps
from app.web.researcher.texts import Told, told
from app.web.researcher.wording import ROLE_WORDS, STUDY_STATUS_WORDS
from app.web.shared.parts import Deadline, RoundMark
from app.web.shared.state import clock_of, database_of

router = APIRouter()


@dataclass(frozen=True, slots=True)
class ResponseFact:
    """How the panel responds, or responded, to the newest round; `is_awaited` while it may still rate."""

    round_number: int
    href: str
    is_awaited: bool
    total: ResponseLine


@dataclass(frozen=True, slots=True)
class StudyHomePage:
    """Where a study stands.

    ``decided_per_criterion`` says that statements are rated on several criteria: then pairs are counted.
    """

    title: Told
    status: StudyStatus
    status_word: Sentence
    role: Sentence
    rounds: tuple[RoundMark, ...]
    steps: tuple[Step, ...]
    advice: StoppingAdvice | None
    deadline: Deadline | None
    response: ResponseFact | None
    n_statements: int
    n_groups: int
    n_rounds_planned: int
    decisions: tuple[DecisionCount, ...]
    decided_per_criterion: bool
    results_href: str
    reports_href: str
    recommendations_href: str
    concluded: Study | None


@router.get("/research/{slug}")
def show_home(request: Request, slug: str) -> Response:
    """Show where the study stands and what is next."""
    desk = find_study_desk(request, slug, Room.OVERVIEW)
    overview = read_overview(database_of(request), clock_of(request), slug)
    return desk.show("home.html", _page(desk, overview))


def _page(desk: StudyDesk, overview: StudyOverview) -> StudyHomePage:
    study, protocol = overview.study, overview.protocol.protocol
    newest = overview.rounds[-1] if overview.rounds else None
    return StudyHomePage(
        title=told(study.texts.title, desk.locale),
        status=study.status,
        status_word=Sentence(STUDY_STATUS_WORDS[study.status]),
        role=Sentence(ROLE_WORDS[desk.role]),
        rounds=round_marks(desk, overview),
        steps=next_steps(desk, overview),
        advice=overview.advice,
        deadline=_deadline(desk, newest.round) if newest else None,
        response=_response(desk, newest) if newest else None,
        n_statements=overview.n_statements,
        n_groups=len(protocol.groups),
        n_rounds_planned=protocol.rounds,
        decisions=decision_counts(overview.decisions),
        decided_per_criterion=len(protocol.criteria) > 1,
        results_href=desk.path(Room.RESULTS),
        reports_href=desk.path(Room.REPORTS),
        recommendations_href=desk.path("recommendations"),
        concluded=study if study.status is StudyStatus.CONCLUDED else None,
    )


def round_marks(desk: StudyDesk, overview: StudyOverview) -> tuple[RoundMark, ...]:
    """The rounds held and planned, on one line."""
    held = tuple(
        RoundMark(
            line.round.number,
            line.round.status.value,
            _when(desk, line.round),
            desk.path(Room.ROUNDS, line.round.number),
            kind=line.round.kind.value,
        )
        for line in overview.rounds
    )
    if overview.study.status is StudyStatus.CONCLUDED:
        return held
    plan = overview.protocol.protocol.plan
    planned = range(len(held) + 1, len(plan) + 1)
    return held + tuple(
        RoundMark(number, "planned", kind=planned_round(plan, number).kind.value) for number in planned
    )


def _when(desk: StudyDesk, round_: Round) -> str:
    """The days of a round: when it was opened, and when it closes or was closed."""
    written, zone = desk.written, desk.study.time_zone
    moments = (round_.opened_at, round_.closed_at or round_.closes_at)
    return " – ".join(written.short_date(moment, zone) for moment in moments if moment is not None)


def _deadline(desk: StudyDesk, round_: Round) -> Deadline | None:
    if round_.status is not RoundStatus.OPEN or round_.closes_at is None:
        return None
    return Deadline(round_.closes_at, clock_of(desk.request).now(), desk.study.time_zone)


def _response(desk: StudyDesk, line: RoundLine) -> ResponseFact:
    return ResponseFact(
        round_number=line.round.number,
        href=desk.path(Room.ROUNDS, line.round.number),
        is_awaited=accepts_ratings(line.round, clock_of(desk.request).now()),
        total=response_line(line.flow),
    )
