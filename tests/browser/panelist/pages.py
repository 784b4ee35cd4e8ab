"""Every page a panelist can meet: which route and template answer, by the name that the walks give it."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from jinja2 import Template
from playwright.sync_api import Page
from starlette.routing import Match

from app.web.panelist import router
from app.web.shared.templating import TEMPLATE_DIRECTORY

REFUSAL = "shared/refusal.html"
REPORT = "panel_edition.html"
FILES = {"/s/{slug}/answers.csv", "/s/{slug}/answers.pdf"}
"""Routes that give a file, not a page."""


@dataclass(frozen=True)
class Where:
    """The route of a page, and the template it is made of; a route without one is none of a panelist's."""

    route: str
    template: str


def _at(path: str, template: str) -> Where:
    return Where(f"/s/{{slug}}{path}", f"panelist/{template}.html")


_LINK = Where("/link", "panelist/lost_link.html")
_INVITATION = Where("/p/{token}", "panelist/enter.html")
_NOT_ME_YET = Where("/p/{token}", "panelist/not_me.html")
_GOODBYE = Where("/goodbye", "panelist/goodbye.html")
_HOME = _at("", "home")
_TOPIC = _at("/topics/{code}", "topic")
_QUESTIONS = _at("/questions", "questions")

WAYS_IN_AND_OUT = {
    "a link that opens nothing": Where("/p/{token}", REFUSAL),
    "an address that is no page": Where("", REFUSAL),
    "a page of somebody who has not entered": Where("/s/{slug}", REFUSAL),
    "asking for a lost link": _LINK,
    "asking for a lost link without an address": _LINK,
    "a lost link is asked for": _LINK,
    "the invitation": _INVITATION,
    "not me, before entering": _NOT_ME_YET,
    "not me, before entering, without a reason": _NOT_ME_YET,
    "the study before consent": _at("/study", "study"),
    "a no": _at("/declined", "declined"),
    "the invitation after a no": _INVITATION,
    "a no for good": _at("/declined", "declined"),
    "the invitation after a no for good": _INVITATION,
    "not me, on a shared device": _at("/not-me", "not_me"),
    "not me, without a reason": _at("/not-me", "not_me"),
    "goodbye to somebody else": _GOODBYE,
    "goodbye": _GOODBYE,
}

ROUNDS = {
    "questions about oneself": _at("/profile", "profile"),
    "questions about oneself, with one missing": _at("/profile", "profile"),
    "home before the first round": _HOME,
    "open questions": _QUESTIONS,
    "open questions, some answered": _QUESTIONS,
    "open questions, one answered elsewhere": _QUESTIONS,
    "which own words count": Where("/s/{slug}/questions", "panelist/conflict.html"),
    "review of own words": _at("/review", "review"),
    "receipt of own words": _at("/receipt", "receipt"),
    "open questions after time": _QUESTIONS,
    "own words that were not counted": Where("/s/{slug}/questions", "panelist/uncounted.html"),
    "home after the round": _HOME,
    "home between rounds": _HOME,
    "home of somebody who is not asked": _HOME,
    "overview, nothing answered": _at("/overview", "overview"),
    "a topic": _TOPIC,
    "a topic with an answer changed elsewhere": _TOPIC,
    "which answer counts": Where("/s/{slug}/topics/{code}", "panelist/conflict.html"),
    "overview, some answered": _at("/overview", "overview"),
    "review with gaps": _at("/review", "review"),
    "the study after consent": _at("/study", "study"),
    "the question before leaving": _at("/withdraw", "confirm"),
    "review of everything": _at("/review", "review"),
    "receipt": _at("/receipt", "receipt"),
    "overview, handed in": _at("/overview", "overview"),
    "home after time": _HOME,
    "handing in after time": Where("/s/{slug}/submit", "panelist/home.html"),
    "a topic after time": _TOPIC,
    "what was not counted": Where("/s/{slug}/topics/{code}", "panelist/uncounted.html"),
    "results": _at("/results", "results"),
    "a topic with the groups' figures": _TOPIC,
    "a topic with a reason asked": _TOPIC,
    "a topic of a real-time round": _TOPIC,
    "a topic of a real-time round, with figures and with some that wait for more answers": _at(
        "/statements/{code}/feedback", "live_feedback"
    ),
    "home of somebody who has left": _HOME,
    "home at the end": _HOME,
    "the report": Where("/s/{slug}/report", REPORT),
}

ONE_STATEMENT = {
    "a statement": _at("/statements/{code}", "topic"),
    "overview of single statements": _at("/overview", "overview"),
}

OTHER_RULES = {
    "a topic of wide scales": _TOPIC,
    "a number off the scale": _TOPIC,
    "a topic with everything that can be fed back": _TOPIC,
    "results with comments and a group withheld": _at("/results", "results"),
    "the study where leaving erases": _at("/study", "study"),
    "the question before erasing": _at("/withdraw", "confirm"),
    "home of somebody who is erased": _HOME,
}

EVERY_PAGE = (WAYS_IN_AND_OUT, ROUNDS, ONE_STATEMENT, OTHER_RULES)


def routes_of_pages() -> set[str]:
    """The routes under which panelists find a page."""
    found = {route.path for route in router.routes if "GET" in route.methods}  # type: ignore[attr-defined]
    return found - FILES


def templates_of_pages() -> set[str]:
    """The templates of panelists' pages."""
    folder = Path(TEMPLATE_DIRECTORY)
    return {str(file.relative_to(folder)) for file in (folder / "panelist").glob("*.html")}


class Trail:
    """What a page's browser asked for, and what the application made of it, since the last look."""

    def __init__(self, app: FastAPI, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
        self._app = app
        self._templates: set[str | None] = set()
        self._routes: set[str] = set()
        page.on("request", lambda request: self._routes.add(self._route(urlsplit(request.url).path)))
        render = Template.render

        def note(template: Template, *args: object, **kwargs: object) -> str:
            self._templates.add(template.name)
            return render(template, *args, **kwargs)

        monkeypatch.setattr(Template, "render", note)

    def leads_to(self, where: Where) -> bool:
        """Whether the route was asked for, and the template used; the trail begins anew."""
        found = where.route in self._routes and where.template in self._templates
        self._routes.clear()
        self._templates.clear()
        return found

    def _route(self, path: str) -> str:
        scope = {"type": "http", "path": path, "method": "GET", "headers": []}
        matching = (route for route in self._app.router.routes if route.matches(scope)[0] is not Match.NONE)
        return str(getattr(next(matching, None), "path", ""))
