"""Mail to the panel: its kinds, how a message is named, and when a sending that failed is tried again."""

import re
import secrets
from datetime import timedelta
from enum import StrEnum

CLAIM_LIFETIME = timedelta(minutes=15)
"""How long a worker may take over one message; after that another one sends it."""

_FIRST_DELAY = timedelta(minutes=1)
_LONGEST_DELAY = timedelta(hours=4)
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_NO_HOST = "castalia.invalid"


class MessageKind(StrEnum):
    """What a message is about."""

    INVITATION = "invitation"


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
    """How long to wait after so many attempts: a minute, then twice as long each time, up to four hours."""
    doublings = min(n_attempts - 1, 16)
    return min(_FIRST_DELAY * 2**doublings, _LONGEST_DELAY)
