"""Chromium as the tests use it: quiet, watched, and held to WCAG 2.2 AA."""

import shutil
from collections.abc import Iterable, Mapping
from typing import Literal
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    ViewportSize,
)

# Chromium of its own accord looks for updates and rates networks; here it speaks to the application alone.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}
Scheme = Literal["light", "dark"]
LOOKS: tuple[tuple[ViewportSize, Scheme], ...] = ((PHONE, "light"), (DESK, "dark"))

# Passes are not asked for: to describe every element of a page takes axe longer than to judge it.
_EVERY_RULE = {"runOnly": {"type": "tag", "values": WCAG_22_AA}, "resultTypes": ["violations"]}
_RULES_OF_COLOUR = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}


class ChromiumMissing(Exception):
    """There is no Chromium on this machine."""


def launch_chromium(playwright: Playwright) -> Browser:
    """Start Debian's Chromium, best the one without windows, which is faster by far.

    Raises
    ------
    ChromiumMissing
        When there is none.
    """
    executable = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if executable is None:
        raise ChromiumMissing("there is no chromium on this machine")
    return playwright.chromium.launch(executable_path=executable, args=FLAGS)


def assert_no_axe_violations(page: Page) -> None:
    """Hold a page, as it stands now, against WCAG 2.2 AA and axe's best practices."""
    _assert_axe_finds_nothing(page, _EVERY_RULE)


def assert_no_barrier(
    page: Page, looks: Iterable[tuple[ViewportSize, Scheme]] = LOOKS, *, every_colour: bool = False
) -> None:
    """Hold a page, with everything unfolded, against every rule in each look, without loading it again.

    Parameters
    ----------
    looks
        Widths of the window, each with a scheme of colours.
    every_colour
        Whether the rules of colour also hold in the other scheme of each look.
    """
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    for window, scheme in looks:
        # Without motion, so that no page is looked at while something fades.
        page.set_viewport_size(window)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert_no_axe_violations(page)
        assert fits(page), f"{page.url} is wider than a window of {window['width']}"
        if every_colour:
            page.emulate_media(color_scheme="light" if scheme == "dark" else "dark", reduced_motion="reduce")
            _assert_axe_finds_nothing(page, _RULES_OF_COLOUR)


def fits(page: Page) -> bool:
    """Whether nothing leaves the page sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def _assert_axe_finds_nothing(page: Page, options: Mapping[str, object]) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate("(options) => axe.run(options)", options))
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


class Visitors:
    """People with a browser each, and whatever went wrong in front of them."""

    def __init__(self, browser: Browser) -> None:
        self.faults: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._expected: list[str] = []

    def arrive(self, base_url: str, **browser_options: object) -> Page:
        """Open a new browser, with nothing remembered, whose relative addresses begin at ``base_url``.

        Further options are those of a Playwright context, such as ``java_script_enabled``.
        """
        context = self._browser.new_context(base_url=base_url, **browser_options)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        origin = urlsplit(base_url).netloc
        context.on("request", lambda request: self._note_foreign(request, origin))
        context.on("console", self._note_console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        self._contexts.append(context)
        return context.new_page()

    def expect_fault(self, part: str) -> None:
        """Let faults that contain ``part`` pass: a refusal that a test is about also reaches the console."""
        self._expected.append(part)

    def leave(self) -> None:
        """Close every browser, and fail when something went wrong that nobody expected."""
        for context in self._contexts:
            context.close()
        unexpected = [fault for fault in self.faults if not any(part in fault for part in self._expected)]
        assert not unexpected, "\n".join(unexpected)

    def _note_foreign(self, request: Request, origin: str) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob", "about"} and address.netloc != origin:
            self.faults.append(f"asked elsewhere: {request.url}")

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"console: {message.text}")
