"""Waiting for what no locator tells."""

import time
from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.chromium import LONGEST_SECONDS


def wait_for(condition: Callable[[], object], page: Page) -> None:
    """Wait until something holds, while the page goes on."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        page.wait_for_timeout(10)


def wait_until_kept(page: Page, number: int) -> None:
    """Wait until the page keeps so many things in its browser."""
    wait_for(lambda: page.evaluate("localStorage.length") == number, page)
