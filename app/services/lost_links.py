"""Asking for a personal link again by e-mail: the answer, and the work for it, never tell who is on a panel.

A request only notes the address. Whether somebody is written to there is found out later, by the worker.
"""

import hashlib
from datetime import timedelta
from typing import Final

from app.clock import Clock
from app.domain.errors import AddressNotValid, TooManyAttempts
from app.domain.panel import is_address
from app.services.mail_queue import queue_link
from app.storage import identities, link_requests, panel, studies
from app.storage.attempts import count_attempt, forget_old_attempts
from app.storage.database import Database

REQUESTS_ALLOWED: Final = 3
REQUESTS_WINDOW: Final = timedelta(hours=1)

_KEPT_FOR: Final = timedelta(days=1)


def request_link(database: Database, clock: Clock, email: str) -> None:
    """Note that somebody asks for the links of an address; there need be nobody.

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
        forget_old_attempts(connection, before=now - _KEPT_FOR)
        link_requests.forget_requests(connection, before=now - _KEPT_FOR)
        attempts = count_attempt(connection, _bucket(address), now, REQUESTS_WINDOW)
        if attempts.n <= REQUESTS_ALLOWED:
            link_requests.keep_request(connection, address, now)
    if attempts.n > REQUESTS_ALLOWED:
        raise TooManyAttempts(minutes=attempts.minutes_left(now, REQUESTS_WINDOW))


def queue_requested_links(database: Database, clock: Clock) -> None:
    """Queue a message with the link for everybody whose address was given, and forget the addresses.

    Nobody gets one who has left, whose study is synthetic, or whose address is known to be somebody else's.
    """
    while _queue_next(database, clock):
        pass


def holds_synthetic_study(database: Database) -> bool:
    """Whether a study here is invented, panel and all, so that it writes to nobody."""
    with database.reading() as connection:
        return studies.has_synthetic_study(connection)


def _queue_next(database: Database, clock: Clock) -> bool:
    with database.writing() as connection:
        address = link_requests.take_request(connection)
        if address is None:
            return False
        for study_id, panelist_id in identities.find_addressees(connection, address):
            study = studies.get_study(connection, study_id)
            if not panel.read_panelist(connection, study_id, panelist_id).has_left:
                queue_link(connection, study, panelist_id, clock.now())
    return True


def _bucket(address: str) -> str:
    """Name the count of an address without keeping the address."""
    return f"link:{hashlib.sha256(address.encode()).hexdigest()}"
