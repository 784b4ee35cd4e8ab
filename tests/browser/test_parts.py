"""Every part of the pages in Chromium: readable by everybody, and saving as one goes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from playwright.sync_api import expect

from app.web.shared.security_headers import SecurityHeaders
from app.web.shared.styleguide import router
from app.web.shared.templating import STATIC_PREFIX, HashedStaticFiles, static_url
from tests.browser.barriers import assert_no_barrier
from tests.browser.chromium import DESK, PHONE
from tests.browser.waiting import wait_until_kept
from tests.serving import free_port, serving

PAGES = ("/styleguide", "/styleguide/researcher")
CURRENT = {"point": 5, "abstained": False, "comment": "from the phone", "version": 9, "comment_version": 9}
STALE = {"error": "stale", "message": "changed elsewhere", "current": CURRENT}
CLOSED = {"error": "round_not_open", "message": "Round 2 closed on 12 May at 18:00."}


@dataclass
class Answers:
    """What the page posted, and how the server answers next."""

    received: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    body: dict[str, Any] | None = None

    def reply(self, posted: dict[str, Any]) -> JSONResponse:
        self.received.append(posted)
        saved = {"saved_at": "14:02", "version": posted["version"] + 1, "answered": 20, "total": 32}
        return JSONResponse(saved if self.body is None else self.body, self.status)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Answers]]:
    app, answers = FastAPI(), Answers()

    @app.post("/styleguide/ratings")
    async def save_rating(request: Request) -> JSONResponse:
        assert request.headers["x-csrf-token"] == "example"
        return answers.reply(await request.json())

    app.include_router(router)
    app.mount(STATIC_PREFIX, HashedStaticFiles())
    app.add_middleware(SecurityHeaders, over_tls=False)
    with serving(app, free_port()) as address:
        yield address, answers


@pytest.fixture
def answers(served) -> Answers:
    answers: Answers = served[1]
    answers.received.clear()
    answers.status, answers.body = 200, None
    return answers


@pytest.fixture
def page(visitors, served, answers):
    page = visitors.arrive(served[0], viewport=DESK)
    page.goto("/styleguide")
    return page


def saved_state(page, code):
    return page.locator(f"[data-card={code}] [data-save-state]")


def wait_for_version(page, code, version):
    expect(page.locator(f"[name='{code}.agreement.version']")).to_have_value(str(version))


def point(page, code, value):
    return page.locator(f"input[name='{code}.agreement'][value='{value}']")


def choose(page, code, value):
    point(page, code, value).check()


@pytest.mark.parametrize("path", PAGES)
def test_every_part_meets_wcag(visitors, served, path):
    page = visitors.arrive(served[0])
    page.goto(path)
    assert_no_barrier(page)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "text_size"), [(320, "100%"), (390, "200%"), (1280, "200%")])
def test_nothing_leaves_the_page_sideways(visitors, served, path, width, text_size):
    page = visitors.arrive(served[0], viewport={"width": width, "height": 800})
    page.goto(f"{path}?locale=de")
    page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", text_size)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_everything_a_panelist_touches_is_at_least_44_pixels_high(visitors, served):
    page = visitors.arrive(served[0], viewport=PHONE)
    page.goto("/styleguide")
    targets = page.locator(
        "label.point, label.unable, label.choice, .button, summary, .languages a, .topic a, .link-button"
    )
    heights = targets.evaluate_all(
        "all => all.filter((each) => each.offsetParent).map((each) => each.offsetHeight)"
    )
    assert len(heights) > 30
    assert min(heights) >= 44


def test_a_changed_rating_is_saved_at_once_and_says_so(page, answers):
    choose(page, "S07", 4)
    expect(saved_state(page, "S07")).to_contain_text("Saved at 14:02.")
    assert answers.received == [
        {
            "statement": "S07",
            "criterion": "agreement",
            "point": 4,
            "abstained": False,
            "comment": "",
            "comment_version": 0,
            "version": 0,
        }
    ]
    expect(page.locator("[data-progress-words]")).to_have_text("20 of 32 statements answered")


def test_the_next_save_carries_the_version_that_the_server_gave(page, answers):
    choose(page, "S07", 4)
    expect(saved_state(page, "S07")).to_contain_text("Saved at")
    choose(page, "S07", "unable")
    wait_for_version(page, "S07", 2)
    assert [(each["version"], each["point"], each["abstained"]) for each in answers.received] == [
        (0, 4, False),
        (1, None, True),
    ]


def test_a_comment_is_saved_when_typing_pauses(page, answers):
    page.fill("#statement-S07-comment", "It depends on the setting.")
    expect(saved_state(page, "S07")).to_contain_text("Saved at")
    assert answers.received[-1]["comment"] == "It depends on the setting."
    assert answers.received[-1]["point"] is None


def test_the_last_answer_is_kept_with_one_action(page, answers):
    page.click("[data-keep]")
    expect(saved_state(page, "S09")).to_contain_text("Saved at")
    assert answers.received[-1]["point"] == 5


def test_a_reason_is_asked_and_sent_only_when_the_band_was_left(page, answers):
    reason = page.locator("#field-S08-agreement-reason")
    expect(reason).to_be_visible()
    page.check("input[name='S08.agreement.reason'][value='comments']")
    wait_for_version(page, "S08", 3)
    assert answers.received[-1]["reason"] == {"code": "comments", "text": ""}
    choose(page, "S08", 5)
    wait_for_version(page, "S08", 4)
    assert "reason" not in answers.received[-1]
    expect(reason).to_be_hidden()


def test_what_could_not_be_sent_is_kept_over_a_reload_and_sent_again(visitors, page, answers):
    visitors.expect_fault("status of 503")
    answers.status, answers.body = 503, {"error": "unavailable", "message": "We cannot reach our records."}
    choose(page, "S07", 2)
    expect(saved_state(page, "S07")).to_contain_text(
        "Not saved yet; we keep trying. We cannot reach our records."
    )
    expect(page.locator("[data-autosave-banner]")).to_contain_text("encrypted")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(point(page, "S07", 2)).to_be_checked()
    answers.status, answers.body = 200, None
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(saved_state(page, "S07")).to_contain_text("Saved at 14:02.")
    wait_until_kept(page, 0)


def test_leaving_with_something_unsent_asks_first_and_otherwise_not(visitors, page, answers):
    visitors.expect_fault("status of 503")
    asked = []

    def accept(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    choose(page, "S07", 4)
    expect(saved_state(page, "S07")).to_contain_text("Saved at")
    page.reload()
    assert asked == []
    answers.status = 503
    choose(page, "S07", 2)
    expect(saved_state(page, "S07")).to_contain_text("Not saved yet")
    page.reload()
    assert asked == ["beforeunload"]


def test_a_conflict_shows_both_answers_and_this_one_can_be_kept(visitors, page, answers):
    visitors.expect_fault("status of 409")
    answers.status, answers.body = 409, STALE
    choose(page, "S07", 1)
    conflict = page.locator(".conflict")
    expect(conflict).to_contain_text("Here: 1, Strongly disagree")
    expect(conflict).to_contain_text("There: 5, Strongly agree. Comment: from the phone")
    answers.status, answers.body = 200, None
    conflict.get_by_role("button", name="Save the answer from this page").click()
    expect(saved_state(page, "S07")).to_contain_text("Saved at")
    assert (answers.received[-1]["point"], answers.received[-1]["version"]) == (1, 9)


def test_a_conflict_can_be_settled_for_the_other_answer(visitors, page, answers):
    visitors.expect_fault("status of 409")
    answers.status, answers.body = 409, STALE
    choose(page, "S07", 1)
    page.locator(".conflict").get_by_role("button", name="Keep the other answer").click()
    expect(point(page, "S07", 5)).to_be_checked()
    expect(page.locator("#statement-S07-comment")).to_have_value("from the phone")
    wait_for_version(page, "S07", 9)
    assert len(answers.received) == 1


def test_a_repeated_save_whose_first_reply_was_lost_is_no_conflict(visitors, page, answers):
    visitors.expect_fault("status of 409")
    answers.status, answers.body = 409, STALE | {"current": CURRENT | {"point": 4, "comment": ""}}
    choose(page, "S07", 4)
    wait_for_version(page, "S07", 9)
    expect(page.locator(".conflict")).to_have_count(0)


def test_a_change_after_the_close_is_shown_for_copying(visitors, page, answers):
    visitors.expect_fault("status of 409")
    answers.status, answers.body = 409, CLOSED
    page.fill("#statement-S08-comment", "My reason in full.")
    box = page.locator(".conflict")
    expect(box).to_contain_text("Round 2 closed on 12 May at 18:00.")
    expect(box.locator("textarea")).to_have_value(re.compile(re.escape("My reason in full.")))


def test_someone_signed_out_is_told_what_to_do_and_keeps_the_answer(visitors, page, answers):
    visitors.expect_fault("status of 401")
    answers.status, answers.body = 401, {}
    choose(page, "S07", 3)
    expect(saved_state(page, "S07")).to_contain_text("Open your personal link in another tab")
    wait_until_kept(page, 1)
    kept = page.evaluate("Object.entries(localStorage).flat()")
    assert not any(word in " ".join(kept) for word in ("S07", "point", "agreement"))


def test_a_table_sorts_by_its_heads_with_the_keyboard(visitors, served):
    page = visitors.arrive(served[0], viewport=DESK)
    page.goto("/styleguide/researcher")
    head = page.get_by_role("columnheader", name="Median")
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    codes = page.locator("table tbody th")
    expect(codes).to_have_text(["S02", "S03", "S04", "S01"])
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(codes).to_have_text(["S01", "S04", "S03", "S02"])


def test_every_script_is_asked_for_once_and_by_its_hash(visitors, served):
    page = visitors.arrive(served[0])
    asked = []

    def note(request):
        asked.append(request.url.removeprefix(served[0]))

    page.on("request", note)
    page.goto("/styleguide")
    scripts = [address for address in asked if ".js" in address]
    files = ("autosave.js", "kept_answers.js", "rating_form.js")
    assert sorted(scripts) == sorted(static_url(f"js/{file}") for file in files)


def test_without_a_script_the_form_is_whole(visitors, served):
    page = visitors.arrive(served[0], java_script_enabled=False)
    page.goto("/styleguide")
    choose(page, "S07", 4)
    expect(point(page, "S07", 4)).to_be_checked()
    expect(page.get_by_role("button", name="Save and continue")).to_be_visible()
    expect(page.locator("[data-autosave-banner]")).to_be_hidden()
