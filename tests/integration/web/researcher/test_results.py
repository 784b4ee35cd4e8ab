"""Decisions and figures: what the pages show is what was stored."""

import re

import pytest

from analysis.results import OVERALL
from app.domain.account import Role
from app.services.finding import get_study_of
from app.services.stored_analyses import read_round_analyses
from tests.integration.web.researcher.conftest import words
from tests.panel_study import STATEMENTS


def stored(study, number=1):
    with study.database.reading() as connection:
        return read_round_analyses(connection, get_study_of(connection, "garden-study").id)[number - 1]


def row_of(page: str, code: str) -> str:
    (row,) = (part for part in page.split("<tr>") if f">{code}</a></th>" in part)
    return row.partition("</tr>")[0]


def test_every_share_on_the_page_is_the_stored_one(decided, owner):
    page = owner.get("/results/1").text
    for entry in stored(decided).statements:
        row = row_of(page, entry.statement)
        expected = [f"{f.agree.k}/{f.agree.n}" for f in entry.groups if f.agree.k is not None]
        assert re.findall(r'share-counts">(\d+/\d+)<', row) == expected
        assert f"decision-{entry.decision}" in row


def test_the_reasons_stand_with_the_decision(decided, owner):
    row = words(row_of(owner.get("/results/1").text, "S02"))
    assert "No consensus" in row
    assert "Groups oppose each other" in row
    assert "The rule for acceptance is met in 1 of 2 groups; 2 needed." in row


def test_reasons_and_groups_are_told_in_the_language_of_the_page(decided, sign_in):
    page = words(sign_in(Role.ANALYST, language="fr").get("/results/1/S02"))
    assert "La règle pour l’acceptation est remplie dans 1 groupe sur 2" in page
    assert "Jardiniers" in page


def test_statements_are_filtered_by_decision_through_links(decided, owner):
    page = owner.get("/results/1?decision=no_consensus").text
    assert ">S02</a>" in page
    assert ">S01</a>" not in page
    assert 'href="/research/garden-study/results/1?decision=consensus_in"' in page
    everything = owner.get("/results/1?decision=nonsense").text
    assert all(f">{code}</a>" in everything for code in STATEMENTS)


def test_a_decision_that_nothing_has_leaves_the_table_empty_with_a_word(decided, owner):
    assert "No statement has this decision." in owner.get("/results?decision=consensus_out").text


def test_before_the_first_close_the_page_says_when_results_come(divided, owner):
    page = words(owner.get("/results"))
    assert "There are no results yet." in page
    assert "when the first round of ratings is closed" in page


def test_a_statements_page_shows_each_groups_figures(decided, owner):
    page = words(owner.get("/results/1/S02"))
    entry = stored(decided).statement_on("S02", "agreement")
    for code, name in (
        ("gardeners", "Gardeners"),
        ("neighbours", "Neighbours"),
        (OVERALL, "The whole panel"),
    ):
        figures = entry.figures_of(code)
        assert re.search(rf"{name}[^/]*?{figures.agree.k}/{figures.agree.n}", page), name
    assert "of 100 pairs" in page.lower()
    assert "100 more are nearer to agreement on the side of Neighbours than on that of Gardeners" in page


def test_an_abstention_is_counted_apart(decided, owner):
    page = owner.get("/results/1/S03").text
    line = words(page[page.index("Figures by group") :].split("<tr>")[2])
    assert line.split()[:5] == ["Gardeners", ",", "Consensus:", "in", "5"]
    assert line.split()[5:7] == ["1", "0"]


def test_in_the_first_round_nothing_can_have_changed(decided, owner):
    assert "rated for the first time in this round" in owner.get("/results/1/S01").text


def test_later_rounds_show_what_moved_and_lead_to_the_earlier_ones(decided, owner):
    decided.release_feedback()
    decided.open_round()
    for link in decided.links:
        decided.rate(decided.visitor(link), dict.fromkeys(STATEMENTS, 4))
    decided.close_round()
    page = owner.get("/results/2/S02")
    assert "The same panelists in round 1 and now" in page.text
    assert "still moving" in page.text
    assert 'href="/research/garden-study/results/1/S02"' in page.text
    final = owner.get("/results").text
    assert "Round 2." in row_of(final, "S02")
    assert "0/6" in row_of(owner.get("/results/1").text, "S02")


def test_one_walks_from_statement_to_statement(decided, owner):
    middle = owner.get("/results/1/S02").text
    assert 'href="/research/garden-study/results/1/S01" rel="prev"' in middle
    assert 'href="/research/garden-study/results/1/S03" rel="next"' in middle
    assert 'rel="prev"' not in owner.get("/results/1/S01").text
    assert 'rel="next"' not in owner.get("/results/1/S06").text


@pytest.mark.parametrize("page", ["/results/1/S99", "/results/2", "/results/2/S01", "/results/1/%00"])
def test_results_that_are_not_there_are_a_plain_page(decided, owner, page):
    answer = owner.get(page)
    assert answer.status_code == 404
    assert "Something went wrong" not in answer.text


def test_a_round_without_figures_says_that_it_must_be_closed_first(divided, owner):
    answer = owner.get("/results/1")
    assert answer.status_code == 409
    assert "has not been analysed yet" in words(answer)
