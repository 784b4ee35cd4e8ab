"""The whole way of a panelist whose scripts stop coming half-way: nothing is lost."""

import re

from playwright.sync_api import Page, Route, expect

from app.services.questionnaire import read_questionnaire
from tests.browser.panelist.ledger import Ledger
from tests.browser.waiting import wait_until_kept
from tests.panel_study import CRITERION, PlayedStudy

ANSWERS = {"S01": 4, "S02": 2, "S03": None, "S04": 5, "S05": 1, "S06": 3}
COMMENTS = {"S01": "Saved while I typed.", "S03": "Written when nothing was sent.", "S06": "Without scripts."}


def stop(page: Page, address: str) -> list[str]:
    """Let no request for an address get through, and tell which there were."""
    stopped: list[str] = []

    def abort(route: Route) -> None:
        stopped.append(route.request.url)
        route.abort()

    page.route(address, abort)
    return stopped


def stored(study: PlayedStudy) -> tuple[dict[str, int | None], dict[str, str]]:
    """The points and the comments of the panelist, as they are stored."""
    questionnaire = read_questionnaire(study.database, study.clock, study.visitor(study.link()))
    assert questionnaire is not None
    items = {item.statement.code: item for item in questionnaire.statements}
    points = {code: item.ratings[CRITERION].point for code, item in items.items() if item.ratings}
    return points, {code: item.comment.text for code, item in items.items() if item.comment.text}


def test_scripts_that_stop_coming_half_way_cost_nothing(study, arrive, visitors):
    visitors.expect_fault("ERR_FAILED")
    guest, ledger = arrive(), Ledger()
    page = guest.page
    ledger.watch(page)
    guest.enter()
    guest.press("Yes, I take part")
    page.check("[name='profile.role'][value=expert]")
    guest.press("Save and continue")
    guest.press("Begin")
    guest.save("S01", 4)
    with page.expect_response("**/autosave*"):
        guest.comment("S01").fill(COMMENTS["S01"])

    unsent = stop(page, "**/autosave*")
    guest.choose("S02", 2)
    guest.choose("S03", "unable")
    guest.comment("S03").fill(COMMENTS["S03"])
    guest.is_told("S03", "Not saved yet")
    guest.try_to_press("Save and go to the next topic")
    expect(page.locator("[data-autosave-banner]")).to_be_visible()
    imports = stop(page, "**/js/rating_form.js*")
    guest.press("Save and go to the next topic")
    for code in ("S04", "S05"):
        guest.choose(code, ANSWERS[code])
    guest.press("Save and go to the overview")
    assert unsent
    assert imports

    scripts = stop(page, "**/static/js/**")
    guest.press("Continue")
    guest.choose("S06", ANSWERS["S06"])
    guest.comment("S06").fill(COMMENTS["S06"])
    guest.press("Save and look over all answers")
    assert scripts
    for comment in COMMENTS.values():
        expect(page.locator("main")).to_contain_text(comment)
    guest.press("Hand in my answers")
    expect(page.locator(".receipt-code")).to_have_text(re.compile("^[2-9A-Z]{4}-[2-9A-Z]{4}$"))
    assert stored(study) == (ANSWERS, COMMENTS)
    assert ledger.told.keys() == {"S01"}, "all else came by the button"

    page.unroute_all()
    guest.go("/topics/value")
    wait_until_kept(page, 0)
    expect(page.get_by_role("alert"), "what the browser had kept is what is stored").to_have_count(0)
    assert stored(study) == (ANSWERS, COMMENTS)
