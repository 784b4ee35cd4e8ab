"""Leaving on a device: the session ends, and a page that knows nobody says how to come back."""

from dataclasses import dataclass
from enum import StrEnum

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.services.entering import leave_session
from app.web.panelist.visit import COOKIE, Visit, find_visit, read_form
from app.web.shared.refusal_pages import LOST_LINK_PATH
from app.web.shared.state import answer_in, clock_of, database_of, locale_of, nonce_of
from app.web.shared.templating import Chrome, render

router = APIRouter()


class Farewell(StrEnum):
    """Why nobody is here any more."""

    LEFT = "left"
    NOT_ME = "not_me"


@dataclass(frozen=True, slots=True)
class GoodbyePage:
    """Shown after leaving on this device; it knows nobody."""

    why: Farewell
    lost_link_path: str


@router.post("/s/{slug}/leave", dependencies=[Depends(read_form)])
def leave(request: Request, slug: str) -> Response:
    """End the session of this browser; nothing of the panelist stays on the device."""
    visit = find_visit(request, slug)
    leave_session(database_of(request), clock_of(request), visit.session_token)
    return clear_device(visit, Farewell.LEFT)


@router.get("/goodbye")
def say_goodbye(request: Request, language: str = "", why: str = "") -> Response:
    """Say that the session has ended and how to come back."""
    answer_in(request, language)
    locale = locale_of(request)
    chrome = Chrome(locale=locale, csrf_token="", nonce=nonce_of(request), path="/")
    page = GoodbyePage(
        why=Farewell(why) if why in set(Farewell) else Farewell.LEFT,
        lost_link_path=f"{LOST_LINK_PATH}?language={locale}",
    )
    return HTMLResponse(render("panelist/goodbye.html", locale, page, chrome))


def clear_device(visit: Visit, why: Farewell) -> Response:
    """Take everything of an ended session off the device, and say goodbye."""
    response = go_to_goodbye(visit.locale, why)
    response.delete_cookie(COOKIE, path=visit.path(), httponly=True, samesite="lax")
    kept = '"cache", "storage"' if visit.visitor.on_shared_device else '"storage"'
    response.headers["Clear-Site-Data"] = kept
    return response


def go_to_goodbye(locale: str, why: Farewell) -> Response:
    """Send the browser to the page that knows nobody."""
    told = "" if why is Farewell.LEFT else f"&why={why}"
    return RedirectResponse(f"/goodbye?language={locale}{told}", 303)
