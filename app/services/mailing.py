"""Sending what waits in the outbox: claimed, written as things stand now, handed over, and noted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import structlog

from app.clock import Clock
from app.domain.mail import absence_delay, retry_delay
from app.mail.delivery import MailServerUnavailable, MessageDeferred, MessageRefused, Postman
from app.mail.letter import AddressNotWritable, write_message
from app.services.letters import Sender, WrittenLetter, write_letter
from app.services.lost_links import queue_requested_links
from app.services.recovering import write_recovery_letter
from app.storage import outbox, recoveries, rounds
from app.storage.database import Connection, Database, DatabaseUnavailable
from app.storage.outbox import ClaimedMessage

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
        written = write_letter(connection, message, sender, clock.now())
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


def _hand_over(postman: Postman, written: WrittenLetter, now: datetime) -> Delivery:
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
            if message.panelist_id is not None and message.round_number is not None:
                rounds.update_participation(
                    connection, message.study_id, message.round_number, message.panelist_id, reached_at=now
                )
        case Outcome.REFUSED:
            outbox.mark_failed(connection, message, delivery.reason)
        case Outcome.DEFERRED:
            outbox.put_back(connection, message, now + retry_delay(message.n_attempts), delivery.reason)
        case _:  # not the message's fault: the worker waits, and the message does not
            outbox.put_back(connection, message, now, delivery.reason)
