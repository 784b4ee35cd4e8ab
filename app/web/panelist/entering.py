"""Entering by a personal link. Looking changes nothing; one explicit button opens the session."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.domain.study import in_language
from app.services.consent import choose_language
from app.services.entering import Entered, enter_by_link, find_panelist, leave_session, look_up_link
from app.web.panelist.texts import paragraphs
from app.web.panelist.visit import COOKIE, find_visit, read_form
from app.web.shared.open_pages import language_links
from app.web.shared.state import (
    answer_in,
    clock_of,
    database_of,
    locale_of,
    nonce_of,
    settings_of,
)
from app.web.shared.submission import SentForm, form_of
from app.web.shared.templating import Chrome, render

router = APIRouter()


@dataclass(frozen=True, slots=True)
class EnterPage:
    """What the study is, and the button that enters. The link's secret is not on the page."""

    purpose: tuple[str, ...]
    organiser: tuple[str, ...]
    minutes_per_round: int
    contact: str
    has_left: bool


@dataclass(frozen=True, slots=True)
class GoodbyePage:
    """Shown after leaving on this device; it knows nobody."""


@router.api_route("/p/{token}", methods=["GET", "HEAD"])
def show_entrance(request: Request, token: str, language: str = "") -> Response:
    """Show what a personal link opens; mail scanners may follow it, nothing changes."""
    link = look_up_link(database_of(request), clock_of(request), token)
    study = link.study
    locale = language if language in study.languages else link.language
    answer_in(request, locale)
    page = EnterPage(
        purpose=paragraphs(study.texts.purpose, locale),
        organiser=paragraphs(study.texts.organiser, locale),
        minutes_per_round=study.minutes_per_round,
        contact=study.contact,
        has_left=link.has_left,
    )
    chrome = Chrome(
        locale=locale,
        csrf_token="",
        nonce=nonce_of(request),
        path="/",
        study_title=in_language(study.texts.title, locale),
        is_synthetic=study.synthetic,
        contact=study.contact,
        languages=language_links(study.languages, locale),
    )
    return HTMLResponse(render("panelist/enter.html", locale, page, chrome))


@router.post("/p/{token}")
def enter(
    request: Request, token: str, form: Annotated[SentForm, Depends(form_of(None))], language: str = ""
) -> Response:
    """Open a new session in this browser, and go to the questionnaire."""
    database, clock, settings = database_of(request), clock_of(request), settings_of(request)
    is_shared = form.one("shared_device") == "yes"
    entered = enter_by_link(
        database, clock, token, session_hours=settings.session_hours, shared_device=is_shared
    )
    _keep_language(request, entered, language)
    response = RedirectResponse(f"/s/{entered.slug}", 303)
    response.set_cookie(
        COOKIE,
        entered.session_token,
        # On a shared device the browser forgets the session when it is closed.
        max_age=None if is_shared else settings.session_hours * 3600,
        path=f"/s/{entered.slug}",
        secure=settings.serves_over_tls,
        httponly=True,
        samesite="lax",
    )
    return response


@router.post("/s/{slug}/leave", dependencies=[Depends(read_form)])
def leave(request: Request, slug: str) -> Response:
    """End the session of this browser; nothing of the panelist stays on the device."""
    visit = find_visit(request, slug)
    leave_session(database_of(request), clock_of(request), visit.session_token)
    response = RedirectResponse(f"/goodbye?language={visit.locale}", 303)
    response.delete_cookie(COOKIE, path=visit.path(), httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@router.get("/goodbye")
def say_goodbye(request: Request, language: str = "") -> Response:
    """Say that the session has ended and how to come back."""
    answer_in(request, language)
    locale = locale_of(request)
    chrome = Chrome(locale=locale, csrf_token="", nonce=nonce_of(request), path="/")
    return HTMLResponse(render("panelist/goodbye.html", locale, GoodbyePage(), chrome))


def _keep_language(request: Request, entered: Entered, language: str) -> None:
    if language == entered.language:
        return
    database, clock = database_of(request), clock_of(request)
    visitor = find_panelist(database, clock, entered.slug, entered.session_token)
    if language in visitor.study.languages:
        choose_language(database, clock, visitor, language)
