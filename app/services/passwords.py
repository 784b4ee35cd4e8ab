"""Passwords: only their argon2id hash is kept, and hashing waits its turn."""

import os
import secrets
import unicodedata
from functools import cache
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# Each hash takes 19 MiB and a whole core: a crowd at the door must not take the machine from the panel.
_TURNS: Final = BoundedSemaphore(os.cpu_count() or 1)


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    with _TURNS:
        return _HASHER.hash(_typed(password))


def matches(password: str, password_hash: str | None) -> bool:
    """Tell whether a password is the one hashed.

    Without a hash, as for an account that is not there, the answer is no, after just as much work.
    """
    held_against = password_hash or _nobodys_hash()
    with _TURNS:
        try:
            _HASHER.verify(held_against, _typed(password))
        except VerificationError:
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Tell whether a hash was made with other costs than today's."""
    return _HASHER.check_needs_rehash(password_hash)


@cache
def _nobodys_hash() -> str:
    return hash_password(secrets.token_urlsafe())


def _typed(password: str) -> bytes:
    """Return the bytes of a password, the same on whichever keyboard it was composed."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
