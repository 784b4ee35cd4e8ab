"""Uploaded tables of texts from elsewhere: read, and refused by row and column."""

import pytest

from app.domain.fault import Fault
from app.domain.material import MOST_PIECES_AT_ONCE, TextFromElsewhere
from app.interchange.experience_table import read_experience_table


def read(*rows: str) -> tuple[tuple[TextFromElsewhere, ...], list[str]]:
    faults: list[Fault] = []
    content = "".join(f"{row}\n" for row in ("text;source;language", *rows)).encode()
    found = read_experience_table(content, "talks.csv", ("en", "fr"), faults)
    return found, [f"{fault.row} {fault.field} {fault.sentence}" for fault in faults]


def test_every_row_is_a_text_with_its_source_and_language():
    texts, faults = read('"One line,\nand another.";Interviews  2025;FR', "Short.;Letters;en")
    assert faults == []
    assert texts == (
        TextFromElsewhere("One line,\nand another.", "Interviews 2025", "fr"),
        TextFromElsewhere("Short.", "Letters", "en"),
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (";Letters;en", "2 text is empty. Write the text, or delete the row."),
        ("A text.;;en", "2 source is empty. Say in a few words where the text comes from."),
        ("A text.;Letters;", "2 language is empty. Say in which language the text is written."),
        (
            "A text.;Letters;nl",
            "2 language “nl” is not a language of this study. Its languages are en, fr.",
        ),
        (f"A text.;{'x' * 121};en", "2 source This text has 121 characters"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(row: str, said: str):
    texts, faults = read(row)
    assert texts == ()
    assert len(faults) == 1
    assert faults[0].startswith(said)


def test_the_same_text_twice_is_a_fault_and_from_another_source_it_is_none():
    assert read("A text.;Letters;en", "A text.;Talks;en")[1] == []
    _, faults = read("A text.;Letters;en", "Another.;Letters;en", "A text.;Letters;en")
    assert faults == ["4 text is the same as row 2. Delete one of them."]


def test_more_texts_than_are_taken_at_once_are_a_fault_of_the_first_that_is_too_many():
    _, faults = read(*(f"Text {n}.;Letters;en" for n in range(MOST_PIECES_AT_ONCE + 2)))
    assert len(faults) == 1
    assert faults[0].startswith(f"{MOST_PIECES_AT_ONCE + 2} text is more than the 500 texts")
