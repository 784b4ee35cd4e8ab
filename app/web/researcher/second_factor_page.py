"""The second factor: set up with a drawn code or a typed secret, looked after, and switched off."""

from dataclasses import dataclass
from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from starlette.responses import Response

from app.domain.errors import CodeWrong, DomainError, PasswordWrong, SecondFactorAlready, TooManyAttempts
from app.domain.second_factor import new_salt, shared_secret
from app.services.second_factor import (
    count_codes_left,
    renew_recovery_codes,
    secret_address,
    switch_off,
    switch_on,
)
from app.web.researcher.account_page import done_with
from app.web.researcher.desk import ACCOUNT_PATH, Desk, find_desk, read_form
from app.web.shared.parts import FieldError
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of, settings_of
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words

router = APIRouter()

_PATH = f"{ACCOUNT_PATH}/second-factor"
_SALT_LENGTH = len(new_salt())


@dataclass(frozen=True, slots=True)
class SetUpPage:
    """The secret, drawn and in groups of four; `salt` is what it is derived from, and opens nothing."""

    drawing: Markup
    secret: str
    salt: str
    action: str
    back_href: str
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class CodesPage:
    """The recovery codes, shown this once."""

    codes: tuple[str, ...]
    back_href: str


@dataclass(frozen=True, slots=True)
class ManagePage:
    """The second factor is on: new recovery codes, or none any more, against the password."""

    codes_left: int
    renew_action: str
    off_action: str
    back_href: str
    errors: tuple[FieldError, ...] = ()

    def error_at(self, field_id: str) -> str:
        """What is wrong with one field, if anything."""
        return next((error.message for error in self.errors if error.field_id == field_id), "")


@router.get("/research/account/second-factor")
def show_second_factor(request: Request) -> Response:
    """Show how to set the second factor up, or, where it is on, what can be done about it."""
    desk = find_desk(request)
    codes_left = count_codes_left(database_of(request), desk.researcher)
    return _show_set_up(desk, new_salt()) if codes_left is None else _show_manage(desk, codes_left)


@router.post("/research/account/second-factor")
def confirm(request: Request, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Switch the second factor on, with a code that shows that the device shares the secret."""
    desk = find_desk(request)
    salt = form.one("salt")
    if len(salt) != _SALT_LENGTH or not salt.isalnum() or not salt.isascii():
        return _show_set_up(desk, new_salt())
    try:
        codes = switch_on(
            database_of(request), clock_of(request), desk.researcher, _secret(request), salt, form.one("code")
        )
    except (CodeWrong, TooManyAttempts) as refusal:
        return _show_set_up(desk, salt, refusal)
    except SecondFactorAlready:
        return done_with("on")
    return _show_codes(desk, codes)


@router.post("/research/account/second-factor/codes")
def renew(request: Request, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Replace the recovery codes."""
    desk = find_desk(request)
    codes_left = count_codes_left(database_of(request), desk.researcher)
    if codes_left is None:
        return done_with("off")
    try:
        codes = renew_recovery_codes(
            database_of(request), clock_of(request), desk.researcher, _secret(request), form.one("password")
        )
    except (PasswordWrong, TooManyAttempts) as refusal:
        return _show_manage(desk, codes_left, refusal, "field-renew")
    return _show_codes(desk, codes)


@router.post("/research/account/second-factor/off")
def leave_off(request: Request, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Switch the second factor off."""
    desk = find_desk(request)
    codes_left = count_codes_left(database_of(request), desk.researcher)
    try:
        switch_off(database_of(request), clock_of(request), desk.researcher, form.one("password"))
    except (PasswordWrong, TooManyAttempts) as refusal:
        return _show_manage(desk, codes_left or 0, refusal, "field-off")
    return done_with("off")


def _secret(request: Request) -> bytes:
    return settings_of(request).secret.get_secret_value().encode()


def _show_set_up(desk: Desk, salt: str, refusal: DomainError | None = None) -> Response:
    server_secret = _secret(desk.request)
    secret = shared_secret(server_secret, desk.researcher.id, salt)
    drawn = segno.make(secret_address(server_secret, desk.researcher, salt), error="m", micro=False)
    page = SetUpPage(
        # What is drawn are squares; no text of anybody stands in it.
        drawing=Markup(drawn.svg_inline(scale=4, border=4, light="white")),  # noqa: S704
        secret=" ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        salt=salt,
        action=_PATH,
        back_href=ACCOUNT_PATH,
        errors=(FieldError("field-code", error_in_words(refusal, desk.locale)),) if refusal else (),
    )
    status = answer_to(refusal).status if refusal else 200
    return desk.show("second_factor_set_up.html", page, status=status)


def _show_manage(
    desk: Desk, codes_left: int, refusal: DomainError | None = None, field: str = ""
) -> Response:
    page = ManagePage(
        codes_left=codes_left,
        renew_action=f"{_PATH}/codes",
        off_action=f"{_PATH}/off",
        back_href=ACCOUNT_PATH,
        errors=(FieldError(field, error_in_words(refusal, desk.locale)),) if refusal else (),
    )
    return desk.show("second_factor.html", page, status=answer_to(refusal).status if refusal else 200)


def _show_codes(desk: Desk, codes: tuple[str, ...]) -> Response:
    return desk.show("recovery_codes.html", CodesPage(codes, f"{ACCOUNT_PATH}?done=on"))
