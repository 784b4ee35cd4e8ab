"""Open material, coded piece by piece: comments, open answers, and texts brought in from elsewhere."""

import hmac
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.errors import DomainError, NotFound
from app.domain.messages import N_
from app.domain.rating import COMMENT_LIMIT, checked_text
from app.domain.statement_editing import FieldsRefused, checked_field

SOURCE_LIMIT: Final = 120
MOST_PIECES_AT_ONCE: Final = 500

_BLANK_LINE = re.compile(r"\n[ \t]*\n+")


class PieceKind(StrEnum):
    """Where a piece of open material comes from."""

    COMMENT = "comment"
    OPEN_ANSWER = "open_answer"
    EXPERIENCE = "experience"


class CodedState(StrEnum):
    """Where a piece stands for one coder."""

    OPEN = "open"
    CODED = "coded"


class PieceNotFound(NotFound):
    """The piece is not there, or not for this reader; its writer may have left the study."""

    message = N_("There is no such text here. Whoever wrote it may have left the study.")


class NothingBroughtIn(DomainError):
    """No text was pasted."""

    message = N_("Paste at least one text.")


class SourceMissing(DomainError):
    """It is not said where a text comes from."""

    message = N_("Say in a few words where the texts come from, such as “Interviews, spring 2023”.")


class ParagraphTooLong(DomainError):
    """One of the pasted texts is longer than a piece may be."""

    message = N_(
        "Text %(number)s has %(length)s characters; %(limit)s are kept at most. Part it by an empty line."
    )


class TooManyPieces(DomainError):
    """More texts than are taken in at once."""

    message = N_("These are %(n)s texts; %(limit)s are taken at once. Bring in the rest afterwards.")


class LanguageUnknown(DomainError):
    """The language is none of the study's."""

    message = N_("Choose the language in which the texts are written.")


@dataclass(frozen=True)
class TextFromElsewhere:
    """A text that was collected beside the study, and is coded as one piece."""

    text: str
    source: str
    language: str


@dataclass(frozen=True, order=True)
class PieceKey:
    """What a piece is, inside the engine: ``place`` is the number of its statement, question or text."""

    kind: PieceKind
    round_number: int
    place: int
    panelist_id: int = 0
    position: int = 0

    def reference(self, secret: bytes, study_id: int) -> str:
        """A name for the piece in forms and addresses; two pieces of one writer share nothing that tells."""
        subject = (
            f"castalia-piece:{study_id}:{self.kind}:{self.round_number}:{self.place}"
            f":{self.panelist_id}:{self.position}"
        )
        sign = hmac.digest(secret, subject.encode(), "sha256").hex()[:24]
        return f"{_LETTERS[self.kind]}{self.round_number}-{self.place}-{sign}"


_LETTERS: Final[Mapping[PieceKind, str]] = {
    PieceKind.COMMENT: "c",
    PieceKind.OPEN_ANSWER: "a",
    PieceKind.EXPERIENCE: "x",
}
_REFERENCE = re.compile(r"([acx])([0-9]{1,4})-([0-9]{1,9})-([0-9a-f]{24})")


@dataclass(frozen=True)
class PieceFilter:
    """Which pieces are wanted; all of them, unless something is said.

    Parameters
    ----------
    words
        Only those in which these words stand, whatever their case.
    about
        The code of a statement or question, or the source of brought-in texts.
    band
        A band of the scale, or ``unable``: only comments whose writer rated the statement so.
    theme_id
        Only those with this theme, or one of its parts, by the coder (or anybody, ``by_anybody``).
    state
        Only those that the coder has coded, or has not.
    for_statement
        The code of a statement: only pieces out of which it was written.
    """

    words: str = ""
    kind: PieceKind | None = None
    round_number: int | None = None
    about: str = ""
    group: str = ""
    language: str = ""
    band: str = ""
    theme_id: int | None = None
    by_anybody: bool = False
    state: CodedState | None = None
    for_statement: str = ""


def place_of_reference(reference: str) -> PieceKey:
    """What a reference says openly: the kind, the round and the place; not who wrote it.

    Raises
    ------
    PieceNotFound
    """
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise PieceNotFound
    kind = next(kind for kind, letter in _LETTERS.items() if letter == found[1])
    return PieceKey(kind, int(found[2]), int(found[3]))


def changes_of_codes(
    shown: Collection[int], wanted: Collection[int], known: Collection[int]
) -> tuple[frozenset[int], frozenset[int]]:
    """The themes to give and to take away: what differs from what the page has shown, and nothing else.

    A page that is old takes away nothing that was given since on another one. Themes that are not ``known``
    any more were removed meanwhile and count for nothing.
    """
    given = (frozenset(wanted) - frozenset(shown)) & frozenset(known)
    taken = frozenset(shown) - frozenset(wanted)
    return given, taken


def checked_texts_brought_in(
    pasted: str, source: str, language: str, languages: Sequence[str]
) -> tuple[tuple[str, ...], str]:
    """The pieces of a pasted text, one a paragraph, and where they come from, as they will be stored.

    Raises
    ------
    FieldsRefused
        With every field that cannot be stored: ``text``, ``source`` and ``language``.
    """
    problems: dict[str, DomainError] = {}
    named = checked_field("source", " ".join(source.split()), SOURCE_LIMIT, problems)
    if not named:
        problems.setdefault("source", SourceMissing())
    if language not in languages:
        problems["language"] = LanguageUnknown()
    pieces: tuple[str, ...] = ()
    try:
        pieces = _paragraphs(pasted)
    except DomainError as problem:
        problems["text"] = problem
    if problems:
        raise FieldsRefused(problems)
    return pieces, named


def _paragraphs(pasted: str) -> tuple[str, ...]:
    whole = checked_text(pasted, MOST_PIECES_AT_ONCE * COMMENT_LIMIT)
    pieces = tuple(filter(None, (part.strip() for part in _BLANK_LINE.split(whole))))
    if not pieces:
        raise NothingBroughtIn
    if len(pieces) > MOST_PIECES_AT_ONCE:
        raise TooManyPieces(n=len(pieces), limit=MOST_PIECES_AT_ONCE)
    for number, piece in enumerate(pieces, start=1):
        if len(piece) > COMMENT_LIMIT:
            raise ParagraphTooLong(number=number, length=len(piece), limit=COMMENT_LIMIT)
    return pieces
