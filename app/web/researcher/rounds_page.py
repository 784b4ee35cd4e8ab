"""The rounds of a study: those held, the launch checklist of the next one, and its opening."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.account import Permission
from app.domain.carry_override import choosing_hindrance
from app.domain.errors import DomainError
from app.domain.messages import N_
from app.domain.round import RoundStatus
from app.domain.schedule import is_left_open
from app.domain.stopping import StoppingAdvice
from app.services.launching import read_launch
from app.services.overview import RoundLine, StudyAction, StudyOverview, read_overview
from app.services.planning import read_opening_plan
from app.services.rounds import open_round
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.launch_parts import LaunchList, OpeningNote, launch_list, opening_note
from app.web.researcher.moment_form import MomentForm, read_moment
from app.web.researcher.steps import Step, next_steps
from app.web.shared.parts import Column
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of, settings_of
from app.web.shared.submission import SentForm

router = APIRouter()

_JUST_DONE: Final = frozenset(
    {"opened", "analysed", "released", "finished", "closed", "planned", "unplanned"}
)


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round in the table; `results_href` is empty while it has no figures.

    `answers_href` leads to the answers of an open round.
    """

    line: RoundLine
    href: str
    results_href: str
    answers_href: str


@dataclass(frozen=True, slots=True)
class RoundsPage:
    """All rounds, the launch checklist of the next one, and the steps that are possible.

    ``left_open`` is the number of a round that no worker closed at its deadline, or 0.
    """

    columns: tuple[Column, ...]
    rounds: tuple[RoundRow, ...]
    zone: str
    steps: tuple[Step, ...]
    launch: LaunchList | None
    opening: Step | None
    form: MomentForm
    closes_itself: bool
    planned: OpeningNote | None
    left_open: int
    open_action: str
    advice: StoppingAdvice | None
    asks_href: str
    done: str


@router.get("/research/{slug}/rounds")
def show_rounds(request: Request, slug: str, done: str = "") -> Response:
    """Show every round and what can be done next."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    return _show_rounds(desk, done=done if done in _JUST_DONE else "")


@router.post("/research/{slug}/rounds/open")
def open_next_round(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Open the next round, with a deadline or without."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    typed, closes_itself = read_moment(form), form.one("closes_itself") == "yes"
    try:
        open_round(
            database_of(request),
            clock_of(request),
            slug,
            desk.actor,
            closes_at=typed.moment(desk.study.time_zone),
            closes_itself=closes_itself,
        )
    except DomainError as refusal:
        refused = typed.refused(refusal, desk.locale)
        return _show_rounds(desk, refused, closes_itself=closes_itself, status=answer_to(refusal).status)
    return desk.go(Room.ROUNDS, done="opened")


def _show_rounds(
    desk: StudyDesk,
    form: MomentForm | None = None,
    *,
    closes_itself: bool = False,
    done: str = "",
    status: int = 200,
) -> Response:
    database, clock = database_of(desk.request), clock_of(desk.request)
    overview = read_overview(database, clock, desk.slug)
    steps = next_steps(desk, overview)
    newest = overview.rounds[-1].round if overview.rounds else None
    page = RoundsPage(
        columns=_columns(desk),
        rounds=tuple(_row(desk, line) for line in overview.rounds),
        zone=overview.study.time_zone,
        steps=tuple(step for step in steps if step.action is not StudyAction.OPEN_ROUND),
        launch=None if overview.study.concluded_at else _launch(desk),
        opening=next((step for step in steps if step.action is StudyAction.OPEN_ROUND), None),
        form=form or MomentForm(),
        closes_itself=closes_itself,
        planned=opening_note(desk, read_opening_plan(database, desk.slug), newest, clock.now()),
        left_open=newest.number if newest is not None and is_left_open(newest, clock.now()) else 0,
        open_action=desk.path(Room.ROUNDS, "open"),
        advice=_advice(overview),
        asks_href=_asks_href(desk, overview),
        done=done,
    )
    return desk.show("rounds.html", page, status=status)


def _launch(desk: StudyDesk) -> LaunchList | None:
    request = desk.request
    launch = read_launch(
        database_of(request), clock_of(request), desk.slug, sends_mail=settings_of(request).sends_mail
    )
    return launch_list(desk, launch) if launch else None


def _asks_href(desk: StudyDesk, overview: StudyOverview) -> str:
    """Where one looks at what the next round asks; empty while that cannot be said."""
    held = [line.round for line in overview.rounds]
    hindrance = choosing_hindrance(overview.study.status, held, overview.protocol.protocol.plan)
    return "" if hindrance else desk.path("next-round")


def _advice(overview: StudyOverview) -> StoppingAdvice | None:
    is_fed_back = bool(overview.rounds) and overview.rounds[-1].round.status is RoundStatus.FED_BACK
    return overview.advice if is_fed_back and overview.study.concluded_at is None else None


def _row(desk: StudyDesk, line: RoundLine) -> RoundRow:
    number = line.round.number
    results = (
        desk.path(Room.RESULTS, number) if line.is_analysed and desk.may(Permission.READ_RESULTS) else ""
    )
    has_answers = line.round.asks_open_questions and desk.may(Permission.READ_RESULTS)
    answers = desk.path(Room.ROUNDS, number, "answers") if has_answers else ""
    return RoundRow(line, desk.path(Room.ROUNDS, number), results, answers)


def _columns(desk: StudyDesk) -> tuple[Column, ...]:
    return (
        Column(desk.say(N_("Round")), is_sortable=False),
        Column(desk.say(N_("State")), is_sortable=False),
        Column(desk.say(N_("Opened")), is_sortable=False),
        Column(desk.say(N_("Deadline")), is_sortable=False),
        Column(desk.say(N_("Closed")), is_sortable=False),
        Column(desk.say(N_("Kind")), is_sortable=False),
        Column(desk.say(N_("Asks")), "number", is_sortable=False),
        Column(desk.say(N_("Asked")), "number", is_sortable=False),
        Column(desk.say(N_("Handed in")), "number", is_sortable=False),
        Column(desk.say(N_("Results")), is_sortable=False),
    )
