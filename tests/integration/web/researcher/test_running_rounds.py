"""Opening, closing, analysing, feeding back and concluding, each from its page."""

import pytest
from sqlalchemy import text

from app.services.overview import read_overview
from tests.integration.web.researcher.conftest import words


def rounds_of(study):
    overview = read_overview(study.database, study.clock, "garden-study")
    return [line.round for line in overview.rounds]


def test_the_launch_checklist_says_what_opening_would_do(owner):
    page = words(owner.get("/rounds"))
    assert "6 statements will be rated" in page
    assert "12 panelists will be asked" in page
    assert "Each of the 2 stakeholder groups has panelists" in page
    assert "Every statement is in all 3 languages of the study" in page
    assert "With round 1 the protocol is frozen." in page


def test_a_round_is_opened_with_a_deadline_in_the_studys_time_zone(study, owner):
    answer = owner.send("/rounds/open", {"day": "2026-03-20", "hour": "18:00"})
    assert answer.headers["location"] == "/research/garden-study/rounds?done=opened"
    (round_,) = rounds_of(study)
    assert round_.closes_at.isoformat() == "2026-03-20T17:00:00+00:00"
    page = words(owner.get("/rounds?done=opened"))
    assert "The round is open." in page
    assert "20 Mar 2026 18:00" in page


def test_a_round_may_be_opened_without_a_deadline(study, owner):
    assert owner.send("/rounds/open").status_code == 303
    assert rounds_of(study)[0].closes_at is None
    assert "No deadline was set" in owner.get("/rounds/1").text


def test_an_hour_that_the_clocks_skip_is_refused_and_what_was_typed_is_kept(study, owner):
    answer = owner.send("/rounds/open", {"day": "2026-03-29", "hour": "02:30"})
    assert answer.status_code == 422
    assert "02:30 does not exist in Europe/Brussels" in words(answer)
    assert 'value="2026-03-29"' in answer.text
    assert 'value="02:30"' in answer.text
    assert rounds_of(study) == []


@pytest.mark.parametrize(("which", "instant"), [("first", "00:30"), ("second", "01:30")])
def test_of_an_hour_that_comes_twice_one_says_which_is_meant(study, owner, which, instant):
    typed = {"day": "2026-10-25", "hour": "02:30"}
    asked = owner.send("/rounds/open", typed)
    assert asked.status_code == 422
    assert "Which of the two hours?" in asked.text
    assert rounds_of(study) == []
    assert owner.send("/rounds/open", {**typed, "which": which}).status_code == 303
    assert rounds_of(study)[0].closes_at.isoformat() == f"2026-10-25T{instant}:00+00:00"


@pytest.mark.parametrize(("day", "hour"), [("tomorrow", "18:00"), ("2026-05-12", ""), ("", "18:00")])
def test_a_deadline_that_cannot_be_read_is_refused_with_an_example(study, owner, day, hour):
    answer = owner.send("/rounds/open", {"day": day, "hour": hour})
    assert answer.status_code == 422
    assert "for example 2026-05-12 and 18:00" in answer.text
    assert rounds_of(study) == []


def test_a_deadline_in_the_past_is_refused(study, owner):
    answer = owner.send("/rounds/open", {"day": "2026-03-01", "hour": "18:00"})
    assert answer.status_code == 409
    assert "The deadline lies in the past." in answer.text
    assert rounds_of(study) == []


def test_a_second_round_cannot_be_opened_while_the_first_is_open(study, owner):
    study.open_round()
    answer = owner.send("/rounds/open")
    assert answer.status_code == 409
    assert "it cannot be opened now" in words(answer)
    assert "will be rated" not in owner.get("/rounds").text


def test_closing_asks_once_more_and_looking_changes_nothing(divided, owner):
    page = owner.get("/rounds/1/close")
    assert "A closed round cannot be opened again." in page.text
    assert "0 of 12 panelists have handed in." in words(page)
    assert "12 are part way" in words(page)
    assert rounds_of(divided)[0].closed_at is None


def test_closing_leads_to_the_decisions(divided, owner):
    answer = owner.send("/rounds/1/close")
    assert answer.headers["location"] == "/research/garden-study/results/1?done=closed"
    page = words(owner.get("/results/1?done=closed"))
    assert "Round 1 is closed." in page
    assert "Consensus: in" in page


def test_a_page_opened_long_ago_does_not_close_a_later_round(decided, owner):
    decided.release_feedback()
    decided.open_round()
    answer = owner.send("/rounds/1/close")
    assert answer.status_code == 409
    assert "Round 1 is fed back; it cannot be closed now." in words(answer)
    assert rounds_of(decided)[1].closed_at is None


def test_closing_twice_is_refused_in_words(decided, owner):
    assert owner.send("/rounds/1/close").status_code == 409
    assert owner.get("/rounds/1/close").status_code == 409


def test_figures_that_are_missing_are_computed_on_request(decided, owner):
    with decided.database.writing() as connection:
        connection.execute(text("DELETE FROM round_analysis"))
    page = owner.get("/rounds").text
    assert "Compute the figures of round 1" in page
    assert "The round has no figures yet" in page
    assert owner.get("/results/1").status_code == 409
    assert owner.send("/rounds/1/analyse").headers["location"].endswith("?done=analysed")
    assert owner.get("/results/1").status_code == 200
    assert "Compute the figures" not in owner.get("/rounds").text


def test_feedback_is_released_after_a_look_at_what_it_means(decided, owner):
    page = owner.get("/rounds/1/release")
    assert "Panelists see the figures of every group." in page.text
    assert "fewer than 5 others" in page.text
    assert rounds_of(decided)[0].fed_back_at is None
    assert owner.send("/rounds/1/release").headers["location"].endswith("?done=released")
    assert rounds_of(decided)[0].fed_back_at is not None
    assert owner.get("/rounds/1/release").status_code == 409


def test_a_study_cannot_be_concluded_while_a_round_waits(decided, owner):
    page = owner.get("/rounds").text
    assert "Close round 1 and release its feedback first." in page
    for answer in (owner.get("/conclude"), owner.send("/conclude")):
        assert answer.status_code == 409
        assert "release its feedback first" in answer.text


def test_a_study_is_concluded_after_a_look_at_its_decisions(decided, owner):
    decided.release_feedback()
    page = words(owner.get("/conclude"))
    assert "5 Consensus: in" in page
    assert "The stopping rule advises to go on." in page
    ended = owner.send("/conclude", {"reason": "Enough was asked."})
    assert ended.headers["location"] == "/research/garden-study"
    home = words(owner.get())
    assert "The study is concluded." in home
    assert "Next:" not in home
    assert "will be rated" not in owner.get("/rounds").text


@pytest.mark.parametrize("page", ["/rounds/7", "/rounds/7/close", "/rounds/7/release", "/results/7"])
def test_a_round_that_was_never_held_is_not_there(decided, owner, page):
    assert owner.get(page).status_code == 404


@pytest.mark.parametrize("page", ["/rounds/x", "/rounds/1/x", "/results/x", "/x"])
def test_an_address_that_means_nothing_is_a_plain_page(decided, owner, page):
    answer = owner.get(page)
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
