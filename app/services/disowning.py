"""Somebody has a panelist's link or page in hand, and says: this is not me.

Neither the log nor the message to the team says whose link it was: the list of people marks the address, and
both together would lift a pseudonym.
"""

from datetime import datetime
from typing import Final

from app.clock import Clock
from app.domain.event import EventKind
from app.domain.link import token_hash
from app.domain.panel import Disowning
from app.domain.study import Study
from app.services.entering import Visitor, get_link_in_force
from app.services.mail_queue import queue_disowning_notice
from app.storage import identities, panel, studies
from app.storage.database import Connection, Database
from app.storage.events import append_event

_ACTOR: Final = "system"


def disown_link(database: Database, clock: Clock, token: str, why: Disowning) -> None:
    """Close the panelist's links and tell the team; nobody has entered.

    Nothing is written any more to an address that is somebody else's.

    Raises
    ------
    LinkNotValid
    """
    now = clock.now()
    with database.writing() as connection:
        link = get_link_in_force(connection, token, now)
        study = studies.get_study(connection, link.study_id)
        _close_links(connection, study, link.panelist_id, why, now)


def disown_session(
    database: Database, clock: Clock, visitor: Visitor, session_token: str, why: Disowning
) -> None:
    """End a session in somebody else's name; close the links too, unless only the device is shared."""
    now = clock.now()
    with database.writing() as connection:
        panel.end_session(connection, token_hash(session_token), now)
        if why is Disowning.SHARED_DEVICE:
            append_event(connection, visitor.study.id, EventKind.LINK_DISOWNED, _ACTOR, now, {"why": why})
        else:
            _close_links(connection, visitor.study, visitor.panelist.id, why, now)


def _close_links(
    connection: Connection, study: Study, panelist_id: int, why: Disowning, now: datetime
) -> None:
    queue_disowning_notice(connection, study, now)
    panel.revoke_links(connection, study.id, panelist_id, now)
    if why is Disowning.WRONG_ADDRESS:
        identities.disown_address(connection, study.id, panelist_id, now)
    append_event(connection, study.id, EventKind.LINK_DISOWNED, _ACTOR, now, {"why": why})
