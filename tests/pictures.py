"""Pictures of the main pages for README and docs, taken from the demo: ``make pictures``."""

import logging
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import structlog
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from app.clock import FixedClock
from app.demo.loader import load_demo
from app.domain.study import Language
from app.main import create_app
from app.services.accounts import add_researcher
from app.services.reporting import write_html_report
from app.settings import Settings
from app.storage.database import Database
from app.storage.schema import upgrade_schema
from tests.browser.chromium import launch_chromium
from tests.serving import free_port, serving

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
TAKEN_AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=800)
SECRET = "a secret for pictures, long enough"
EMAIL, PASSWORD = "researcher@example.org", "a password for pictures"


def main() -> None:
    """Load the demo, serve it, and take every picture."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        url = f"sqlite:///{directory}/demo.db"
        upgrade_schema(url)
        database, clock = Database(url), FixedClock(TAKEN_AT)
        owner = add_researcher(database, clock, email=EMAIL, name="Ana Peeters", password=PASSWORD)
        loaded = load_demo(database, clock, SECRET.encode(), owner.id)
        report = write_html_report(
            database, clock, loaded.finished, Path(directory) / "report.html", language=Language.EN
        )
        database.close()
        app = create_app(Settings(database_url=url, secret=SECRET), clock)
        with serving(app, free_port()) as address, sync_playwright() as playwright:
            browser = launch_chromium(playwright)
            take_panelist(browser, address, loaded.links[0].token)
            take_researcher(browser, address, loaded.finished)
            take_report(browser, report)
            browser.close()


def take_panelist(browser: Browser, address: str, token: str) -> None:
    """A statement to rate in round 3, on a phone, with what the groups answered before."""
    page = open_page(browser, address, PHONE)
    page.goto(f"/p/{token}")
    page.locator("main form button").first.click()
    page.get_by_role("button", name="English").click()
    page.goto("/s/peer-support-live/topics/status", wait_until="networkidle")
    page.locator("h1").scroll_into_view_if_needed()
    page.screenshot(
        path=PICTURES / "rating.png",
        clip={"x": 0, "y": 0, "width": PHONE["width"], "height": 1500},
        full_page=True,
    )
    page.context.close()


def take_researcher(browser: Browser, address: str, slug: str) -> None:
    """The decisions after all rounds."""
    page = open_page(browser, address, DESK)
    page.goto("/research/sign-in")
    page.locator("input[type=email]").fill(EMAIL)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main form button").click()
    page.goto(f"/research/{slug}/results", wait_until="networkidle")
    page.screenshot(path=PICTURES / "decisions.png")
    page.context.close()


def take_report(browser: Browser, report: Path) -> None:
    """The first page of the consensus report."""
    page = open_page(browser, "", DESK)
    page.goto(report.as_uri())
    page.screenshot(path=PICTURES / "report.png")
    page.context.close()


def open_page(browser: Browser, address: str, viewport: ViewportSize) -> Page:
    """A new browser that remembers nothing and reads English."""
    return browser.new_context(
        base_url=address or None,
        viewport=viewport,
        locale="en-GB",
    ).new_page()


if __name__ == "__main__":
    main()
