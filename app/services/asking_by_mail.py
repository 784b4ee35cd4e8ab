"""Asking by e-mail for a link: every address is noted alike, whoever has it, and none too often.

Whether somebody is written to there is found out later, by the worker.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.clock import Clock
from app.domain.errors import AddressNotValid, TooManyAttempts
from app.domain.panel import is_address
from app.storage.attempts import count_attempt, forget_old_attempts
from app.storage.database import Connection, Database

REQUESTS_ALLOWED: Final = 3
REQUESTS_WINDOW: Final = timedelta(hours=1)
KEPT_FOR: Final = timedelta(days=1)
"""How long a request, and the count of them, is kept."""


@dataclass(frozen=True)
class Asked:
    """What can be asked for: its name in counts, and how a request is kept and old ones are forgotten."""

    name: str
    keep: Callable[[Connection, str, datetime], None]
    forget_before: Callable[[Connection, datetime], None]


def note_request(database: Database, clock: Clock, email: str, asked: Asked) -> None:
    """Note that somebody asks for something at an address; there need be nobody.

    Raises
    ------
    AddressNotValid
        It cannot be an address.
    TooManyAttempts
        It was asked for too often of late.
    """
    address = email.strip().lower()
    if not is_address(address):
        raise AddressNotValid(email=email.strip())
    now = clock.now()
    with database.writing() as connection:
        forget_old_attempts(connection, before=now - KEPT_FOR)
        asked.forget_before(connection, now - KEPT_FOR)
        attempts = count_attempt(connection, _bucket(asked, address), now, REQUESTS_WINDOW)
        if attempts.n <= REQUESTS_ALLOWED:
            asked.keep(connection, address, now)
    if attempts.n > REQUESTS_ALLOWED:
        raise TooManyAttempts(minutes=attempts.minutes_left(now, REQUESTS_WINDOW))


def _bucket(asked: Asked, address: str) -> str:
    """Name the count of an address without keeping the address."""
    return f"{asked.name}:{hashlib.sha256(address.encode()).hexdigest()}"
