"""When the next round is planned to open: researchers say it, panelists read it, some moments are refused."""

import re
from datetime import timedelta

import pytest

from app.services.due_rounds import run_due_rounds
from tests.integration.web.panelist.conftest import enter
from tests.integration.web.researcher.conftest import words
from tests.panel_study import SLUG

PLANNED = {"day": "2026-05-12", "hour": "09:00", "how": "by_hand"}
TOLD = "Round 2 is planned to open on Tuesday, 12 May 2026 at 09:00 (Brussels time)."


@pytest.fixture
def waiting(decided, browser):
    """A panelist who waits: round 1 is closed."""
    return enter(browser(), decided.link())


def test_panelists_read_when_the_next_round_is_planned_to_open(study, owner, waiting):
    study.release_feedback()
    assert "its date is not fixed yet" in waiting.get().text
    assert "The panel reads that the date of round 2 is not fixed yet." in words(owner.get("/rounds"))
    answer = owner.send("/rounds/2/plan", PLANNED)
    assert answer.headers["location"] == f"/research/{SLUG}/rounds?done=planned"
    assert "round 2 is planned to open on 12 May 2026 09:00." in words(owner.get("/rounds?done=planned"))
    page = words(waiting.get())
    assert f"{TOLD} We send you an e-mail when it begins. You will then see" in page
    assert "its date is not fixed yet" not in page
    assert 'value="2026-05-12"' in owner.get("/rounds/2/plan").text
    assert 'value="09:00"' in owner.get("/rounds/2/plan").text
    assert "told the panel when round 2 is planned to open" in words(owner.get("/log"))
    taken_back = owner.send("/rounds/2/plan", {"take_back": "yes"})
    assert taken_back.headers["location"].endswith("?done=unplanned")
    assert "The plan is taken back." in owner.get("/rounds?done=unplanned").text
    assert "its date is not fixed yet" in waiting.get().text


def test_it_can_be_said_before_the_feedback_is_released_and_is_forgotten_once_it_has_passed(
    owner, waiting, clock
):
    owner.send("/rounds/2/plan", {"day": "2026-03-02", "hour": "12:00"})
    assert "Round 2 is planned to open on Monday, 2 March 2026 at 12:00" in words(waiting.get())
    clock.advance(timedelta(hours=3))
    page = words(waiting.get())
    assert "planned to open" not in page
    assert "If there is another round, we send you an e-mail" in page


@pytest.mark.parametrize(
    ("typed", "status", "reason"),
    [
        ({"day": "2026-02-01", "hour": "09:00"}, 409, "This moment lies in the past. Choose a later one."),
        ({}, 422, "Give the day and the hour at which the round opens."),
        ({"day": "12 May", "hour": "09:00"}, 422, "Give a day and an hour"),
        ({"day": "2026-05-12", "hour": ""}, 422, "Give a day and an hour"),
        ({"day": "2026-03-29", "hour": "02:30"}, 422, "does not exist in Europe/Brussels"),
        ({"day": "2026-10-25", "hour": "02:30"}, 422, "Which of the two hours?"),
        (PLANNED | {"how": "by_itself", "closes_day": "2026-05-12", "closes_hour": "8"}, 422, "an hour, for"),
        (
            PLANNED | {"how": "by_itself", "closes_day": "2026-10-25", "closes_hour": "02:30"},
            422,
            "comes twice in Europe/Brussels",
        ),
        (PLANNED | {"how": "by_itself", "closes_itself": "yes"}, 422, "at which the round closes by itself"),
        (
            PLANNED | {"how": "by_itself", "closes_day": "2026-05-12", "closes_hour": "08:00"},
            409,
            "The deadline lies before the opening.",
        ),
    ],
)
def test_a_moment_that_cannot_be_meant_is_refused_and_what_was_typed_is_kept(
    owner, waiting, typed, status, reason
):
    answer = owner.send("/rounds/2/plan", typed)
    assert answer.status_code == status
    assert reason in words(answer)
    for name, value in typed.items():
        assert f'value="{value}"' in answer.text, name
    assert "planned to open" not in waiting.get().text


def test_of_an_hour_that_comes_twice_the_one_that_is_meant_is_told(study, owner, waiting):
    study.release_feedback()
    typed = {"day": "2026-10-25", "hour": "02:30", "which": "second"}
    assert owner.send("/rounds/2/plan", typed).status_code == 303
    page = owner.get("/rounds/2/plan").text
    assert "Which of the two hours?" in page
    assert "planned to open on Sunday, 25 October 2026 at 02:30" in words(waiting.get())


@pytest.mark.parametrize("method", ["get", "send"])
def test_nothing_is_planned_while_a_round_runs_after_a_later_one_or_after_the_end(study, owner, method):
    def refusal(number=2):
        address = f"/rounds/{number}/plan"
        answer = owner.get(address) if method == "get" else owner.send(address, PLANNED)
        assert answer.status_code == (404 if number == 7 else 409)
        return words(answer)

    study.open_round()
    assert "Round 1 is not closed yet." in refusal()
    study.rate_apart(study.links)
    study.close_round()
    study.release_feedback()
    refusal(7)
    study.open_round()
    assert "Round 2 has been opened already." in refusal()
    study.close_round()
    study.release_feedback()
    study.conclude()
    assert "The study is concluded." in refusal(3)
    assert "Plan when it opens" not in owner.get("/rounds").text


def test_round_one_opens_by_itself_and_the_page_says_when_and_who_planned_it(study, owner, clock):
    assert "Let it open at a moment …" in words(owner.get("/rounds"))
    form = {"day": "2026-03-02", "hour": "12:00", "closes_day": "2026-03-20", "closes_hour": "18:00"}
    assert owner.send("/rounds/1/plan", form | {"closes_itself": "yes"}).status_code == 303
    assert "Round 1 opens by itself on 2 Mar 2026 12:00" in words(owner.get("/rounds?done=planned"))
    again = owner.get("/rounds/1/plan").text
    assert 'value="2026-03-20"' in again
    assert re.search(r'name="closes_itself" value="yes"[^>]* checked', again)
    clock.advance(timedelta(hours=2))
    run_due_rounds(study.database, clock)
    page = words(owner.get("/rounds"))
    assert "20 Mar 2026 18:00" in page
    assert "opens by itself" not in page
    assert "The round then closes by itself." in words(owner.get("/rounds/1"))
    log = words(owner.get("/log"))
    assert "opened round 1 as Owner of the study had planned" in log
    assert "planned that round 1 opens by itself" in log


def test_a_page_says_when_a_moment_has_passed_and_nothing_happened(study, owner, clock):
    form = {"day": "2026-03-02", "hour": "12:00", "closes_day": "2026-03-02", "closes_hour": "13:00"}
    owner.send("/rounds/1/plan", form | {"closes_itself": "yes"})
    clock.advance(timedelta(hours=2, minutes=4))
    assert "Round 1 opens by itself" in words(owner.get("/rounds"))
    clock.advance(timedelta(minutes=1))
    page = words(owner.get("/rounds"))
    assert "Round 1 has not opened by itself" in page
    assert "castalia worker" in page
    clock.advance(timedelta(hours=3))
    run_due_rounds(study.database, clock)
    assert "Round 1 did not open at its moment" in words(owner.get("/rounds"))


def test_a_round_that_no_worker_closes_says_so(study, owner, clock):
    owner.send("/rounds/open", {"day": "2026-03-02", "hour": "12:00", "closes_itself": "yes"})
    clock.advance(timedelta(hours=3))
    for page in ("/rounds", "/rounds/1"):
        assert "Round 1 has not closed by itself" in words(owner.get(page))
    run_due_rounds(study.database, clock)
    assert "has not closed by itself" not in words(owner.get("/rounds"))
    assert owner.get("/results/1").status_code == 200


def test_closing_by_itself_needs_a_deadline_and_what_was_chosen_is_kept(study, owner):
    answer = owner.send("/rounds/open", {"closes_itself": "yes"})
    assert answer.status_code == 422
    assert "Give the deadline at which the round closes by itself" in words(answer)
    assert re.search(r'name="closes_itself" value="yes"[^>]* checked', answer.text)


def test_a_deadline_is_put_off_with_a_reason(study, owner):
    owner.send("/rounds/open", {"day": "2026-03-10", "hour": "18:00"})
    page = words(owner.get("/rounds/1/extend"))
    assert "Round 1 closes on Tuesday, 10 March 2026 at 18:00" in page
    assert "No e-mail goes to this panel from here." in page
    later = {"day": "2026-03-20", "hour": "18:00", "reason": "A strike <b>of trains"}
    answer = owner.send("/rounds/1/extend", later | {"closes_itself": "yes"})
    assert answer.headers["location"].endswith("/rounds/1?done=extended")
    page = words(owner.get("/rounds/1?done=extended"))
    assert "The deadline is put off." in page
    assert "Friday, 20 March 2026 at 18:00" in page
    assert "because: A strike <b>of trains" in words(owner.get("/log"))


@pytest.mark.parametrize(
    ("typed", "status", "reason"),
    [
        ({"reason": "Why"}, 422, "Give the day and the hour until which"),
        ({"day": "2026-03-20", "hour": "18:00"}, 422, "Say why the deadline changes."),
        ({"day": "2026-03-09", "hour": "18:00", "reason": "Why"}, 409, "It can only be put off."),
        ({"day": "2026-03-29", "hour": "02:30", "reason": "Why"}, 422, "does not exist in Europe/Brussels"),
        ({"day": "2026-03-20", "hour": "18:00", "reason": "x" * 1001}, 422, "at most 1000"),
    ],
)
def test_an_extension_that_cannot_be_is_refused_and_what_was_typed_is_kept(
    study, owner, typed, status, reason
):
    owner.send("/rounds/open", {"day": "2026-03-10", "hour": "18:00"})
    answer = owner.send("/rounds/1/extend", typed)
    assert answer.status_code == status
    assert reason in words(answer)
    for value in typed.values():
        assert value in answer.text
    assert "10 March 2026 at 18:00" in words(owner.get("/rounds/1"))


def test_an_open_round_without_a_deadline_can_be_given_one_and_a_closed_one_not(study, owner):
    owner.send("/rounds/open")
    assert "Set a deadline …" in words(owner.get("/rounds/1"))
    assert "No deadline was set" in words(owner.get("/rounds/1/extend"))
    assert owner.get("/rounds/2/extend").status_code == 404
    study.close_round()
    assert owner.get("/rounds/1/extend").status_code == 409
