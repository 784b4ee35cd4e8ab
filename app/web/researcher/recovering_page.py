"""A password forgotten: the address is asked for, and behind the link that is sent a new password."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from app.domain.account import PASSWORD_MINIMUM
from app.domain.errors import AddressNotValid, DomainError, PasswordTooWeak, TooManyAttempts
from app.services.recovering import LINK_LIFETIME, look_up_recovery, request_recovery, set_new_password
from app.web.researcher.entrance import show_at_the_door
from app.web.researcher.signing_in import RECOVER_PATH
from app.web.shared.parts import FieldError
from app.web.shared.refusal_pages import SIGN_IN_PATH
from app.web.shared.refusals import answer_to
from app.web.shared.state import answer_in, clock_of, database_of, locale_of, settings_of
from app.web.shared.submission import SentForm, form_of
from app.web.shared.words import error_in_words

router = APIRouter()


@dataclass(frozen=True, slots=True)
class RecoverPage:
    """Asks for the address, with what was typed before a refusal, or says that it was noted."""

    is_noted: bool
    sends_mail: bool
    email: str
    minutes: int
    action: str
    sign_in_href: str
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class NewPasswordPage:
    """Asks for a new password for an account."""

    email: str
    minimum: int
    action: str
    errors: tuple[FieldError, ...] = ()


@router.get("/research/recover")
def ask_for_address(request: Request, language: str = "", noted: str = "") -> Response:
    """Ask for the address of the account; or say what happens now, whatever the address was."""
    answer_in(request, language)
    return _show(request, is_noted=noted == "yes")


@router.post("/research/recover")
def note_address(
    request: Request, form: Annotated[SentForm, Depends(form_of(None))], language: str = ""
) -> Response:
    """Note the address; whether it has an account is found out later and somewhere else."""
    answer_in(request, language)
    email = form.one("email")
    try:
        request_recovery(database_of(request), clock_of(request), email)
    except (AddressNotValid, TooManyAttempts) as refusal:
        return _show(request, email=email, refusal=refusal)
    return RedirectResponse(f"{RECOVER_PATH}?noted=yes&language={locale_of(request)}", 303)


@router.get("/research/recover/{token}")
def ask_for_password(request: Request, token: str, language: str = "") -> Response:
    """Ask for the new password; looking changes nothing."""
    answer_in(request, language)
    return _show_new_password(request, token)


@router.post("/research/recover/{token}")
def set_password(
    request: Request,
    token: str,
    form: Annotated[SentForm, Depends(form_of(None))],
    language: str = "",
) -> Response:
    """Set the new password, end all sessions, and ask to sign in with it."""
    answer_in(request, language)
    try:
        set_new_password(database_of(request), clock_of(request), token, form.one("password"))
    except PasswordTooWeak as refusal:
        return _show_new_password(request, token, refusal=refusal)
    return RedirectResponse(f"{SIGN_IN_PATH}?done=password&language={locale_of(request)}", 303)


def _show(
    request: Request, *, email: str = "", refusal: DomainError | None = None, is_noted: bool = False
) -> Response:
    locale = locale_of(request)
    page = RecoverPage(
        is_noted=is_noted,
        sends_mail=settings_of(request).sends_mail,
        email=email,
        minutes=int(LINK_LIFETIME.total_seconds() // 60),
        action=f"{RECOVER_PATH}?language={locale}",
        sign_in_href=f"{SIGN_IN_PATH}?language={locale}",
        errors=(FieldError("field-email", error_in_words(refusal, locale)),) if refusal else (),
    )
    status = answer_to(refusal).status if refusal else 200
    return show_at_the_door(request, "recover.html", page, status=status)


def _show_new_password(request: Request, token: str, *, refusal: DomainError | None = None) -> Response:
    researcher = look_up_recovery(database_of(request), clock_of(request), token)
    locale = locale_of(request)
    page = NewPasswordPage(
        email=researcher.email,
        minimum=PASSWORD_MINIMUM,
        action=f"?language={locale}",
        errors=(FieldError("field-password", error_in_words(refusal, locale)),) if refusal else (),
    )
    status = answer_to(refusal).status if refusal else 200
    return show_at_the_door(request, "new_password.html", page, status=status)
