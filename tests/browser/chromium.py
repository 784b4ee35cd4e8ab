"""Chromium as the tests use it: quiet and watched."""

import shutil
from urllib.parse import urlsplit

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

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}

LONGEST_SECONDS = 30
"""How long anything may take on a machine that has much else to do; nothing waits longer than it must."""


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
        context.set_default_timeout(LONGEST_SECONDS * 1000)
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
