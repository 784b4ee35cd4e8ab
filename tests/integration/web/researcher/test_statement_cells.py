"""The table of statements is searched and sorted by its address, and a text is changed in its cell."""

import re
from html import unescape

import pytest

from app.domain.account import Role
from app.services.statement_desk import read_editable_statements
from tests.integration.web.researcher.conftest import words
from tests.panel_study import SLUG


def cell(code="S01", language="fr"):
    return f"/statements/{code}/text/{language}"


def fields(piece) -> dict[str, str]:
    """What the form in a cell sends."""
    hidden = re.findall(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', piece.text)
    typed = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', piece.text)
    return {name: unescape(value) for name, value in [*hidden, *typed]}


def text_of(study, code="S01", language="fr") -> str:
    statement = read_editable_statements(study.database, SLUG).get(code).statement
    return statement.text.get(language, "")


def codes(page) -> list[str]:
    return re.findall(r'<a class="code" href="[^"]+">([^<]+)</a>', page.text)


def test_a_text_is_changed_in_its_cell_and_the_change_taken_back(study, owner):
    before = text_of(study)
    opened = owner.get(cell())
    assert fields(opened)["text"] == before
    saved = owner.send(cell(), {**fields(opened), "text": "Un jardin pour respirer."})
    assert saved.status_code == 200
    assert 'data-said="S01 is saved."' in saved.text
    assert text_of(study) == "Un jardin pour respirer."
    undone = owner.send(cell(), fields(saved))
    assert 'data-said="S01: the change is taken back."' in undone.text
    assert "Undo" not in undone.text
    assert text_of(study) == before
    assert words(owner.get("/log")).count("edited statement S01") == 2


def test_two_people_in_one_cell_overwrite_nothing_and_undo_never_takes_back_a_colleagues_change(
    study, owner, sign_in
):
    editor = sign_in(Role.EDITOR)
    seen = fields(editor.get(cell()))
    saved = owner.send(cell(), {**fields(owner.get(cell())), "text": "Le jardin rend heureux."})
    late = editor.send(cell(), {**seen, "text": "Le jardin rend calme."})
    assert late.status_code == 409
    assert "Somebody else was faster. Nothing was overwritten." in words(late)
    assert re.search(r"<del>.*heureux.*</del>", late.text)
    assert fields(late)["text"] == "Le jardin rend calme."
    assert text_of(study) == "Le jardin rend heureux."
    assert editor.send(cell(), fields(late)).status_code == 200
    assert text_of(study) == "Le jardin rend calme."
    assert owner.send(cell(), fields(saved)).status_code == 409
    assert text_of(study) == "Le jardin rend calme."


def test_what_else_a_colleague_changed_is_told_without_marking_the_text(study, owner, sign_in):
    seen = fields(owner.get(cell()))
    dutch = cell(language="nl")
    editor = sign_in(Role.EDITOR)
    editor.send(dutch, {**fields(editor.get(dutch)), "text": "Iets anders."})
    late = owner.send(cell(), seen)
    assert late.status_code == 409
    assert "This text is the same; something else of the statement was changed." in words(late)


def test_what_the_panel_has_rated_asks_for_the_reason_and_its_new_version_is_not_taken_back(decided, owner):
    opened = fields(owner.get(cell()))
    refused = owner.send(cell(), {**opened, "text": "Un texte neuf."})
    assert refused.status_code == 422
    assert "Say why. The panel has rated this" in words(refused)
    assert fields(refused)["text"] == "Un texte neuf."
    saved = owner.send(cell(), {**fields(refused), "reason": "Plus clair."})
    assert (saved.status_code, "Undo" in saved.text) == (200, False)
    assert 'data-version="version 2"' in saved.text
    assert 'data-state-word="reworded since round 1"' in saved.text
    # The version that nobody has seen yet is written anew, and that can be taken back.
    again = owner.send(cell(), {**fields(owner.get(cell())), "text": "Mieux.", "reason": "Encore."})
    assert owner.send(cell(), fields(again)).status_code == 200
    assert text_of(decided) == "Un texte neuf."
    assert "Why: Plus clair." in words(owner.get("/statements/S01"))


def test_a_text_that_cannot_be_kept_stays_typed(study, owner):
    refused = owner.send(cell(), {**fields(owner.get(cell())), "text": "x" * 2001})
    assert refused.status_code == 422
    assert "at most 2000 can be kept" in words(refused)
    assert fields(refused)["text"] == "x" * 2001


def test_the_last_text_of_a_statement_cannot_be_emptied(study, owner):
    for language in ("en", "nl"):
        where = cell(language=language)
        assert owner.send(where, {**fields(owner.get(where)), "text": ""}).status_code == 200
    refused = owner.send(cell(), {**fields(owner.get(cell())), "text": " "})
    assert refused.status_code == 422
    assert "Write the text in at least one language." in words(refused)
    missing = owner.send(cell(language="nl"), {**fields(owner.get(cell(language="nl"))), "text": ""})
    assert "missing" in words(missing)
    assert "Undo" not in missing.text


def test_a_cell_of_a_language_or_statement_that_is_not_there_is_not_found(study, owner):
    assert owner.get(cell(language="de")).status_code == 404
    assert owner.get(cell("S99")).status_code == 404
    assert owner.send(cell(language="xx"), {"text": "x"}).status_code == 404


def test_without_a_script_the_row_leads_to_the_form_as_ever(study, owner):
    page = owner.get("/statements").text
    assert 'href="/research/garden-study/statements/S01/edit"' in page
    assert page.count('data-language="fr"') == 6
    assert "statement_cells.js" in page


def test_those_who_may_not_write_get_a_table_to_read(study, sign_in):
    page = sign_in(Role.ANALYST).get("/statements").text
    assert "data-language" not in page
    assert "statement_cells.js" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=TOWN", ["S04"]),
        ("q=graines", ["S04"]),
        ("q=s05", ["S05"]),
        ("q=nothing+at+all", []),
        ("topic=pay&sort=code&order=descending", ["S06", "S05", "S04"]),
        ("sort=en&topic=pay", ["S05", "S04", "S06"]),
        ("sort=magic&order=upwards&state=odd&topic=moon", ["S01", "S02", "S03", "S04", "S05", "S06"]),
        ("sort=topic&order=descending", ["S04", "S05", "S06", "S01", "S02", "S03"]),
        ("sort=state", ["S01", "S02", "S03", "S04", "S05", "S06"]),
    ],
)
def test_the_table_is_searched_and_sorted_by_its_address(study, owner, query, found):
    assert codes(owner.get(f"/statements?{query}")) == found


def test_a_head_sorts_and_then_the_other_way_round_and_keeps_what_was_searched(study, owner):
    page = owner.get("/statements?q=the&topic=value").text
    heads = [unescape(found) for found in re.findall(r'class="sort-button" href="([^"]+)"', page)]
    assert heads[0].endswith("/statements?topic=value&q=the&sort=code")
    sorted_page = owner.client.get(heads[0]).text
    assert 'aria-sort="ascending"' in sorted_page
    assert "sort=code&amp;order=descending" in sorted_page
    assert 'name="sort" value="code"' in sorted_page


def test_decisions_sort_with_the_rated_first(decided, owner):
    assert codes(owner.get("/statements?sort=decision"))[-1] == "S02"
    assert codes(owner.get("/statements?sort=decision&order=descending"))[0] == "S02"
