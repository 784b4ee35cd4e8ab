"""Taking part or not: the study explained, consent, declining, withdrawing, and the language to read in."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from app.domain.panel import Membership, WithdrawalMode
from app.i18n import translations
from app.services.consent import choose_language, decline_consent, give_consent, withdraw
from app.services.profile import read_profile
from app.web.panelist.texts import paragraphs
from app.web.panelist.visit import find_member, find_visit, read_form
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm

router = APIRouter()


@dataclass(frozen=True, slots=True)
class StudyPage:
    """What the study is, who sees what, and the choice to take part."""

    purpose: tuple[str, ...]
    organiser: tuple[str, ...]
    who_sees_what: tuple[str, ...]
    consent: tuple[str, ...]
    minutes_per_round: int
    n_rounds: int
    contact: str
    has_consented: bool
    consent_path: str
    decline_path: str
    withdraw_path: str
    home_path: str


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
    membership = visit.visitor.panelist.membership
    if membership not in (Membership.UNDECIDED, Membership.CONSENTED):
        return visit.go()
    page = StudyPage(
        purpose=paragraphs(study.texts.purpose, locale),
        organiser=paragraphs(study.texts.organiser, locale),
        who_sees_what=paragraphs(study.texts.who_sees_what, locale),
        consent=paragraphs(study.texts.consent, locale),
        minutes_per_round=study.minutes_per_round,
        n_rounds=protocol.rounds,
        contact=study.contact,
        has_consented=membership is Membership.CONSENTED,
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


@router.get("/s/{slug}/decline")
def ask_before_declining(request: Request, slug: str) -> Response:
    """Say what declining means, and ask once."""
    visit = find_visit(request, slug)
    if visit.visitor.panelist.membership is not Membership.UNDECIDED:
        return visit.go()
    gettext = translations(visit.locale).gettext
    page = ConfirmPage(
        title=gettext("You do not want to take part?"),
        consequences=(
            gettext("You get no more e-mails from this study."),
            gettext("Nothing about you is used."),
            gettext("You cannot change this yourself later. The study team can invite you again."),
        ),
        action=visit.path("decline"),
        button=gettext("I do not take part"),
        back=visit.path("study"),
        is_final=False,
    )
    return visit.show("confirm.html", page)


@router.post("/s/{slug}/decline", dependencies=[Depends(read_form)])
def decline(request: Request, slug: str) -> Response:
    """Note that the panelist does not take part."""
    visit = find_visit(request, slug)
    decline_consent(database_of(request), clock_of(request), visit.visitor)
    return visit.go()


@router.get("/s/{slug}/withdraw")
def ask_before_withdrawing(request: Request, slug: str) -> Response:
    """Say what withdrawing means in this study, and ask once."""
    visit = find_member(request, slug)
    gettext = translations(visit.locale).gettext
    what_happens = {
        WithdrawalMode.STOP: gettext(
            "The answers you have given stay in the study, under a code and without your name."
        ),
        WithdrawalMode.ERASE: gettext(
            "The answers you have given are erased. Figures of a group that were already shown stay."
        ),
    }
    page = ConfirmPage(
        title=gettext("Stop taking part?"),
        consequences=(
            gettext("You get no more e-mails from this study, and nothing more is asked of you."),
            what_happens[visit.visitor.protocol.withdrawal],
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
