"""What browsers send: forms and JSON, read with their limits, and checked to come from our own pages."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote_plus

from fastapi import Request
from starlette.exceptions import HTTPException

from app.domain.errors import DomainError
from app.domain.messages import N_
from app.web.shared.csrf import (
    TOKEN_FIELD,
    TOKEN_HEADER,
    RequestFromElsewhere,
    is_token_of,
    needs_door_token,
    refuse_another_site,
    refuse_foreign_token,
)
from app.web.shared.doors import DOOR_COOKIE
from app.web.shared.state import settings_of

MOST_BYTES: Final = 4 * 1024 * 1024
"""Enough for a topic of a hundred statements with a full comment each, percent-encoded."""

_MOST_FIELDS: Final = 5000


class SubmissionNotReadable(DomainError):
    """What was sent is not a form, or not JSON, or not text."""

    message = N_("What was sent cannot be read. Load the page again, and send it once more.")


class WrongKindOfContent(DomainError):
    """A form was expected and something else came, or the other way round."""

    message = N_("This address takes %(expected)s only.")


@dataclass(frozen=True)
class SentForm:
    """A form as it was sent; a name may come several times, and one that did not come is empty."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __contains__(self, name: object) -> bool:
        return name in self.fields

    def one(self, name: str) -> str:
        """The last value sent under a name, or an empty text."""
        return self.fields.get(name, ("",))[-1]

    def all(self, name: str) -> tuple[str, ...]:
        """Every value sent under a name."""
        return self.fields.get(name, ())


def form_of(cookie: str | None) -> Callable[[Request], Awaitable[SentForm]]:
    """A dependency that reads a form and checks where it comes from.

    Parameters
    ----------
    cookie
        The cookie of the session the form must belong to; None for forms that come before a session.
    """

    async def read_form(request: Request) -> SentForm:
        refuse_another_site(request.headers, settings_of(request).base_url)
        form = parse_form(await _body(request, "application/x-www-form-urlencoded"))
        # Kept for the page that explains a refusal: what somebody typed is never lost.
        request.state.form = form
        refuse_another_session(request, cookie, form.one(TOKEN_FIELD))
        return form

    return read_form


def json_of(cookie: str) -> Callable[[Request], Awaitable[Mapping[str, object]]]:
    """A dependency that reads a JSON object sent by a script of our own, of the session in this cookie."""

    async def read_json(request: Request) -> Mapping[str, object]:
        refuse_another_site(request.headers, settings_of(request).base_url)
        refuse_another_session(request, cookie, request.headers.get(TOKEN_HEADER, ""))
        return parse_json(await _body(request, "application/json"))

    return read_json


def parse_form(body: bytes) -> SentForm:
    """Read a percent-encoded form.

    Raises
    ------
    SubmissionNotReadable
        When it is not UTF-8, or has more fields than any form of ours.
    """
    if body.count(b"&") >= _MOST_FIELDS:
        raise SubmissionNotReadable
    fields: dict[str, tuple[str, ...]] = {}
    try:
        for pair in filter(None, body.decode("ascii").split("&")):
            name, _, value = pair.partition("=")
            name = _decoded(name)
            fields[name] = (*fields.get(name, ()), _decoded(value))
    except ValueError:
        raise SubmissionNotReadable from None
    return SentForm(fields)


def parse_json(body: bytes) -> Mapping[str, object]:
    """Read a JSON object.

    Raises
    ------
    SubmissionNotReadable
        When it is not JSON, nested too deep, or not an object.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise SubmissionNotReadable from None
    if not isinstance(content, dict):
        raise SubmissionNotReadable
    return content


# Most fields are names and numbers. The library's reader takes three times as long for them.
def _decoded(text: str) -> str:
    return unquote_plus(text, errors="strict") if "%" in text or "+" in text else text


def refuse_another_session(request: Request, cookie: str | None, token: str) -> None:
    """Refuse what was not made for the session in this cookie; without a cookie, for the door it came from.

    Raises
    ------
    PageTooOld, RequestFromElsewhere
    """
    secret = settings_of(request).secret.get_secret_value()
    if cookie is None:
        if needs_door_token(request.headers):
            _refuse_another_door(request.cookies.get(DOOR_COOKIE), secret, token)
        return
    session = request.cookies.get(cookie)
    # Without a session nothing can be done in anybody's name; the page itself then asks to sign in.
    if session:
        refuse_foreign_token(token, secret, session)


def _refuse_another_door(door: str | None, secret: str, token: str) -> None:
    if not door or not is_token_of(token, secret, door):
        raise RequestFromElsewhere


async def _body(request: Request, expected: str) -> bytes:
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != expected:
        raise WrongKindOfContent(expected=expected)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return bytes(body)
