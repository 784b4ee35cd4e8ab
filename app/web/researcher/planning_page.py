"""When the next round opens: by itself at a moment, or by hand on a day that the panel is told."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import DomainError
from app.domain.messages import N_
from app.domain.schedule import ClosingNeedsDeadline, OpeningNeedsMoment
from app.services.planning import OpeningPlan, WantedOpening, plan_opening, read_plannable_round
from app.web.researcher.desk import Room, RoundNumber, StudyDesk, find_study_desk, read_form
from app.web.researcher.moment_form import MomentForm, moment_as_typed, read_moment
from app.web.shared.parts import Crumb, FieldError
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm

router = APIRouter()

_DEADLINE = "closes_"


@dataclass(frozen=True, slots=True)
class PlanForm:
    """How the round is to open, and, where it opens by itself, its deadline."""

    opens: MomentForm
    closes: MomentForm
    by_itself: bool
    closes_itself: bool

    @property
    def errors(self) -> tuple[FieldError, ...]:
        """What is wrong with either moment."""
        return self.opens.errors + self.closes.errors


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The form.

    ``is_told``: a panel waits, and reads the day. ``is_planned``: there is something to take back.
    """

    round_number: int
    form: PlanForm
    is_told: bool
    is_planned: bool
    zone: str
    action: str
    cancel_href: str


@router.get("/research/{slug}/rounds/{number}/plan")
def ask_when_round_opens(request: Request, slug: str, number: RoundNumber) -> Response:
    """Show what is planned, to be changed."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    plan = read_plannable_round(database_of(request), slug, number)
    return _show(desk, plan, _as_planned(plan, desk.study.time_zone))


@router.post("/research/{slug}/rounds/{number}/plan")
def plan_when_round_opens(
    request: Request, slug: str, number: RoundNumber, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Plan when the round opens, or that this is not fixed any more."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    typed = PlanForm(
        opens=read_moment(form),
        closes=read_moment(form, _DEADLINE),
        by_itself=form.one("how") != "by_hand",
        closes_itself=form.one("closes_itself") == "yes",
    )
    is_at_deadline, zone, takes_back = False, desk.study.time_zone, form.one("take_back") == "yes"
    try:
        opens_at = typed.opens.moment(zone)
        if opens_at is None and not takes_back:
            raise OpeningNeedsMoment
        is_at_deadline = True
        closes_at = typed.closes.moment(zone)
        is_at_deadline = False
        wanted = WantedOpening(opens_at, typed.by_itself, closes_at, typed.closes_itself)
        plan_opening(database_of(request), clock_of(request), slug, desk.actor, number, wanted)
    except DomainError as refusal:
        plan = read_plannable_round(database_of(request), slug, number)
        at_deadline = is_at_deadline or isinstance(refusal, ClosingNeedsDeadline)
        refused = _refused(typed, refusal, desk.locale, at_deadline=at_deadline)
        return _show(desk, plan, refused, status=answer_to(refusal).status)
    return desk.go(Room.ROUNDS, done="planned" if opens_at else "unplanned")


def _as_planned(plan: OpeningPlan, zone: str) -> PlanForm:
    planned = plan.planned
    return PlanForm(
        opens=moment_as_typed(planned.opens_at if planned else plan.told_at, zone),
        closes=moment_as_typed(planned.closes_at if planned else None, zone, _DEADLINE),
        by_itself=planned is not None or plan.told_at is None,
        closes_itself=planned is not None and planned.closes_itself,
    )


def _refused(typed: PlanForm, refusal: DomainError, locale: str, *, at_deadline: bool) -> PlanForm:
    return PlanForm(
        opens=typed.opens if at_deadline else typed.opens.refused(refusal, locale),
        closes=typed.closes.refused(refusal, locale) if at_deadline else typed.closes,
        by_itself=typed.by_itself,
        closes_itself=typed.closes_itself,
    )


def _show(desk: StudyDesk, plan: OpeningPlan, form: PlanForm, *, status: int = 200) -> Response:
    page = PlanPage(
        round_number=plan.round_number,
        form=form,
        is_told=plan.round_number > 1,
        is_planned=plan.planned is not None or plan.told_at is not None,
        zone=desk.study.time_zone,
        action=desk.path(Room.ROUNDS, plan.round_number, "plan"),
        cancel_href=desk.path(Room.ROUNDS),
    )
    return desk.inside(Crumb(desk.say(N_("The next round")))).show("plan_opening.html", page, status=status)
