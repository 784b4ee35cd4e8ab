"""Links that open something: derived, so that they can be mailed again without being stored."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

LINK_LIFETIME = timedelta(days=365)
"""How long a personal link opens the questionnaire, unless it is revoked."""

INVITATION_LIFETIME = timedelta(days=14)
"""How long a colleague can accept an invitation, unless it is withdrawn."""


def link_token(secret: bytes, study_id: int, panelist_id: int, issue: int) -> str:
    """The token of a panelist's ``issue``-th link: 256 bits of HMAC-SHA256, safe in an address.

    A new issue number gives an unrelated token; without the server's secret none can be computed.
    """
    return _token(secret, f"castalia-link:{study_id}:{panelist_id}:{issue}")


def person_sign(secret: bytes, study_id: int, panelist_id: int) -> str:
    """What stands for somebody of the mail list in an address; it leads to no name and no pseudonym."""
    return _token(secret, f"castalia-person:{study_id}:{panelist_id}")[:22]


def invitation_token(secret: bytes, study_id: int, invitation_id: int) -> str:
    """The token of a colleague's invitation to a study, derived in the same way."""
    return _token(secret, f"castalia-colleague:{study_id}:{invitation_id}")


def must_open_until(now: datetime, closes_at: datetime | None) -> datetime:
    """How long a link that is sent now must open: until the round closes, but at most half its lifetime.

    More cannot be asked: a link issued for a round of years would be too old as soon as it is sent again.
    """
    return now if closes_at is None else min(closes_at, now + LINK_LIFETIME / 2)


def link_address(base_url: str, token: str) -> str:
    """The address that a panelist opens; ``base_url`` is where people reach this installation."""
    return f"{base_url}/p/{token}"


def invitation_address(base_url: str, token: str) -> str:
    """The address at which a colleague accepts an invitation."""
    return f"{base_url}/research/join/{token}"


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _token(secret: bytes, subject: str) -> str:
    return base64.urlsafe_b64encode(hmac.digest(secret, subject.encode(), "sha256")).rstrip(b"=").decode()
