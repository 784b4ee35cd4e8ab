"""Forms that come before a session, in browsers that do not say where a form was sent from.

Such a browser gets a cookie with the page and its token in the form. Another site has neither.
"""

import secrets
from typing import Final

from fastapi import Request
from starlette.responses import Response

from app.web.shared.csrf import csrf_token, tells_where_it_was_sent_from
from app.web.shared.state import settings_of

DOOR_COOKIE: Final = "castalia_door"


def door_token(request: Request) -> str:
    """The token for a form on this page; empty for browsers that need none."""
    if tells_where_it_was_sent_from(request.headers):
        return ""
    request.state.door = request.cookies.get(DOOR_COOKIE) or secrets.token_urlsafe(32)
    return csrf_token(settings_of(request).secret.get_secret_value(), request.state.door)


def keep_door(request: Request, response: Response) -> Response:
    """Give the page the cookie that belongs to its token, when it has one; it ends with the browser."""
    door = getattr(request.state, "door", "")
    if door:
        secure = settings_of(request).serves_over_tls
        response.set_cookie(DOOR_COOKIE, door, path="/", secure=secure, httponly=True, samesite="lax")
    return response
