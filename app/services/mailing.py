"""Sending what waits in the outbox: claimed, written as things stand now, handed over, and noted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import structlog

from app.clock import Clock
from app.domain.mail import SENT_AT_MOST_ONCE, retry_delay
from app.mail.delivery import (
    MailServerUnavailable,
    MessageDeferred,
    MessageInDoubt,
    MessageRefused,
    Postman,
)
from app.mail.letter import AddressNotWritable, write_message
from app.services.letters import Sender, WrittenLetter, write_letter
from app.services.lost_links import queue_requested_links
from app.services.recovering import write_recovery_letter
from app.storage import identities, outbox, recoveries, rounds
from app.storage.database import Connection, Database
from app.storage.outbox import ClaimedMessage
from app.storage.response import Step

_log = structlog.get_logger("castalia.mail")


class Outcome(StrEnum):
    """What became of a message that was due."""

    SENT = "sent"
    DEFERRED = "deferred"
    IN_DOUBT = "in_doubt"
    REFUSED = "refused"
    NOT_NEEDED = "not_needed"
    NO_SERVER = "no_server"


@dataclass(frozen=True)
class Delivery:
    """What became of one message, and why in the server's words where it was not sent."""

    outcome: Outcome
    reason: str = ""


def deliver_all(
    database: Database, clock: Clock, sender: Sender, postman: Postman, asked_to_stop: Callable[[], bool]
) -> list[Delivery]:
    """Send what is due, one message after the other, until nothing is, or nothing can be sent now.

    Whoever has asked for a link again is looked up first, and whoever forgot a password is written to first.
    """
    queue_requested_links(database, clock)
    deliveries: list[Delivery] = []
    try:
        for deliver in (deliver_next_recovery, deliver_next):
            while not asked_to_stop():
                delivery = deliver(database, clock, sender, postman)
                if delivery is None:
                    break
                deliveries.append(delivery)
                if delivery.outcome is Outcome.NO_SERVER:
                    return deliveries
    finally:
        postman.rest()
    return deliveries


def deliver_next(database: Database, clock: Clock, sender: Sender, postman: Postman) -> Delivery | None:
    """Claim the message due for longest, send it, and keep what became of it; None when none is due.

    Claiming and keeping are transactions of their own, and nothing is locked while the mail server is asked.
    Whoever dies in between leaves a claim that another worker takes over, with the same Message-ID.
    """
    with database.writing() as connection:
        message = outbox.claim_message(connection, clock.now())
        if message is None:
            return None
        written = write_letter(connection, message, sender, clock.now())
        if isinstance(written, str):
            outbox.mark_failed(connection, message, written)
    if isinstance(written, str):
        delivery = Delivery(Outcome.NOT_NEEDED, written)
    else:
        at_most_once = message.kind in SENT_AT_MOST_ONCE
        delivery = _hand_over(postman, written, clock.now(), at_most_once=at_most_once)
        with database.writing() as connection:
            _keep(connection, message, written, delivery, clock.now())
    _log.info(
        "message",
        outcome=delivery.outcome.value,
        reason=delivery.reason,
        kind=message.kind.value,
        message_id=message.message_id,
        attempt=message.n_attempts,
    )
    return delivery


def deliver_next_recovery(
    database: Database, clock: Clock, sender: Sender, postman: Postman
) -> Delivery | None:
    """Answer the request for a new password that is due for longest; None when none is due.

    A worker that dies in between leaves a request that is due again later: then a second link is sent.
    """
    with database.writing() as connection:
        request = recoveries.claim_request(connection, clock.now())
        if request is None:
            return None
        written = write_recovery_letter(connection, request, sender, clock.now())
    if isinstance(written, str):
        delivery = Delivery(Outcome.NOT_NEEDED, written)
    else:
        delivery = _hand_over(postman, written, clock.now())
    with database.writing() as connection:
        if delivery.outcome in (Outcome.DEFERRED, Outcome.NO_SERVER):
            waits = retry_delay(request.n_attempts if delivery.outcome is Outcome.DEFERRED else 0)
            recoveries.put_request_back(connection, request.email, clock.now() + waits)
        else:
            recoveries.forget_request(connection, request.email)
    _log.info("recovery", outcome=delivery.outcome.value, reason=delivery.reason, attempt=request.n_attempts)
    return delivery


def _hand_over(
    postman: Postman, written: WrittenLetter, now: datetime, *, at_most_once: bool = False
) -> Delivery:
    try:
        postman.hand_over(write_message(written.letter, written.envelope, now))
    except AddressNotWritable:
        return Delivery(Outcome.REFUSED, "The address can stand in no message.")
    except MessageRefused as refusal:
        return Delivery(Outcome.REFUSED, str(refusal))
    except MessageInDoubt as doubt:
        return Delivery(Outcome.IN_DOUBT if at_most_once else Outcome.DEFERRED, str(doubt))
    except MessageDeferred as refusal:
        return Delivery(Outcome.DEFERRED, str(refusal))
    except MailServerUnavailable as absence:
        return Delivery(Outcome.NO_SERVER, str(absence))
    return Delivery(Outcome.SENT)


def _keep(
    connection: Connection, message: ClaimedMessage, written: WrittenLetter, delivery: Delivery, now: datetime
) -> None:
    match delivery.outcome:
        case Outcome.SENT:
            outbox.mark_sent(connection, message, now)
            _note_arrival(connection, message, written.envelope.email, now)
        case Outcome.REFUSED:
            outbox.mark_failed(connection, message, delivery.reason)
            if message.panelist_id is not None:
                identities.note_bounce(
                    connection, message.study_id, message.panelist_id, written.envelope.email, now
                )
        case Outcome.IN_DOUBT:
            outbox.mark_failed(connection, message, delivery.reason)
        case Outcome.DEFERRED:
            outbox.put_back(connection, message, now + retry_delay(message.n_attempts), delivery.reason)
        case _:  # not the message's fault: the worker waits, and the message does not
            outbox.put_back(connection, message, now, delivery.reason)


def _note_arrival(connection: Connection, message: ClaimedMessage, email: str, now: datetime) -> None:
    if message.panelist_id is None:
        return
    identities.note_arrival(connection, message.study_id, message.panelist_id, email)
    if message.round_number is not None:
        rounds.note_step(
            connection, message.study_id, message.round_number, message.panelist_id, Step.REACHED, now
        )
