"""From the link to the receipt, with a break and a new browser, with JavaScript and without."""

import re

import pytest
from playwright.sync_api import expect

from app.services.questionnaire import read_questionnaire
from tests.browser.waiting import wait_until_kept
from tests.panel_study import CRITERION, SLUG


def points(study, link):
    questionnaire = read_questionnaire(study.database, study.clock, study.visitor(link))
    assert questionnaire is not None
    rated = {item.statement.code: item.ratings.get(CRITERION) for item in questionnaire.statements}
    return {code: rating.point for code, rating in rated.items() if rating is not None}


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_panelist_enters_rates_leaves_comes_back_finishes_and_gets_a_receipt(study, arrive, scripts):
    first = arrive(java_script_enabled=scripts)
    first.enter()
    first.press("Yes, I take part")
    first.page.check("[name='profile.role'][value=expert]")
    first.press("Save and continue")
    first.press("Begin")
    for code, value in {"S01": 4, "S02": "unable", "S03": 2}.items():
        first.choose(code, value)
    first.comment("S03").fill("It depends on the children.")
    first.press("Save and go to the next topic")
    assert points(study, first.link) == {"S01": 4, "S02": None, "S03": 2}

    second = arrive(java_script_enabled=scripts)
    second.enter()
    expect(second.page.locator("[data-progress-words]")).to_have_text("3 of 6 statements answered")
    second.press("Continue")
    for code in ("S04", "S05", "S06"):
        second.choose(code, 5)
    second.press("Save and look over all answers")
    expect(second.page.locator("main")).to_contain_text("It depends on the children.")
    second.press("Hand in my answers")
    expect(second.page.locator(".receipt-code")).to_have_text(re.compile(r"^[2-9A-Z]{4}-[2-9A-Z]{4}$"))
    assert points(study, first.link) == {"S01": 4, "S02": None, "S03": 2, "S04": 5, "S05": 5, "S06": 5}

    second.leave()
    expect(second.page.locator("h1")).to_have_text("You have left on this device")
    assert second.page.context.cookies() == []


def test_every_change_is_saved_at_once_and_is_there_after_leaving_without_a_button(study, arrive):
    study.take_part(study.link())
    first = arrive()
    first.enter()
    first.press("Begin")
    first.choose("S01", 4)
    first.is_told("S01", "Saved at 10:00.")
    first.page.fill("#statement-S02-comment", "Yes, but.")
    first.is_told("S02", "Saved at 10:00.")
    expect(first.page.locator("[data-progress-words]")).to_have_text("1 of 6 statements answered")
    first.page.context.close()

    second = arrive()
    second.enter()
    second.go("/topics/value")
    expect(second.point("S01", 4)).to_be_checked()
    expect(second.comment("S02")).to_have_value("Yes, but.")


def test_two_open_pages_never_overwrite_each_other(study, arrive, visitors):
    study.take_part(study.link())
    telephone, laptop = arrive(), arrive()
    for device in (telephone, laptop):
        device.enter()
        device.go("/topics/value")
    telephone.choose("S01", 4)
    telephone.is_told("S01", "Saved at 10:00.")
    visitors.expect_fault("409")
    laptop.choose("S01", 2)
    box = laptop.page.get_by_role("alert")
    expect(box).to_contain_text("Here: 2, Disagree")
    expect(box).to_contain_text("There: 4, Agree")
    assert points(study, study.link()) == {"S01": 4}
    box.get_by_text("Save the answer from this page").click()
    laptop.is_told("S01", "Saved at 10:00.")
    assert points(study, study.link()) == {"S01": 2}


def test_without_javascript_two_open_pages_ask_which_answer_counts(study, arrive, visitors):
    study.take_part(study.link())
    telephone, laptop = arrive(java_script_enabled=False), arrive(java_script_enabled=False)
    for device in (telephone, laptop):
        device.enter()
        device.go("/topics/value")
    telephone.choose("S01", 4)
    telephone.press("Save and go to the overview")
    visitors.expect_fault("409")
    laptop.choose("S01", 2)
    laptop.press("Save and go to the overview")
    expect(laptop.page.locator("h1")).to_have_text("Which answer counts?")
    assert points(study, study.link()) == {"S01": 4}
    laptop.page.get_by_text("2, Disagree").click()
    laptop.press("Save this choice")
    assert points(study, study.link()) == {"S01": 2}


def test_a_round_that_closes_under_the_panelists_hands_says_so_and_keeps_the_input(study, arrive, visitors):
    study.take_part(study.link())
    guest = arrive()
    guest.enter()
    guest.go("/topics/value")
    study.close_round()
    visitors.expect_fault("409")
    guest.page.fill("#statement-S01-comment", "Written for nothing?")
    box = guest.page.get_by_role("alert")
    expect(box).to_contain_text("This round is closed")
    expect(box.locator("textarea")).to_have_value(re.compile(re.escape("Written for nothing?")))
    guest.press("Save and go to the overview")
    expect(guest.page.locator("h1")).to_have_text("Your last changes were not counted")
    expect(guest.page.locator("main")).to_contain_text("Written for nothing?")


def test_what_could_not_be_sent_is_kept_and_sent_when_the_network_is_back(study, arrive, visitors):
    study.take_part(study.link())
    guest = arrive()
    guest.enter()
    guest.go("/topics/value")
    visitors.expect_fault("ERR_INTERNET_DISCONNECTED")
    guest.page.context.set_offline(True)
    guest.choose("S01", 4)
    guest.is_told("S01", "Not saved yet")
    assert points(study, study.link()) == {}
    guest.page.context.set_offline(False)
    guest.is_told("S01", "Saved at 10:00.")
    assert points(study, study.link()) == {"S01": 4}
    wait_until_kept(guest.page, 0)


def test_back_and_refresh_are_harmless_everywhere(study, arrive):
    guest = arrive(java_script_enabled=False)
    guest.enter()
    guest.press("Yes, I take part")
    guest.page.check("[name='profile.role'][value=expert]")
    guest.press("Save and continue")
    guest.press("Begin")
    guest.choose("S01", 4)
    guest.press("Save and go to the next topic")
    guest.page.reload()
    guest.page.go_back()
    expect(guest.point("S01", 4)).to_be_checked()
    guest.press("Save and go to the next topic")
    guest.page.go_back()
    guest.page.go_back()
    guest.page.reload()
    assert points(study, study.link()) == {"S01": 4}


def test_the_way_in_round_1_can_be_gone_with_the_keyboard_alone(study, arrive):
    guest = arrive()
    keyboard = guest.page.keyboard
    guest.page.goto(f"/p/{guest.link.token}")
    guest.page.locator("main form button.button-primary").focus()
    keyboard.press("Enter")
    guest.page.wait_for_url(f"**/s/{SLUG}/study")
    guest.page.get_by_role("button", name="Yes, I take part").focus()
    keyboard.press("Enter")
    guest.page.wait_for_url("**/profile")
    guest.page.locator("[name='profile.role']").first.focus()
    for key in ("ArrowDown", "Tab", "Enter"):
        keyboard.press(key)
    guest.page.wait_for_url("**/overview")
    guest.page.get_by_role("link", name="Begin").focus()
    keyboard.press("Enter")
    guest.page.wait_for_url("**/topics/value")
    guest.page.locator("[name='S01.agreement']").first.focus()
    keyboard.press("ArrowDown")
    guest.is_told("S01", "Saved at 10:00.")
    assert points(study, study.link()) == {"S01": 2}


def test_the_reason_is_asked_when_the_answer_leaves_its_band_and_only_then(study, arrive):
    study.rate_apart(study.links)
    study.close_round()
    study.release_feedback()
    study.open_round()
    guest = arrive(java_script_enabled=False)
    guest.enter()
    guest.go("/topics/value")
    question = guest.page.locator("#field-S01-agreement-reason")
    expect(question).to_be_hidden()
    guest.choose("S01", 5)
    expect(question).to_be_hidden()
    guest.choose("S01", 2)
    expect(question).to_be_visible()
    guest.page.check("[name='S01.agreement.reason'][value=new_arguments]")
    with guest.page.expect_navigation():
        guest.page.get_by_text("Keep my last answer: 4, Agree (S02)").click()
    expect(guest.point("S02", 4)).to_be_checked()
    expect(guest.page.locator("[name='S01.agreement.reason'][value=new_arguments]")).to_be_checked()
