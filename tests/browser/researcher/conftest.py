"""The application in a server of its own, with a study that a researcher can run."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page

from app.clock import FixedClock
from app.domain.account import Role
from app.main import create_app
from app.services.accounts import add_researcher
from app.services.joining import join_study
from app.settings import Settings
from tests.browser.chromium import DESK, Visitors
from tests.panel_study import SECRET, SLUG, STATEMENTS, PlayedStudy, panel_study
from tests.serving import address_of, free_port, serving

EMAIL, PASSWORD = "researcher@example.org", "correct horse battery staple"


@pytest.fixture
def app(sqlite_url: str, clock: FixedClock) -> FastAPI:
    """The application on a database of its own; its server closes the database."""
    return create_app(Settings(database_url=sqlite_url, secret=SECRET), clock)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    """Where the application is served."""
    listener = free_port()
    assert address_of(listener)
    with serving(app, listener) as address:
        yield address


@pytest.fixture
def study(app: FastAPI, address: str, clock: FixedClock, request: pytest.FixtureRequest) -> PlayedStudy:
    """A study with a panel and an owner, before its first round; a test may name another folder."""
    database = app.state.database
    study = PlayedStudy.begin(database, clock, panel_study(getattr(request, "param", "garden_study")))
    researcher = add_researcher(
        database, clock, email=EMAIL, name="Robin Researcher", password=PASSWORD, language="en"
    )
    join_study(database, clock, SLUG, researcher.id, Role.OWNER, "system")
    return study


class AtDesk:
    """A researcher at a browser."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def sign_in(self) -> None:
        """Sign in on the page for it."""
        self.page.goto("/research/sign-in")
        self.page.get_by_label("E-mail address").fill(EMAIL)
        self.page.get_by_label("Password").fill(PASSWORD)
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button").click()

    def go(self, page: str = "") -> None:
        """Open one of the study's pages."""
        self.page.goto(f"/research/{SLUG}{page}")

    def press(self, words: str) -> None:
        """Press a button, or follow a link, by exactly what it says."""
        exactly = re.compile(rf"^\s*{re.escape(words)}\s*$")
        self.page.locator("main").locator("button, a").filter(has_text=exactly).first.click()


@pytest.fixture
def arrive(visitors: Visitors, address: str, study: PlayedStudy):
    """A researcher at a new browser, not signed in."""

    def arrive(**options: object) -> AtDesk:
        return AtDesk(visitors.arrive(address, **{"viewport": DESK, **options}))

    return arrive


def rate_round(study: PlayedStudy) -> None:
    """Let everybody rate the open round; on S02 gardeners and neighbours disagree."""
    for link in study.links:
        visitor = study.visitor(link) if study.visitor(link).panelist.consented_at else study.take_part(link)
        points: dict[str, int | None] = dict.fromkeys(STATEMENTS, 4)
        points["S02"] = 1 if link.group == "gardeners" else 5
        study.rate(visitor, points)
