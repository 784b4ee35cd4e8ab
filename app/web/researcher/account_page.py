"""A researcher's own account: name and language, password, second factor, and the sessions that run."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from app.domain.account import PASSWORD_MINIMUM
from app.domain.errors import (
    DomainError,
    NameMissing,
    PasswordTooWeak,
    PasswordWrong,
    TextNotReadable,
    TextTooLong,
    TooManyAttempts,
)
from app.domain.messages import N_
from app.i18n import LANGUAGE_NAMES
from app.services.accounts import change_name, change_password, choose_language
from app.services.second_factor import count_codes_left
from app.services.sessions import RunningSession, end_other_sessions, end_session, list_sessions
from app.web.researcher.desk import ACCOUNT_PATH, Desk, find_desk, read_form
from app.web.shared.parts import Choice, Column, FieldError, errors_by_field
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words

router = APIRouter()

_JUST_DONE: Final = frozenset({"saved", "password", "on", "off", "ended"})
OTHERS: Final = "others"


@dataclass(frozen=True, slots=True)
class AccountPage:
    """The account; `codes_left` counts recovery codes, and is None while the second factor is off."""

    email: str
    name: str
    language: str
    languages: tuple[Choice, ...]
    minimum: int
    codes_left: int | None
    sessions: tuple[RunningSession, ...]
    columns: tuple[Column, ...]
    others: str
    done: str
    errors: tuple[FieldError, ...] = ()

    def error_at(self, field_id: str) -> str:
        """What is wrong with one field, if anything."""
        return errors_by_field(self.errors).get(field_id, "")


@router.get("/research/account")
def show_account(request: Request, done: str = "") -> Response:
    """Show the account of whoever is signed in."""
    return _show(find_desk(request), done=done)


@router.post("/research/account")
def save_account(request: Request, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Keep another name and language."""
    desk = find_desk(request)
    name, language = form.one("name"), form.one("locale")
    try:
        change_name(database_of(request), desk.researcher, name)
    except (NameMissing, TextNotReadable, TextTooLong) as refusal:
        return _show(desk, name=name, refusal=refusal, field="field-name")
    if language in LANGUAGE_NAMES:
        choose_language(database_of(request), desk.researcher, language)
    return done_with("saved")


@router.post("/research/account/password")
def save_password(request: Request, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Set another password, once the current one was typed; other sessions end."""
    desk = find_desk(request)
    try:
        change_password(
            database_of(request),
            clock_of(request),
            desk.researcher,
            desk.session_token,
            current=form.one("current"),
            new=form.one("password"),
        )
    except PasswordTooWeak as refusal:
        return _show(desk, refusal=refusal, field="field-password")
    except (PasswordWrong, TooManyAttempts) as refusal:
        return _show(desk, refusal=refusal, field="field-current")
    return done_with("password")


@router.post("/research/account/sessions")
def end_sessions(request: Request, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """End one session, or all but this one."""
    desk = find_desk(request)
    database, clock, reference = database_of(request), clock_of(request), form.one("session")
    if reference == OTHERS:
        end_other_sessions(database, clock, desk.researcher, desk.session_token)
    else:
        end_session(database, clock, desk.researcher, reference)
    return done_with("ended")


def done_with(what: str) -> Response:
    """Back to the account, which says what has just been done."""
    return RedirectResponse(f"{ACCOUNT_PATH}?done={what}", 303)


def _show(
    desk: Desk,
    *,
    name: str | None = None,
    refusal: DomainError | None = None,
    field: str = "",
    done: str = "",
) -> Response:
    database, clock, researcher = database_of(desk.request), clock_of(desk.request), desk.researcher
    page = AccountPage(
        email=researcher.email,
        name=researcher.name if name is None else name,
        language=researcher.language,
        languages=tuple(Choice(code, text) for code, text in LANGUAGE_NAMES.items()),
        minimum=PASSWORD_MINIMUM,
        codes_left=count_codes_left(database, researcher),
        sessions=list_sessions(database, clock, researcher, desk.session_token),
        columns=tuple(
            Column(desk.say(label), is_sortable=False)
            for label in (N_("Browser"), N_("Signed in"), N_("Last used"), N_("End"))
        ),
        others=OTHERS,
        done=done if done in _JUST_DONE else "",
        errors=(FieldError(field, error_in_words(refusal, desk.locale)),) if refusal else (),
    )
    return desk.show("account.html", page, status=answer_to(refusal).status if refusal else 200)
