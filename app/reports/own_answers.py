"""A panelist's own answers as a PDF to keep: each statement as it was worded, and what was answered."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.i18n import translations
from app.reports.glyphs import SUBSTITUTE, printable
from app.reports.typesetting import typeset


@dataclass(frozen=True)
class PrintedLine:
    """One thing that was answered: what was asked, and what was said, in free words or not."""

    label: str
    said: str
    is_free: bool = False


@dataclass(frozen=True)
class PrintedStatement:
    """A statement as it was worded in its round, and everything that was answered on it."""

    code: str
    text: str
    answers: tuple[PrintedLine, ...]
    saved: str


@dataclass(frozen=True)
class PrintedTopic:
    """The answers on one topic."""

    name: str
    statements: tuple[PrintedStatement, ...]


@dataclass(frozen=True)
class PrintedRound:
    """One round; ``handed_in`` says when, and under which receipt, or that it was not."""

    name: str
    handed_in: str
    topics: tuple[PrintedTopic, ...]


@dataclass(frozen=True)
class OwnAnswersDocument:
    """Everything that stands in the PDF, in words of the panelist's language.

    ``at`` is the moment of the newest answer: with the same answers the file is the same to the byte.
    """

    language: str
    study: str
    contact: str
    rounds: tuple[PrintedRound, ...]
    at: datetime


def render_pdf(document: OwnAnswersDocument) -> bytes:
    """The answers as a PDF that screen readers can read (PDF/UA-1).

    Raises
    ------
    DocumentNotMade
    """
    gettext = translations(document.language).gettext
    own: dict[str, Any] = asdict(document)
    at = own.pop("at")
    shown = _printable(own)
    lacks_signs = repr(shown).count(SUBSTITUTE) > repr(own).count(SUBSTITUTE)
    words = {
        "title": gettext("Your answers"),
        "none": gettext("You have not answered anything yet."),
        "questions": gettext("Questions about the study: %(contact)s") % {"contact": document.contact},
        "lacking": gettext(
            "Where this file shows a box (%(box)s), its letters lack a sign that you typed. "
            "The table (CSV) has every sign."
        )
        % {"box": SUBSTITUTE}
        if lacks_signs
        else "",
    }
    return typeset("own_answers.typ", {**shown, **words}, at)


def _printable(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _printable(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(part) for part in value]
    return printable(value) if isinstance(value, str) else value
