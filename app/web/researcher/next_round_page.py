"""When the next round is planned to open: told to the panel while it waits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import DomainError
from app.domain.messages import N_
from app.services.planning import plan_next_round, read_plannable_round
from app.web.researcher.desk import Room, RoundNumber, StudyDesk, find_study_desk, read_form
from app.web.researcher.moment_form import MomentForm, read_moment
from app.web.shared.parts import Crumb
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm

router = APIRouter()


@dataclass(frozen=True, slots=True)
class NextRoundPage:
    """The form for the day and the hour; ``round_number`` is the round that is still to come."""

    round_number: int
    form: MomentForm
    zone: str
    action: str
    cancel_href: str


@router.get("/research/{slug}/rounds/{number}/next")
def ask_when_next_round_opens(request: Request, slug: str, number: RoundNumber) -> Response:
    """Show what the panel is told, to be changed."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    round_ = read_plannable_round(database_of(request), slug, number)
    return _show(desk, number, _as_typed(round_.next_opens_at, desk.study.time_zone))


@router.post("/research/{slug}/rounds/{number}/next")
def tell_when_next_round_opens(
    request: Request, slug: str, number: RoundNumber, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Tell the panel when the next round is planned to open, or that it is not fixed any more."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    typed = read_moment(form)
    try:
        opens_at = typed.moment(desk.study.time_zone)
        plan_next_round(database_of(request), clock_of(request), slug, desk.actor, number, opens_at)
    except DomainError as refusal:
        return _show(desk, number, typed.refused(refusal, desk.locale), status=answer_to(refusal).status)
    return desk.go(Room.ROUNDS, done="planned")


def _as_typed(at: datetime | None, zone: str) -> MomentForm:
    if at is None:
        return MomentForm()
    local = at.astimezone(ZoneInfo(zone))
    return MomentForm(local.date().isoformat(), local.strftime("%H:%M"))


def _show(desk: StudyDesk, number: int, form: MomentForm, *, status: int = 200) -> Response:
    page = NextRoundPage(
        round_number=number + 1,
        form=form,
        zone=desk.study.time_zone,
        action=desk.path(Room.ROUNDS, number, "next"),
        cancel_href=desk.path(Room.ROUNDS),
    )
    return desk.inside(Crumb(desk.say(N_("The next round")))).show("next_round.html", page, status=status)
