"""One statement a page, where the study wants it so: the way forth and back, every link to a statement."""

import re

import pytest

from tests.integration.web.panelist.conftest import Guest, enter
from tests.panel_study import SLUG, STATEMENTS, PlayedStudy, panel_study_with


@pytest.fixture
def guest(app, clock, browser) -> Guest:
    """A panelist of a study that asks one statement a page, in round 1."""
    definition = panel_study_with(protocol={"statements_per_page": "one"})
    study = PlayedStudy.begin(app.state.database, clock, definition)
    study.open_round()
    study.take_part(study.link())
    return enter(browser(), study.link())


def save(guest: Guest, code: str, point: object, **more: str):
    fields = {"round": "1", f"{code}.agreement": str(point), **more}
    return guest.send(f"/statements/{code}", fields)


def codes_on(page: str) -> list[str]:
    return re.findall(r'data-card="(\w+)"', page)


def test_a_page_asks_one_statement_and_says_which_of_how_many(guest):
    page = guest.get("/statements/S04").text
    assert codes_on(page) == ["S04"]
    assert "Statement 4 of 6" in page
    assert "<h1>Who pays</h1>" in page
    assert "0 of 6 statements answered" in page


def test_saving_leads_through_all_statements_and_topics_to_the_review(guest):
    places = [save(guest, code, 4, then="next").headers["location"] for code in STATEMENTS]
    assert places == [*(f"/s/{SLUG}/statements/{code}" for code in STATEMENTS[1:]), f"/s/{SLUG}/review"]


@pytest.mark.parametrize(
    ("code", "then", "page"),
    [
        ("S04", "previous", "statements/S03"),
        ("S01", "previous", "overview"),
        ("S04", "overview", "overview"),
        ("S04", "here", "statements/S04"),
        ("S06", "review", "review"),
    ],
)
def test_saving_leads_where_the_button_says(guest, code, then, page):
    assert save(guest, code, 4, then=then).headers["location"] == f"/s/{SLUG}/{page}"


def test_the_first_statement_has_no_way_back_and_the_last_leads_to_the_review(guest):
    first, last = guest.get("/statements/S01").text, guest.get("/statements/S06").text
    assert "Save and go to the next statement" in first
    assert "previous statement" not in first
    assert "Save and look over all answers" in last
    assert "Save and go to the previous statement" in last


def test_a_topic_leads_to_its_first_statement_that_waits(guest):
    assert guest.get("/topics/pay").headers["location"] == f"/s/{SLUG}/statements/S04"
    save(guest, "S04", 4)
    assert guest.get("/topics/pay").headers["location"] == f"/s/{SLUG}/statements/S05"
    for code in ("S05", "S06"):
        save(guest, code, "unable")
    assert guest.get("/topics/pay").headers["location"] == f"/s/{SLUG}/statements/S04"


def test_what_does_not_fit_comes_back_on_the_same_page(guest):
    answer = save(guest, "S02", 9, **{"S02.comment": "Keep me"})
    assert answer.status_code == 422
    assert codes_on(answer.text) == ["S02"]
    assert "“9” is not on the scale of statement S02" in answer.text
    assert "Keep me" in answer.text


def test_a_conflict_leads_back_to_its_statement(guest):
    save(guest, "S02", 4)
    answer = save(guest, "S02", 2)
    assert answer.status_code == 409
    assert f'action="/s/{SLUG}/statements/S02"' in answer.text
    chosen = save(guest, "S02", 2, then="here", **{"S02.agreement.version": "1"})
    assert chosen.headers["location"] == f"/s/{SLUG}/statements/S02"


def test_a_statement_that_the_round_does_not_ask_is_not_there(guest):
    assert guest.get("/statements/S99").status_code == 404
    assert "There is no statement “S99” in this round." in guest.get("/statements/S99").text
    assert save(guest, "S99", 4).status_code == 404


def test_after_the_close_a_statement_leads_home(app, clock, browser):
    study = PlayedStudy.begin(app.state.database, clock)
    study.open_round()
    study.take_part(study.link())
    guest = enter(browser(), study.link())
    study.close_round()
    assert guest.get("/statements/S02").headers["location"] == f"/s/{SLUG}"


def test_where_a_topic_is_asked_a_page_a_statement_is_found_in_its_topic(app, clock, browser):
    study = PlayedStudy.begin(app.state.database, clock)
    study.open_round()
    study.take_part(study.link())
    guest = enter(browser(), study.link())
    assert guest.get("/statements/S05").headers["location"] == f"/s/{SLUG}/topics/pay#statement-S05"
