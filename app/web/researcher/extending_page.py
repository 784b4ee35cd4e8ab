"""Putting off the deadline of an open round."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import DomainError, TextNotReadable, TextTooLong
from app.domain.messages import N_
from app.domain.rating import REASON_LIMIT
from app.domain.round import Round
from app.domain.schedule import ExtensionNeedsReason
from app.services.extending import Extension, extend_deadline, read_extendable_round
from app.web.researcher.desk import Room, RoundNumber, StudyDesk, find_study_desk, read_form
from app.web.researcher.moment_form import MomentForm, read_moment
from app.web.researcher.person_fields import writes_to_panel
from app.web.shared.parts import Crumb, Deadline, FieldError
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words

router = APIRouter()

_ON_REASON = (ExtensionNeedsReason, TextTooLong, TextNotReadable)


@dataclass(frozen=True, slots=True)
class ExtensionForm:
    """What was typed."""

    closes: MomentForm
    reason: str = ""
    reason_error: str = ""
    closes_itself: bool = False
    tells: bool = True

    @property
    def errors(self) -> tuple[FieldError, ...]:
        """What is wrong with it."""
        about_reason = (FieldError("field-reason", self.reason_error),) if self.reason_error else ()
        return self.closes.errors + about_reason


@dataclass(frozen=True, slots=True)
class ExtendPage:
    """The deadline that is, and the form for a later one; `sends_mail`: the panel is written to from here."""

    round_number: int
    deadline: Deadline | None
    form: ExtensionForm
    reason_limit: int
    sends_mail: bool
    zone: str
    action: str
    cancel_href: str


@router.get("/research/{slug}/rounds/{number}/extend")
def ask_for_later_deadline(request: Request, slug: str, number: RoundNumber) -> Response:
    """Ask until when the round stays open, and why."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    round_ = read_extendable_round(database_of(request), clock_of(request), slug, number)
    return _show(desk, round_, ExtensionForm(MomentForm(), closes_itself=round_.closes_itself))


@router.post("/research/{slug}/rounds/{number}/extend")
def put_deadline_off(
    request: Request, slug: str, number: RoundNumber, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Put the deadline off, and tell those who have not handed in if that is wanted."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    database, clock = database_of(request), clock_of(request)
    round_ = read_extendable_round(database, clock, slug, number)
    typed = ExtensionForm(
        closes=read_moment(form),
        reason=form.one("reason"),
        closes_itself=form.one("closes_itself") == "yes",
        tells=form.one("tells") == "yes",
    )
    try:
        wanted = Extension(
            closes_at=typed.closes.moment(desk.study.time_zone),
            reason=typed.reason,
            closes_itself=typed.closes_itself,
            tells=typed.tells and writes_to_panel(desk),
        )
        extend_deadline(database, clock, slug, desk.actor, number, wanted)
    except DomainError as refusal:
        refused = _refused(typed, refusal, desk.locale)
        return _show(desk, round_, refused, status=answer_to(refusal).status)
    return desk.go(Room.ROUNDS, number, done="extended")


def _refused(typed: ExtensionForm, refusal: DomainError, locale: str) -> ExtensionForm:
    on_reason = isinstance(refusal, _ON_REASON)
    return ExtensionForm(
        closes=typed.closes if on_reason else typed.closes.refused(refusal, locale),
        reason=typed.reason,
        reason_error=_about_reason(typed, refusal, locale),
        closes_itself=typed.closes_itself,
        tells=typed.tells,
    )


def _about_reason(typed: ExtensionForm, refusal: DomainError, locale: str) -> str:
    """What is wrong with the reason, also where the day is what was refused."""
    if isinstance(refusal, _ON_REASON):
        return error_in_words(refusal, locale)
    return "" if typed.reason.strip() else error_in_words(ExtensionNeedsReason(), locale)


def _show(desk: StudyDesk, round_: Round, form: ExtensionForm, *, status: int = 200) -> Response:
    now, zone, number = clock_of(desk.request).now(), desk.study.time_zone, round_.number
    page = ExtendPage(
        round_number=number,
        deadline=Deadline(round_.closes_at, now, zone) if round_.closes_at else None,
        form=form,
        reason_limit=REASON_LIMIT,
        sends_mail=writes_to_panel(desk),
        zone=zone,
        action=desk.path(Room.ROUNDS, number, "extend"),
        cancel_href=desk.path(Room.ROUNDS, number),
    )
    crumb = Crumb(desk.say(N_("Round %(round)s")) % {"round": number}, desk.path(Room.ROUNDS, number))
    here = Crumb(desk.say(N_("Put the deadline off") if round_.closes_at else N_("Set the deadline")))
    return desk.inside(crumb, here).show("extend.html", page, status=status)
