"""Asking for a personal link again by e-mail: the answer, and the work for it, never tell who is on a panel.

A request only notes the address. Whether somebody is written to there is found out later, by the worker.
"""

from typing import Final

from app.clock import Clock
from app.services.asking_by_mail import Asked, note_request
from app.services.mail_queue import queue_link
from app.storage import identities, link_requests, panel, studies
from app.storage.database import Database

_LINK: Final = Asked("link", link_requests.keep_request, link_requests.forget_requests)


def request_link(database: Database, clock: Clock, email: str) -> None:
    """Note that somebody asks for the links of an address; there need be nobody.

    Raises
    ------
    AddressNotValid, TooManyAttempts
    """
    note_request(database, clock, email, _LINK)


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
