"""Personal links: derived, so that they can be mailed again without being stored."""

import base64
import hashlib
import hmac
from datetime import timedelta

LINK_LIFETIME = timedelta(days=365)
"""How long a personal link opens the questionnaire, unless it is revoked."""


def link_token(secret: bytes, study_id: int, panelist_id: int, issue: int) -> str:
    """The token of a panelist's ``issue``-th link: 256 bits of HMAC-SHA256, safe in an address.

    A new issue number gives an unrelated token; without the server's secret none can be computed.
    """
    subject = f"castalia-link:{study_id}:{panelist_id}:{issue}".encode()
    return base64.urlsafe_b64encode(hmac.digest(secret, subject, "sha256")).rstrip(b"=").decode()


def link_address(base_url: str, token: str) -> str:
    """The address that a panelist opens; ``base_url`` is where people reach this installation."""
    return f"{base_url}/p/{token}"


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
