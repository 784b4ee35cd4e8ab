"""Where the way in leads when nothing is asked: what counts, what happens next, and what one can keep."""

from datetime import timedelta

import pytest

from app.services.moderating import release_pending_comments
from app.services.rounds import open_round
from tests.integration.web.panelist.conftest import enter
from tests.panel_study import ACTOR, SLUG, STATEMENTS, TOPICS, PlayedStudy, panel_study_with

DOWNLOADS = (f'href="/s/{SLUG}/answers.pdf"', f'href="/s/{SLUG}/answers.csv"')


@pytest.fixture
def guest_in_time(study, browser, clock):
    """A panelist in a round that takes answers for an hour, with one answer given."""
    open_round(study.database, clock, SLUG, ACTOR, closes_at=clock.now() + timedelta(hours=1))
    study.take_part(study.link())
    guest = enter(browser(), study.link())
    assert guest.rate("value", {"S01": 4}).status_code == 303
    return guest


@pytest.fixture
def late_guest(guest_in_time, clock):
    """The same panelist, an hour after the deadline; nobody has closed the round yet."""
    clock.advance(timedelta(hours=2))
    return guest_in_time


def is_offered(page: str) -> bool:
    return all(link in page for link in DOWNLOADS)


def test_after_the_deadline_the_way_in_says_when_it_was_and_what_counts(late_guest):
    page = late_guest.get().text
    for words in (
        "The time for this round is over",
        "The time to answer in round 1 ended on Monday, 2 March 2026 at 11:00.",
        "Nothing can be changed any more.",
        "You had answered 1 of 6 statements. They count, even though you did not hand them in.",
    ):
        assert words in page
    assert is_offered(page)


@pytest.mark.parametrize("page", ["/overview", "/topics/value", "/review"])
def test_after_the_deadline_no_page_pretends_that_answers_are_taken(late_guest, page):
    answer = late_guest.get(page)
    assert (answer.status_code, answer.headers.get("location")) == (303, f"/s/{SLUG}")


def test_what_is_sent_after_the_deadline_is_not_counted_and_given_back(late_guest):
    answer = late_guest.rate("value", {"S02": 5}, **{"S02.comment": "A thought that came late"})
    assert answer.status_code == 409
    assert "A thought that came late" in answer.text
    assert "5, Strongly agree" in answer.text
    assert "Round 1 closed on Monday, 2 March 2026 at 11:00." in answer.text
    told = late_guest.autosave(statement="S03", point=2)
    assert (told.status_code, told.json()["error"]) == (409, "round_not_open")
    assert "You had answered 1 of 6 statements." in late_guest.get().text


def test_who_handed_in_before_the_deadline_keeps_the_receipt(guest_in_time, clock):
    for topic, codes in TOPICS.items():
        guest_in_time.rate(topic, dict.fromkeys(codes, 4), **{"S01.agreement.version": "1"})
    guest_in_time.send("/submit", {"round": "1", "request_key": "k"})
    assert "Change your answers" in guest_in_time.get("/receipt").text
    clock.advance(timedelta(hours=2))
    assert "We have received your answers. Your receipt:" in guest_in_time.get().text
    receipt = guest_in_time.get("/receipt").text
    assert "Change your answers" not in receipt
    assert "Round 1 closed on" in receipt
    assert is_offered(receipt)


def test_who_answered_nothing_is_told_that_it_is_all_right(study, guest):
    study.rate_apart([link for link in study.links if link != guest.link])
    study.close_round()
    assert "You had not answered in this round. That is all right" in guest.get().text


def test_between_rounds_the_page_says_what_happens_next(study, guest):
    study.rate_apart([link for link in study.links if link != guest.link])
    study.close_round()
    study.release_feedback()
    page = guest.get().text
    for words in (
        "Between two rounds",
        "Round 1 closed on Monday, 2 March 2026 at 10:00.",
        "Up to 3 rounds are planned in all.",
        "its date is not fixed yet. You will then see",
        f'href="/s/{SLUG}/results"',
    ):
        assert words in page
    assert is_offered(page)


def test_after_the_last_planned_round_no_next_one_is_promised(study, guest):
    study.rate_apart([link for link in study.links if link != guest.link])
    for number in (1, 2, 3):
        if number > 1:
            study.open_round()
        study.close_round()
        study.release_feedback()
    page = guest.get().text
    assert "All planned rounds are done." in page
    assert "The next round is being prepared" not in page


def test_at_the_end_the_page_thanks_and_promises_no_report_that_there_is_not(study, guest):
    study.rate_apart([link for link in study.links if link != guest.link])
    study.close_round()
    study.release_feedback()
    study.conclude()
    page = guest.get().text
    assert "The study is finished. Thank you!" in page
    assert "the study team now writes its report" in page
    assert "/report" not in page
    assert is_offered(page)


def test_who_left_and_whose_answers_stay_can_still_take_them_away(guest):
    guest.rate("value", dict.fromkeys(STATEMENTS[:1], 4))
    guest.send("/withdraw")
    page = guest.get().text
    assert "The answers you gave stay in the study" in page
    assert is_offered(page)
    assert guest.get("/answers.pdf").status_code == 200


def test_before_the_first_round_there_is_nothing_to_take_away(study, browser):
    study.take_part(study.link())
    page = enter(browser(), study.link()).get().text
    assert "The first round has not begun yet" in page
    assert not is_offered(page)


def test_a_study_that_feeds_no_figures_back_promises_none_and_still_leads_to_what_is_released(
    app, clock, browser
):
    definition = panel_study_with(protocol={"feedback": {"policy": "none"}})
    study = PlayedStudy.begin(app.state.database, clock, definition)
    study.open_round()
    for n, link in enumerate(study.links):
        study.rate(study.take_part(link), dict.fromkeys(STATEMENTS, 4 + n % 2), {"S01": f"A word of {n}."})
    guest = enter(browser(), study.link())
    study.close_round()
    assert "what the groups answered" not in guest.get().text
    assert f'href="/s/{SLUG}/results"' not in guest.get().text
    release_pending_comments(study.database, clock, SLUG, ACTOR, 1)
    study.release_feedback()
    page = guest.get().text
    assert f'<a href="/s/{SLUG}/results">Your answers, and comments from the panel</a>' in page
    assert "You will then see, beside each statement, what you answered." in page
    assert "what the groups answered" not in page
    results = guest.get("/results").text
    assert "<h1>Your answers, and comments from the panel</h1>" in results
    assert "This is what you answered in round 1. This study shows no figures of the groups." in results
    assert "<strong>4, Agree</strong>" in results
    assert "A word of 1." in results
    assert "<svg class" not in results.split("<main")[1]
