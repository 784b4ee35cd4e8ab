"""Passwords forgotten: addresses at which somebody asked, until a worker has written, and the links sent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.account import Researcher
from app.domain.mail import CLAIM_LIFETIME
from app.storage.accounts import researcher_in
from app.storage.database import locks_rows
from app.storage.tables.account import recovery_link, recovery_request, researcher


@dataclass(frozen=True)
class RecoveryRequest:
    """Somebody asked for a new password at an address; there need be no account."""

    email: str
    message_id: str
    n_attempts: int


_KEEP = {
    name: dialect.insert(recovery_request).on_conflict_do_nothing()
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_DUE = (
    select(recovery_request.c.email)
    .where(recovery_request.c.due_at <= bindparam("now", type_=recovery_request.c.due_at.type))
    .order_by(recovery_request.c.due_at, recovery_request.c.email)
    .limit(1)
)
_BY_TOKEN = (
    select(researcher)
    .join(recovery_link, recovery_link.c.researcher_id == researcher.c.id)
    .where(
        recovery_link.c.token_hash == bindparam("hash"),
        recovery_link.c.used_at.is_(None),
        recovery_link.c.expires_at > bindparam("now", type_=recovery_link.c.expires_at.type),
        researcher.c.disabled_at.is_(None),
    )
)


def keep_request(connection: Connection, email: str, message_id: str, at: datetime) -> None:
    """Keep that somebody asked; asking again before a worker has written adds nothing."""
    row = {"email": email, "message_id": message_id, "requested_at": at, "due_at": at, "n_attempts": 0}
    connection.execute(_KEEP[connection.dialect.name], row)


def claim_request(connection: Connection, now: datetime) -> RecoveryRequest | None:
    """Take the request that is due for longest; it is due again when its worker is not heard of for long."""
    due = _DUE.with_for_update(skip_locked=True) if locks_rows(connection) else _DUE
    row = connection.execute(
        update(recovery_request)
        .where(recovery_request.c.email == due.scalar_subquery())
        .values(due_at=now + CLAIM_LIFETIME, n_attempts=recovery_request.c.n_attempts + 1)
        .returning(recovery_request),
        {"now": now},
    ).one_or_none()
    return None if row is None else RecoveryRequest(row.email, row.message_id, row.n_attempts)


def put_request_back(connection: Connection, email: str, due_at: datetime) -> None:
    """The request is to be tried again, not before ``due_at``."""
    connection.execute(
        update(recovery_request).where(recovery_request.c.email == email).values(due_at=due_at)
    )


def forget_request(connection: Connection, email: str) -> None:
    """The request is done with."""
    connection.execute(delete(recovery_request).where(recovery_request.c.email == email))


def forget_old_requests(connection: Connection, before: datetime) -> None:
    """Forget what nobody could be written about for long."""
    connection.execute(delete(recovery_request).where(recovery_request.c.requested_at < before))


def insert_link(
    connection: Connection, researcher_id: int, token_hash: str, *, at: datetime, expires_at: datetime
) -> None:
    """Store a link with which a new password can be set."""
    row = {"researcher_id": researcher_id, "token_hash": token_hash, "issued_at": at}
    connection.execute(insert(recovery_link), row | {"expires_at": expires_at})


def find_by_token(connection: Connection, token_hash: str, now: datetime) -> Researcher | None:
    """Find whose password a link may set, if it was not used and is not too old."""
    row = connection.execute(_BY_TOKEN, {"hash": token_hash, "now": now}).one_or_none()
    return None if row is None else researcher_in(row)


def use_up_link(connection: Connection, token_hash: str, at: datetime) -> bool:
    """Use a link up, and return whether it was still unused: of two who try at once one succeeds."""
    query = update(recovery_link).where(
        recovery_link.c.token_hash == token_hash, recovery_link.c.used_at.is_(None)
    )
    return connection.execute(query.values(used_at=at)).rowcount == 1


def use_up_links(connection: Connection, researcher_id: int, at: datetime) -> None:
    """Make every link sent to a researcher open nothing any more."""
    connection.execute(
        update(recovery_link)
        .where(recovery_link.c.researcher_id == researcher_id, recovery_link.c.used_at.is_(None))
        .values(used_at=at)
    )
