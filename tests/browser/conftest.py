"""What a test in Chromium may ask for: visitors, each with a browser of their own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.chromium import LONGEST_SECONDS, ChromiumMissing, Visitors, launch_chromium
from tests.conftest import not_tested


# Not for the whole session: while Playwright is there, nothing else in the process can run an event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, shared by the tests in this folder."""
    expect.set_options(timeout=LONGEST_SECONDS * 1000)
    with sync_playwright() as playwright:
        try:
            browser = launch_chromium(playwright)
        except ChromiumMissing as missing:
            not_tested("Chromium", str(missing))
        yield browser
        browser.close()


@pytest.fixture
def visitors(browser: Browser) -> Iterator[Visitors]:
    """People with a browser each; an unexpected console error, or request elsewhere, fails the test."""
    visitors = Visitors(browser)
    yield visitors
    visitors.leave()
