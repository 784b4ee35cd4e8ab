"""What axe is asked once: pages whose words alone differ, and nothing that it could tell apart."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.barriers import assert_no_barrier, bring_axe_along

SAID = {"lang": "en", "title": "Hello", "label": "Press", "target": "more"}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page that has axe."""
    page = browser.new_page()
    bring_axe_along(page)
    yield page
    page.close()


def show(page: Page, **other: str) -> None:
    said = {**SAID, **other}
    page.goto("about:blank")
    page.evaluate(
        "(html) => { document.open(); document.write(html); document.close(); }",
        f"""<!doctype html><html lang="{said["lang"]}"><head><title>{said["title"]}</title></head><body><main>
        <h1>{said["title"]}</h1>
        <button aria-label="{said["label"]}" aria-describedby="{said["target"]}"></button>
        <p id="more">More</p></main></body></html>""",
    )


def shape(page: Page, **other: str) -> str:
    show(page, **other)
    found: str = page.evaluate("barriers.shape()")
    return found


def test_a_page_in_another_language_has_the_same_shape_and_one_with_a_fault_has_not(page: Page) -> None:
    usual = shape(page)
    assert shape(page, lang="fr", title="Bonjour", label="Appuyez") == usual
    for other in ({"lang": "xx"}, {"title": ""}, {"label": " "}, {"label": "hello"}, {"target": "less"}):
        assert shape(page, **other) != usual, other


def test_a_fault_is_found_in_a_page_that_had_none_in_another_language(page: Page) -> None:
    show(page)
    assert_no_barrier(page)
    show(page, lang="fr", title="Bonjour", label="")
    with pytest.raises(AssertionError, match="button-name"):
        assert_no_barrier(page)
