"""Every fault of a statements file is named with its row and column."""

import pytest


def test_a_translation_may_come_later_and_a_statement_without_any_text_is_a_fault(folder):
    folder.edit("statements.csv", "Le rôle est “connu”.", " ")
    assert folder.read().statements[2].text == {"nl": "De rol is bekend."}
    folder.edit("statements.csv", "De rol is bekend.", "")
    assert folder.faults() == [
        (
            "statements.csv, row 4, text_fr: is empty; every statement needs a text in at least one study "
            "language."
        )
    ]


def test_a_note_needs_the_text_under_which_it_stands(folder):
    folder.edit("statements.csv", "text_fr,text_nl", "text_fr,text_nl,note_nl")
    folder.edit("statements.csv", "De hoop groeit.", ",Elke dag")
    folder.edit("statements.csv", 'is gelijk."', 'is gelijk.",')
    folder.edit("statements.csv", "is bekend.", "is bekend.,")
    assert folder.faults() == [
        "statements.csv, row 2, note_nl: Write the statement in this language first, then the note."
    ]


def test_a_duplicate_code_is_named_with_both_rows(folder):
    folder.edit("statements.csv", "S02,", "S01,")
    message = "“S01” is already the code of row 2. Every statement needs one of its own."
    assert folder.faults() == [f"statements.csv, row 3, code: {message}"]


def test_an_unknown_topic_is_named_with_the_known_ones(folder):
    folder.edit("statements.csv", "S01,value", "S01,worth")
    assert folder.faults() == [
        "statements.csv, row 2, topic: “worth” is not a topic of study.toml. Its topics are value, pay."
    ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("S01,", ",", "row 2, code: is empty; every statement needs a code, such as S07."),
        ("S01,", "S 01,", "row 2, code: may have letters, digits, hyphens, dots and underscores only."),
        ("S01,value", "S01,", "row 2, topic: is empty; every statement belongs to a topic."),
    ],
)
def test_a_wrong_code_or_topic_is_named(folder, old, new, fault):
    folder.edit("study.toml", '["S01", "S03"]', '["S03"]')
    folder.edit("statements.csv", old, new)
    assert folder.faults() == [f"statements.csv, {fault}"]


def test_a_text_that_is_too_long_says_by_how_much(folder):
    folder.edit("statements.csv", "De hoop groeit.", "x" * 2001)
    message = "This text has 2001 characters; at most 2000 can be kept. Shorten it, and save again."
    assert folder.faults() == [f"statements.csv, row 2, text_nl: {message}"]


def test_a_nul_is_named_where_it_stands(folder):
    folder.edit("statements.csv", "De hoop groeit.", "De hoop\0 groeit.")
    message = "This text has a character that cannot be stored. Delete it, or type the text again."
    assert folder.faults() == [f"statements.csv, row 2, text_nl: {message}"]


def test_a_text_column_of_another_language_is_unknown(folder):
    folder.edit("statements.csv", "text_fr,text_nl", "text_fr,text_de")
    columns = "code, topic, origin, text_fr, text_nl, note_fr, note_nl"
    assert folder.faults() == [
        f"statements.csv, row 1, text_de: is not a column of this file. Its columns are {columns}.",
        f"statements.csv, row 1, text_nl: is missing. The columns of this file are {columns}.",
    ]


def test_two_faults_of_one_row_are_both_named(folder):
    folder.edit("statements.csv", "S03,pay", "S03,nothing")
    folder.edit("statements.csv", "De rol is bekend.", "x" * 2001)
    assert [fault.partition(":")[0] for fault in folder.faults()] == [
        "statements.csv, row 4, topic",
        "statements.csv, row 4, text_nl",
    ]


def test_notes_have_columns_that_may_be_missing(folder):
    folder.edit("statements.csv", "text_fr,text_nl", "text_fr,text_nl,note_nl")
    folder.edit("statements.csv", "De hoop groeit.", "De hoop groeit.,Elke dag")
    folder.edit("statements.csv", 'is gelijk."', 'is gelijk.",')
    folder.edit("statements.csv", "is bekend.", "is bekend.,")
    assert [statement.note for statement in folder.read().statements] == [{"nl": "Elke dag"}, {}, {}]


def test_a_study_may_have_no_statements_yet(folder):
    folder.write("statements.csv", "code,topic,origin,text_fr,text_nl\n")
    assert folder.faults() == [
        f"study.toml, evidence[1].statements: “{code}” is not a statement of statements.csv."
        for code in ("S01", "S03")
    ]
