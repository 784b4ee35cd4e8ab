"""The application in a server of its own, with a study that a researcher can run."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from app.clock import FixedClock
from app.main import create_app
from app.services.accounts import choose_language
from app.settings import Settings
from app.storage.accounts import find_account
from tests.browser.barriers import assert_no_barrier
from tests.browser.chromium import DESK, Visitors
from tests.browser.states import EMAIL, EMPLOYED, PASSWORD
from tests.panel_study import SECRET, SLUG, PlayedStudy
from tests.prepared import Prepared
from tests.serving import free_port, serving


@pytest.fixture
def prepared(request: pytest.FixtureRequest) -> Prepared | None:
    """A study with a panel and an owner, before its first round, unless a test says otherwise."""
    return getattr(request, "param", EMPLOYED)


@pytest.fixture
def app(sqlite_url: str, clock: FixedClock) -> FastAPI:
    """The application on a database of its own; its server closes the database."""
    return create_app(Settings(database_url=sqlite_url, secret=SECRET), clock)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    """Where the application is served."""
    with serving(app, free_port()) as address:
        yield address


@pytest.fixture
def study(app: FastAPI, address: str, clock: FixedClock) -> PlayedStudy:
    """The study that was prepared."""
    return PlayedStudy.standing(app.state.database, clock)


class AtDesk:
    """A researcher at a browser."""

    def __init__(self, page: Page, study: PlayedStudy) -> None:
        self.page = page
        self._study = study

    def sign_in(self) -> None:
        """Sign in on the page for it."""
        self.page.goto("/research/sign-in")
        self.page.get_by_label("E-mail address").fill(EMAIL)
        self.page.get_by_label("Password").fill(PASSWORD)
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button").click()

    def go(self, page: str = "") -> None:
        """Open one of the study's pages, or another by its whole address."""
        self.page.goto(page if page.startswith("/research") else f"/research/{SLUG}{page}")

    def speak(self, language: str) -> None:
        """Choose the language of every page from now on."""
        database = self._study.database
        with database.reading() as connection:
            account = find_account(connection, EMAIL)
        assert account is not None
        choose_language(database, account.researcher, language)

    def look(self, language: str) -> None:
        """Hold the page that is shown, which must be in this language, against everything."""
        expect(self.page.locator("html")).to_have_attribute("lang", language)
        assert_no_barrier(self.page)

    def press(self, words: str) -> None:
        """Press a button, or follow a link, by exactly what it says."""
        exactly = re.compile(rf"^\s*{re.escape(words)}\s*$")
        self.page.locator("main").locator("button, a").filter(has_text=exactly).first.click()


@pytest.fixture
def arrive(visitors: Visitors, address: str, study: PlayedStudy):
    """A researcher at a new browser, not signed in."""

    def arrive(**options: object) -> AtDesk:
        return AtDesk(visitors.arrive(address, **{"viewport": DESK, **options}), study)

    return arrive
