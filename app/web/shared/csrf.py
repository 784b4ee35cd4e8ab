"""Protection of forms: a request that changes something must come from one of our own pages.

Two checks, because each covers what the other cannot: the browser's own word on where the request comes from,
and a token that only a page made for this session could know.
"""

import base64
import hmac
import secrets
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from app.domain.errors import DomainError
from app.domain.messages import N_

TOKEN_FIELD: Final = "csrf_token"  # noqa: S105 - the name of a field
TOKEN_HEADER: Final = "X-CSRF-Token"  # noqa: S105 - the name of a header

_DIGEST_BYTES: Final = 32
_FROM_OUR_PAGES: Final = frozenset({"same-origin", "none"})


class RequestFromElsewhere(DomainError):
    """Another site made the browser send this, or the browser does not say where it comes from."""

    message = N_(
        "Your browser says that this came from another site, so it was not accepted. "
        "Open the page here, and send it again."
    )


class PageTooOld(DomainError):
    """The form belongs to an earlier session: somebody signed in or entered again since it was shown."""

    message = N_(
        "You have entered again since this page was opened, so it could not be accepted. "
        "Go back, load the page again, and send it once more."
    )


def csrf_token(secret: str, session_token: str) -> str:
    """A token that forms of one session carry: HMAC-SHA256 of the session under the server's secret.

    It stands behind a mask that is new each time. Pages are compressed, and from the lengths of many of them
    somebody on the line could guess a token that stood in all.
    """
    mask = secrets.token_bytes(_DIGEST_BYTES)
    masked = _exclusive_or(_digest(secret, session_token), mask)
    return base64.urlsafe_b64encode(mask + masked).rstrip(b"=").decode()


def is_token_of(given: str, secret: str, session_token: str) -> bool:
    """Whether a token was made for this session, under whatever mask."""
    try:
        content = base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return False
    mask, masked = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    if len(masked) != _DIGEST_BYTES:
        return False
    return hmac.compare_digest(_exclusive_or(masked, mask), _digest(secret, session_token))


def refuse_another_site(headers: Headers, base_url: str) -> None:
    """Refuse what another site sent: by Sec-Fetch-Site, else by Origin, else refuse.

    Browsers that predate Sec-Fetch-Site, and others outside TLS, send ``Origin: null`` under our no-referrer
    policy even from our own pages. They are let through here, and the token decides: that of the session, or
    that of the door where there is no session yet.

    Raises
    ------
    RequestFromElsewhere
        When the browser names another site, or names none at all.
    """
    site, origin = headers.get("Sec-Fetch-Site"), headers.get("Origin")
    if site is not None:
        is_ours = site in _FROM_OUR_PAGES
    else:
        is_ours = origin in ("null", base_url) or _host_of(origin) == headers.get("Host", "")
    if not is_ours:
        raise RequestFromElsewhere


def tells_where_it_was_sent_from(headers: Headers) -> bool:
    """Whether a browser says which site a form was sent from."""
    return "Sec-Fetch-Site" in headers


def needs_door_token(headers: Headers) -> bool:
    """Whether a form before a session comes from nobody knows where, so that its token must decide."""
    return not tells_where_it_was_sent_from(headers) and headers.get("Origin") == "null"


def refuse_foreign_token(given: str, secret: str, session_token: str) -> None:
    """Refuse a form that was not made for this session.

    Raises
    ------
    PageTooOld
        When the token is missing or belongs to another session.
    """
    if not is_token_of(given, secret, session_token):
        raise PageTooOld


def _host_of(origin: str | None) -> str | None:
    return urlsplit(origin).netloc if origin else None


def _digest(secret: str, session_token: str) -> bytes:
    return hmac.digest(secret.encode(), f"castalia-csrf:{session_token}".encode(), "sha256")


def _exclusive_or(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(_DIGEST_BYTES)
