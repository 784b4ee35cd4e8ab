"""Signing in and out, and the language of the pages."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.domain.errors import DomainError, ResearcherSignedOut, SignInRefused, TooManyAttempts
from app.i18n import LANGUAGE_NAMES
from app.services.accounts import choose_language, sign_in, sign_out
from app.web.researcher.desk import COOKIE, HOME, find_desk, read_form
from app.web.shared.doors import door_token, keep_door
from app.web.shared.open_pages import language_links
from app.web.shared.parts import FieldError
from app.web.shared.refusal_pages import SIGN_IN_PATH
from app.web.shared.refusals import answer_to
from app.web.shared.state import answer_in, clock_of, database_of, locale_of, nonce_of, settings_of
from app.web.shared.submission import SentForm, form_of
from app.web.shared.templating import Chrome, render
from app.web.shared.words import error_in_words

router = APIRouter()


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The form, with what was typed before a refusal; `next` is where the researcher wanted to go."""

    email: str
    next: str
    errors: tuple[FieldError, ...] = ()


@router.get("/research/sign-in")
def show_sign_in(request: Request, next: str = "", language: str = "") -> Response:  # noqa: A002 - the field's name
    """Ask who is there; somebody who is signed in already goes on at once."""
    answer_in(request, language)
    try:
        find_desk(request)
    except ResearcherSignedOut:
        return _show(request, SignInPage("", own_address(next)))
    return RedirectResponse(own_address(next), 303)


@router.post("/research/sign-in")
def enter(
    request: Request, form: Annotated[SentForm, Depends(form_of(None))], language: str = ""
) -> Response:
    """Open a session in this browser, under a token it did not have before."""
    answer_in(request, language)
    email, wanted = form.one("email"), own_address(form.one("next"))
    try:
        signed_in = sign_in(
            database_of(request),
            clock_of(request),
            email,
            form.one("password"),
            session_hours=settings_of(request).session_hours,
        )
    except (SignInRefused, TooManyAttempts) as refusal:
        return _refuse(request, SignInPage(email, wanted), refusal)
    return keep_session(request, RedirectResponse(wanted, 303), signed_in.session_token)


def keep_session(request: Request, response: Response, session_token: str) -> Response:
    """Give the browser the cookie of a session just opened."""
    settings = settings_of(request)
    response.set_cookie(
        COOKIE,
        session_token,
        max_age=settings.session_hours * 3600,
        path=HOME,
        secure=settings.serves_over_tls,
        httponly=True,
        samesite="lax",
    )
    return response


@router.post("/research/sign-out")
def leave(request: Request, form: Annotated[SentForm, Depends(read_form)]) -> Response:  # noqa: ARG001 - checked
    """End the session of this browser."""
    session_token = request.cookies.get(COOKIE)
    if session_token:
        sign_out(database_of(request), clock_of(request), session_token)
    response = RedirectResponse(SIGN_IN_PATH, 303)
    response.delete_cookie(COOKIE, path=HOME, httponly=True, samesite="lax")
    return response


@router.post("/research/language")
def change_language(request: Request, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Keep the language on the account, and come back to the page it was chosen on."""
    desk = find_desk(request)
    if form.one("locale") in LANGUAGE_NAMES:
        choose_language(database_of(request), desk.researcher, form.one("locale"))
    return RedirectResponse(own_address(form.one("next")), 303)


def own_address(asked: str) -> str:
    """Where to go on: what was asked for, if it is a researchers' page, else the list of studies."""
    is_own = asked.startswith((f"{HOME}/", f"{HOME}?")) and "\\" not in asked
    return asked if is_own and not asked.startswith(SIGN_IN_PATH) else HOME


def _refuse(request: Request, page: SignInPage, refusal: DomainError) -> Response:
    message = error_in_words(refusal, locale_of(request))
    faulty = SignInPage(page.email, page.next, (FieldError("field-email", message),))
    return _show(request, faulty, status=answer_to(refusal).status)


def _show(request: Request, page: SignInPage, *, status: int = 200) -> Response:
    locale = locale_of(request)
    chrome = Chrome(
        locale=locale,
        csrf_token=door_token(request),
        nonce=nonce_of(request),
        path=SIGN_IN_PATH,
        languages=language_links(tuple(LANGUAGE_NAMES), locale),
    )
    page_shown = HTMLResponse(render("researcher/sign_in.html", locale, page, chrome), status)
    return keep_door(request, page_shown)
