"""A panelist in Chromium answers open questions, and sees the panel's figures come in a real-time round."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.barriers import assert_fits, assert_no_axe_violations
from tests.browser.states import OPEN_STUDY, REAL_TIME_STUDY
from tests.prepared import Prepared


@pytest.fixture
def prepared(request: pytest.FixtureRequest) -> Prepared:
    """A study that asks open questions first, in round 1; a test may name another."""
    return getattr(request, "param", OPEN_STUDY)


def test_the_way_through_an_open_round(study, arrive) -> None:
    study.take_part(study.link())
    panelist = arrive()
    page = panelist.page
    panelist.enter()
    expect(page).to_have_url(re.compile("/questions$"))
    assert_fits(page)
    assert_no_axe_violations(page)
    page.get_by_label("Answer 1").first.fill("Shade")
    expect(page.locator("[data-save-state]").first).to_have_text("Saved at 10:00.")
    expect(page.locator("[data-progress-words]")).to_have_text("1 of 2 questions answered")
    panelist.press("Add another answer")
    page.get_by_label("Answer 2").fill("Trees")
    expect(page.locator("#field-Q1-2 ~ *, [data-card=Q1] [data-save-state]").nth(1)).to_have_text(
        "Saved at 10:00."
    )
    page.get_by_label("I have nothing to add to this question").last.check()
    expect(page.locator("[data-progress-words]")).to_have_text("2 of 2 questions answered")
    page.reload()
    expect(page.get_by_label("Answer 2")).to_have_value("Trees")
    panelist.press("Save and look over all answers")
    panelist.press("Hand in my answers")
    expect(page).to_have_url(re.compile("/receipt$"))


@pytest.mark.parametrize("prepared", [REAL_TIME_STUDY], indirect=True, ids=["real time"])
def test_the_way_through_a_real_time_round(study, arrive) -> None:
    neighbours = [link for link in study.links if link.group == "neighbours"]
    for link, point in zip(neighbours, (1, 1, 2, 1, 3, 3), strict=True):
        study.rate(study.take_part(link), {"S01": point})
    study.take_part(study.link())
    panelist = arrive()
    page = panelist.page
    panelist.enter()
    panelist.go("/topics/value")
    place = page.locator("[data-card=S01] [data-live-feedback]")
    expect(place).to_contain_text("Once you have answered")
    page.evaluate(
        "() => { window.shift = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) "
        "window.shift += e.value; }).observe({ type: 'layout-shift', buffered: true }); }"
    )
    before = place.bounding_box()
    panelist.choose("S01", 4)
    panelist.is_told("S01", "Saved at 10:00.")
    expect(place).to_contain_text("How the panel has answered so far")
    expect(place).to_contain_text("6 ratings")
    expect(page.locator("[data-card=S02] [data-live-feedback]")).to_contain_text("Once you have answered")
    after = place.bounding_box()
    assert before is not None
    assert after is not None
    assert before["y"] == after["y"]
    assert page.evaluate("() => window.shift") < 0.1
    assert_fits(page)
    with page.expect_response("**/feedback"):
        panelist.choose("S01", 2)
    panelist.go("/topics/value")
    assert_no_axe_violations(page)
    expect(panelist.point("S01", 2)).to_be_checked()
