"""The pages where nothing is asked any more, and the overview's ways in: for everybody, in every look."""

import re
from datetime import timedelta

import pytest
from fastapi import FastAPI

from app.clock import FixedClock
from app.services.rounds import open_round
from tests.browser.chromium import assert_no_barrier
from tests.browser.panelist.conftest import PHONE
from tests.integration.web.panelist.test_report import with_report
from tests.panel_study import ACTOR, SLUG, STATEMENTS, PlayedStudy


@pytest.fixture
def study(app: FastAPI, address: str, clock: FixedClock) -> PlayedStudy:
    """A study whose panel reads a report at the end, in a round that lasts an hour."""
    study = PlayedStudy.begin(app.state.database, clock, with_report())
    open_round(study.database, clock, SLUG, ACTOR, closes_at=clock.now() + timedelta(hours=1))
    return study


def test_from_the_deadline_to_the_report_there_is_no_barrier(study, arrive, visitors, clock):
    visitors.expect_fault("status of 409")
    study.rate_apart(study.links[1:])
    study.rate(study.take_part(study.links[0]), dict.fromkeys(STATEMENTS, 2))
    guest = arrive(study.links[0])
    guest.enter()
    guest.go("/review")
    clock.advance(timedelta(hours=2))
    guest.press("Hand in my answers")
    assert "came too late" in guest.page.locator("main").inner_text()
    assert_no_barrier(guest.page)
    guest.go()
    assert_no_barrier(guest.page)
    study.close_round()
    study.release_feedback()
    study.conclude()
    guest.go()
    assert_no_barrier(guest.page)
    guest.press("Read the report")
    assert guest.page.locator("main h2").first.inner_text() == "In brief"
    assert_no_barrier(guest.page)


def test_every_statement_is_reached_from_the_overview_by_finger_and_by_keyboard(study, arrive):
    study.rate(study.take_part(study.link()), dict.fromkeys(STATEMENTS[:2], 4))
    guest = arrive(viewport=PHONE)
    guest.enter()
    guest.go("/overview")
    page = guest.page
    marks = page.get_by_role("list", name="Statements on").get_by_role("link")
    assert [mark.get_attribute("href").rpartition("-")[2] for mark in marks.all()] == list(STATEMENTS)
    for mark in marks.all():
        box = mark.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    page.get_by_role("link", name=re.compile("S01 ?, answered")).wait_for()
    last = page.get_by_role("link", name=re.compile("S03 ?, not answered yet"))
    last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/topics/value#statement-S03")
    assert page.locator("#statement-S03").bounding_box()["y"] < PHONE["height"]
