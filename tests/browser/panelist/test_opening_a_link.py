"""A scanner opens every link in a mail and presses what it finds: only the entering button does anything."""

import sqlite3
from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import make_url

from app.services.links import IssuedLink
from app.web.shared.doors import DOOR_COOKIE

PRESSED = "a[href^='/'], a[href^='?'], button, summary, label, input:not([type=hidden])"
ENTERING = "main button.button-primary"


def everything_in(url: str) -> str:
    """All that is stored, row by row."""
    file = make_url(url).database
    assert file is not None
    assert Path(file).exists()
    with sqlite3.connect(file) as connection:
        return "\n".join(connection.iterdump())


def press_everything_but_entering(page, link: IssuedLink) -> int:
    """Press one thing after the other, each on a page freshly opened where the last led elsewhere."""
    address = f"/p/{link.token}"
    page.goto(address)
    n_pressed = 0
    for n in range(page.locator(PRESSED).count()):
        page.goto(address)
        thing = page.locator(PRESSED).nth(n)
        if thing.is_visible() and not thing.evaluate("(found, chosen) => found.matches(chosen)", ENTERING):
            thing.click()
            page.wait_for_load_state()
            n_pressed += 1
    return n_pressed


def test_a_scanner_that_presses_everything_but_the_entering_button_changes_nothing(
    study, arrive, sqlite_url, visitors
):
    guest = arrive()
    before = everything_in(sqlite_url)
    for method in ("head", "get"):
        assert getattr(guest.page.request, method)(f"/p/{guest.link.token}").ok
    assert press_everything_but_entering(guest.page, guest.link) >= 5
    assert everything_in(sqlite_url) == before
    # Who does not say where it comes from is given a cookie for the form; it opens nothing.
    assert {cookie["name"] for cookie in guest.page.context.cookies()} <= {DOOR_COOKIE}
    guest.enter()
    assert everything_in(sqlite_url) != before, "the entering button does something"


def test_a_scanner_that_also_ticks_and_presses_everything_behind_the_first_button_changes_nothing(
    study, arrive, sqlite_url, visitors
):
    visitors.expect_fault("422")
    guest = arrive()
    before = everything_in(sqlite_url)
    guest.page.goto(f"/p/{guest.link.token}")
    guest.press("This is not me")
    for _ in range(3):
        for choice in guest.page.locator("main input[type=radio]").all():
            choice.check()
        guest.press("This is not me: close it")
        expect(guest.page.locator("#error-summary")).to_be_visible()
    assert everything_in(sqlite_url) == before


def test_a_person_who_is_somebody_else_closes_the_link_with_the_keyboard_alone(study, arrive):
    guest = arrive(java_script_enabled=False)
    keyboard = guest.page.keyboard
    guest.page.goto(f"/p/{guest.link.token}")
    guest.page.get_by_role("button", name="This is not me").focus()
    keyboard.press("Enter")
    guest.page.get_by_role("radio").first.focus()
    for key in ("ArrowDown", "Tab"):
        keyboard.press(key)
    keyboard.type("no")
    keyboard.press("Enter")
    expect(guest.page.locator("h1")).to_have_text("Thank you for telling us")
    assert guest.page.request.get(f"/p/{guest.link.token}").status == 404
