"""The rounds of a study: opened, closed, analysed, fed back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.account import Permission
from app.domain.carry_override import choosing_hindrance
from app.domain.errors import DomainError
from app.domain.feedback import FeedbackPolicy
from app.domain.messages import N_, Sentence
from app.domain.round import RoundAction, RoundStatus, next_status, planning_blockers
from app.domain.stopping import StoppingAdvice
from app.services.analysing import analyse_closed_round
from app.services.launching import Launch, read_launch
from app.services.moderating import count_waiting_comments
from app.services.overview import RoundLine, StudyAction, StudyOverview, read_overview
from app.services.response import RoundResponse, read_response
from app.services.rounds import close_round, open_round, release_feedback
from app.web.researcher.desk import Room, RoundNumber, StudyDesk, find_study_desk, read_form
from app.web.researcher.moment_form import MomentForm, read_moment
from app.web.researcher.steps import Step, next_steps
from app.web.researcher.wording import FEEDBACK_WORDS
from app.web.shared.parts import Column, Crumb, Deadline
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm

router = APIRouter()

_JUST_DONE: Final = frozenset({"opened", "analysed", "released", "finished", "closed", "planned"})


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
class PlannedOpening:
    """What the panel is told of the next round while it waits; ``opens_at`` is None while it is not fixed."""

    round_number: int
    opens_at: datetime | None
    href: str


@dataclass(frozen=True, slots=True)
class RoundsPage:
    """All rounds, the launch checklist of the next one, and the steps that are possible."""

    columns: tuple[Column, ...]
    rounds: tuple[RoundRow, ...]
    zone: str
    steps: tuple[Step, ...]
    launch: Launch | None
    opening: Step | None
    form: MomentForm
    planned: PlannedOpening | None
    open_action: str
    group_count: int
    language_count: int
    advice: StoppingAdvice | None
    asks_href: str
    done: str


@dataclass(frozen=True, slots=True)
class ClosePage:
    """Before a round is closed: how far the panel has come."""

    round_number: int
    asks_questions: bool
    n_invited: int
    n_started: int
    n_submitted: int
    deadline: Deadline | None
    action: str
    cancel_href: str


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """Before feedback is released: what panelists will see, and how many comments nobody has decided on."""

    round_number: int
    n_waiting_comments: int
    comments_href: str
    feedback: Sentence
    minimum: int
    shows_figures: bool
    action: str
    cancel_href: str


@router.get("/research/{slug}/rounds")
def show_rounds(request: Request, slug: str, done: str = "") -> Response:
    """Show every round and what can be done next."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    return _show_rounds(desk, done=done if done in _JUST_DONE else "")


@router.post("/research/{slug}/rounds/open")
def open_next_round(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Open the next round, with a deadline or without."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    typed = read_moment(form)
    try:
        closes_at = typed.moment(desk.study.time_zone)
        open_round(database_of(request), clock_of(request), slug, desk.actor, closes_at=closes_at)
    except DomainError as refusal:
        return _show_rounds(desk, typed.refused(refusal, desk.locale), status=answer_to(refusal).status)
    return desk.go(Room.ROUNDS, done="opened")


@router.get("/research/{slug}/rounds/{number}/close")
def confirm_close(request: Request, slug: str, number: RoundNumber) -> Response:
    """Say what closing means, and ask once more."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    response = _expect(desk, number, RoundAction.CLOSE)
    closes_at = response.round.closes_at
    page = ClosePage(
        round_number=number,
        asks_questions=response.round.asks_open_questions,
        n_invited=sum(row.n_invited for row in response.flow),
        n_started=sum(row.n_started for row in response.flow),
        n_submitted=sum(row.n_submitted for row in response.flow),
        deadline=Deadline(closes_at, response.counted_at, desk.study.time_zone) if closes_at else None,
        action=desk.path(Room.ROUNDS, number, "close"),
        cancel_href=desk.path(Room.ROUNDS, number),
    )
    return _at_round(desk, number, N_("Close")).show("close.html", page)


@router.post("/research/{slug}/rounds/{number}/close")
def close_open_round(
    request: Request,
    slug: str,
    number: RoundNumber,
    form: Annotated[SentForm, Depends(read_form)],  # noqa: ARG001 - checked
) -> Response:
    """Close the round and go to its decisions."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    _expect(desk, number, RoundAction.CLOSE)
    closed = close_round(database_of(request), clock_of(request), slug, desk.actor, number=number)
    if closed.asks_open_questions:
        return desk.go(Room.ROUNDS, done="closed")
    return desk.go(Room.RESULTS, number, done="closed")


@router.post("/research/{slug}/rounds/{number}/analyse")
def analyse_again(
    request: Request,
    slug: str,
    number: RoundNumber,
    form: Annotated[SentForm, Depends(read_form)],  # noqa: ARG001 - checked
) -> Response:
    """Compute the figures of a closed round that has none."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    _expect(desk, number, RoundAction.RELEASE_FEEDBACK)
    analyse_closed_round(database_of(request), clock_of(request), slug, desk.actor)
    return desk.go(Room.ROUNDS, done="analysed")


@router.get("/research/{slug}/rounds/{number}/release")
def confirm_release(request: Request, slug: str, number: RoundNumber) -> Response:
    """Say what panelists will see, and ask once more."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    protocol = _expect(desk, number, RoundAction.RELEASE_FEEDBACK).protocol
    waiting = 0
    if protocol.feedback.comments and desk.may(Permission.MODERATE_COMMENTS):
        waiting = count_waiting_comments(database_of(request), slug, number)
    page = ReleasePage(
        round_number=number,
        n_waiting_comments=waiting,
        comments_href=desk.path(Room.COMMENTS),
        feedback=Sentence(FEEDBACK_WORDS[protocol.feedback.policy]),
        minimum=protocol.minimum_group_size,
        shows_figures=protocol.feedback.policy is not FeedbackPolicy.NONE,
        action=desk.path(Room.ROUNDS, number, "release"),
        cancel_href=desk.path(Room.ROUNDS),
    )
    return _at_round(desk, number, N_("Release the feedback")).show("release.html", page)


@router.post("/research/{slug}/rounds/{number}/release")
def release_round_feedback(
    request: Request,
    slug: str,
    number: RoundNumber,
    form: Annotated[SentForm, Depends(read_form)],  # noqa: ARG001 - checked
) -> Response:
    """Release the feedback of a closed round."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    _expect(desk, number, RoundAction.RELEASE_FEEDBACK)
    released = release_feedback(database_of(request), clock_of(request), slug, desk.actor, number=number)
    return desk.go(Room.ROUNDS, done="finished" if released.asks_open_questions else "released")


def _expect(desk: StudyDesk, number: int, action: RoundAction) -> RoundResponse:
    """The round, if the action is its next step: a page opened long ago must not act on a later round."""
    response = read_response(database_of(desk.request), clock_of(desk.request), desk.slug, number)
    next_status(response.round, action)
    return response


def _at_round(desk: StudyDesk, number: int, here: str) -> StudyDesk:
    round_ = Crumb(desk.say(N_("Round %(round)s")) % {"round": number}, desk.path(Room.ROUNDS, number))
    return desk.inside(round_, Crumb(desk.say(here)))


def _show_rounds(
    desk: StudyDesk, form: MomentForm | None = None, *, done: str = "", status: int = 200
) -> Response:
    database, clock = database_of(desk.request), clock_of(desk.request)
    overview = read_overview(database, clock, desk.slug)
    steps = next_steps(desk, overview)
    page = RoundsPage(
        columns=_columns(desk),
        rounds=tuple(_row(desk, line) for line in overview.rounds),
        zone=overview.study.time_zone,
        steps=tuple(step for step in steps if step.action is not StudyAction.OPEN_ROUND),
        launch=None if overview.study.concluded_at else read_launch(database, clock, desk.slug),
        opening=next((step for step in steps if step.action is StudyAction.OPEN_ROUND), None),
        form=form or MomentForm(),
        planned=_planned_opening(desk, overview),
        open_action=desk.path(Room.ROUNDS, "open"),
        group_count=len(overview.protocol.protocol.groups),
        language_count=len(overview.study.languages),
        advice=_advice(overview),
        asks_href=_asks_href(desk, overview),
        done=done,
    )
    return desk.show("rounds.html", page, status=status)


def _planned_opening(desk: StudyDesk, overview: StudyOverview) -> PlannedOpening | None:
    if not overview.rounds or not desk.may(Permission.RUN_ROUNDS):
        return None
    round_, is_over = overview.rounds[-1].round, overview.study.concluded_at is not None
    if planning_blockers(round_, is_newest=True, is_over=is_over):
        return None
    return PlannedOpening(
        round_.number + 1, round_.next_opens_at, desk.path(Room.ROUNDS, round_.number, "next")
    )


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
