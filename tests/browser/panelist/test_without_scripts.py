"""The whole way without JavaScript: profile, own words, two rounds of ratings with a reason, and leaving."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.panelist.conftest import Panelist
from tests.browser.states import LANGUAGES
from tests.panel_study import STATEMENTS
from tests.prepared import Prepared

REASON = "[name='S01.agreement.reason'][value=new_arguments]"
REASON_TEXT = "[name='S01.agreement.reason_text']"


@pytest.fixture
def prepared() -> Prepared:
    """A study with an open round before two rounds of ratings."""
    return LANGUAGES


def test_everything_can_be_done_without_javascript(study, arrive):
    study.open_round()
    guest = arrive(java_script_enabled=False)
    guest.enter()
    guest.press("Yes, I take part")
    _answer_and_change_the_profile(guest)
    _answer_in_own_words(guest)
    study.close_round()
    study.release_feedback()
    study.open_round()
    _rate(guest)
    study.rate_apart(link for link in study.links if link is not guest.link)
    study.close_round()
    study.release_feedback()
    study.open_round()
    _change_an_answer_and_say_why(guest)
    guest.go("/withdraw")
    guest.press("Yes, stop taking part")
    expect(guest.page.locator("h1")).to_have_text("You have left the study")


def _answer_and_change_the_profile(guest: Panelist) -> None:
    page = guest.page
    page.check("[name='profile.tools'][value=spade]")
    page.check("[name='profile.tools'][value=rake]")
    page.check("[name='profile.role'][value=expert]")
    page.fill("[name='profile.years']", "7")
    page.fill("[name='profile.words']", "Beans")
    guest.press("Save and continue")
    guest.go("/profile")
    page.uncheck("[name='profile.tools'][value=rake]")
    page.check("[name='profile.role'][value=beginner]")
    page.fill("[name='profile.words']", "Peas")
    guest.press("Save and continue")
    guest.go("/profile")
    expect(page.locator("[name='profile.tools'][value=spade]")).to_be_checked()
    expect(page.locator("[name='profile.tools'][value=rake]")).not_to_be_checked()
    expect(page.locator("[name='profile.role'][value=beginner]")).to_be_checked()
    expect(page.locator("[name='profile.years']")).to_have_value("7")
    expect(page.locator("[name='profile.words']")).to_have_value("Peas")


def _answer_in_own_words(guest: Panelist) -> None:
    page = guest.page
    guest.go("/questions")
    page.fill("[name='Q1.1']", "Shade")
    guest.press("Add another answer")
    page.fill("[name='Q1.2']", "Trees")
    page.check("[name='Q2.nothing']")
    guest.press("Save and look over all answers")
    expect(page.locator("main")).to_contain_text("Trees")
    _hand_in(guest)


def _rate(guest: Panelist) -> None:
    guest.go("/topics/value")
    guest.page.locator("details.evidence summary").first.click()
    expect(guest.page.locator(".evidence-body").first).to_be_visible()
    for code in STATEMENTS[:3]:
        guest.choose(code, 2)
    guest.comment("S03").fill("Much too loud.")
    guest.press("Save and go to the next topic")
    for code in STATEMENTS[3:]:
        guest.choose(code, "unable")
    guest.press("Save and look over all answers")
    expect(guest.page.locator("main")).to_contain_text("Much too loud.")
    _hand_in(guest)


def _hand_in(guest: Panelist) -> None:
    guest.press("Hand in my answers")
    expect(guest.page.locator(".receipt-code")).to_have_text(re.compile("[2-9A-Z]{4}-[2-9A-Z]{4}"))
    for file in ("pdf", "csv"):
        given = guest.page.locator(f"main a[href$='answers.{file}']").get_attribute("href")
        assert given is not None
        assert guest.page.request.get(given).ok


def _change_an_answer_and_say_why(guest: Panelist) -> None:
    page = guest.page
    guest.go("/topics/value")
    guest.choose("S01", 5)
    page.check(REASON)
    page.fill(REASON_TEXT, "I have seen it work.")
    guest.press("Save and go to the overview")
    guest.go("/topics/value")
    expect(guest.point("S01", 5)).to_be_checked()
    expect(page.locator(REASON)).to_be_checked()
    expect(page.locator(REASON_TEXT)).to_have_value("I have seen it work.")
