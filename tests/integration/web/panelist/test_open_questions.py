"""An open round at a panelist's browser: every question on one page, and nothing typed is ever lost."""

import csv
import io

import pytest

from app.services.questionnaire import read_questionnaire
from tests.integration.web.panelist.conftest import Guest, enter
from tests.integration.web.states import begun_with
from tests.panel_study import SLUG, PlayedStudy, panel_study

LED_TO_BY = {"study": begun_with("garden-asking", panel_study("garden_open_study"))}
"""A study whose first round asks open questions."""


def stored(study: PlayedStudy, guest: Guest) -> dict[str, list[str]]:
    questionnaire = read_questionnaire(study.database, study.clock, study.visitor(guest.link))
    assert questionnaire is not None
    return {one.question.code: [answer.text for answer in one.given] for one in questionnaire.questions}


def answer(guest: Guest, fields: dict[str, str], then: str = ""):
    return guest.send("/questions", {"round": "1", "then": then, **fields})


def save(guest: Guest, **sent: object):
    whole = {"statement": "Q1", "criterion": "1", "point": None, "abstained": False, "version": 0}
    return guest.client.post(
        f"/s/{SLUG}/questions/autosave?round=1",
        json=whole | sent,
        headers={"X-CSRF-Token": guest.token, "Accept": "application/json"},
    )


def test_the_way_in_leads_to_the_questions(guest):
    assert guest.get("/overview").headers["location"] == f"/s/{SLUG}/questions"
    page = guest.get("/questions").text
    for words in ("What makes a garden good?", "Think of a garden you like.", "Who should pay?", "Answer 1"):
        assert words in page
    assert "0 of 2 questions answered" in page


def test_a_page_is_saved_by_its_button_and_one_more_place_is_offered(study, guest):
    saved = answer(guest, {"Q1.1": " Shade\r\nand rest ", "Q2.1": ""}, "more.Q1")
    assert (saved.status_code, saved.headers["location"]) == (303, f"/s/{SLUG}/questions#question-Q1")
    assert stored(study, guest) == {"Q1": ["Shade\nand rest"], "Q2": []}
    page = guest.get("/questions").text
    assert 'name="Q1.2"' in page
    assert "Add another answer" in page
    answer(guest, {"Q1.2": "Trees", "Q1.3": "Water"})
    assert "Add another answer" not in guest.get("/questions").text


@pytest.mark.parametrize(("then", "page"), [("review", "review"), ("here", "questions"), ("", "review")])
def test_after_saving_the_button_pressed_says_where_to_go(guest, then, page):
    assert answer(guest, {"Q1.1": "Shade"}, then).headers["location"] == f"/s/{SLUG}/{page}"


def test_nothing_to_add_is_an_answer_until_it_is_unticked(guest):
    answer(guest, {"Q1.1": "", "Q1.nothing": "yes"})
    assert "1 of 2 questions answered" in guest.get("/questions").text
    answer(guest, {"Q2.1": "The town"})
    assert "2 of 2 questions answered" in guest.get("/questions").text
    answer(guest, {"Q1.1": ""})
    assert "1 of 2 questions answered" in guest.get("/questions").text


def test_a_text_that_is_too_long_comes_back_as_it_was_typed(study, guest):
    long = "long " * 1000
    refused = answer(guest, {"Q1.1": "Shade", "Q2.1": long})
    assert refused.status_code == 422
    assert "This text has 4999 characters" in refused.text
    assert long in refused.text
    assert stored(study, guest) == {"Q1": ["Shade"], "Q2": []}


def test_two_pages_with_different_answers_are_asked_which_counts(study, guest):
    answer(guest, {"Q1.1": "From the phone", "Q2.nothing": "yes", "Q2.1": ""})
    asked = answer(guest, {"Q1.1": "From the computer"})
    assert asked.status_code == 409
    assert "From the phone" in asked.text
    assert "From the computer" in asked.text
    chosen = {"Q1.1": "From the computer", "Q1.1.version": "1"}
    assert answer(guest, chosen).status_code == 303
    assert stored(study, guest)["Q1"] == ["From the computer"]
    assert "2 of 2 questions answered" in guest.get("/questions").text


def test_answers_after_the_close_are_given_back(study, guest):
    answer(guest, {"Q1.1": "In time"})
    study.close_round()
    late = answer(guest, {"Q1.1": "In time", "Q1.2": "Too late"})
    assert late.status_code == 409
    assert "Too late" in late.text
    assert "In time" not in late.text
    assert stored(study, guest)["Q1"] == ["In time"]


def test_the_script_saves_one_answer_and_is_told_its_version(study, guest):
    reply = save(guest, comment="Shade", comment_version=0).json()
    assert reply == {"saved_at": "10:00", "comment_version": 1, "answered": 1, "total": 2}
    assert save(guest, criterion="2", comment="Trees", comment_version=0).json()["comment_version"] == 1
    assert stored(study, guest)["Q1"] == ["Shade", "Trees"]


def test_the_script_says_that_there_is_nothing_to_add_and_takes_it_back(guest):
    assert save(guest, criterion="0", abstained=True).json()["answered"] == 1
    assert save(guest, criterion="0", abstained=False).json()["answered"] == 0


def test_the_script_is_shown_what_is_stored_when_its_page_is_behind(guest):
    save(guest, comment="From the phone", comment_version=0)
    stale = save(guest, comment="From the computer", comment_version=0)
    assert (stale.status_code, stale.json()["error"]) == (409, "stale")
    current = stale.json()["current"]
    assert (current["comment"], current["comment_version"]) == ("From the phone", 1)


@pytest.mark.parametrize(
    "sent",
    [
        {"statement": "not a code!"},
        {"criterion": 1},
        {"comment": 5},
        {"comment_version": -1},
        {"criterion": "0", "abstained": "yes"},
    ],
)
def test_what_the_script_never_sends_is_not_readable(guest, sent):
    assert save(guest, **sent).status_code == 400


@pytest.mark.parametrize("sent", [{"statement": "Q9"}, {"criterion": "9"}, {"criterion": "many"}])
def test_a_question_or_a_place_that_is_not_there_is_not_found(guest, sent):
    assert save(guest, comment="Shade", **sent).status_code == 404


def test_a_round_that_is_over_takes_nothing_from_the_script(study, guest):
    study.close_round()
    late = save(guest, comment="Too late", comment_version=0)
    assert (late.status_code, late.json()["error"]) == (409, "round_not_open")
    assert guest.get("/questions").status_code == 303


def test_the_review_says_what_is_missing_and_then_hands_in(guest):
    answer(guest, {"Q1.1": "Shade"})
    page = guest.get("/review").text
    assert "One question still waits for an answer" in page
    assert "Shade" in page
    assert guest.send("/submit", {"round": "1"}).status_code == 409
    answer(guest, {"Q2.1": "", "Q2.nothing": "yes"})
    assert "You have answered all 2 questions." in guest.get("/review").text
    assert guest.send("/submit", {"round": "1"}).status_code == 303
    assert "2 open questions" in guest.get("/receipt").text


def test_own_answers_to_open_questions_are_in_the_table_as_text(guest):
    answer(guest, {"Q1.1": "=Shade", "Q1.2": "Trees", "Q2.1": "", "Q2.nothing": "yes"})
    rows = list(csv.reader(io.StringIO(guest.get("/answers.csv").text.removeprefix("\ufeff"))))
    said = [(row[1], row[5]) for row in rows[1:]]
    assert said == [("Q1", "'=Shade"), ("Q1", "Trees"), ("Q2", "nothing to add")]
    assert guest.get("/answers.pdf").content.startswith(b"%PDF")


def test_between_an_open_round_and_the_first_rating_nothing_of_others_is_promised_or_shown(study, guest):
    answer(guest, {"Q1.1": "Shade"})
    study.close_round()
    assert "You had answered 1 of 2 questions." in guest.get().text
    study.release_feedback()
    page = guest.get().text
    assert "what the groups answered" not in page
    assert "/results" not in page


def test_after_an_open_round_every_statement_is_rated_without_a_look_back(study, guest, browser):
    study.close_round()
    study.release_feedback()
    study.open_round()
    page = enter(browser(), guest.link).get("/topics/value").text
    assert "How the panel answered" not in page
    assert "your last answer" not in page
    assert "0 of 6 statements answered" in page
    assert guest.get("/questions").status_code == 404
