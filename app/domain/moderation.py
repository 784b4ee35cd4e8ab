"""Comments between rounds: nothing a panelist wrote reaches the others before a researcher has read it."""

import hashlib
from enum import StrEnum

from app.domain.errors import ModerationNotPossible, RedactionEmpty
from app.domain.rating import COMMENT_LIMIT, checked_text
from app.domain.round import RoundStatus


class Moderation(StrEnum):
    """What was decided on a comment; only released and redacted ones are shown to the panel."""

    PENDING = "pending"
    RELEASED = "released"
    WITHHELD = "withheld"
    REDACTED = "redacted"


SHOWN = (Moderation.RELEASED, Moderation.REDACTED)


def refuse_moderation(status: RoundStatus, before: Moderation, to: Moderation) -> None:
    """Refuse a decision on a comment that comes too early, or changes what was released.

    Between the close and the release of the feedback everything is possible. Afterwards a comment that is
    shown can still be withdrawn: that takes a harm away and adds nothing to what the panel has seen.

    Raises
    ------
    ModerationNotPossible
    """
    is_withdrawn = status is RoundStatus.FED_BACK and before in SHOWN and to is Moderation.WITHHELD
    if to is Moderation.PENDING or not (status is RoundStatus.CLOSED or is_withdrawn):
        raise ModerationNotPossible


def text_to_show(text: str, to: Moderation, redacted: str) -> str:
    """The text that the panel is shown of a comment; empty when it is shown nothing.

    Raises
    ------
    RedactionEmpty
        Nothing is left of a redacted comment; withholding it says so plainly.
    TextTooLong, TextNotReadable
    """
    if to is Moderation.RELEASED:
        return text
    if to is not Moderation.REDACTED:
        return ""
    kept = checked_text(redacted, COMMENT_LIMIT)
    if not kept:
        raise RedactionEmpty
    return kept


def place_in_no_order(text: str) -> str:
    """Where a comment stands among others: an order that comes from its words, not from who wrote it when."""
    return hashlib.sha256(text.encode()).hexdigest()
