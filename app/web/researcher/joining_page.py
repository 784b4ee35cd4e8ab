"""An invitation to work on a study: looked at by its link, and accepted with an account, old or new."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.domain.account import PASSWORD_MINIMUM, Part, Researcher
from app.domain.errors import (
    AccountExists,
    DomainError,
    NameMissing,
    PasswordTooWeak,
    ResearcherSignedOut,
    TextNotReadable,
    TextTooLong,
)
from app.domain.messages import Sentence
from app.i18n import LANGUAGE_NAMES
from app.services.accepting import (
    Invited,
    accept_invitation,
    accept_with_new_account,
    look_up_invitation,
)
from app.services.sessions import start_session
from app.web.researcher.desk import HOME, Desk, find_desk, read_form
from app.web.researcher.entrance import device_at, let_in
from app.web.researcher.texts import Told, told
from app.web.researcher.wording import ROLE_HINTS, ROLE_WORDS
from app.web.shared.csrf import csrf_token
from app.web.shared.doors import door_token, keep_door
from app.web.shared.open_pages import language_links
from app.web.shared.parts import FieldError, errors_by_field
from app.web.shared.refusal_pages import SIGN_IN_PATH
from app.web.shared.refusals import answer_to
from app.web.shared.state import answer_in, clock_of, database_of, locale_of, nonce_of, settings_of
from app.web.shared.submission import SentForm, form_of
from app.web.shared.templating import Chrome, render
from app.web.shared.words import error_in_words

router = APIRouter()


@dataclass(frozen=True, slots=True)
class JoinPage:
    """What the invitation is to, and the ways to accept it.

    ``signed_in`` is who would accept it with one button; without, ``has_account`` says whether the invited
    address has an account to sign in with, or needs one.
    """

    title: Told
    is_synthetic: bool
    inviter: str
    email: str
    part: Part
    role: Sentence
    role_hint: Sentence
    signed_in: Researcher | None
    has_account: bool
    name: str
    minimum: int
    accept_action: str
    account_action: str
    sign_in_href: str
    errors: tuple[FieldError, ...] = ()

    def error_at(self, field_id: str) -> str:
        """What is wrong with one field, if anything."""
        return errors_by_field(self.errors).get(field_id, "")


@router.get("/research/join/{token}")
def show_invitation(request: Request, token: str, language: str = "") -> Response:
    """Show what somebody is invited to; looking changes nothing."""
    answer_in(request, language)
    return _show(request, token)


@router.post("/research/join/{token}")
def accept(request: Request, token: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:  # noqa: ARG001 - checked
    """Accept with the account that is signed in."""
    desk = find_desk(request)
    study = accept_invitation(database_of(request), clock_of(request), token, desk.researcher)
    return RedirectResponse(f"{HOME}/{study.slug}", 303)


@router.post("/research/join/{token}/account")
def accept_as_somebody_new(
    request: Request, token: str, form: Annotated[SentForm, Depends(form_of(None))], language: str = ""
) -> Response:
    """Make an account for the invited address, accept with it, and sign in."""
    answer_in(request, language)
    database, clock = database_of(request), clock_of(request)
    name = form.one("name")
    try:
        researcher = accept_with_new_account(
            database, clock, token, name=name, password=form.one("password"), language=locale_of(request)
        )
    except (AccountExists, NameMissing, PasswordTooWeak, TextNotReadable, TextTooLong) as refusal:
        return _show(request, token, name=name, refusal=refusal)
    session = start_session(
        database,
        clock,
        researcher,
        session_hours=settings_of(request).session_hours,
        device=device_at(request),
    )
    return let_in(request, session, HOME)


def _show(request: Request, token: str, *, name: str = "", refusal: DomainError | None = None) -> Response:
    invited = look_up_invitation(database_of(request), clock_of(request), token)
    desk = _desk_of(request)
    locale = desk.locale if desk else locale_of(request)
    page = _page(request, token, invited, desk, locale, name, refusal)
    session = desk.session_token if desk else ""
    secret = settings_of(request).secret.get_secret_value()
    chrome = Chrome(
        locale=locale,
        csrf_token=csrf_token(secret, session) if session else door_token(request),
        nonce=nonce_of(request),
        path="/",
        languages=() if desk else language_links(tuple(LANGUAGE_NAMES), locale),
    )
    html = render("researcher/join.html", locale, page, chrome)
    return keep_door(request, HTMLResponse(html, answer_to(refusal).status if refusal else 200))


def _page(
    request: Request,
    token: str,
    invited: Invited,
    desk: Desk | None,
    locale: str,
    name: str,
    refusal: DomainError | None,
) -> JoinPage:
    here, part = request.url.path.removesuffix("/account"), invited.invitation.part
    field = "field-password" if isinstance(refusal, PasswordTooWeak) else "field-name"
    return JoinPage(
        title=told(invited.study.texts.title, locale),
        is_synthetic=invited.study.synthetic,
        inviter=invited.invitation.invited_by,
        email=invited.invitation.email,
        part=part,
        role=Sentence(ROLE_WORDS[part.role]),
        role_hint=Sentence(ROLE_HINTS[part.role]),
        signed_in=desk.researcher if desk else None,
        has_account=invited.has_account,
        name=name,
        minimum=PASSWORD_MINIMUM,
        accept_action=here,
        account_action=f"{here}/account?language={locale}",
        sign_in_href=f"{SIGN_IN_PATH}?{urlencode({'next': f'{HOME}/join/{token}', 'language': locale})}",
        errors=(FieldError(field, error_in_words(refusal, locale)),) if refusal else (),
    )


def _desk_of(request: Request) -> Desk | None:
    try:
        return find_desk(request)
    except ResearcherSignedOut:
        return None
