"""The watch that is kept on every page in the browser tests sees what it should see."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from tests.browser.barriers import assert_no_axe_violations
from tests.serving import free_port, serving

GOOD = "<!doctype html><html lang=en><title>A page</title><main><h1>Good</h1><p>Text</p></main></html>"
PAGES = {
    "good": GOOD,
    "unnamed-field": GOOD.replace("<p>", "<input><p>"),
    "broken-script": GOOD.replace("<p>", "<script nonce=n>undefined.name</script><p>"),
    "loud-script": GOOD.replace("<p>", "<script nonce=n>console.error('loud')</script><p>"),
    "foreign-image": GOOD.replace("<p>", "<img src='http://127.0.0.2:9/picture.png' alt=''><p>"),
}
POLICY = "default-src 'self'; script-src 'nonce-n'; img-src *"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    app = FastAPI()

    @app.get("/{name}")
    def show_page(name: str, request: Request) -> HTMLResponse:
        status = 409 if name == "refused" else 200
        headers = {"content-security-policy": POLICY}
        return HTMLResponse(PAGES.get(name, GOOD), status, headers=headers)

    with serving(app, free_port()) as address:
        yield address


def test_a_good_page_passes_under_a_strict_policy(visitors, address):
    page = visitors.arrive(address)
    page.goto("/good")
    assert_no_axe_violations(page)


def test_a_field_without_a_name_is_a_violation(visitors, address):
    page = visitors.arrive(address)
    page.goto("/unnamed-field")
    with pytest.raises(AssertionError, match="label"):
        assert_no_axe_violations(page)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("broken-script", "script: "),
        ("loud-script", "console: loud"),
        ("foreign-image", "asked elsewhere: http://127.0.0.2:9/picture.png"),
        ("refused", "status of 409"),
    ],
)
def test_what_goes_wrong_in_a_page_fails_its_test(visitors, address, name, fault):
    page = visitors.arrive(address)
    page.goto(f"/{name}")
    page.wait_for_load_state("networkidle")
    with pytest.raises(AssertionError, match=fault):
        visitors.leave()
    for part in ("script: ", "console: ", "asked elsewhere: "):
        visitors.expect_fault(part)


def test_each_visitor_has_a_browser_with_nothing_remembered(visitors, address):
    first, second = visitors.arrive(address), visitors.arrive(address, java_script_enabled=False)
    first.goto("/good")
    first.context.add_cookies([{"name": "known", "value": "yes", "url": address}])
    second.goto("/good")
    assert second.context.cookies() == []
