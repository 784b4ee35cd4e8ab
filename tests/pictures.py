"""Pictures of the main pages for README and docs, taken from the demo: ``make pictures``."""

import logging
import tempfile
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from unittest.mock import patch

import structlog
from fastapi import FastAPI
from playwright.sync_api import Browser, FloatRect, Page, ViewportSize, sync_playwright

from app.clock import FixedClock
from app.demo.loader import load_demo
from app.domain.rating import RatingChange
from app.domain.study import Language
from app.main import create_app
from app.services.accounts import add_researcher
from app.services.entering import enter_by_link, find_panelist
from app.services.links import IssuedLink
from app.services.questionnaire import read_questionnaire
from app.services.ratings import save_answers
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
LIVE = "peer-support-live"
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
            # A receipt's code is random everywhere but on a picture.
            with patch("secrets.choice", Random(TAKEN_AT.year).choice):
                take_panelist(browser, address, loaded.links[0], app)
            take_researcher(browser, address, loaded.finished)
            take_report(browser, report)
            browser.close()


def take_panelist(browser: Browser, address: str, link: IssuedLink, app: FastAPI) -> None:
    """A panelist's way through round 3 on a phone, from the invitation to the receipt."""
    page = open_page(browser, address, PHONE)
    page.goto(f"/p/{link.token}?language=en")
    take(page, "entering.png", 844)
    page.locator("main form button.button-primary").first.click()
    page.get_by_role("button", name="English").click()
    answer(app, link, but=("S20", "S21", "S26"))
    page.goto(f"/s/{LIVE}/overview")
    take(page, "overview.png", 1150)
    page.goto(f"/s/{LIVE}/topics/status")
    page.locator("h1").scroll_into_view_if_needed()
    take(page, "rating.png", 1500)
    page.goto(f"/s/{LIVE}/review")
    take(page, "review.png", 1150)
    page.goto(f"/s/{LIVE}/results")
    take(page, "results.png", 1600)
    answer(app, link)
    page.goto(f"/s/{LIVE}/review")
    page.get_by_role("button", name="Hand in my answers").click()
    take(page, "receipt.png", 1000)
    page.context.close()


def answer(app: FastAPI, link: IssuedLink, *, but: Collection[str] = ()) -> None:
    """Let the panelist keep every answer of the round before but those on some statements."""
    database, clock = app.state.database, app.state.clock
    entered = enter_by_link(database, clock, link.token, session_hours=1)
    visitor = find_panelist(database, clock, LIVE, entered.session_token)
    questionnaire = read_questionnaire(database, clock, visitor)
    assert questionnaire is not None
    changes = [
        RatingChange(item.statement.code, criterion, kept.point, kept.abstained, known_version=0)
        for item in questionnaire.statements
        if item.statement.code in questionnaire.unanswered and item.statement.code not in but
        for criterion, kept in item.previous.items()
    ]
    saved = save_answers(database, clock, visitor, questionnaire.round.number, changes)
    assert not saved.refusals


def take(page: Page, name: str, height: int) -> None:
    """The upper part of a page, as high as the page is at most."""
    page.wait_for_load_state("networkidle")
    whole = page.evaluate("document.documentElement.scrollHeight")
    width = page.evaluate("innerWidth")
    clip = FloatRect(x=0, y=0, width=width, height=min(height, whole))
    page.screenshot(path=PICTURES / name, clip=clip, full_page=True)


def take_researcher(browser: Browser, address: str, slug: str) -> None:
    """The decisions after all rounds, a statement in full, how it is coded, and two rounds side by side."""
    page = open_page(browser, address, DESK)
    page.goto("/research/sign-in")
    page.locator("input[type=email]").fill(EMAIL)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main form button.button-primary").click()
    for name, path, height in (
        ("decisions", "results", 800),
        ("statement", "results/3/S13", 1150),
        ("coding", "coding?about=S13&others=1", 1150),
        ("agreement", "coding/agreement", 800),
        ("compared", "compare?was=no_consensus&now=consensus_in", 950),
    ):
        page.goto(f"/research/{slug}/{path}")
        take(page, f"{name}.png", height)
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
