"""The pages to rate on: nothing moves under a finger, nothing covers what has focus, one statement a page."""

import pytest
from playwright.sync_api import expect

from tests.browser.panelist.conftest import DESK, PHONE, Panelist
from tests.panel_study import SLUG, STATEMENTS, PlayedStudy, panel_study_with

WATCH_SHIFTS = """
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(entry.value);
    }).observe({ type: "layout-shift", buffered: true });
"""
BANNER = "[data-autosave-banner]"
POINTS = list(range(101))
PRIORITY = {
    "code": "priority",
    "name": {"en": "Priority", "fr": "Priorité", "nl": "Prioriteit"},
    "question": {"en": "How urgent?", "fr": "Quelle urgence ?", "nl": "Hoe dringend?"},
    "scale": {
        "points": POINTS,
        "direction": "high_is_agreement",
        "disagree": POINTS[:31],
        "neutral": POINTS[31:70],
        "agree": POINTS[70:],
    },
    "labels": {"en": ["not", "very"], "fr": ["pas", "très"], "nl": ["niet", "zeer"]},
}


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_moves_while_a_page_with_figures_loads_saves_fails_and_saves_again(
    study, arrive, visitors, viewport
):
    study.rate_apart(study.links)
    study.close_round()
    study.release_feedback()
    study.open_round()
    guest = arrive(viewport=viewport)
    guest.page.add_init_script(WATCH_SHIFTS)
    guest.enter()
    guest.go("/topics/value")
    guest.page.wait_for_load_state("networkidle")
    assert guest.page.evaluate("window.shifts") == []
    visitors.expect_fault("ERR_INTERNET_DISCONNECTED")
    guest.choose("S01", 4)
    guest.is_told("S01", "Saved at 10:00.")
    guest.page.context.set_offline(True)
    guest.choose("S02", 4)
    guest.page.locator(BANNER).wait_for()
    guest.page.context.set_offline(False)
    guest.is_told("S02", "Saved at 10:00.")
    assert guest.page.evaluate("window.shifts") == []


def test_the_watch_on_what_moves_sees_it(study, arrive):
    guest = arrive()
    guest.page.add_init_script(WATCH_SHIFTS)
    guest.page.goto(f"/p/{guest.link.token}")
    guest.page.wait_for_load_state("networkidle")
    guest.page.evaluate("document.querySelector('main').before(document.querySelector('footer'))")
    while guest.page.evaluate("window.shifts") == []:
        guest.page.wait_for_timeout(10)


def test_what_has_focus_is_never_under_the_banner(study, arrive, visitors):
    study.take_part(study.link())
    guest = arrive()
    guest.enter()
    guest.go("/topics/value")
    visitors.expect_fault("ERR_INTERNET_DISCONNECTED")
    guest.page.context.set_offline(True)
    guest.choose("S01", 4)
    banner = guest.page.locator(BANNER)
    banner.wait_for()
    for place in ("#statement-S02-comment", "#statement-S03-comment", "main button[value=overview]"):
        guest.page.evaluate("scrollTo(0, 0)")
        guest.page.locator(place).focus()
        guest.page.locator(place).press("Shift")
        focused, covering = guest.page.locator(place).bounding_box(), banner.bounding_box()
        assert focused["y"] + focused["height"] <= covering["y"], place


def open_study(app, clock, **parts: object) -> PlayedStudy:
    study = PlayedStudy.begin(app.state.database, clock, panel_study_with(**parts))
    study.open_round()
    study.take_part(study.link())
    return study


@pytest.fixture
def alone(app, address, clock, visitors):
    """A panelist of a study that asks one statement a page."""
    study = open_study(app, clock, protocol={"statements_per_page": "one"})

    def alone(**options: object) -> Panelist:
        guest = Panelist(visitors.arrive(address, viewport=PHONE, **options), study.link())
        guest.enter()
        return guest

    return alone


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_statement_after_statement_is_rated_left_and_found_again(alone, scripts):
    guest = alone(java_script_enabled=scripts)
    guest.press("Begin")
    for code in STATEMENTS[:2]:
        guest.page.wait_for_url(f"**/statements/{code}")
        guest.choose(code, 4)
        guest.press("Save and go to the next statement")
    guest.page.wait_for_url("**/statements/S03")
    guest.choose("S03", "unable")
    guest.press("Save and go to the previous statement")
    guest.page.wait_for_url("**/statements/S02")
    guest.page.go_back()
    guest.page.reload()
    guest.go("/overview")
    guest.press("Continue")
    guest.page.wait_for_url("**/statements/S04")
    for code in STATEMENTS[3:]:
        guest.choose(code, 2)
        guest.page.locator("main button.button-primary").click()
    guest.page.wait_for_url("**/review")
    expect(guest.page.locator("main")).to_contain_text("You have answered all 6 statements.")
    guest.page.get_by_role("link", name="Change S05").click()
    guest.page.wait_for_url("**/statements/S05")
    expect(guest.page.locator("[name='S05.agreement'][value='2']")).to_be_checked()


def test_a_typed_number_and_unable_exclude_each_other_and_enter_saves(app, address, clock, visitors):
    study = open_study(app, clock, criterion=[PRIORITY])
    guest = Panelist(visitors.arrive(address, viewport=PHONE), study.link())
    guest.enter()
    guest.go("/topics/value")
    number, unable = (
        guest.page.locator("[name='S01.priority']"),
        guest.page.locator("[name='S01.priority.unable']"),
    )
    unable.check()
    guest.is_told("S01", "Saved at 10:00.")
    number.fill("64")
    expect(unable).not_to_be_checked()
    number.press("Enter")
    guest.page.wait_for_url("**/topics/pay")
    guest.go("/topics/value")
    expect(number).to_have_value("64")
    number.fill("")
    guest.is_told("S01", "your saved answer still counts")
    visitors.expect_fault("status of 422")
    number.fill("101")
    guest.is_told("S01", "“101” is not on the scale")
    guest.page.reload()
    expect(number, "what was refused is kept, to be put right").to_have_value("101")
    number.fill("100")
    guest.is_told("S01", "Saved at 10:00.")
    assert guest.page.url.endswith(f"/s/{SLUG}/topics/value")
