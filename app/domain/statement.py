"""Statements: what the panel rates, with numbered versions and the evidence beside them."""

from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.study import Texts


class EvidenceKind(StrEnum):
    """What sort of evidence a card holds."""

    LITERATURE = "literature"
    GOOD_PRACTICE = "good_practice"


class LineageKind(StrEnum):
    """How a statement came from earlier ones."""

    REWORDED = "reworded"
    SPLIT = "split"
    MERGED = "merged"
    FROM_OPEN_ANSWERS = "from_open_answers"


@dataclass(frozen=True)
class Topic:
    """A chapter of the questionnaire; a page for panelists."""

    code: str
    name: Texts


@dataclass(frozen=True)
class Evidence:
    """A card that panelists may open beside a statement: literature, or a good practice of a country."""

    code: str
    kind: EvidenceKind
    statements: tuple[str, ...]
    title: Texts
    what: Texts
    why: Texts
    source: str
    country: str | None = None

    @property
    def texts(self) -> tuple[Texts, ...]:
        """Everything on it that is said in every language; why it matters need not be said at all."""
        return tuple(text for text in (self.title, self.what, self.why) if any(text.values()))


@dataclass(frozen=True)
class Statement:
    """One version of a statement as a round shows it.

    ``code`` stays the same through all versions; ``version`` counts from 1. ``change_reason`` says why this
    version replaced the one before (empty for the first). ``previous_text`` is the wording of the round
    before, where it was another one. ``note`` is what the panel reads under the text, where there is any.
    """

    code: str
    topic: str
    text: Texts
    origin: str = ""
    version: int = 1
    previous_text: Texts = field(default_factory=dict)
    change_reason: str = ""
    note: Texts = field(default_factory=dict)
