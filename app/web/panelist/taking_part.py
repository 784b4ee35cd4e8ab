"""Taking part or not: the study explained, consent, declining, withdrawing, and the language to read in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from app.domain.messages import N_
from app.domain.panel import Membership, WithdrawalMode
from app.domain.round import Round, accepts_ratings
from app.i18n import translations
from app.services.consent import (
    choose_language,
    decline_consent,
    decline_for_good,
    give_consent,
    withdraw,
)
from app.services.entering import read_held_rounds
from app.services.profile import read_profile
from app.web.panelist.texts import paragraphs
from app.web.panelist.visit import Visit, find_member, find_visit, read_form
from app.web.shared.parts import Deadline
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm

router = APIRouter()


_AFTER_WITHDRAWING: Final[dict[WithdrawalMode, str]] = {
    WithdrawalMode.STOP: N_(
        "What you have answered until then stays in the study, under a code and without your name."
    ),
    WithdrawalMode.ERASE: N_(
        "What you have answered until then is erased at once, with your name and your e-mail address. "
        "Figures of whole groups that were already computed stay."
    ),
}

_WHAT_WITHDRAWING_DOES: Final[dict[WithdrawalMode, tuple[str, ...]]] = {
    WithdrawalMode.STOP: (
        N_(
            "What you have answered stays in the study, under a code and without your name: your ratings, "
            "your comments and other texts, and your answers to the questions about you."
        ),
        N_(
            "Your name and your e-mail address stay in a list apart from your answers, so that nobody "
            "invites you again by mistake."
        ),
    ),
    WithdrawalMode.ERASE: (
        N_(
            "We erase at once, and for good: your ratings, your comments and other texts, your answers to "
            "the questions about you, your name and your e-mail address."
        ),
        N_(
            "Figures of whole groups stay where they were already computed. So does a note, under a code, "
            "that somebody took part and left."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class RoundDates:
    """When a round was or is open; an open one with a set end has a deadline."""

    number: int
    opened_at: datetime
    ended_at: datetime | None
    deadline: Deadline | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class StudyPage:
    """What the study is, who sees what, what leaving would mean, and the choice to take part."""

    purpose: tuple[str, ...]
    organiser: tuple[str, ...]
    who_sees_what: tuple[str, ...]
    consent: tuple[str, ...]
    minutes_per_round: int
    n_rounds: int
    rounds: tuple[RoundDates, ...]
    zone: str
    contact: str
    after_withdrawing: str
    has_consented: bool
    consent_path: str
    decline_path: str
    withdraw_path: str
    home_path: str


@dataclass(frozen=True, slots=True)
class DeclinedPage:
    """What saying no means, and the two ways on from it."""

    is_final: bool
    study_path: str
    for_good_path: str


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """One question before something that cannot be undone."""

    title: str
    consequences: tuple[str, ...]
    action: str
    button: str
    back: str
    is_final: bool


@router.get("/s/{slug}/study")
def show_study(request: Request, slug: str) -> Response:
    """Explain the study and ask for consent."""
    visit = find_visit(request, slug)
    study, protocol, locale = visit.visitor.study, visit.visitor.protocol, visit.locale
    panelist = visit.visitor.panelist
    if panelist.has_left and not panelist.may_return:
        return visit.go()
    page = StudyPage(
        purpose=paragraphs(study.texts.purpose, locale),
        organiser=paragraphs(study.texts.organiser, locale),
        who_sees_what=paragraphs(study.texts.who_sees_what, locale),
        consent=paragraphs(study.texts.consent, locale),
        minutes_per_round=study.minutes_per_round,
        n_rounds=protocol.rounds,
        rounds=_dates(visit),
        zone=study.time_zone,
        contact=study.contact,
        after_withdrawing=translations(locale).gettext(_AFTER_WITHDRAWING[protocol.withdrawal]),
        has_consented=panelist.membership is Membership.CONSENTED,
        consent_path=visit.path("consent"),
        decline_path=visit.path("decline"),
        withdraw_path=visit.path("withdraw"),
        home_path=visit.path(),
    )
    return visit.show("study.html", page)


@router.post("/s/{slug}/consent", dependencies=[Depends(read_form)])
def consent(request: Request, slug: str) -> Response:
    """Note that the panelist takes part, and go on to the profile questions."""
    visit = find_visit(request, slug)
    give_consent(database_of(request), clock_of(request), visit.visitor)
    has_questions = bool(read_profile(database_of(request), visit.visitor).questions)
    return visit.go("profile") if has_questions else visit.go()


@router.post("/s/{slug}/decline", dependencies=[Depends(read_form)])
def decline(request: Request, slug: str) -> Response:
    """Note that the panelist does not take part."""
    visit = find_visit(request, slug)
    decline_consent(database_of(request), clock_of(request), visit.visitor)
    return visit.go("declined")


@router.get("/s/{slug}/declined")
def show_declined(request: Request, slug: str) -> Response:
    """Say what declining means, how to take it back, and how to make it final."""
    visit = find_visit(request, slug)
    panelist = visit.visitor.panelist
    if panelist.membership is not Membership.DECLINED:
        return visit.go()
    page = DeclinedPage(
        is_final=not panelist.may_return,
        study_path=visit.path("study"),
        for_good_path=visit.path("decline-for-good"),
    )
    return visit.show("declined.html", page)


@router.post("/s/{slug}/decline-for-good", dependencies=[Depends(read_form)])
def make_declining_final(request: Request, slug: str) -> Response:
    """Note that the panelist does not want to be able to change their mind."""
    visit = find_visit(request, slug)
    decline_for_good(database_of(request), clock_of(request), visit.visitor)
    return visit.go("declined")


@router.get("/s/{slug}/withdraw")
def ask_before_withdrawing(request: Request, slug: str) -> Response:
    """Say what withdrawing means in this study, and ask once."""
    visit = find_member(request, slug)
    gettext = translations(visit.locale).gettext
    page = ConfirmPage(
        title=gettext("Stop taking part?"),
        consequences=(
            gettext("You get no more e-mails from this study, and nothing more is asked of you."),
            *map(gettext, _WHAT_WITHDRAWING_DOES[visit.visitor.protocol.withdrawal]),
            gettext("You need not say why. You cannot change this yourself later."),
        ),
        action=visit.path("withdraw"),
        button=gettext("Yes, stop taking part"),
        back=visit.path(),
        is_final=True,
    )
    return visit.show("confirm.html", page)


@router.post("/s/{slug}/withdraw", dependencies=[Depends(read_form)])
def leave_study(request: Request, slug: str) -> Response:
    """Take the panelist out of the study at once."""
    visit = find_member(request, slug)
    withdraw(database_of(request), clock_of(request), visit.visitor)
    return visit.go()


@router.post("/s/{slug}/language")
def change_language(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Keep the language chosen, and come back to the page it was chosen on."""
    visit = find_visit(request, slug)
    choose_language(database_of(request), clock_of(request), visit.visitor, form.one("locale"))
    back, own_pages = form.one("next"), visit.path()
    is_own_page = back == own_pages or back.startswith(f"{own_pages}/")
    return RedirectResponse(back if is_own_page else own_pages, 303)


def _dates(visit: Visit) -> tuple[RoundDates, ...]:
    request = visit.request
    now = clock_of(request).now()
    held = read_held_rounds(database_of(request), visit.visitor)
    return tuple(
        _round_dates(round_, round_.opened_at, now, visit.visitor.study.time_zone)
        for round_ in held
        if round_.opened_at is not None
    )


def _round_dates(round_: Round, opened_at: datetime, now: datetime, zone: str) -> RoundDates:
    is_open = accepts_ratings(round_, now)
    return RoundDates(
        number=round_.number,
        opened_at=opened_at,
        ended_at=None if is_open else round_.closed_at or round_.closes_at,
        deadline=Deadline(round_.closes_at, now, zone) if is_open and round_.closes_at else None,
        is_open=is_open,
    )
