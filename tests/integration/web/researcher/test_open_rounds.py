"""An open round at a researcher's desk: opened, read, closed and finished; and what comes after it."""

import csv
import io

import pytest

from app.domain.account import Role
from app.domain.open_question import AnswerChange
from app.services.open_answers import save_open_answers
from app.services.reporting import ReportFormat, download_report
from tests.integration.web.researcher.conftest import words
from tests.integration.web.states import begun_with, led_on
from tests.panel_study import SLUG, STATEMENTS, PlayedStudy, panel_study


def answer(study: PlayedStudy) -> None:
    """Round 1 opens, and five gardeners answer the first question."""
    study.open_round()
    links = [link for link in study.links if link.group == "gardeners"][:5]
    for link, said in zip(links, ("Shade", "=Trees", "Water", "<b>Rest</b>", "Peace"), strict=True):
        visitor = study.take_part(link)
        save_open_answers(study.database, study.clock, visitor, 1, [AnswerChange("Q1", 1, said, 0)])


BEGUN = begun_with("garden-asking", panel_study("garden_open_study"))
"""A study whose first round asks open questions."""
LED_TO_BY = {"answered": led_on(BEGUN, "garden-answered", answer), "study": BEGUN}


@pytest.fixture
def answered(study: PlayedStudy) -> PlayedStudy:
    """The study with round 1 open, and answers of five gardeners to the first question."""
    return study


def test_the_protocol_names_the_rounds_planned_and_the_checklist_what_the_next_one_asks(study, owner):
    assert "3: open questions, rating, rating" in words(owner.get("/protocol"))
    page = words(owner.get("/rounds"))
    assert "2 open questions will be asked" in page
    assert "The panel can then answer the open questions." in words(owner.get())


def test_the_answers_are_read_without_a_trace_of_who_gave_them(answered, owner):
    page = owner.get("/rounds/1/answers").text
    assert "&lt;b&gt;Rest&lt;/b&gt;" in page
    assert "Gardeners" in page
    assert "Nobody has answered this question." in words(page)
    for link in answered.links:
        assert link.pseudonym not in page


def test_many_answers_are_read_a_page_at_a_time(answered, owner, monkeypatch):
    monkeypatch.setattr("app.web.researcher.answers_page.PAGE_SIZE", 3)
    pages = [words(owner.get(f"/rounds/1/answers?page={n}")) for n in (1, 2, 99)]
    assert "1 to 3 of 5" in pages[0]
    assert [text in pages[0] for text in ("Trees", "<b>Rest</b>", "Peace", "Shade", "Water")] == [
        1,
        1,
        1,
        0,
        0,
    ]
    assert [text in pages[1] for text in ("Trees", "<b>Rest</b>", "Peace", "Shade", "Water")] == [
        0,
        0,
        0,
        1,
        1,
    ]
    assert pages[2] == pages[1]


def test_groups_are_not_named_where_few_have_answered(answered, owner):
    neighbour = next(link for link in answered.links if link.group == "neighbours")
    visitor = answered.take_part(neighbour)
    save_open_answers(answered.database, answered.clock, visitor, 1, [AnswerChange("Q2", 1, "The town", 0)])
    page = words(owner.get("/rounds/1/answers"))
    assert "Groups are not named: in one of them fewer than 5 have answered." in page
    assert "Gardeners" not in page


def test_the_table_of_answers_has_text_cells_only(answered, sign_in):
    table = sign_in(Role.ANALYST).get("/rounds/1/answers.csv")
    rows = list(csv.reader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert rows[0] == ["question", "text", "group", "language", "answer"]
    assert {row[4] for row in rows[1:]} == {"Shade", "'=Trees", "Water", "<b>Rest</b>", "Peace"}
    assert not any(link.pseudonym in table.text for link in answered.links)


def test_a_round_that_asks_no_open_questions_has_no_answers_to_read(answered, owner):
    assert owner.get("/rounds/2/answers").status_code == 404
    assert owner.get("/rounds/2/answers.csv").status_code == 404


def test_an_open_round_is_closed_and_finished_and_says_what_comes_next(answered, owner):
    assert "no answer of this round counts" in words(owner.get("/rounds/1/close"))
    closed = owner.send("/rounds/1/close")
    assert closed.headers["location"] == f"/research/{SLUG}/rounds?done=closed"
    page = words(owner.get("/rounds?done=closed"))
    assert "Read the answers, and finish the round" in page
    assert "5 answers" in page
    assert "Finish round 1" in page
    assert "There are no results yet." in words(owner.get("/results"))
    assert "Answers to open questions stand beside their round." in words(owner.get("/results"))
    assert owner.get("/rounds/1").status_code == 200
    finished = owner.send("/rounds/1/release")
    assert finished.headers["location"] == f"/research/{SLUG}/rounds?done=finished"
    page = words(owner.get("/rounds?done=finished"))
    assert "The round is finished." in page
    assert "6 statements will be rated" in page
    log = words(owner.get("/log"))
    assert "opened round 1 (open questions: 2)" in log
    assert "finished round 1" in log


def test_the_report_counts_the_open_round_and_quotes_nobody(answered, owner):
    answered.close_round()
    answered.release_feedback()
    answered.open_round()
    for link in answered.links:
        answered.rate(answered.take_part(link), dict.fromkeys(STATEMENTS, 4))
    answered.close_round()
    file = download_report(answered.database, answered.clock, SLUG, "system", ReportFormat.HTML)
    report = words(file.content.decode())
    assert "1 round of open questions was planned. 2 rating rounds were planned." in report
    assert "In round 1 the panel gave 5 answers to open questions." in report
    assert "Shade" not in report
    for page in ("", "/rounds", "/rounds/1", "/rounds/2", "/results", "/results/2", "/statements", "/panel"):
        assert owner.get(page).status_code == 200, page
