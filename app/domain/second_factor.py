"""The second factor: a secret that a device shares, codes that hold for half a minute, and codes on paper."""

import base64
import hmac
import secrets

STEP_SECONDS = 30
DRIFT_STEPS = 1
"""How many steps a device's clock may be ahead or behind."""

N_RECOVERY_CODES = 10
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _GROUP_LENGTH = 3, 4
_SECRET_BYTES = 20


def new_salt() -> str:
    """What a secret is derived from; alone it tells nothing."""
    return secrets.token_hex(16)


def shared_secret(server_secret: bytes, researcher_id: int, salt: str) -> str:
    """The secret that a device shares, as it is typed: derived, so that the database does not hold it."""
    subject = f"castalia-second-factor:{researcher_id}:{salt}".encode()
    return base64.b32encode(hmac.digest(server_secret, subject, "sha256")[:_SECRET_BYTES]).decode()


def new_recovery_code() -> str:
    """A code to be kept on paper, for when the device is lost."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


def as_compared(typed: str) -> str:
    """A code without the blanks and hyphens that only make it readable."""
    return "".join(typed.split()).replace("-", "").upper()


def recovery_code_hash(server_secret: bytes, researcher_id: int, code: str) -> str:
    """What the database keeps of a recovery code; without the server's secret no guess can be tried."""
    subject = f"castalia-recovery:{researcher_id}:{as_compared(code)}".encode("utf-8", "surrogatepass")
    return hmac.digest(server_secret, subject, "sha256").hex()
