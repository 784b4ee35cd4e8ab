"""The coding workbench in a browser: by keys, without scripts, and without a barrier."""

import pytest
from playwright.sync_api import expect

from tests.browser.barriers import assert_no_barrier
from tests.browser.states import COMMENTED, SAID
from tests.prepared import Prepared


@pytest.fixture
def prepared() -> Prepared:
    """The study with round 1 closed, three comments on S01, themes, and a colleague who has coded all."""
    return COMMENTED


def test_texts_are_coded_by_keys_until_they_are_switched_off(arrive):
    desk = arrive()
    desk.sign_in()
    desk.go("/coding")
    page = desk.page
    pieces = page.locator(".piece")
    press = page.keyboard.press
    for key in ("j", "j"):
        press(key)
    expect(pieces.nth(1)).to_be_focused()
    press("1")
    expect(pieces.nth(1)).to_contain_text("Coded")
    expect(pieces.nth(1).get_by_label("Hope")).to_be_checked()
    press("k")
    press("0")
    expect(pieces.nth(0).get_by_label("No theme fits")).to_be_checked()
    press("2")
    expect(pieces.nth(0).get_by_label("No theme fits")).not_to_be_checked()
    expect(pieces.nth(0).locator(".piece-said")).to_have_text("Coded")
    page.get_by_label("Search in the texts").press_sequentially("j1")
    expect(page.get_by_label("Search in the texts")).to_have_value("j1")
    expect(page.get_by_label("Hope").and_(page.locator(":checked"))).to_have_count(1)
    page.locator(".keys summary").click()
    page.get_by_role("button", name="Keys are on").click()
    expect(page.get_by_role("button", name="Keys are off")).to_be_visible()
    pieces.nth(2).focus()
    press("1")
    press("j")
    expect(pieces.nth(2)).to_be_focused()
    expect(pieces.nth(2).get_by_label("Hope")).not_to_be_checked()
    desk.go("/coding?state=coded")
    expect(page.locator(".piece")).to_have_count(2)


def test_without_scripts_a_button_stores_what_is_ticked(arrive):
    desk = arrive(java_script_enabled=False)
    desk.sign_in()
    desk.go("/coding?about=S01")
    first = desk.page.locator(".piece").first
    first.get_by_label("Hope").check()
    first.get_by_label("Light").check()
    first.get_by_role("button", name="Save").click()
    expect(desk.page.locator(".piece").first).to_contain_text("Coded")
    expect(desk.page.locator(".piece").first.get_by_label("Light")).to_be_checked()
    first.get_by_label("Choose").check()
    desk.press("Write a statement from the chosen texts")
    expect(desk.page.get_by_text("Written from what the panel said")).to_be_visible()
    expect(desk.page.get_by_text(SAID[0])).to_be_visible()


def test_neither_a_text_just_coded_nor_a_refusal_has_a_barrier(arrive, visitors):
    visitors.expect_fault("status of 422")
    desk = arrive()
    desk.sign_in()
    desk.go("/coding")
    desk.page.locator(".piece").nth(1).get_by_label("Hope").check()
    expect(desk.page.locator(".piece").nth(1)).to_contain_text("Coded")
    assert_no_barrier(desk.page)
    desk.go("/coding/new-theme")
    desk.press("Save")
    expect(desk.page.get_by_text("Write a name.").first).to_be_visible()
    assert_no_barrier(desk.page)
