"""Statements as researchers keep them: free codes, and rows of a table held against what is stored."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.errors import ActionBlocked, DomainError, TextTooLong
from app.domain.round import Round, RoundKind, RoundMode, RoundStatus
from app.domain.statement import Statement
from app.domain.statement_editing import (
    ChangeNeedsReason,
    CharacterLost,
    CodeNotUsable,
    CodeTaken,
    EntryState,
    FieldsRefused,
    NoteWithoutText,
    StatementDraft,
    StatementEntry,
    TextMissing,
    TopicUnknown,
    checked_draft,
    checked_reason,
    editing_hindrance,
    next_code,
    part_codes,
    refuse_editing_now,
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


def check(**typed: object) -> StatementDraft:
    draft = StatementDraft("S09", "value", {"en": " Gardens calm. "}, {"en": ""}, "panel")
    return checked_draft(replace(draft, **typed), ["en", "fr"], ["value"], ["S01"])  # type: ignore[arg-type]


def test_a_draft_is_stored_without_what_is_empty() -> None:
    stored = check(
        code=" S09 ", text={"en": " Gardens calm. ", "fr": " "}, note={"en": "All of them.", "fr": ""}
    )
    assert stored == StatementDraft("S09", "value", {"en": "Gardens calm."}, {"en": "All of them."}, "panel")


@pytest.mark.parametrize(
    ("typed", "field", "problem"),
    [
        ({"code": "S 9"}, "code", CodeNotUsable),
        ({"code": "S01"}, "code", CodeTaken),
        ({"topic": "moon"}, "topic", TopicUnknown),
        ({"text": {}}, "text.en", TextMissing),
        ({"text": {"fr": "x" * 3000}}, "text.fr", TextTooLong),
        ({"note": {"fr": "Une note."}}, "note.fr", NoteWithoutText),
        ({"origin": "x" * 300}, "origin", TextTooLong),
    ],
)
def test_what_is_wrong_with_a_draft_is_said_at_its_field(
    typed: dict[str, object], field: str, problem: type[DomainError]
) -> None:
    with pytest.raises(FieldsRefused, match=field) as refused:
        check(**typed)
    assert {name: type(found) for name, found in refused.value.problems.items()} == {field: problem}


def test_a_reason_is_asked_for_where_the_panel_has_seen_what_changes() -> None:
    assert checked_reason(" Clearer. ", is_needed=True) == "Clearer."
    assert checked_reason("  ", is_needed=False) == ""
    for given, problem in (("  ", ChangeNeedsReason), ("x" * 5000, TextTooLong)):
        with pytest.raises(FieldsRefused) as refused:
            checked_reason(given, is_needed=True)
        assert [type(found) for found in refused.value.problems.values()] == [problem]


def test_a_statement_is_new_then_asked_then_reworded_until_it_is_withdrawn() -> None:
    asked = replace(STORED, asked_version=1, asked_in=1)
    reworded = replace(asked, statement=replace(STORED.statement, version=2))
    entries = (STORED, asked, reworded, WITHDRAWN)
    assert [one.state for one in entries] == [
        EntryState.NEW,
        EntryState.ASKED,
        EntryState.REWORDED,
        EntryState.WITHDRAWN,
    ]
    assert [one.needs_reason for one in entries] == [False, True, True, False]
    assert len({one.fingerprint for one in (STORED, reworded, WITHDRAWN)}) == 3
    assert STORED.fingerprint == asked.fingerprint, "that it was asked changes nothing that is typed"
    assert STORED.missing(["en", "fr"]) == ("fr",)


def test_nothing_changes_while_a_panel_rates_and_all_may_while_it_answers_open_questions() -> None:
    rating, asking = (
        Round(1, kind, RoundMode.STANDARD, RoundStatus.OPEN, 1) for kind in (RoundKind.RATING, RoundKind.OPEN)
    )
    refuse_editing_now(StudyStatus.RUNNING, [asking])
    with pytest.raises(ActionBlocked, match="Round 1 is open"):
        refuse_editing_now(StudyStatus.RUNNING, [rating])
