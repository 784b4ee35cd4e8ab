"""What keeps people out of a page: WCAG 2.2 AA as axe judges it, in every look, and what does not fit."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page, ViewportSize

from tests.browser.chromium import DESK, PHONE

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("dark", "light")
LOOKS: tuple[tuple[ViewportSize, list[str]], ...] = ((PHONE, ["", "200%"]), (DESK, ["200%", ""]))
"""The windows in which a page is looked at, and the sizes of its text, one step from each to the next."""

NARROWEST: ViewportSize = {"width": 320, "height": 640}
_SCRIPT = (Path(__file__).parent / "barriers.js").read_text(encoding="utf-8")

_WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]
_RULES_OF_WIDTH = ["target-size", "scrollable-region-focusable"]
# Passes are not asked for: to describe every element of a page takes axe longer than to judge it.
_USUAL = {"preload": False, "resultTypes": ["violations"]}
_EVERY_RULE = {
    **_USUAL,
    "runOnly": {"type": "tag", "values": _WCAG_22_AA},
    "rules": {"target-size": {"enabled": True}},
}
_NO_LOOKS = {
    **_EVERY_RULE,
    "rules": {rule: {"enabled": False} for rule in (*_RULES_OF_COLOUR, *_RULES_OF_WIDTH)},
}
_WIDTH_ALONE = {**_USUAL, "runOnly": {"type": "rule", "values": _RULES_OF_WIDTH}}
_COLOURS_ALONE = {"preload": False, "runOnly": {"type": "rule", "values": _RULES_OF_COLOUR}}

# Of a page that differs from another in words alone, only what words can change is asked again: whether they
# fit, and how near to each other they leave what is touched.
_FLAWLESS: set[bytes] = set()
"""Shapes of pages in which axe found nothing: it would find the same again, in any language and width."""

_PAINTED: set[tuple[bytes, int]] = set()
"""Shapes of pages, and widths of windows, in which every colour passed, light and dark."""

_JUDGED: set[str] = set()
"""Colours of text and ground in which axe found nothing, on whatever page: it would find the same again."""


def assert_no_axe_violations(page: Page) -> None:
    """Hold a page, as it stands now, against WCAG 2.2 AA and axe's best practices."""
    bring_along(page)
    _assert_axe_finds_nothing(page, _EVERY_RULE)


def assert_no_barrier(page: Page) -> None:
    """Hold a page, with everything unfolded, against every rule in every look, without loading it again.

    Its text fits in its own size and in twice that.
    """
    bring_along(page)
    # Without motion, so that no page is looked at while something fades.
    page.emulate_media(reduced_motion="reduce")
    is_new = False
    for window, sizes in LOOKS:
        page.set_viewport_size(window)
        found = page.evaluate("barriers.look", sizes)
        _assert_nothing_cut_off(page, found["cutOff"])
        shape = sha256(found["shape"].encode()).digest()
        if found["isTight"]:
            _assert_axe_finds_nothing(page, _WIDTH_ALONE)
        if shape not in _FLAWLESS:
            is_new = True
            _assert_axe_finds_nothing(page, _NO_LOOKS)
            _FLAWLESS.add(shape)
        if (shape, window["width"]) not in _PAINTED:
            _assert_colours_pass(page)
            _PAINTED.add((shape, window["width"]))
    if is_new:
        page.set_viewport_size(NARROWEST)
        assert_fits(page)


def assert_fits(page: Page) -> None:
    """Nothing leaves the page sideways or is cut off."""
    bring_along(page)
    _assert_nothing_cut_off(page, page.evaluate("barriers.cutOff()"))


def bring_along(page: Page) -> None:
    """Let a page know what is asked of it beside axe, unless it does."""
    page.evaluate(_SCRIPT)


def _bring_axe(page: Page) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)


def _assert_axe_finds_nothing(page: Page, options: Mapping[str, object]) -> None:
    _bring_axe(page)
    _assert_no_violation(page, page.evaluate("barriers.ask", options))


def _assert_colours_pass(page: Page) -> None:
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        fresh = [key for key in page.evaluate("barriers.colours()") if key not in _JUDGED]
        if fresh:
            _bring_axe(page)
            found = page.evaluate("barriers.judge", [fresh, _COLOURS_ALONE])
            _assert_no_violation(page, found)
            _JUDGED.update(found["judged"])


def _assert_nothing_cut_off(page: Page, cut_off: list[str]) -> None:
    assert not cut_off, f"{page.url} in a window of {page.viewport_size}: {cut_off}"


def _assert_no_violation(page: Page, response: dict[str, object]) -> None:
    found = AxeResults(response)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
