"""The application in a server of its own, with a study that a panelist can walk through."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Locator, Page, expect

from app.clock import FixedClock
from app.main import create_app
from app.services.links import IssuedLink
from app.settings import Settings
from tests.browser.chromium import Visitors
from tests.browser.states import IN_ROUND_1
from tests.panel_study import SECRET, SLUG, PlayedStudy
from tests.prepared import Prepared
from tests.serving import free_port, serving

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def prepared(request: pytest.FixtureRequest) -> Prepared | None:
    """A study with a panel, in round 1, for a test that plays no other."""
    return IN_ROUND_1 if "study" in request.fixturenames else None


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


class Panelist:
    """A panelist at a browser."""

    def __init__(self, page: Page, link: IssuedLink) -> None:
        self.page = page
        self.link = link

    def enter(self) -> None:
        """Open the personal link and press the button."""
        self.page.goto(f"/p/{self.link.token}")
        with self.page.expect_navigation():
            self.page.locator("main form button.button-primary").click()

    def go(self, page: str = "") -> None:
        """Open one of the panelist's pages."""
        self.page.goto(f"/s/{SLUG}{page}")

    def choose(self, code: str, value: object) -> None:
        """Choose a point, or "unable"."""
        self.point(code, value).check()

    def save(self, code: str, value: object) -> None:
        """Choose a point, and wait until the page was told that it is stored."""
        with self.page.expect_response("**/autosave*") as reply:
            self.choose(code, value)
        assert reply.value.ok

    def is_told(self, code: str, words: str) -> None:
        """Wait until the page says this about saving a statement."""
        expect(self.page.locator(f"[data-card={code}] [data-save-state]")).to_contain_text(words)

    def press(self, words: str) -> None:
        """Press a button or follow a link by what it says, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.try_to_press(words)

    def try_to_press(self, words: str) -> None:
        """Press a button or follow a link that may lead nowhere yet."""
        self.page.locator("main").get_by_text(words, exact=True).click()

    def leave(self) -> None:
        """Leave on this device."""
        with self.page.expect_navigation(url="**/goodbye*"):
            self.page.locator("footer").get_by_text("Leave on this device").click()

    def point(self, code: str, value: object) -> Locator:
        """Where a point, or "unable", is chosen."""
        return self.page.locator(f"[name='{code}.agreement'][value='{value}']")

    def comment(self, code: str) -> Locator:
        """Where a comment on a statement is written."""
        return self.page.locator(f"#statement-{code}-comment")


@pytest.fixture
def arrive(visitors: Visitors, address: str, study: PlayedStudy):
    """A panelist at a new browser, with nothing remembered."""

    def arrive(link: IssuedLink | None = None, **options: object) -> Panelist:
        page = visitors.arrive(address, **{"viewport": PHONE, **options})
        return Panelist(page, link or study.link())

    return arrive
