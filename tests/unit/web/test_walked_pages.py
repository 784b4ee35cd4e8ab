"""Every page, in every language, is named in the walks that hold pages against axe."""

import re
from pathlib import Path

import pytest

from app.i18n import LANGUAGE_NAMES
from app.web.shared.permissions import ROUTES, Audience
from tests.browser.researcher.pages import IN_STATES, UPLOADS
from tests.panel_study import panel_study

WALKS = Path(__file__).parents[2] / "browser"
NO_PAGES = {
    "/research/{slug}/protocol/planner.svg",
    "/research/{slug}/rounds/{number}/answers.csv",
    "/research/{slug}/rounds/{number}/response",
    "/research/{slug}/figures/{place}/{kind}/{name}",
    "/research/{slug}/statements/{code}/text/{language}",
    "/research/{slug}/coding.csv",
}
"""Pictures, files, and parts of a page that the page itself asks for."""
OF_ACCOUNTS = {
    "/research/account": '"/research/account"',
    "/research/account/second-factor": '"/research/account/second-factor"',
    "/research/{slug}/people/invite": '{people}/invite"',
    "/research/{slug}/people/{number}": '("?done=invited", "/1")',
    "/research/{slug}/panel/{pseudonym}/unmask": "/unmask",
}
"""Pages of the walk through accounts, and the words in it that lead there."""


def as_pattern(path: str) -> str:
    """What addresses of a route look like, seen from its study."""
    own = path.removeprefix("/research/{slug}")
    return re.sub(r"\\\{\w+\\\}", r"[^/?]+", re.escape(own)) + r"(\?.*)?"


def test_every_page_for_researchers_stands_in_a_walk() -> None:
    walked = [page for pages in IN_STATES.values() for page in pages]
    led_to = {f"/research/{{slug}}{page}/{{token}}" for page in UPLOADS}
    pages = {
        path
        for (method, path), access in ROUTES.items()
        if method == "GET" and access.audience is Audience.RESEARCHER and path not in NO_PAGES
    }
    named = {path for path in pages if any(re.fullmatch(as_pattern(path), page) for page in walked)}
    assert sorted(pages - named - led_to - OF_ACCOUNTS.keys()) == []
    accounts = (WALKS / "researcher" / "test_accounts.py").read_text(encoding="utf-8")
    assert [words for words in OF_ACCOUNTS.values() if words not in accounts] == []


@pytest.mark.parametrize(
    "walk", ["panelist/test_accessibility", "researcher/test_every_language", "researcher/test_accounts"]
)
def test_a_walk_goes_through_every_language_that_castalia_speaks(walk: str) -> None:
    assert "LANGUAGE_NAMES" in (WALKS / f"{walk}.py").read_text(encoding="utf-8")
    assert set(panel_study("garden_languages_study").languages) == LANGUAGE_NAMES.keys()
