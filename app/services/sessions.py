"""Researchers' sessions: opened, found by their token, listed and ended."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.clock import Clock
from app.domain.account import Researcher
from app.domain.errors import ResearcherSignedOut
from app.domain.link import token_hash
from app.storage import second_factors, sessions
from app.storage.database import Connection, Database
from app.storage.sessions import StoredSession

CODE_AWAITED_FOR: Final = timedelta(minutes=10)
"""How long a sign-in waits for the code of the second factor."""

_NOTED_EVERY: Final = timedelta(minutes=10)
_DEVICE_LIMIT: Final = 200


@dataclass(frozen=True)
class SignedIn:
    """A session just opened; the token goes into a cookie and is kept nowhere else.

    With ``awaits_code`` nothing is open yet: the token only says for whose second factor a code is awaited.
    """

    session_token: str
    researcher: Researcher
    awaits_code: bool = False


@dataclass(frozen=True)
class RunningSession:
    """A session as its researcher sees it; ``reference`` names it and opens nothing."""

    reference: str
    stored: StoredSession
    is_this: bool


def open_session(
    connection: Connection,
    researcher: Researcher,
    now: datetime,
    *,
    hours: int,
    device: str = "",
    code_given: bool = False,
) -> SignedIn:
    """Open a session within a transaction; without its code, one with a second factor only waits for it."""
    has_second_factor = second_factors.find_salt(connection, researcher.id) is not None
    awaits_code = has_second_factor and not code_given
    token = secrets.token_urlsafe(32)
    sessions.insert_session(
        connection,
        researcher.id,
        token_hash(token),
        at=now,
        expires_at=now + (CODE_AWAITED_FOR if awaits_code else timedelta(hours=hours)),
        device=device[:_DEVICE_LIMIT],
        awaits_code=awaits_code,
    )
    return SignedIn(token, researcher, awaits_code)


def start_session(
    database: Database, clock: Clock, researcher: Researcher, *, session_hours: int, device: str = ""
) -> SignedIn:
    """Open a session for somebody who has just proven who they are in another way than by the password."""
    with database.writing() as connection:
        return open_session(connection, researcher, clock.now(), hours=session_hours, device=device)


def find_researcher(database: Database, clock: Clock, session_token: str) -> Researcher:
    """Find who has signed in with this session.

    That the session is used is noted now and then, for the list of sessions.

    Raises
    ------
    ResearcherSignedOut
        The session is unknown, has ended or is over, or the account was disabled.
    """
    now, session_hash = clock.now(), token_hash(session_token)
    with database.reading() as connection:
        found = sessions.find_signed_in(connection, session_hash, now)
    if found is None:
        raise ResearcherSignedOut
    researcher, used_at = found
    if used_at is None or now - used_at >= _NOTED_EVERY:
        with database.writing() as connection:
            sessions.mark_used(connection, session_hash, now)
    return researcher


def sign_out(database: Database, clock: Clock, session_token: str) -> None:
    """End a session; doing so twice, or with a session unknown, is harmless."""
    with database.writing() as connection:
        sessions.end_session(connection, token_hash(session_token), clock.now())


def list_sessions(
    database: Database, clock: Clock, researcher: Researcher, session_token: str
) -> tuple[RunningSession, ...]:
    """The researcher's sessions that run, this one first and then the newest."""
    own = token_hash(session_token)
    with database.reading() as connection:
        stored = sessions.read_sessions(connection, researcher.id, clock.now())
    listed = [RunningSession(one.session_hash, one, one.session_hash == own) for one in stored]
    return tuple(sorted(listed, key=lambda one: not one.is_this))


def end_session(database: Database, clock: Clock, researcher: Researcher, reference: str) -> None:
    """End one of the researcher's own sessions; one of somebody else, or none, is left as it is."""
    with database.writing() as connection:
        sessions.end_session(connection, reference, clock.now(), of=researcher.id)


def end_other_sessions(database: Database, clock: Clock, researcher: Researcher, session_token: str) -> None:
    """End every session of the researcher but this one."""
    with database.writing() as connection:
        sessions.end_sessions(connection, researcher.id, clock.now(), keep=token_hash(session_token))
