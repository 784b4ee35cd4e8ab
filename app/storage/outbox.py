"""Messages waiting to be sent: queued with the change that causes them, claimed by one worker at a time.

A row says to whom and about what, never an address or a link: both are looked up when the message is sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Update, and_, bindparam, func, insert, or_, select, tuple_, update

from app.domain.mail import CLAIM_LIFETIME, SENT_AT_MOST_ONCE, MessageKind, MessageState
from app.storage.database import locks_rows
from app.storage.tables.log import outbox


@dataclass(frozen=True)
class ClaimedMessage:
    """A message in the hands of one worker; ``n_attempts``, with this one, tells it from a later claim.

    Without a panelist it is for the study team, or for the colleague of an ``invitation_id``; without a round
    it is about the study as a whole.
    """

    study_id: int
    id: int
    kind: MessageKind
    panelist_id: int | None
    round_number: int | None
    message_id: str
    n_attempts: int
    invitation_id: int | None = None


_DUE = (
    select(outbox.c.study_id, outbox.c.id)
    .where(
        or_(
            and_(
                outbox.c.state == MessageState.QUEUED,
                or_(
                    outbox.c.due_at.is_(None),
                    outbox.c.due_at <= bindparam("now", type_=outbox.c.due_at.type),
                ),
            ),
            and_(
                outbox.c.state == MessageState.CLAIMED,
                outbox.c.kind.not_in(SENT_AT_MOST_ONCE),
                outbox.c.claimed_at <= bindparam("abandoned", type_=outbox.c.claimed_at.type),
            ),
        )
    )
    .order_by(func.coalesce(outbox.c.due_at, outbox.c.queued_at), outbox.c.study_id, outbox.c.id)
    .limit(1)
)


def _claim(due: object) -> Update:
    # Compared as one value: a joined subquery could be run again for another row, and claim two messages.
    return (
        update(outbox)
        .where(tuple_(outbox.c.study_id, outbox.c.id) == due)
        .values(
            state=MessageState.CLAIMED,
            claimed_at=bindparam("now", type_=outbox.c.claimed_at.type),
            n_attempts=outbox.c.n_attempts + 1,
        )
        .returning(outbox)
    )


_CLAIM = _claim(_DUE.scalar_subquery())
_CLAIM_FREE = _claim(_DUE.with_for_update(skip_locked=True).scalar_subquery())


def queue_messages(
    connection: Connection,
    study_id: int,
    kind: MessageKind,
    round_number: int | None,
    recipients: Iterable[tuple[int | None, str]],
    at: datetime,
) -> None:
    """Queue a message, about a round or not, for each ``(panelist id, Message-ID)``; None is the study team.

    The caller holds the study, so that no other transaction numbers its messages at the same time.
    """
    newest = _newest_number(connection, study_id)
    rows = [
        {
            "study_id": study_id,
            "id": newest + position,
            "kind": kind,
            "panelist_id": panelist_id,
            "round_number": round_number,
            "message_id": message_id,
        }
        | _just_queued(at)
        for position, (panelist_id, message_id) in enumerate(recipients, start=1)
    ]
    if rows:
        connection.execute(insert(outbox), rows)


def queue_invitation(
    connection: Connection, study_id: int, invitation_id: int, message_id: str, at: datetime
) -> None:
    """Queue the message to a colleague who is invited; the caller holds the study."""
    row = {
        "study_id": study_id,
        "id": _newest_number(connection, study_id) + 1,
        "kind": MessageKind.COLLEAGUE,
        "invitation_id": invitation_id,
        "message_id": message_id,
    }
    connection.execute(insert(outbox), row | _just_queued(at))


def claim_message(connection: Connection, now: datetime) -> ClaimedMessage | None:
    """Take the message that has been due for longest, or one whose worker has not been heard of for long.

    What is sent at most once is never taken over: nobody knows how far its worker has come.
    """
    claim = _CLAIM_FREE if locks_rows(connection) else _CLAIM
    row = connection.execute(claim, {"now": now, "abandoned": now - CLAIM_LIFETIME}).one_or_none()
    if row is None:
        return None
    return ClaimedMessage(
        study_id=row.study_id,
        id=row.id,
        kind=MessageKind(row.kind),
        panelist_id=row.panelist_id,
        round_number=row.round_number,
        message_id=row.message_id,
        n_attempts=row.n_attempts,
        invitation_id=row.invitation_id,
    )


def mark_sent(connection: Connection, message: ClaimedMessage, at: datetime) -> None:
    """The mail server has accepted the message, whoever may have claimed it again in the meantime."""
    connection.execute(
        update(outbox)
        .where(outbox.c.study_id == message.study_id, outbox.c.id == message.id, outbox.c.sent_at.is_(None))
        .values(state=MessageState.SENT, sent_at=at, failure="")
    )


def put_back(connection: Connection, message: ClaimedMessage, due_at: datetime, failure: str) -> None:
    """The message is to be tried again, not before ``due_at``."""
    connection.execute(
        _still_claimed(message).values(state=MessageState.QUEUED, due_at=due_at, failure=failure)
    )


def mark_failed(connection: Connection, message: ClaimedMessage, failure: str) -> None:
    """The message will not be sent, and why."""
    connection.execute(_still_claimed(message).values(state=MessageState.FAILED, failure=failure))


def _newest_number(connection: Connection, study_id: int) -> int:
    return connection.scalar(select(func.max(outbox.c.id)).where(outbox.c.study_id == study_id)) or 0


def _just_queued(at: datetime) -> dict[str, object]:
    return {"state": MessageState.QUEUED, "content": "", "queued_at": at, "failure": ""}


def _still_claimed(message: ClaimedMessage) -> Update:
    return update(outbox).where(
        outbox.c.study_id == message.study_id,
        outbox.c.id == message.id,
        outbox.c.state == MessageState.CLAIMED,
        outbox.c.n_attempts == message.n_attempts,
    )
