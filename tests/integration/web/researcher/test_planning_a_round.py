"""When the next round is planned to open: researchers say it, panelists read it, some moments are refused."""

from datetime import timedelta

import pytest

from tests.integration.web.panelist.conftest import enter
from tests.integration.web.researcher.conftest import words
from tests.panel_study import SLUG

PLANNED = {"day": "2026-05-12", "hour": "09:00"}
TOLD = "Round 2 is planned to open on Tuesday, 12 May 2026 at 09:00 (Brussels time)."


@pytest.fixture
def waiting(decided, browser):
    """A panelist who waits: round 1 is closed."""
    return enter(browser(), decided.link())


def test_panelists_read_when_the_next_round_is_planned_to_open(study, owner, waiting):
    study.release_feedback()
    assert "its date is not fixed yet" in waiting.get().text
    assert "The panel reads that the date of round 2 is not fixed yet." in words(owner.get("/rounds"))
    answer = owner.send("/rounds/1/next", PLANNED)
    assert answer.headers["location"] == f"/research/{SLUG}/rounds?done=planned"
    assert "round 2 is planned to open on 12 May 2026 09:00." in words(owner.get("/rounds?done=planned"))
    page = words(waiting.get())
    assert f"{TOLD} We send you an e-mail when it begins. You will then see" in page
    assert "its date is not fixed yet" not in page
    assert 'value="2026-05-12"' in owner.get("/rounds/1/next").text
    assert 'value="09:00"' in owner.get("/rounds/1/next").text
    assert "told the panel when round 2 is planned to open" in words(owner.get("/log"))
    assert owner.send("/rounds/1/next", {"day": "", "hour": ""}).status_code == 303
    assert "its date is not fixed yet" in waiting.get().text


def test_it_can_be_said_before_the_feedback_is_released_and_is_forgotten_once_it_has_passed(
    owner, waiting, clock
):
    owner.send("/rounds/1/next", {"day": "2026-03-02", "hour": "12:00"})
    assert "Round 2 is planned to open on Monday, 2 March 2026 at 12:00" in words(waiting.get())
    clock.advance(timedelta(hours=3))
    page = words(waiting.get())
    assert "planned to open" not in page
    assert "If there is another round, we send you an e-mail" in page


@pytest.mark.parametrize(
    ("typed", "status", "reason"),
    [
        ({"day": "2026-02-01", "hour": "09:00"}, 409, "This moment lies in the past. Choose a later one."),
        ({"day": "12 May", "hour": "09:00"}, 422, "Give a day and an hour"),
        ({"day": "2026-05-12", "hour": ""}, 422, "Give a day and an hour"),
        ({"day": "2026-03-29", "hour": "02:30"}, 422, "does not exist in Europe/Brussels"),
        ({"day": "2026-10-25", "hour": "02:30"}, 422, "Which of the two hours?"),
    ],
)
def test_a_moment_that_cannot_be_meant_is_refused_and_what_was_typed_is_kept(
    owner, waiting, typed, status, reason
):
    answer = owner.send("/rounds/1/next", typed)
    assert answer.status_code == status
    assert reason in words(answer)
    assert f'value="{typed["day"]}"' in answer.text
    assert "planned to open" not in waiting.get().text


def test_of_an_hour_that_comes_twice_the_one_that_is_meant_is_told(study, owner, waiting):
    study.release_feedback()
    typed = {"day": "2026-10-25", "hour": "02:30", "which": "second"}
    assert owner.send("/rounds/1/next", typed).status_code == 303
    assert "planned to open on Sunday, 25 October 2026 at 02:30" in words(waiting.get())


@pytest.mark.parametrize("method", ["get", "send"])
def test_nothing_is_planned_while_a_round_runs_after_a_later_one_or_after_the_end(study, owner, method):
    def refusal(number=1):
        address = f"/rounds/{number}/next"
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
    assert "The round after round 1 is there already." in refusal()
    study.close_round()
    study.release_feedback()
    study.conclude()
    assert "The study is concluded." in refusal(2)
    assert "Tell the panel when it opens" not in owner.get("/rounds").text
