"""Pieces of open material have names that tell nothing, and codes that an old page cannot undo."""

import pytest

from app.domain.errors import TextNotReadable
from app.domain.material import (
    MOST_PIECES_AT_ONCE,
    LanguageUnknown,
    NothingBroughtIn,
    ParagraphTooLong,
    PieceKey,
    PieceKind,
    PieceNotFound,
    SourceMissing,
    TooManyPieces,
    changes_of_codes,
    checked_texts_brought_in,
    place_of_reference,
)
from app.domain.statement_editing import FieldsRefused

SECRET = b"a secret for tests, of good length"


def bring_in(text: str = "One.", source: str = "Letters", language: str = "fr"):
    return checked_texts_brought_in(text, source, language, ("fr", "nl"))


def problems(**given: str) -> dict[str, type[Exception]]:
    with pytest.raises(FieldsRefused) as refused:
        bring_in(**given)
    return {name: type(problem) for name, problem in refused.value.problems.items()}


@pytest.mark.parametrize("kind", PieceKind)
def test_a_reference_says_where_a_piece_stands_and_not_who_wrote_it(kind):
    one, other = (PieceKey(kind, 2, 7, panelist_id=who).reference(SECRET, 1) for who in (1, 2))
    assert place_of_reference(one) == place_of_reference(other) == PieceKey(kind, 2, 7)
    assert one != other
    assert one.partition("7-")[2] not in other
    again = PieceKey(kind, 2, 7, 1)
    assert again.reference(SECRET, 1) == one
    assert len({one, again.reference(SECRET, 2), again.reference(SECRET * 2, 1)}) == 3


@pytest.mark.parametrize(
    "wrong", ["", "c1-1-", "q1-1-" + "0" * 24, "c99999-1-" + "0" * 24, "c1-1-" + "g" * 24]
)
def test_what_is_no_reference_is_no_piece(wrong):
    with pytest.raises(PieceNotFound):
        place_of_reference(wrong)


def test_only_what_differs_from_the_page_changes():
    assert changes_of_codes({1, 2}, {2, 3}, {1, 2, 3}) == (frozenset({3}), frozenset({1}))
    assert changes_of_codes((), (), {1}) == (frozenset(), frozenset())
    assert changes_of_codes({9}, {8}, {1}) == (frozenset(), frozenset({9}))


def test_paragraphs_are_pieces():
    assert bring_in("One.\r\nStill one.\r\n \t\r\n\r\nTwo. ", " Two   letters ") == (
        ("One.\nStill one.", "Two."),
        "Two letters",
    )


def test_everything_that_cannot_be_brought_in_is_named():
    assert problems(text=" \n ", source=" ", language="de") == {
        "text": NothingBroughtIn,
        "source": SourceMissing,
        "language": LanguageUnknown,
    }
    assert problems(text="Good.\n\n" + "x" * 4001) == {"text": ParagraphTooLong}
    assert problems(text="x\n\n" * (MOST_PIECES_AT_ONCE + 1)) == {"text": TooManyPieces}
    assert problems(text="a\x00b") == {"text": TextNotReadable}
    assert problems(source="x" * 121).keys() == {"source"}
