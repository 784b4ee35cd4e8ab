"""Every page of the researcher's, held to WCAG 2.2 AA: on a telephone and a desk, light and dark."""

import pytest

from tests.browser.chromium import assert_no_axe_violations
from tests.browser.researcher.conftest import DESK, PHONE, AtDesk, rate_round

PAGES = (
    "",
    "/protocol",
    "/statements",
    "/panel",
    "/panel/people",
    "/rounds",
    "/results",
    "/reports",
    "/log",
)


def look(viewport: dict[str, int], scheme: str) -> dict[str, object]:
    return {"viewport": viewport, "color_scheme": scheme, "reduced_motion": "reduce"}


def check(desk: AtDesk) -> None:
    page = desk.page
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert_no_axe_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
        page.url
    )


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_no_page_has_a_barrier_in_any_state_of_the_study(study, arrive, visitors, viewport, scheme):
    for status in ("401", "403", "404", "409", "422"):
        visitors.expect_fault(f"status of {status}")
    desk = arrive(**look(viewport, scheme))
    desk.page.goto("/research/sign-in")
    check(desk)
    desk.page.locator("main").get_by_role("button").click()
    check(desk)
    desk.sign_in()
    check(desk)

    def check_all(*more: str) -> None:
        for page in (*PAGES, *more):
            desk.go(page)
            check(desk)

    check_all("/nothing")
    desk.go("/rounds")
    desk.page.get_by_label("Deadline: day").fill("2026-10-25")
    desk.page.get_by_label("Deadline: hour").fill("02:30")
    desk.press("Open round 1")
    check(desk)
    study.open_round()
    rate_round(study)
    for page in ("", "/rounds", "/rounds/1", "/rounds/1/close", "/results/1"):
        desk.go(page)
        check(desk)
    study.close_round()
    for page in ("", "/rounds", "/rounds/1", "/rounds/1/release", "/results/1?done=closed", "/results/1/S02"):
        desk.go(page)
        check(desk)
    study.release_feedback()
    study.open_round()
    rate_round(study)
    study.close_round()
    study.release_feedback()
    check_all("/conclude", "/results/2/S02", "/results?decision=consensus_out")
    study.conclude()
    for page in ("", "/rounds", "/reports"):
        desk.go(page)
        check(desk)


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_the_pages_of_a_study_with_a_past_have_no_barrier_in_other_colours_either(
    study, arrive, viewport, scheme
):
    study.open_round()
    rate_round(study)
    study.close_round()
    desk = arrive(**look(viewport, scheme))
    desk.page.goto("/research/sign-in")
    check(desk)
    desk.sign_in()
    check(desk)
    for page in (*PAGES, "/rounds/1", "/rounds/1/release", "/results/1", "/results/1/S02"):
        desk.go(page)
        check(desk)


@pytest.mark.parametrize("language", ["Français", "Nederlands", "Deutsch"])
def test_pages_in_other_languages_have_no_barrier(study, arrive, language):
    study.open_round()
    rate_round(study)
    study.close_round()
    desk = arrive(viewport=PHONE)
    desk.sign_in()
    desk.page.get_by_role("button", name=language).click()
    for page in (*PAGES, "/rounds/1", "/results/1/S02"):
        desk.go(page)
        check(desk)


def test_text_of_twice_the_size_stays_inside_the_page(study, arrive):
    study.open_round()
    rate_round(study)
    study.close_round()
    desk = arrive(viewport=DESK)
    desk.sign_in()
    for page in (*PAGES, "/rounds/1", "/results/1/S02"):
        desk.go(page)
        desk.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert desk.page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), page


def test_a_page_is_walked_by_keyboard_with_the_focus_in_sight(study, arrive):
    desk = arrive()
    desk.sign_in()
    desk.go("/rounds")
    desk.page.keyboard.press("Tab")
    assert desk.page.locator(":focus").inner_text() == "Skip to the content"
    desk.page.keyboard.press("Enter")
    reached = ""
    while reached != "Open round 1":
        desk.page.keyboard.press("Tab")
        reached, outline = desk.page.evaluate(
            """() => [document.activeElement.id || document.activeElement.textContent.trim(),
                      getComputedStyle(document.activeElement).outlineStyle]"""
        )
        assert outline != "none", f"nothing shows where the focus is: {reached}"
