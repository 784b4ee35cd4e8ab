"""Personal links: issued to everybody who may still take part, replaced, revoked."""

from collections.abc import Collection
from dataclasses import dataclass

from app.clock import Clock
from app.domain.errors import NotFound
from app.domain.event import EventKind
from app.domain.link import LINK_LIFETIME, link_token, token_hash
from app.domain.panel import Membership, Panelist
from app.domain.study import Study
from app.services.finding import get_study_of
from app.storage import panel
from app.storage.database import Connection, Database
from app.storage.events import append_event

_GONE = (Membership.DECLINED, Membership.WITHDRAWN)


@dataclass(frozen=True)
class IssuedLink:
    """A personal link as it is told once, to be sent to its panelist."""

    pseudonym: str
    group: str
    language: str
    token: str


def issue_links(
    database: Database,
    clock: Clock,
    slug: str,
    secret: bytes,
    actor: str,
    *,
    pseudonyms: Collection[str] | None = None,
) -> tuple[IssuedLink, ...]:
    """Issue a new personal link to each panelist who has not left, or to the ``pseudonyms`` named.

    Earlier links of the same panelists are revoked with the sessions entered by them.

    Raises
    ------
    StudyNotFound
    """
    now = clock.now()
    with database.writing() as connection:
        study = get_study_of(connection, slug)
        newest = panel.newest_issues(connection, study.id)
        chosen = [
            panelist
            for panelist in panel.read_panel(connection, study.id)
            if panelist.membership not in _GONE and (pseudonyms is None or panelist.pseudonym in pseudonyms)
        ]
        rows, issued = [], []
        for panelist in chosen:
            issue = newest.get(panelist.id, 0) + 1
            token = link_token(secret, study.id, panelist.id, issue)
            if issue > 1:
                panel.revoke_links(connection, study.id, panelist.id, now)
            rows.append((panelist.id, issue, token_hash(token)))
            issued.append(IssuedLink(panelist.pseudonym, panelist.group, panelist.language, token))
        if rows:
            panel.insert_links(connection, study.id, rows, issued_at=now, expires_at=now + LINK_LIFETIME)
        append_event(
            connection,
            study.id,
            EventKind.LINKS_ISSUED,
            actor,
            now,
            {"panelists": [p.pseudonym for p in chosen]},
        )
    return tuple(issued)


def read_links(database: Database, slug: str, secret: bytes) -> tuple[IssuedLink | None, ...]:
    """Every panelist's newest link, derived again, in the order of the panel file; None where there is none.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        newest = panel.newest_issues(connection, study.id)
        return tuple(
            IssuedLink(
                panelist.pseudonym,
                panelist.group,
                panelist.language,
                link_token(secret, study.id, panelist.id, newest[panelist.id]),
            )
            if panelist.id in newest
            else None
            for panelist in panel.read_panel(connection, study.id)
        )


def revoke_link(database: Database, clock: Clock, slug: str, pseudonym: str, actor: str) -> None:
    """Close a panelist's links, and every session entered by them, at once.

    Raises
    ------
    StudyNotFound, NotFound
    """
    now = clock.now()
    with database.writing() as connection:
        study = get_study_of(connection, slug)
        panelist = _panelist(connection, study, pseudonym)
        panel.revoke_links(connection, study.id, panelist.id, now)
        append_event(connection, study.id, EventKind.LINK_REVOKED, actor, now, {"panelist": pseudonym})


def _panelist(connection: Connection, study: Study, pseudonym: str) -> Panelist:
    panelist = panel.find_panelist_by_pseudonym(connection, study.id, pseudonym)
    if panelist is None:
        raise NotFound(kind="panelist", name=pseudonym)
    return panelist
