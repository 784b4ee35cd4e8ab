"""What a researcher's pages say in passing, and in states that the walk in every language leaves out."""

import pytest
from playwright.sync_api import expect

from tests.browser.barriers import assert_no_barrier
from tests.browser.states import HELD, rate_round

PAGES = ("", "/statements", "/panel", "/rounds", "/results", "/reports", "/log")


def test_no_page_has_a_barrier_before_and_in_the_first_round(study, arrive, visitors):
    for status in ("401", "403", "404", "409", "422"):
        visitors.expect_fault(f"status of {status}")
    desk = arrive()

    def check(*pages: str) -> None:
        for page in pages:
            desk.go(page)
            assert_no_barrier(desk.page)

    desk.page.goto("/research/sign-in")
    assert_no_barrier(desk.page)
    desk.page.locator("main").get_by_role("button").click()
    assert_no_barrier(desk.page)
    desk.sign_in()
    check(*PAGES, "/panel/people", "/people", "/nothing", "/statements?q=garden&sort=fr&order=descending")
    desk.go("/panel-import")
    desk.page.get_by_label("File").set_input_files(
        [{"name": "table.csv", "mimeType": "text/csv", "buffer": b"name,email\n"}]
    )
    desk.press("Look at it first")
    expect(desk.page.get_by_text("table.csv").first).to_be_visible()
    assert_no_barrier(desk.page)
    desk.go("/rounds")
    desk.page.get_by_label("Deadline: day").fill("2026-10-25")
    desk.page.get_by_label("Deadline: hour").fill("02:30")
    desk.press("Open round 1")
    assert_no_barrier(desk.page)
    desk.go("/rounds/1/plan")
    desk.page.get_by_label("Day", exact=True).fill("2026-10-25")
    desk.page.get_by_label("Hour", exact=True).fill("02:30")
    desk.press("Store the plan")
    assert_no_barrier(desk.page)
    study.open_round()
    rate_round(study)
    check("/rounds/1", "/results/1")
    study.close_round()
    check("", "/results/1?done=closed", "/results/1/S02", "/statements/S02/edit", "/rounds/2/plan")


@pytest.mark.parametrize("prepared", [HELD], indirect=True)
def test_no_page_has_a_barrier_from_the_second_round_to_the_end(study, arrive):
    study.open_round()
    rate_round(study)
    study.close_round()
    study.release_feedback()
    desk = arrive()
    desk.sign_in()
    for page in (
        "/results?decision=consensus_out",
        "/compare?was=consensus_out",
        "/groupings/2?by=profile-tools",
    ):
        desk.go(page)
        assert_no_barrier(desk.page)
    desk.press("Compute the figures")
    expect(desk.page.get_by_role("button", name="Compute anew")).to_be_visible()
    assert_no_barrier(desk.page)
    study.conclude()
    for page in ("", "/rounds", "/reports"):
        desk.go(page)
        assert_no_barrier(desk.page)


@pytest.mark.parametrize("prepared", [HELD], indirect=True)
def test_the_end_of_a_study_has_no_barrier(study, arrive, visitors):
    for status in ("409", "422"):
        visitors.expect_fault(f"status of {status}")
    desk = arrive()
    desk.sign_in()

    def check(page: str, then_press: str = "") -> None:
        desk.go(page)
        if then_press:
            desk.press(then_press)
            expect(desk.page.locator(".error-summary")).to_be_visible()
        assert_no_barrier(desk.page)

    check("/next-round/S02", "Leave it out")
    check("/conclude", "Conclude the study")
    check("/recommendations")
    check("/audiences")
    study.recommend()
    check("/new-recommendation", "Save")
    study.conclude()
    check("/recommendations/1")


def test_a_page_is_walked_by_keyboard_with_the_focus_in_sight(study, arrive):
    desk = arrive()
    desk.sign_in()
    desk.go("/rounds")
    desk.page.keyboard.press("Tab")
    expect(desk.page.locator(":focus")).to_have_text("Skip to the content")
    desk.page.keyboard.press("Enter")
    reached = ""
    while reached != "Open round 1":
        desk.page.keyboard.press("Tab")
        reached, outline = desk.page.evaluate(
            """() => [document.activeElement.id || document.activeElement.textContent.trim(),
                      getComputedStyle(document.activeElement).outlineStyle]"""
        )
        assert outline != "none", f"nothing shows where the focus is: {reached}"
