"""Writing to the panel: messages are queued with the change that causes them, and sent by a worker later."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

import structlog

from app.clock import Clock
from app.domain.link import link_address, must_open_until
from app.domain.mail import MessageKind, absence_delay, new_message_id, retry_delay
from app.domain.panel import Panelist, is_address
from app.domain.round import Round, accepts_ratings
from app.domain.study import Study, in_language
from app.mail.delivery import MailServerUnavailable, MessageDeferred, MessageRefused, Postman
from app.mail.invitation import Invitation, write_invitation
from app.mail.letter import AddressNotWritable, Envelope, Letter, write_message
from app.services.links import hold_links
from app.storage import identities, outbox, panel, rounds, studies
from app.storage.database import Connection, Database, DatabaseUnavailable
from app.storage.outbox import ClaimedMessage

ACTOR: Final = "system"
"""Who issues a link, in a study's log, when a message needs one."""

_log = structlog.get_logger("castalia.mail")


class Outcome(StrEnum):
    """What became of a message that was due."""

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    NOT_NEEDED = "not_needed"
    NO_SERVER = "no_server"


@dataclass(frozen=True)
class Delivery:
    """What became of one message, and why in the server's words where it was not sent."""

    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True)
class Sender:
    """What messages need from the installation: who writes, where links lead, what they are derived from."""

    mail_from: str
    base_url: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class _Written:
    letter: Letter
    envelope: Envelope


def queue_invitations(
    connection: Connection, study: Study, round_number: int, panelist_ids: Iterable[int], at: datetime
) -> None:
    """Queue everybody's invitation to a round, in the transaction that opens it.

    A synthetic study writes to nobody: its addresses are invented.
    """
    if study.synthetic:
        return
    recipients = [(panelist_id, new_message_id(study.contact)) for panelist_id in panelist_ids]
    outbox.queue_messages(connection, study.id, MessageKind.INVITATION, round_number, recipients, at)


def deliver_all(
    database: Database, clock: Clock, sender: Sender, postman: Postman, asked_to_stop: Callable[[], bool]
) -> list[Delivery]:
    """Send what is due, one message after the other, until nothing is, or nothing can be sent now."""
    deliveries: list[Delivery] = []
    try:
        while not asked_to_stop():
            delivery = deliver_next(database, clock, sender, postman)
            if delivery is None:
                break
            deliveries.append(delivery)
            if delivery.outcome is Outcome.NO_SERVER:
                break
    finally:
        postman.rest()
    return deliveries


def keep_delivering(
    database: Database,
    clock: Clock,
    sender: Sender,
    postman: Postman,
    wait: Callable[[float], bool],
    *,
    every: float,
) -> None:
    """Send what becomes due until asked to stop; a message in hand is finished first.

    While the mail server is away, it is asked more and more seldom.

    Parameters
    ----------
    wait
        Waits so many seconds at most, and says whether to stop.
    every
        Seconds between two looks at the outbox.
    """
    n_absences = 0
    while True:
        try:
            deliveries = deliver_all(database, clock, sender, postman, lambda: wait(0))
        except DatabaseUnavailable:
            _log.warning("database_unavailable")
            deliveries = []
        is_absent = bool(deliveries) and deliveries[-1].outcome is Outcome.NO_SERVER
        n_absences = n_absences + 1 if is_absent else 0
        if wait(max(every, absence_delay(n_absences).total_seconds())):
            return


def deliver_next(database: Database, clock: Clock, sender: Sender, postman: Postman) -> Delivery | None:
    """Claim the message due for longest, send it, and keep what became of it; None when none is due.

    Claiming and keeping are transactions of their own, and nothing is locked while the mail server is asked.
    Whoever dies in between leaves a claim that another worker takes over, with the same Message-ID.
    """
    with database.writing() as connection:
        message = outbox.claim_message(connection, clock.now())
        if message is None:
            return None
        written = _write(connection, message, sender, clock.now())
        if isinstance(written, str):
            outbox.mark_failed(connection, message, written)
    if isinstance(written, str):
        delivery = Delivery(Outcome.NOT_NEEDED, written)
    else:
        delivery = _hand_over(postman, written, clock.now())
        with database.writing() as connection:
            _keep(connection, message, delivery, clock.now())
    _log.info(
        "message",
        outcome=delivery.outcome.value,
        reason=delivery.reason,
        kind=message.kind.value,
        message_id=message.message_id,
        attempt=message.n_attempts,
    )
    return delivery


def _write(connection: Connection, message: ClaimedMessage, sender: Sender, now: datetime) -> _Written | str:
    """Write what a claimed message says now, or say why it need not be sent any more."""
    study = studies.get_study(connection, message.study_id)
    round_ = rounds.find_round(connection, study.id, message.round_number)
    panelist = panel.read_panelist(connection, study.id, message.panelist_id)
    if panelist.has_left:
        return "The panelist has left the study."
    if round_ is None or not accepts_ratings(round_, now):
        return "The round is closed."
    identity = identities.read_identity(connection, study.id, panelist.id)
    token = _token_of(connection, study, round_, panelist, sender.secret, now)
    invitation = Invitation(
        language=panelist.language,
        name=identity.name,
        title=in_language(study.texts.title, panelist.language),
        round_number=round_.number,
        minutes_per_round=study.minutes_per_round,
        closes_at=round_.closes_at,
        time_zone=study.time_zone,
        contact=study.contact,
        link=link_address(sender.base_url, token),
    )
    envelope = Envelope(
        sender=sender.mail_from,
        name=identity.name,
        email=identity.email,
        reply_to=study.contact if is_address(study.contact) else None,
        message_id=message.message_id,
    )
    return _Written(write_invitation(invitation), envelope)


def _token_of(
    connection: Connection, study: Study, round_: Round, panelist: Panelist, secret: bytes, now: datetime
) -> str:
    link = panel.find_newest_link(connection, study.id, panelist.id)
    newest = {} if link is None else {panelist.id: link}
    until = must_open_until(now, round_.closes_at)
    tokens = hold_links(connection, study, [panelist], newest, secret, ACTOR, now=now, until=until)
    return tokens[panelist.id]


def _hand_over(postman: Postman, written: _Written, now: datetime) -> Delivery:
    try:
        postman.hand_over(write_message(written.letter, written.envelope, now))
    except AddressNotWritable:
        return Delivery(Outcome.REFUSED, "The address can stand in no message.")
    except MessageRefused as refusal:
        return Delivery(Outcome.REFUSED, str(refusal))
    except MessageDeferred as refusal:
        return Delivery(Outcome.DEFERRED, str(refusal))
    except MailServerUnavailable as absence:
        return Delivery(Outcome.NO_SERVER, str(absence))
    return Delivery(Outcome.SENT)


def _keep(connection: Connection, message: ClaimedMessage, delivery: Delivery, now: datetime) -> None:
    match delivery.outcome:
        case Outcome.SENT:
            outbox.mark_sent(connection, message, now)
            rounds.update_participation(
                connection, message.study_id, message.round_number, message.panelist_id, reached_at=now
            )
        case Outcome.REFUSED:
            outbox.mark_failed(connection, message, delivery.reason)
        case Outcome.DEFERRED:
            outbox.put_back(connection, message, now + retry_delay(message.n_attempts), delivery.reason)
        case _:  # not the message's fault: the worker waits, and the message does not
            outbox.put_back(connection, message, now, delivery.reason)
