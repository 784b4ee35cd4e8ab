"""Entering by a personal link: looking changes nothing, one explicit step opens a session."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.clock import Clock
from app.domain.errors import LinkNotValid, PanelistSignedOut, TooManyAttempts
from app.domain.event import EventKind
from app.domain.link import token_hash
from app.domain.panel import SHARED_DEVICE_IDLE, Panelist
from app.domain.protocol import Protocol
from app.domain.round import Round
from app.domain.study import Study
from app.storage import panel, rounds, studies
from app.storage.attempts import count_attempt
from app.storage.database import Connection, Database
from app.storage.events import append_event
from app.storage.panel import StoredLink, StoredSession
from app.storage.response import Step

ENTRIES_ALLOWED: Final = 60
ENTRIES_WINDOW: Final = timedelta(minutes=15)

_STEP_NOTED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class LinkFacts:
    """What a link opens, told before anybody enters; ``round`` is the newest, None before the first."""

    study: Study
    panelist: Panelist
    round: Round | None

    @property
    def language(self) -> str:
        """The language in which the panelist reads."""
        return self.panelist.language

    @property
    def has_left(self) -> bool:
        """Whether the panelist declined or withdrew."""
        return self.panelist.has_left


@dataclass(frozen=True)
class Entered:
    """A session just opened; the token goes into a cookie and is kept nowhere else."""

    session_token: str
    slug: str
    language: str


@dataclass(frozen=True)
class Visitor:
    """A panelist with a running session, and the study they take part in."""

    study: Study
    protocol: Protocol
    panelist: Panelist
    on_shared_device: bool = False

    @property
    def actor(self) -> str:
        """The panelist's name in the log."""
        return f"panelist:{self.panelist.pseudonym}"


def look_up_link(database: Database, clock: Clock, token: str) -> LinkFacts:
    """What a link opens; changes nothing, so that mail scanners may follow it.

    Raises
    ------
    LinkNotValid
        The link is unknown, revoked or expired; which of these is not told.
    """
    with database.reading() as connection:
        link = get_link_in_force(connection, token, clock.now())
        study = studies.get_study(connection, link.study_id)
        panelist = panel.read_panelist(connection, link.study_id, link.panelist_id)
        held = rounds.read_rounds(connection, study.id)
    return LinkFacts(study, panelist, held[-1] if held else None)


def enter_by_link(
    database: Database, clock: Clock, token: str, *, session_hours: int, shared_device: bool = False
) -> Entered:
    """Open a session for the panelist to whom the link belongs, and note that the round was opened.

    Raises
    ------
    LinkNotValid
        The link is unknown, revoked or expired.
    TooManyAttempts
        The link was used so often of late that no person can have done it.
    """
    now = clock.now()
    session_token = secrets.token_urlsafe(32)
    with database.writing() as connection:
        link = get_link_in_force(connection, token, now)
        attempts = count_attempt(connection, f"enter:{link.token_hash}", now, ENTRIES_WINDOW)
        if attempts.n > ENTRIES_ALLOWED:
            raise TooManyAttempts(minutes=attempts.minutes_left(now, ENTRIES_WINDOW))
        study = studies.get_study(connection, link.study_id)
        panelist = panel.to_share_panelist(link.study_id, link.panelist_id).ask(connection)
        panel.insert_session(
            connection,
            link,
            token_hash(session_token),
            created_at=now,
            expires_at=now + timedelta(hours=session_hours),
            idle_until=now + SHARED_DEVICE_IDLE if shared_device else None,
        )
        numbers = [round_.number for round_ in rounds.read_rounds(connection, study.id)]
        part = rounds.find_participation(
            connection, study.id, max(numbers, default=0), panelist.id, locked=True
        )
        if part is not None and part.opened_at is None:
            rounds.note_step(connection, study.id, numbers[-1], panelist.id, Step.OPENED, now)
        append_event(
            connection,
            study.id,
            EventKind.PANELIST_ENTERED,
            f"panelist:{panelist.pseudonym}",
            now,
            {"issue": link.issue},
        )
    return Entered(session_token, study.slug, panelist.language)


def find_panelist(database: Database, clock: Clock, slug: str, session_token: str) -> Visitor:
    """The panelist of a running session in this study; on a shared device every step prolongs it.

    Raises
    ------
    PanelistSignedOut
        No session of this study runs under the token: it ended, expired, or its link was revoked.
    """
    now = clock.now()
    session, study, protocol = _read_session(database, token_hash(session_token), now)
    if study.slug != slug:
        raise PanelistSignedOut
    visitor = Visitor(study, protocol, session.panelist, session.on_shared_device)
    if session.idle_until is not None:
        _note_step(database, session_token, session.idle_until, now)
    return visitor


def read_held_rounds(database: Database, visitor: Visitor) -> tuple[Round, ...]:
    """The study's rounds, first to last."""
    with database.reading() as connection:
        return rounds.read_rounds(connection, visitor.study.id)


def leave_session(database: Database, clock: Clock, session_token: str) -> None:
    """End a session, for example on a shared device; an unknown one is left alone."""
    with database.writing() as connection:
        panel.end_session(connection, token_hash(session_token), clock.now())


def get_link_in_force(connection: Connection, token: str, now: datetime) -> StoredLink:
    """The link of a token.

    Raises
    ------
    LinkNotValid
        The link is unknown, revoked or expired.
    """
    link = panel.find_link(connection, token_hash(token))
    if link is None or not link.opens_at(now):
        raise LinkNotValid
    return link


def _read_session(
    database: Database, session_hash: str, now: datetime
) -> tuple[StoredSession, Study, Protocol]:
    with database.glancing() as connection:
        session = panel.find_session(connection, session_hash, now)
        if session is None:
            raise PanelistSignedOut
        found = studies.find_kept_study(connection, session.study)
    if found is not None:
        return session, *found
    # What is kept under where a study stands must have been read where it stood.
    with database.reading() as connection:
        session = panel.find_session(connection, session_hash, now)
        if session is None:
            raise PanelistSignedOut
        return session, *studies.read_study_at(connection, session.study)


def _note_step(database: Database, session_token: str, idle_until: datetime, now: datetime) -> None:
    later = now + SHARED_DEVICE_IDLE
    if later - idle_until < _STEP_NOTED_EVERY:
        return
    with database.writing() as connection:
        panel.prolong_session(connection, token_hash(session_token), later)
