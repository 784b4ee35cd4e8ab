"""What the pages before a session share: how they are shown, and how a browser is let in."""

from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.i18n import LANGUAGE_NAMES
from app.services.sessions import CODE_AWAITED_FOR, SignedIn
from app.web.researcher.desk import COOKIE, HOME
from app.web.researcher.devices import device_of
from app.web.shared.doors import door_token, keep_door
from app.web.shared.open_pages import language_links
from app.web.shared.refusal_pages import SIGN_IN_PATH
from app.web.shared.state import locale_of, nonce_of, settings_of
from app.web.shared.templating import Chrome, render

CODE_COOKIE: Final = "castalia_code"
CODE_PATH: Final = f"{SIGN_IN_PATH}/code"


def show_at_the_door(request: Request, template: str, page: object, *, status: int = 200) -> Response:
    """Render a page for somebody who is not signed in; its own address stands nowhere on it."""
    locale = locale_of(request)
    chrome = Chrome(
        locale=locale,
        csrf_token=door_token(request),
        nonce=nonce_of(request),
        path=SIGN_IN_PATH,
        languages=language_links(tuple(LANGUAGE_NAMES), locale),
    )
    return keep_door(request, HTMLResponse(render(f"researcher/{template}", locale, page, chrome), status))


def let_in(request: Request, signed_in: SignedIn, wanted: str) -> Response:
    """Go on to what was wanted, with the cookie of the session; or first to the code of the second factor."""
    if signed_in.awaits_code:
        query = urlencode({"next": wanted, "language": locale_of(request)})
        response = RedirectResponse(f"{CODE_PATH}?{query}", 303)
        seconds = int(CODE_AWAITED_FOR.total_seconds())
        _keep(request, response, CODE_COOKIE, signed_in.session_token, path=SIGN_IN_PATH, seconds=seconds)
        return response
    response = RedirectResponse(wanted, 303)
    seconds = settings_of(request).session_hours * 3600
    _keep(request, response, COOKIE, signed_in.session_token, path=HOME, seconds=seconds)
    response.delete_cookie(CODE_COOKIE, path=SIGN_IN_PATH, httponly=True, samesite="lax")
    return response


def device_at(request: Request) -> str:
    """In which browser somebody signs in, in words for the list of sessions."""
    return device_of(request.headers.get("User-Agent", ""))


def _keep(request: Request, response: Response, name: str, token: str, *, path: str, seconds: int) -> None:
    response.set_cookie(
        name,
        token,
        max_age=seconds,
        path=path,
        secure=settings_of(request).serves_over_tls,
        httponly=True,
        samesite="lax",
    )
