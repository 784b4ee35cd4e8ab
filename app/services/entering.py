"""Entering by a personal link: looking changes nothing, one explicit step opens a session."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from app.clock import Clock
from app.domain.errors import LinkNotValid, PanelistSignedOut
from app.domain.event import EventKind
from app.domain.link import token_hash
from app.domain.panel import Panelist
from app.domain.protocol import Protocol
from app.domain.study import Study
from app.storage import panel, rounds, studies
from app.storage.database import Database
from app.storage.events import append_event


@dataclass(frozen=True)
class LinkFacts:
    """What a link opens, told before anybody enters."""

    study: Study
    language: str
    has_left: bool


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
        link = panel.find_link(connection, token_hash(token))
        if link is None or not link.opens_at(clock.now()):
            raise LinkNotValid
        study = studies.get_study(connection, link.study_id)
        panelist = panel.read_panelist(connection, link.study_id, link.panelist_id)
    return LinkFacts(study, panelist.language, panelist.has_left)


def enter_by_link(
    database: Database, clock: Clock, token: str, *, session_hours: int, shared_device: bool = False
) -> Entered:
    """Open a session for the panelist to whom the link belongs, and note that the round was opened.

    Raises
    ------
    LinkNotValid
        The link is unknown, revoked or expired.
    """
    now = clock.now()
    session_token = secrets.token_urlsafe(32)
    with database.writing() as connection:
        link = panel.find_link(connection, token_hash(token))
        if link is None or not link.opens_at(now):
            raise LinkNotValid
        study = studies.get_study(connection, link.study_id)
        panelist = panel.read_panelist(connection, link.study_id, link.panelist_id)
        panel.insert_session(
            connection,
            link,
            token_hash(session_token),
            created_at=now,
            expires_at=now + timedelta(hours=session_hours),
            shared_device=shared_device,
        )
        numbers = [round_.number for round_ in rounds.read_rounds(connection, study.id)]
        part = rounds.find_participation(
            connection, study.id, max(numbers, default=0), panelist.id, locked=True
        )
        if part is not None and part.opened_at is None:
            rounds.update_participation(connection, study.id, numbers[-1], panelist.id, opened_at=now)
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
    """The panelist of a running session in this study.

    Raises
    ------
    PanelistSignedOut
        No session of this study runs under the token: it ended, expired, or its link was revoked.
    """
    with database.reading() as connection:
        session = panel.find_session(connection, token_hash(session_token), clock.now())
        if session is None:
            raise PanelistSignedOut
        study = studies.get_study(connection, session.study_id)
        if study.slug != slug:
            raise PanelistSignedOut
        return Visitor(
            study=study,
            protocol=studies.protocol_in_force(connection, study.id).protocol,
            panelist=panel.read_panelist(connection, study.id, session.panelist_id),
            on_shared_device=session.on_shared_device,
        )


def leave_session(database: Database, clock: Clock, session_token: str) -> None:
    """End a session, for example on a shared device; an unknown one is left alone."""
    with database.writing() as connection:
        panel.end_session(connection, token_hash(session_token), clock.now())
