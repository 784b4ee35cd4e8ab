"""The way to a provider that vouches for people, and back."""

import secrets
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, unquote

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.domain.errors import SignInNotFinished
from app.interchange.openid import Client
from app.services.provider_sign_in import Returned, begin_at_provider, finish_at_provider
from app.web.researcher.entrance import device_at, let_in
from app.web.researcher.signing_in import PROVIDER_PATH, own_address
from app.web.shared.refusal_pages import SIGN_IN_PATH
from app.web.shared.state import answer_in, clock_of, database_of, settings_of

router = APIRouter()

PROVIDER_COOKIE: Final = "castalia_provider"
BACK_PATH: Final = f"{PROVIDER_PATH}/back"
_AWAY_FOR_SECONDS: Final = 15 * 60


# A link and no form: the page's policy lets no form end at another address.
@router.get("/research/sign-in/provider")
def go_to_provider(request: Request, next: str = "", language: str = "") -> Response:  # noqa: A002 - the field's name
    """Send the browser to the provider, with what ties the answer to this browser."""
    answer_in(request, language)
    seed = secrets.token_urlsafe(32)
    address = begin_at_provider(_client(request), _secret(request), seed)
    response = RedirectResponse(address, 303)
    response.set_cookie(
        PROVIDER_COOKIE,
        f"{seed}.{quote(own_address(next), safe='')}",
        max_age=_AWAY_FOR_SECONDS,
        path=SIGN_IN_PATH,
        secure=settings_of(request).serves_over_tls,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get("/research/sign-in/provider/back")
def come_back(request: Request, state: str = "", code: str = "") -> Response:
    """Open a session for whom the provider vouches."""
    client = _client(request)
    seed, _, wanted = request.cookies.get(PROVIDER_COOKIE, "").partition(".")
    if not seed:
        raise SignInNotFinished
    signed_in = finish_at_provider(
        database_of(request),
        clock_of(request),
        client,
        _secret(request),
        Returned(seed, state, code),
        session_hours=settings_of(request).session_hours,
        device=device_at(request),
    )
    response = let_in(request, signed_in, own_address(unquote(wanted)))
    response.delete_cookie(PROVIDER_COOKIE, path=SIGN_IN_PATH, httponly=True, samesite="lax")
    return response


def _client(request: Request) -> Client:
    settings = settings_of(request)
    if settings.oidc_issuer is None or settings.oidc_client_id is None or settings.oidc_client_secret is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return Client(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        redirect_uri=f"{settings.base_url}{BACK_PATH}",
    )


def _secret(request: Request) -> bytes:
    return settings_of(request).secret.get_secret_value().encode()
