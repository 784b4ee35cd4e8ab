"""The overview's ways in, for a finger and for the keyboard."""

import re

from playwright.sync_api import expect

from tests.browser.panelist.conftest import PHONE
from tests.panel_study import STATEMENTS


def test_every_statement_is_reached_from_the_overview_by_finger_and_by_keyboard(study, arrive):
    study.rate(study.take_part(study.link()), dict.fromkeys(STATEMENTS[:2], 4))
    guest = arrive(viewport=PHONE)
    guest.enter()
    guest.go("/overview")
    page = guest.page
    marks = page.get_by_role("list", name="Statements on").get_by_role("link")
    expect(marks).to_have_count(len(STATEMENTS))
    assert [mark.get_attribute("href").rpartition("-")[2] for mark in marks.all()] == list(STATEMENTS)
    for mark in marks.all():
        box = mark.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    page.get_by_role("link", name=re.compile("S01 ?, answered")).wait_for()
    last = page.get_by_role("link", name=re.compile("S03 ?, not answered yet"))
    last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/topics/value#statement-S03")
    expect(page.locator("#statement-S03")).to_be_in_viewport()
