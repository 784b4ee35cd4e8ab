"""Addresses at which somebody asked for a link again, kept until a worker has looked at them."""

from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.storage.database import locks_rows
from app.storage.tables.panel import link_request

_KEEP = {
    name: dialect.insert(link_request).on_conflict_do_nothing()
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_OLDEST = select(link_request.c.email).order_by(link_request.c.requested_at, link_request.c.email).limit(1)


def keep_request(connection: Connection, email: str, at: datetime) -> None:
    """Keep that somebody asked; asking again before a worker has looked adds nothing."""
    connection.execute(_KEEP[connection.dialect.name], {"email": email, "requested_at": at})


def take_request(connection: Connection) -> str | None:
    """The address that has waited longest, taken out; of several workers each gets another one."""
    oldest = _OLDEST.with_for_update(skip_locked=True) if locks_rows(connection) else _OLDEST
    return connection.scalar(
        delete(link_request)
        .where(link_request.c.email == oldest.scalar_subquery())
        .returning(link_request.c.email)
    )


def forget_requests(connection: Connection, before: datetime) -> None:
    """Forget what nobody looked at for long."""
    connection.execute(delete(link_request).where(link_request.c.requested_at < before))
