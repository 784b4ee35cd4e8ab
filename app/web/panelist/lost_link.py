"""A lost personal link, sent again by e-mail; what is said is the same for every address."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.domain.errors import AddressNotValid, DomainError, TooManyAttempts
from app.i18n import LANGUAGE_NAMES
from app.services.lost_links import holds_synthetic_study, request_link
from app.web.shared.doors import door_token, keep_door
from app.web.shared.open_pages import language_links
from app.web.shared.parts import FieldError
from app.web.shared.refusal_pages import LOST_LINK_PATH
from app.web.shared.refusals import answer_to
from app.web.shared.state import answer_in, clock_of, database_of, locale_of, nonce_of
from app.web.shared.submission import SentForm, form_of
from app.web.shared.templating import Chrome, render
from app.web.shared.words import error_in_words

router = APIRouter()


@dataclass(frozen=True, slots=True)
class LostLinkPage:
    """Asks for the address, with what was typed before a refusal, or says that it was noted."""

    is_noted: bool
    email: str
    errors: tuple[FieldError, ...]
    holds_synthetic_study: bool
    action: str


@router.get("/link")
def ask_for_address(request: Request, language: str = "", noted: str = "") -> Response:
    """Ask at which address somebody was invited; or say what happens now, whatever the address was."""
    answer_in(request, language)
    return _show(request, is_noted=noted == "yes")


@router.post("/link")
def note_address(
    request: Request, form: Annotated[SentForm, Depends(form_of(None))], language: str = ""
) -> Response:
    """Note the address; who is behind it, if anybody, is looked up later and somewhere else."""
    answer_in(request, language)
    email = form.one("email")
    try:
        request_link(database_of(request), clock_of(request), email)
    except (AddressNotValid, TooManyAttempts) as refusal:
        return _show(request, email=email, refusal=refusal)
    return RedirectResponse(f"{LOST_LINK_PATH}?noted=yes&language={locale_of(request)}", 303)


def _show(
    request: Request, *, email: str = "", refusal: DomainError | None = None, is_noted: bool = False
) -> Response:
    locale = locale_of(request)
    errors = (FieldError("field-email", error_in_words(refusal, locale)),) if refusal is not None else ()
    page = LostLinkPage(
        is_noted=is_noted,
        email=email,
        errors=errors,
        holds_synthetic_study=holds_synthetic_study(database_of(request)),
        action=f"{LOST_LINK_PATH}?language={locale}",
    )
    chrome = Chrome(
        locale=locale,
        csrf_token=door_token(request),
        nonce=nonce_of(request),
        path="/",
        languages=language_links(tuple(LANGUAGE_NAMES), locale),
    )
    status = answer_to(refusal).status if refusal is not None else 200
    return keep_door(request, HTMLResponse(render("panelist/lost_link.html", locale, page, chrome), status))
