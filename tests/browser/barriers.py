"""What keeps people out of a page: WCAG 2.2 AA as axe judges it, in every look, and what does not fit."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page, ViewportSize

from tests.browser.chromium import DESK, PHONE

Scheme = Literal["light", "dark"]
LOOKS: tuple[tuple[ViewportSize, Scheme], ...] = (
    (PHONE, "light"),
    (PHONE, "dark"),
    (DESK, "dark"),
    (DESK, "light"),
)
"""Every look of a page, each one step from the one before."""

NARROWEST: ViewportSize = {"width": 320, "height": 640}
_SCRIPT = AXE_SCRIPT + (Path(__file__).parent / "barriers.js").read_text(encoding="utf-8")

_WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]
_RULES_OF_WIDTH = ["target-size", "scrollable-region-focusable"]
# Passes are not asked for: to describe every element of a page takes axe longer than to judge it.
_USUAL = {"preload": False, "resultTypes": ["violations"]}
_EVERY_RULE = {**_USUAL, "runOnly": {"type": "tag", "values": _WCAG_22_AA}}
_ALL_BUT_COLOURS = {**_EVERY_RULE, "rules": {rule: {"enabled": False} for rule in _RULES_OF_COLOUR}}
_WIDTH_ALONE = {**_USUAL, "runOnly": {"type": "rule", "values": _RULES_OF_WIDTH}}
_COLOURS_ALONE = {"preload": False, "runOnly": {"type": "rule", "values": _RULES_OF_COLOUR}}

_FLAWLESS: set[bytes] = set()
"""Shapes of pages in which axe found nothing: it would find the same again, whatever the language or width.

Only the rules of width are asked again.
"""

_JUDGED: set[str] = set()
"""Colours of text and ground in which axe found nothing, on whatever page: it would find the same again."""


def assert_no_axe_violations(page: Page) -> None:
    """Hold a page, as it stands now, against WCAG 2.2 AA and axe's best practices."""
    _assert_axe_finds_nothing(page, _EVERY_RULE)


def assert_no_barrier(page: Page) -> None:
    """Hold a page, with everything unfolded, against every rule in every look, without loading it again.

    It also fits the narrowest window, and the others with text of twice the size.
    """
    _bring_axe(page)
    seen: ViewportSize | None = None
    for window, scheme in LOOKS:
        # Without motion, so that no page is looked at while something fades.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if window is not seen:
            seen = window
            page.set_viewport_size(window)
            shape = sha256(page.evaluate("barriers.shape()").encode()).digest()
            rules = _WIDTH_ALONE if shape in _FLAWLESS else _ALL_BUT_COLOURS
            found = page.evaluate("barriers.look", [rules, ["200%"]])
            _assert_no_violation(page, found)
            _FLAWLESS.add(shape)
            _assert_nothing_cut_off(page, found["cutOff"])
        _assert_colours_pass(page)
    page.set_viewport_size(NARROWEST)
    assert_fits(page)


def assert_fits(page: Page) -> None:
    """Nothing leaves the page sideways or is cut off."""
    _bring_axe(page)
    _assert_nothing_cut_off(page, page.evaluate("barriers.cutOff()"))


def bring_axe_along(page: Page) -> None:
    """Let a browser that looks at many pages have axe on each, instead of being sent it for each."""
    page.context.add_init_script(_SCRIPT)


def _bring_axe(page: Page) -> None:
    if not page.evaluate("'barriers' in window"):
        page.evaluate(_SCRIPT)


def _assert_axe_finds_nothing(page: Page, options: Mapping[str, object]) -> None:
    _bring_axe(page)
    _assert_no_violation(page, page.evaluate("(options) => axe.run(options)", options))


def _assert_colours_pass(page: Page) -> None:
    fresh = [key for key in page.evaluate("barriers.colours()") if key not in _JUDGED]
    if fresh:
        found = page.evaluate("barriers.judge", [fresh, _COLOURS_ALONE])
        _assert_no_violation(page, found)
        _JUDGED.update(found["judged"])


def _assert_nothing_cut_off(page: Page, cut_off: list[str]) -> None:
    assert not cut_off, f"{page.url} in a window of {page.viewport_size}: {cut_off}"


def _assert_no_violation(page: Page, response: dict[str, object]) -> None:
    found = AxeResults(response)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
