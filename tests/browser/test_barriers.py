"""What axe is asked once: pages whose words alone differ, and nothing that it could tell apart."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.barriers import assert_no_axe_violations, assert_no_barrier, bring_along

SAID = {
    "lang": "en",
    "title": "Hello",
    "label": "Press",
    "target": "more",
    "style": "",
    "words": "Many words",
}
SMALL = "div { display: flex; margin: 40px 0 } button { width: 10px; height: 10px; padding: 0; border: 0 }"
ROLLING = """
    button { width: 40px; height: 40px }
    span { display: block; width: 9rem; overflow: auto; white-space: nowrap }
"""
LONG = "Many words in a long line, " * 9


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page."""
    page = browser.new_page()
    yield page
    page.close()


def show(page: Page, **other: str) -> None:
    said = {**SAID, **other}
    page.goto("about:blank")
    page.evaluate(
        "(html) => { document.open(); document.write(html); document.close(); }",
        f"""<!doctype html><html lang="{said["lang"]}"><head><title>{said["title"]}</title>
        <style>{said["style"]}</style></head><body><main><h1>{said["title"]}</h1>
        <p id="more">More</p>
        <div><button aria-label="{said["label"]}" aria-describedby="{said["target"]}"></button><span
        >{said["words"]}</span><button aria-label="Other"></button></div>
        <label><input type="checkbox">Yes</label></main></body></html>""",
    )


def shape(page: Page, after: str = "", **other: str) -> str:
    show(page, **other)
    bring_along(page)
    page.evaluate(after)
    found: str = page.evaluate("barriers.shape()")
    return found


def test_a_page_in_another_language_has_the_same_shape_and_one_with_a_fault_has_not(page: Page) -> None:
    usual = shape(page)
    assert shape(page, lang="fr", title="Bonjour", label="Appuyez", words="Des mots") == usual
    for other in ({"lang": "xx"}, {"title": ""}, {"label": " "}, {"label": "hello"}, {"target": "less"}):
        assert shape(page, **other) != usual, other


def test_a_page_in_another_state_or_style_has_another_shape(page: Page) -> None:
    usual = shape(page)
    box = "document.querySelector('input')"
    for after in (f"{box}.checked = true", f"{box}.focus()", f"{box}.hidden = true"):
        assert shape(page, after) != usual, after
    assert shape(page, style="body { color: grey }") != usual


def test_a_fault_is_found_in_a_page_that_had_none_in_another_language(page: Page) -> None:
    show(page)
    assert_no_barrier(page)
    show(page, lang="fr", title="Bonjour", label="")
    with pytest.raises(AssertionError, match="button-name"):
        assert_no_barrier(page)


@pytest.mark.parametrize(
    ("style", "words", "fault"),
    [
        (SMALL, "-", "target-size"),
        (ROLLING, LONG, "scrollable-region-focusable"),
        ("span { white-space: nowrap }", LONG, "pixels"),
    ],
)
def test_a_fault_of_width_is_found_in_a_page_of_a_known_shape(
    page: Page, style: str, words: str, fault: str
) -> None:
    show(page, style=style, words="Words enough")
    assert_no_barrier(page)
    known = shape(page, style=style, words="Words enough")
    assert shape(page, style=style, words=words) == known
    with pytest.raises(AssertionError, match=fault):
        assert_no_barrier(page)


def test_targets_too_near_to_each_other_are_a_violation(page: Page) -> None:
    show(page, style=SMALL, words="-")
    with pytest.raises(AssertionError, match="target-size"):
        assert_no_axe_violations(page)
