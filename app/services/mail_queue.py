"""Queueing mail in the transaction that causes it; a worker writes and sends it later.

A synthetic study writes to nobody: its addresses are invented.
"""

from collections.abc import Iterable
from datetime import datetime

from app.domain.mail import MessageKind, new_message_id
from app.domain.panel import is_address
from app.domain.study import Study
from app.storage import outbox, studies
from app.storage.database import Connection


def queue_invitations(
    connection: Connection, study: Study, round_number: int, panelist_ids: Iterable[int], at: datetime
) -> None:
    """Queue everybody's invitation to a round; the caller holds the study."""
    _queue_about_round(connection, study, MessageKind.INVITATION, round_number, panelist_ids, at)


def queue_reminders(
    connection: Connection, study: Study, round_number: int, panelist_ids: Iterable[int], at: datetime
) -> None:
    """Queue reminders of a round; the caller holds the study, and has chosen whom to remind."""
    _queue_about_round(connection, study, MessageKind.REMINDER, round_number, panelist_ids, at)


def queue_extensions(
    connection: Connection, study: Study, round_number: int, panelist_ids: Iterable[int], at: datetime
) -> None:
    """Queue word of a later deadline; the caller holds the study."""
    _queue_about_round(connection, study, MessageKind.EXTENSION, round_number, panelist_ids, at)


def queue_hindered_opening(connection: Connection, study: Study, round_number: int, at: datetime) -> None:
    """Queue a message that tells the study team of a round that did not open at its moment."""
    if study.synthetic or not is_address(study.contact):
        return
    recipient = (None, new_message_id(study.contact))
    outbox.queue_messages(connection, study.id, MessageKind.OPENING_HINDERED, round_number, [recipient], at)


def queue_link(connection: Connection, study: Study, panelist_id: int, at: datetime) -> None:
    """Queue a message with a panelist's personal link, which they asked for."""
    _queue_one(connection, study, MessageKind.LINK, panelist_id, at)


def queue_renewed_link(connection: Connection, study: Study, panelist_id: int, at: datetime) -> None:
    """Queue a message with a panelist's new personal link, which the study team has decided on."""
    _queue_one(connection, study, MessageKind.LINK_RENEWED, panelist_id, at)


def queue_disowning_notice(connection: Connection, study: Study, at: datetime) -> None:
    """Queue a message that tells the study team of a link in other hands, where the team has an address."""
    if is_address(study.contact):
        _queue_one(connection, study, MessageKind.LINK_DISOWNED, None, at)


def queue_colleague_invitation(
    connection: Connection, study: Study, invitation_id: int, at: datetime
) -> None:
    """Queue a colleague's invitation; the caller holds the study.

    A synthetic study sends it too: only the addresses of its panel are invented.
    """
    outbox.queue_invitation(connection, study.id, invitation_id, new_message_id(study.contact), at)


def _queue_about_round(
    connection: Connection,
    study: Study,
    kind: MessageKind,
    round_number: int,
    panelist_ids: Iterable[int],
    at: datetime,
) -> None:
    if study.synthetic:
        return
    recipients = [(panelist_id, new_message_id(study.contact)) for panelist_id in panelist_ids]
    outbox.queue_messages(connection, study.id, kind, round_number, recipients, at)


def _queue_one(
    connection: Connection, study: Study, kind: MessageKind, panelist_id: int | None, at: datetime
) -> None:
    if study.synthetic:
        return
    studies.lock_study(connection, study.id)
    recipient = (panelist_id, new_message_id(study.contact))
    outbox.queue_messages(connection, study.id, kind, None, [recipient], at)
