"""Entering by a personal link. Looking changes nothing; one explicit button opens the session."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.domain.round import accepts_ratings
from app.domain.study import in_language
from app.services.consent import choose_language
from app.services.disowning import disown_link
from app.services.entering import Entered, LinkFacts, enter_by_link, find_panelist, look_up_link
from app.web.panelist.disowning import FOR_SURE, FROM_A_LINK, faults, page_before_entering, reason_of
from app.web.panelist.farewell import Farewell, go_to_goodbye
from app.web.panelist.texts import paragraphs
from app.web.panelist.visit import COOKIE
from app.web.shared.doors import door_token, keep_door
from app.web.shared.open_pages import language_links
from app.web.shared.parts import Deadline
from app.web.shared.state import answer_in, clock_of, database_of, nonce_of, settings_of
from app.web.shared.submission import SentForm, form_of
from app.web.shared.templating import Chrome, render

router = APIRouter()

_NOT_ME: Final = "not_me"


@dataclass(frozen=True, slots=True)
class EnterPage:
    """What the study is, and the button that enters. The link's secret is not on the page."""

    purpose: tuple[str, ...]
    organiser: tuple[str, ...]
    minutes_per_round: int
    round_number: int
    deadline: Deadline | None
    contact: str
    has_declined: bool
    has_left: bool
    not_me: str


@router.api_route("/p/{token}", methods=["GET", "HEAD"])
def show_entrance(request: Request, token: str, language: str = "") -> Response:
    """Show what a personal link opens; mail scanners may follow it, nothing changes."""
    link = look_up_link(database_of(request), clock_of(request), token)
    study, round_ = link.study, link.round
    locale = _locale(request, link, language)
    now = clock_of(request).now()
    is_open = round_ is not None and accepts_ratings(round_, now)
    closes_at = round_.closes_at if round_ is not None and is_open else None
    page = EnterPage(
        purpose=paragraphs(study.texts.purpose, locale),
        organiser=paragraphs(study.texts.organiser, locale),
        minutes_per_round=study.minutes_per_round,
        round_number=round_.number if round_ is not None else 0,
        deadline=Deadline(closes_at, now, study.time_zone) if closes_at else None,
        contact=study.contact,
        has_declined=link.panelist.may_return,
        has_left=link.has_left and not link.panelist.may_return,
        not_me=_NOT_ME,
    )
    return _show(request, link, locale, "enter.html", page)


@router.post("/p/{token}")
def enter(
    request: Request, token: str, form: Annotated[SentForm, Depends(form_of(None))], language: str = ""
) -> Response:
    """Open a new session in this browser, and go to the questionnaire.

    Whoever says that the link is not theirs is asked once more, and nothing has changed by then.
    """
    step = form.one("step")
    if step in (_NOT_ME, FOR_SURE):
        return _disown(request, token, form, language, is_sure=step == FOR_SURE)
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


def _disown(request: Request, token: str, form: SentForm, language: str, *, is_sure: bool) -> Response:
    database, clock = database_of(request), clock_of(request)
    link = look_up_link(database, clock, token)
    locale = _locale(request, link, language)
    errors = faults(form, locale, FROM_A_LINK, needs_word=True) if is_sure else ()
    if is_sure and not errors:
        disown_link(database, clock, token, reason_of(form))
        return go_to_goodbye(locale, Farewell.NOT_ME)
    page = page_before_entering(form, locale, link.study.contact, errors)
    return _show(request, link, locale, "not_me.html", page, status=422 if errors else 200)


def _show(
    request: Request, link: LinkFacts, locale: str, template: str, page: object, *, status: int = 200
) -> Response:
    study = link.study
    chrome = Chrome(
        locale=locale,
        csrf_token=door_token(request),
        nonce=nonce_of(request),
        path="/",
        study_title=in_language(study.texts.title, locale),
        is_synthetic=study.synthetic,
        contact=study.contact,
        languages=language_links(study.languages, locale),
    )
    shown = HTMLResponse(render(f"panelist/{template}", locale, page, chrome), status)
    return keep_door(request, shown)


def _locale(request: Request, link: LinkFacts, language: str) -> str:
    locale = language if language in link.study.languages else link.language
    answer_in(request, locale)
    return locale


def _keep_language(request: Request, entered: Entered, language: str) -> None:
    if language == entered.language:
        return
    database, clock = database_of(request), clock_of(request)
    visitor = find_panelist(database, clock, entered.slug, entered.session_token)
    if language in visitor.study.languages:
        choose_language(database, clock, visitor, language)
