"""Researchers' sessions, by the hashes of their tokens; some still wait for the code of the second factor."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from app.domain.account import Researcher
from app.storage.accounts import researcher_in
from app.storage.tables.account import researcher, researcher_session


@dataclass(frozen=True)
class StoredSession:
    """A session that runs: in which browser it was opened, and when it was last used."""

    session_hash: str
    device: str
    created_at: datetime
    used_at: datetime
    expires_at: datetime


_NOW = bindparam("now", type_=researcher_session.c.expires_at.type)
_RUNS = researcher_session.c.ended_at.is_(None) & (researcher_session.c.expires_at > _NOW)
_FOUND = (
    select(researcher, researcher_session.c.used_at)
    .join(researcher_session, researcher_session.c.researcher_id == researcher.c.id)
    .where(
        researcher_session.c.session_hash == bindparam("hash"),
        researcher_session.c.awaits_code == bindparam("awaits_code"),
        _RUNS,
        researcher.c.disabled_at.is_(None),
    )
)
_OF_RESEARCHER = (
    select(researcher_session)
    .where(
        researcher_session.c.researcher_id == bindparam("researcher"),
        researcher_session.c.awaits_code.is_(False),
        _RUNS,
    )
    .order_by(researcher_session.c.created_at.desc(), researcher_session.c.session_hash)
)


def insert_session(
    connection: Connection,
    researcher_id: int,
    session_hash: str,
    *,
    at: datetime,
    expires_at: datetime,
    device: str = "",
    awaits_code: bool = False,
) -> None:
    """Open a session, or a sign-in that waits for its code."""
    row = {
        "researcher_id": researcher_id,
        "session_hash": session_hash,
        "created_at": at,
        "used_at": at,
        "expires_at": expires_at,
        "device": device,
        "awaits_code": awaits_code,
    }
    connection.execute(insert(researcher_session), row)


def find_signed_in(
    connection: Connection, session_hash: str, now: datetime
) -> tuple[Researcher, datetime | None] | None:
    """Find the researcher whose session this is, if it still runs, and when it was last used."""
    row = connection.execute(_FOUND, {"hash": session_hash, "now": now, "awaits_code": False}).one_or_none()
    return None if row is None else (researcher_in(row), row.used_at)


def find_signing_in(connection: Connection, session_hash: str, now: datetime) -> Researcher | None:
    """Find the researcher whose sign-in waits for its code."""
    row = connection.execute(_FOUND, {"hash": session_hash, "now": now, "awaits_code": True}).one_or_none()
    return None if row is None else researcher_in(row)


def read_sessions(connection: Connection, researcher_id: int, now: datetime) -> tuple[StoredSession, ...]:
    """The sessions of a researcher that run, the newest first."""
    rows = connection.execute(_OF_RESEARCHER, {"researcher": researcher_id, "now": now})
    return tuple(
        StoredSession(
            row.session_hash, row.device, row.created_at, row.used_at or row.created_at, row.expires_at
        )
        for row in rows
    )


def mark_used(connection: Connection, session_hash: str, at: datetime) -> None:
    """A session is in use."""
    connection.execute(
        update(researcher_session).where(researcher_session.c.session_hash == session_hash).values(used_at=at)
    )


def end_session(connection: Connection, session_hash: str, at: datetime, *, of: int | None = None) -> None:
    """End a session, if it has not ended before; with ``of`` only if it is that researcher's."""
    query = update(researcher_session).where(
        researcher_session.c.session_hash == session_hash, researcher_session.c.ended_at.is_(None)
    )
    if of is not None:
        query = query.where(researcher_session.c.researcher_id == of)
    connection.execute(query.values(ended_at=at))


def end_sessions(
    connection: Connection, researcher_id: int, at: datetime, *, keep: str | None = None
) -> None:
    """End all that a researcher has open, and every sign-in that waits, but the session to ``keep``."""
    query = update(researcher_session).where(
        researcher_session.c.researcher_id == researcher_id, researcher_session.c.ended_at.is_(None)
    )
    if keep is not None:
        query = query.where(researcher_session.c.session_hash != keep)
    connection.execute(query.values(ended_at=at))
