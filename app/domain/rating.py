"""A rating: one point of a scale, or "unable to rate"; checked and versioned."""

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from analysis.scale import Scale
from app.domain.errors import (
    PointOffScale,
    RatingContradictsItself,
    TextNotReadable,
    TextTooLong,
    UnknownReason,
)
from app.domain.messages import N_

COMMENT_LIMIT = 4000
REASON_LIMIT = 1000

_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]")


class ChangeReason(StrEnum):
    """Why a panelist changed a rating; the list is short on purpose.

    After the reasons panelists gave in PMID 33011214: above all time to reflect and the views of others.
    """

    NEW_ARGUMENTS = "new_arguments"
    VIEWS_OF_OTHERS = "views_of_others"
    THOUGHT_AGAIN = "thought_again"
    MISREAD_BEFORE = "misread_before"
    WORDING_CHANGED = "wording_changed"
    EXPERIENCE_SINCE = "experience_since"
    OTHER = "other"


CHANGE_REASON_WORDS: dict[ChangeReason, str] = {
    ChangeReason.NEW_ARGUMENTS: N_("I read new arguments"),
    ChangeReason.VIEWS_OF_OTHERS: N_("The views of the others convinced me"),
    ChangeReason.THOUGHT_AGAIN: N_("I thought about it again"),
    ChangeReason.MISREAD_BEFORE: N_("I had misunderstood the statement"),
    ChangeReason.WORDING_CHANGED: N_("The wording has changed"),
    ChangeReason.EXPERIENCE_SINCE: N_("I have had new experiences since"),
    ChangeReason.OTHER: N_("Another reason"),
}


@dataclass(frozen=True)
class Rating:
    """What a panelist has stored on one statement and criterion in one round.

    Exactly one of ``point`` and ``abstained`` speaks. ``version`` counts the changes from 1.
    """

    statement: str
    criterion: str
    point: int | None
    abstained: bool
    version: int
    rated_at: datetime
    reason: ChangeReason | None = None
    reason_text: str = ""


@dataclass(frozen=True)
class RatingChange:
    """What a panelist asks to be stored on one statement and criterion.

    ``known_version`` is the version the page showed (0: none), so that two tabs cannot overwrite each other.
    """

    statement: str
    criterion: str
    point: int | None
    abstained: bool
    known_version: int
    reason: str = ""
    reason_text: str = ""


@dataclass(frozen=True)
class Comment:
    """What a panelist has written on a statement in one round; ``version`` 0: nothing ever."""

    text: str = ""
    version: int = 0


@dataclass(frozen=True)
class CommentChange:
    """The comment a panelist asks to be stored on a statement; an empty text takes it back."""

    statement: str
    text: str
    known_version: int


def validate(change: RatingChange, scale: Scale) -> None:
    """Refuse a rating that the scale or the form does not allow.

    Raises
    ------
    RatingContradictsItself
        Both a point and "unable to rate", or neither.
    PointOffScale
        The point is not one of the scale's.
    UnknownReason, TextTooLong, TextNotReadable
        The reason for a change is not in the list, or its text cannot be kept.
    """
    if change.abstained == (change.point is not None):
        raise RatingContradictsItself(statement=change.statement)
    if change.point is not None and change.point not in scale.points:
        raise PointOffScale(
            point=change.point, statement=change.statement, first=scale.points[0], last=scale.points[-1]
        )
    if change.reason and change.reason not in set(ChangeReason):
        raise UnknownReason(reason=change.reason)
    checked_text(change.reason_text, REASON_LIMIT)


def checked_text(text: str, limit: int) -> str:
    """``text`` with line ends made one kind and outer space removed, or a refusal that names its length.

    Raises
    ------
    TextTooLong
        When more than ``limit`` characters would be kept.
    TextNotReadable
        When it holds a NUL, a lone surrogate or another character that no text has.
    """
    cleaned = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(cleaned) > limit:
        raise TextTooLong(length=len(cleaned), limit=limit)
    if _UNREADABLE.search(cleaned):
        raise TextNotReadable
    return cleaned


def crosses_band(scale: Scale, before: int | None, now: int | None) -> bool:
    """Whether a rating moved into another band; an abstention on either side never does."""
    return before is not None and now is not None and scale.band_of(before) is not scale.band_of(now)


def n_answered(
    answered: Container[tuple[str, str]], statements: tuple[str, ...], criteria: tuple[str, ...]
) -> int:
    """How many statements have an answer (a point or an abstention) on every criterion."""
    return len(statements) - len(unanswered(answered, statements, criteria))


def unanswered(
    answered: Container[tuple[str, str]], statements: tuple[str, ...], criteria: tuple[str, ...]
) -> tuple[str, ...]:
    """The statements that still wait for an answer on some criterion, in the order given."""
    return tuple(s for s in statements if not all((s, criterion) in answered for criterion in criteria))
