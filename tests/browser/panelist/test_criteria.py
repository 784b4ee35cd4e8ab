"""Criteria that no rule of axe decides: targets, entering once, no puzzle, motion, the system's colours."""

import pytest
from playwright.sync_api import Page

from tests.browser.chromium import DESK, PHONE
from tests.panel_study import SLUG, STATEMENTS

PAGES = ("/study", "/profile", "/overview", "/topics/value", "/review", "/results", "/withdraw", "/not-me")

# Links within a sentence may be as low as its line; a choice is pressed on the whole of its label.
SMALL_TARGETS = """(least) => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), textarea, select, summary")]
  .filter((each) => each.tabIndex >= 0 && each.getClientRects().length)
  .map((each) => (each.matches("[type=radio], [type=checkbox]") && each.closest("label")) || each)
  .filter((each) => each.matches(least > 24 ? ".point, .unable, .button, .choice" : "*"))
  .filter((each) => getComputedStyle(each).display !== "inline")
  .filter((each) => Math.min(each.offsetWidth, each.offsetHeight) < least)
  .map((each) => `${each.className} ${each.textContent.trim().slice(0, 40)}: `
    + `${each.offsetWidth} x ${each.offsetHeight}`)"""


@pytest.fixture
def later(study):
    """The study in its second round, where everybody has answered before."""
    study.rate_apart(study.links)
    study.close_round()
    study.release_feedback()
    study.open_round()
    return study


@pytest.mark.parametrize("window", [PHONE, DESK], ids=["phone", "desk"])
def test_targets_have_24_pixels_and_what_answers_have_44(later, arrive, window):
    guest = arrive(viewport=window)
    guest.page.goto(f"/p/{guest.link.token}")
    assert guest.page.evaluate(SMALL_TARGETS, 24) == []
    guest.enter()
    for address in PAGES:
        guest.go(address)
        guest.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert guest.page.evaluate(SMALL_TARGETS, 24) == [], address
        assert guest.page.evaluate(SMALL_TARGETS, 44) == [], address


def test_nothing_that_was_entered_once_is_asked_again(study, arrive, visitors):
    visitors.expect_fault("status of 422")
    guest = arrive(java_script_enabled=False)
    guest.enter()
    guest.press("Yes, I take part")
    guest.page.fill("[name='profile.words']", "Beans")
    guest.page.check("[name='profile.tools'][value=spade]")
    guest.press("Save and continue")
    assert guest.page.input_value("[name='profile.words']") == "Beans", "a refusal keeps what was typed"
    assert guest.page.is_checked("[name='profile.tools'][value=spade]")
    guest.page.check("[name='profile.role'][value=expert]")
    guest.press("Save and continue")
    guest.go("/topics/value")
    guest.choose("S01", 4)
    guest.page.fill("#statement-S01-comment", "For the children.")
    guest.press("Save and go to the overview")
    again = arrive(java_script_enabled=False)
    again.enter()
    assert again.page.url.endswith("/overview"), "on another device nothing is asked a second time"
    again.go("/topics/value")
    assert again.page.is_checked("[name='S01.agreement'][value='4']")
    assert again.page.input_value("#statement-S01-comment") == "For the children."
    again.go("/profile")
    assert again.page.input_value("[name='profile.words']") == "Beans"
    assert again.page.is_checked("[name='profile.role'][value=expert]")


def test_entering_asks_for_nothing_to_be_remembered_typed_or_solved(study, arrive, visitors):
    visitors.expect_fault("status of 4")
    guest = arrive(java_script_enabled=False)
    guest.page.goto(f"/p/{guest.link.token}")
    fields = guest.page.locator("main input:not([type=hidden]), main textarea, main select")
    assert [field.get_attribute("type") for field in fields.all()] == ["checkbox"]
    guest.page.goto("/link")
    email = guest.page.get_by_label("E-mail address")
    assert email.get_attribute("autocomplete") == "email"
    assert email.get_attribute("type") == "email"
    assert email.get_attribute("onpaste") is None
    email.focus()
    guest.page.keyboard.insert_text("ann@example.org")
    assert email.input_value() == "ann@example.org"
    assert guest.page.locator("main input:not([type=hidden])").count() == 1


def outline(page: Page, selector: str) -> str:
    """How a choice is outlined now."""
    style = "(each) => { const s = getComputedStyle(each.closest('label')); return s.outline + s.border; }"
    return str(page.locator(selector).evaluate(style))


def test_where_the_system_chooses_the_colours_a_choice_and_the_focus_still_show(later, arrive):
    guest = arrive(forced_colors="active")
    guest.enter()
    guest.go("/topics/value")
    page, chosen = guest.page, "[name='S01.agreement'][value='4']"
    plain = outline(page, chosen)
    page.check(chosen)
    page.locator("#statement-S01-comment").focus()
    checked = outline(page, chosen)
    page.locator(chosen).focus()
    page.keyboard.press("ArrowDown")
    focused = outline(page, "[name='S01.agreement'][value='5']")
    assert len({plain, checked, focused}) == 3, (plain, checked, focused)
    for bar in page.locator("[data-card=S01] rect.bar").all():
        fill, stroke = bar.evaluate("(e) => [getComputedStyle(e).fill, getComputedStyle(e).stroke]")
        assert fill != stroke, "a bar has an edge that shows on the paper"


def test_who_wants_no_motion_sees_none(study, arrive):
    study.take_part(study.link())
    guest = arrive(reduced_motion="reduce")
    guest.enter()
    guest.go("/topics/value")
    guest.choose(STATEMENTS[0], 4)
    guest.is_told(STATEMENTS[0], "Saved at 10:00.")
    assert guest.page.evaluate("document.getAnimations().length") == 0
    moves = "(each) => { const s = getComputedStyle(each); return s.animationName + s.scrollBehavior; }"
    assert guest.page.locator("[data-card=S01] [data-save-state]").evaluate(moves) == "noneauto"
    assert guest.page.url.endswith(f"/s/{SLUG}/topics/value")
