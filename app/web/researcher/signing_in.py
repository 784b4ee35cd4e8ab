"""Signing in, in one step or two, and out; and the language of the pages."""

from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from app.domain.errors import CodeWrong, DomainError, ResearcherSignedOut, SignInRefused, TooManyAttempts
from app.i18n import LANGUAGE_NAMES
from app.services.accounts import choose_language, has_accounts, sign_in
from app.services.second_factor import finish_sign_in
from app.services.sessions import sign_out
from app.web.researcher.desk import COOKIE, HOME, find_desk, read_form
from app.web.researcher.entrance import CODE_COOKIE, device_at, let_in, show_at_the_door
from app.web.shared.parts import FieldError
from app.web.shared.refusal_pages import SIGN_IN_PATH
from app.web.shared.refusals import answer_to
from app.web.shared.state import answer_in, clock_of, database_of, locale_of, settings_of
from app.web.shared.submission import SentForm, form_of
from app.web.shared.words import error_in_words

router = APIRouter()

RECOVER_PATH: Final = f"{HOME}/recover"
PROVIDER_PATH: Final = f"{SIGN_IN_PATH}/provider"


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The form, with what was typed before a refusal; `next` is where the researcher wanted to go.

    `provider_href` leads to a provider that vouches for people; empty where none is set up. Until the first
    account is made the page says how.
    """

    email: str
    next: str
    recover_href: str
    provider_href: str
    has_accounts: bool
    has_new_password: bool = False
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class CodePage:
    """Asks for the code of the second factor."""

    next: str
    errors: tuple[FieldError, ...] = ()


@router.get("/research/sign-in")
def show_sign_in(request: Request, next: str = "", language: str = "", done: str = "") -> Response:  # noqa: A002 - the field's name
    """Ask who is there; somebody who is signed in already goes on at once."""
    answer_in(request, language)
    try:
        find_desk(request)
    except ResearcherSignedOut:
        return _show(request, "", own_address(next), has_new_password=done == "password")
    return RedirectResponse(own_address(next), 303)


@router.post("/research/sign-in")
def enter(
    request: Request, form: Annotated[SentForm, Depends(form_of(None))], language: str = ""
) -> Response:
    """Open a session in this browser, under a token it did not have before, or ask for the code."""
    answer_in(request, language)
    email, wanted = form.one("email"), own_address(form.one("next"))
    try:
        signed_in = sign_in(
            database_of(request),
            clock_of(request),
            email,
            form.one("password"),
            session_hours=settings_of(request).session_hours,
            device=device_at(request),
        )
    except (SignInRefused, TooManyAttempts) as refusal:
        return _show(request, email, wanted, refusal=refusal)
    return let_in(request, signed_in, wanted)


@router.get("/research/sign-in/code")
def show_code(request: Request, next: str = "", language: str = "") -> Response:  # noqa: A002 - the field's name
    """Ask for the code; without a sign-in that waits for one, begin anew."""
    answer_in(request, language)
    if CODE_COOKIE not in request.cookies:
        raise ResearcherSignedOut
    return show_at_the_door(request, "sign_in_code.html", CodePage(own_address(next)))


@router.post("/research/sign-in/code")
def enter_with_code(
    request: Request, form: Annotated[SentForm, Depends(form_of(None))], language: str = ""
) -> Response:
    """Open the session that waited for its code."""
    answer_in(request, language)
    settings, wanted = settings_of(request), own_address(form.one("next"))
    try:
        signed_in = finish_sign_in(
            database_of(request),
            clock_of(request),
            request.cookies.get(CODE_COOKIE, ""),
            form.one("code"),
            settings.secret.get_secret_value().encode(),
            session_hours=settings.session_hours,
            device=device_at(request),
        )
    except (CodeWrong, TooManyAttempts) as refusal:
        error = FieldError("field-code", error_in_words(refusal, locale_of(request)))
        page = CodePage(wanted, (error,))
        return show_at_the_door(request, "sign_in_code.html", page, status=answer_to(refusal).status)
    return let_in(request, signed_in, wanted)


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


def _show(
    request: Request,
    email: str,
    wanted: str,
    *,
    refusal: DomainError | None = None,
    has_new_password: bool = False,
) -> Response:
    locale = locale_of(request)
    query = urlencode({"next": wanted, "language": locale})
    page = SignInPage(
        email=email,
        next=wanted,
        recover_href=f"{RECOVER_PATH}?language={locale}",
        provider_href=f"{PROVIDER_PATH}?{query}" if settings_of(request).has_provider else "",
        has_accounts=has_accounts(database_of(request)),
        has_new_password=has_new_password,
        errors=(FieldError("field-email", error_in_words(refusal, locale)),) if refusal else (),
    )
    status = answer_to(refusal).status if refusal else 200
    return show_at_the_door(request, "sign_in.html", page, status=status)
