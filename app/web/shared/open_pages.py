"""What anybody may ask: whether the server lives, whether it is ready, and what this place is."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from app.i18n import LANGUAGE_NAMES
from app.web.shared.parts import LanguageChoice
from app.web.shared.refusal_pages import LOST_LINK_PATH, SIGN_IN_PATH
from app.web.shared.refusals import COME_BACK_SECONDS
from app.web.shared.state import answer_in, database_of, locale_of, nonce_of
from app.web.shared.templating import Chrome, render

router = APIRouter()


@dataclass(frozen=True, slots=True)
class WelcomePage:
    """The page at the root: whom this is for, and how each gets in."""

    sign_in_path: str
    lost_link_path: str


@router.api_route("/", methods=["GET", "HEAD"])
def welcome(request: Request, language: str = "") -> Response:
    """Say what this place is, and how panelists and researchers get in."""
    answer_in(request, language)
    locale = locale_of(request)
    chrome = Chrome(
        locale=locale,
        csrf_token="",
        nonce=nonce_of(request),
        path="/",
        languages=language_links(tuple(LANGUAGE_NAMES), locale),
    )
    return HTMLResponse(
        render(
            "shared/welcome.html",
            locale,
            WelcomePage(SIGN_IN_PATH, f"{LOST_LINK_PATH}?language={locale}"),
            chrome,
        )
    )


@router.get("/livez")
def tell_life() -> Response:
    """Say that this process answers, whatever the database does."""
    return JSONResponse({"status": "alive"})


@router.get("/readyz")
def tell_readiness(request: Request) -> Response:
    """Say whether requests can be served: the database answers and has the schema."""
    if database_of(request).is_ready():
        return JSONResponse({"status": "ready"})
    return JSONResponse({"status": "not ready"}, 503, {"Retry-After": str(COME_BACK_SECONDS)})


def language_links(languages: tuple[str, ...], current: str) -> tuple[LanguageChoice, ...]:
    """The languages as links to the same page, for pages on which nothing is stored yet."""
    return tuple(
        LanguageChoice(code, LANGUAGE_NAMES[code], is_current=code == current, href=f"?language={code}")
        for code in languages
    )
