"""Every page of the researcher's, held to WCAG 2.2 AA: on a telephone and a desk, light and dark."""

import pytest
from playwright.sync_api import expect

from app.domain.link import person_sign
from app.domain.open_question import AnswerChange
from app.services.open_answers import save_open_answers
from tests.browser.barriers import assert_no_barrier
from tests.browser.chromium import PHONE
from tests.browser.researcher.conftest import rate_round
from tests.panel_study import SECRET

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
    "/people",
)

ON_STATEMENTS = (
    "/statements/S02",
    "/statements/S02/edit",
    "/statements/S02/split",
    "/statements/S02/withdraw",
    "/statements/S01/evidence",
    "/evidence/E01",
    "/new-statement",
    "/merge-statements?code=S01&code=S02",
    "/statement-order",
    "/topics",
    "/statement-import",
    "/coding/import",
)
"""Where statements are changed: there between rounds only."""

ON_DESIGN = ("/protocol/profile", "/protocol/questions", "/protocol/texts")
"""Parts of the design that are unlike the others: rows in rows, and what still changes in a frozen study."""

ON_PANEL = (
    "/new-panelist",
    "/panel-import",
    f"/panel/people/{person_sign(SECRET.encode(), 1, 1)}",
)
ON_RECOMMENDATIONS = ("/recommendations", "/recommendations/1", "/audiences")
PEOPLE = (
    b"name,email,group,language\nNora,nora@example.org,gardeners,nl\nPia,person1@example.org,gardeners,en\n"
)


def test_no_page_has_a_barrier_in_any_state_of_the_study(study, arrive, visitors):
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
    assert_no_barrier(desk.page)
    for page in ("/research/new", "/research/new?template=model_study&languages=fr"):
        desk.page.goto(page)
        assert_no_barrier(desk.page)
    check(*PAGES, *ON_DESIGN, *ON_PANEL, "/nothing", "/statements?q=garden&sort=fr&order=descending")
    check("/protocol/planner")
    for page, content in (
        ("/panel-import", b"name,email\n"),
        ("/panel-import", PEOPLE),
        ("/statement-import", b"code,text_en\nS01,The garden gives joy.\n"),
        ("/coding/import", b"text,source,language\nRain is free.,Letters,en\n"),
    ):
        desk.go(page)
        desk.page.get_by_label("File").set_input_files(
            [{"name": "table.csv", "mimeType": "text/csv", "buffer": content}]
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
    check("", "/rounds", "/rounds/1", "/rounds/1/close", "/results/1", "/rounds/1/extend", "/rounds/1/remind")
    study.close_round()
    check("/results/1?done=closed", "/comments")
    check(*ON_STATEMENTS)
    check(*PAGES, "/rounds/1", "/rounds/1/release", "/rounds/2/plan", "/results/1", "/results/1/S02")
    study.release_feedback()
    study.open_round()
    rate_round(study)
    study.close_round()
    study.release_feedback()
    check(*PAGES, "/conclude", "/results/2/S02", "/results?decision=consensus_out")
    check("/compare", "/compare?was=consensus_out", "/figures/2", "/groupings/2?by=profile-tools")
    desk.press("Compute the figures")
    expect(desk.page.get_by_role("button", name="Compute anew")).to_be_visible()
    assert_no_barrier(desk.page)
    check("/groupings/2/S02?by=profile-tools")
    study.conclude()
    check("", "/rounds", "/reports")


@pytest.mark.parametrize("study", ["garden_open_study"], indirect=True)
def test_answers_to_open_questions_have_no_barrier(study, arrive):
    study.open_round()
    visitor = study.take_part(study.link())
    save_open_answers(study.database, study.clock, visitor, 1, [AnswerChange("Q1", 1, "Shade", 0)])
    study.close_round()
    desk = arrive()
    desk.sign_in()
    for page in ("/rounds/1/answers", "/rounds"):
        desk.go(page)
        assert_no_barrier(desk.page)


def test_the_end_of_a_study_has_no_barrier(study, arrive, visitors):
    for status in ("409", "422"):
        visitors.expect_fault(f"status of {status}")
    desk = arrive()
    study.open_round()
    rate_round(study)
    study.close_round()
    study.release_feedback()
    desk.sign_in()

    def check(page: str, then_press: str = "") -> None:
        desk.go(page)
        if then_press:
            desk.press(then_press)
            expect(desk.page.locator(".error-summary")).to_be_visible()
        assert_no_barrier(desk.page)

    check("/next-round")
    check("/next-round/S02", "Leave it out")
    check("/conclude", "Conclude the study")
    check("/recommendations")
    check("/audiences")
    study.recommend()
    check("/recommendations")
    check("/new-recommendation", "Save")
    study.conclude()
    check("/recommendations/1")


@pytest.mark.parametrize("language", ["Français", "Nederlands", "Deutsch"])
def test_pages_in_other_languages_have_no_barrier(study, arrive, language):
    study.open_round()
    rate_round(study)
    study.close_round()
    desk = arrive(viewport=PHONE)
    desk.sign_in()
    desk.page.get_by_role("button", name=language).click()
    study.recommend()
    more = ("/next-round", "/next-round/S02", *ON_RECOMMENDATIONS, "/rounds/1", "/results/1/S02")
    for page in (*PAGES, *ON_DESIGN, *ON_STATEMENTS, *ON_PANEL, *more):
        desk.go(page)
        assert_no_barrier(desk.page)


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
