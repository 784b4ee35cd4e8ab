"""Statements as researchers keep them: free codes, and rows of a table held against what is stored."""

from datetime import UTC, datetime

import pytest

from app.domain.statement import Statement
from app.domain.statement_editing import (
    CharacterLost,
    FieldsRefused,
    StatementDraft,
    StatementEntry,
    checked_draft,
    editing_hindrance,
    next_code,
    part_codes,
)
from app.domain.statement_import import RowKind, UploadedRow, compare_rows
from app.domain.study import StudyStatus

STORED = StatementEntry(Statement("S01", "value", {"en": "Gardens help."}))
WITHDRAWN = StatementEntry(
    Statement("S02", "value", {"en": "Gardens cost."}), withdrawn_at=datetime(2026, 3, 2, tzinfo=UTC)
)


def test_a_new_code_goes_on_from_the_last_and_is_free() -> None:
    assert next_code(["S01", "S02"]) == "S03"
    assert next_code(["S03", "S01", "S02"]) == "S04", "S03 is taken"
    assert next_code([]) == "S01"


def test_a_row_about_a_withdrawn_statement_is_wrong_and_the_others_are_compared() -> None:
    rows = [
        UploadedRow(2, "S01", "", "", {"en": "Gardens help."}),
        UploadedRow(3, "S02", "", "", {"en": "Gardens cost little."}),
    ]
    compared, faults = compare_rows(rows, {"S01": STORED, "S02": WITHDRAWN}, ["value"], ["en"], "table.csv")
    assert [(row.number, row.kind) for row in compared] == [(2, RowKind.UNCHANGED)]
    assert [(fault.row, fault.field) for fault in faults] == [(3, "code")]
    assert "was withdrawn" in faults[0].message


def test_what_a_row_does_not_say_stays_and_a_new_statement_needs_a_topic_and_a_text() -> None:
    rows = [
        UploadedRow(2, "S01", "", "panel", {"en": ""}),
        UploadedRow(3, "S09", "", "", {"en": ""}),
        UploadedRow(4, "S10", "pay", "", {"en": "Gardeners are paid."}),
        UploadedRow(5, "S11", "value", "", {"en": "Gardens calm."}),
    ]
    compared, faults = compare_rows(rows, {"S01": STORED}, ["value"], ["en"], "table.csv")
    assert [(row.number, row.kind) for row in compared] == [(2, RowKind.CHANGED), (5, RowKind.NEW)]
    assert compared[0].draft.text == {"en": "Gardens help."}
    assert compared[0].draft.origin == "panel"
    assert [(fault.row, fault.field) for fault in faults] == [(3, "topic"), (3, "text_en"), (4, "topic")]


def test_a_text_that_lost_a_character_is_not_stored_since_no_file_could_bring_it_in_again() -> None:
    draft = StatementDraft("S01", "value", {"en": "Caf\ufffd gardens"}, {"en": "Open"})
    with pytest.raises(FieldsRefused) as refused:
        checked_draft(draft, ["en"], ["value"])
    assert {field: type(problem) for field, problem in refused.value.problems.items()} == {
        "text.en": CharacterLost
    }


def test_parts_of_a_statement_take_the_next_free_letters() -> None:
    assert part_codes("S07", 3, ["S07b"]) == ("S07a", "S07c", "S07d")


def test_the_statements_of_a_study_that_has_ended_stay_as_they_are() -> None:
    assert editing_hindrance(StudyStatus.CONCLUDED, []) is not None
    assert editing_hindrance(StudyStatus.RUNNING, []) is None
