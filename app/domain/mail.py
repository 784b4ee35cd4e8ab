"""Mail to the panel: its kinds, how a message is named, and when a sending that failed is tried again."""

import re
import secrets
from datetime import timedelta
from enum import StrEnum

CLAIM_LIFETIME = timedelta(minutes=15)
"""How long a worker may take over one message; after that another one sends it."""

_FIRST_DELAY = timedelta(minutes=1)
_LONGEST_DELAY = timedelta(hours=4)
_LONGEST_ABSENCE = timedelta(minutes=10)
_MOST_DOUBLINGS = 16
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_NO_HOST = "castalia.invalid"


class MessageKind(StrEnum):
    """What a message is about."""

    INVITATION = "invitation"
    LINK = "link"
    LINK_RENEWED = "link_renewed"
    LINK_DISOWNED = "link_disowned"
    COLLEAGUE = "colleague"
    REMINDER = "reminder"
    EXTENSION = "extension"
    OPENING_HINDERED = "opening_hindered"


SENT_AT_MOST_ONCE = (MessageKind.REMINDER,)
"""What rather does not arrive than arrives twice."""


class MessageState(StrEnum):
    """Where a message stands; a ``claimed`` one is in the hands of a worker."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


def new_message_id(contact: str) -> str:
    """A Message-ID of its own, kept over every attempt, so that a mailbox sees two copies as one.

    It ends in the domain of the study's ``contact`` where that is a plain address. Its first part is
    hexadecimal: other signs, such as a colon, are cut off on the way without a word.
    """
    host = contact.rpartition("@")[2].lower()
    return f"<{secrets.token_hex(16)}@{host if _HOST.fullmatch(host) else _NO_HOST}>"


def retry_delay(n_attempts: int) -> timedelta:
    """How long a message waits after so many attempts: a minute, then twice as long, up to four hours."""
    return _doubled(n_attempts, _LONGEST_DELAY)


def absence_delay(n_absences: int) -> timedelta:
    """How long to wait for a mail server found away so many times in a row, up to ten minutes."""
    return _doubled(n_absences, _LONGEST_ABSENCE)


def _doubled(n_times: int, longest: timedelta) -> timedelta:
    if not n_times:
        return timedelta()
    doublings = min(n_times - 1, _MOST_DOUBLINGS)
    return min(_FIRST_DELAY * (1 << doublings), longest)
