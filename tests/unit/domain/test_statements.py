"""Statements as researchers keep them: free codes, and rows of a table held against what is stored."""

from datetime import UTC, datetime

from app.domain.statement import Statement
from app.domain.statement_editing import StatementEntry, next_code
from app.domain.statement_import import RowKind, UploadedRow, compare_rows

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
