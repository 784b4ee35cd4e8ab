"""Personal links: issued to everybody who may still take part, replaced, revoked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.clock import Clock
from app.domain.errors import PanelistNotFound
from app.domain.event import EventKind
from app.domain.link import LINK_LIFETIME, link_token, token_hash
from app.domain.panel import Panelist
from app.domain.study import Study
from app.services.finding import get_study_of, hold_study_of
from app.storage import identities, panel
from app.storage.database import Connection, Database
from app.storage.events import append_event
from app.storage.panel import StoredLink


@dataclass(frozen=True)
class IssuedLink:
    """A personal link as it is told once, to be sent to its panelist."""

    pseudonym: str
    group: str
    language: str
    token: str


@dataclass(frozen=True)
class AddressedLink:
    """A personal link with the name and address of its panelist, for a team that mails by other means."""

    name: str
    email: str
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
        study = hold_study_of(connection, slug)
        newest = panel.newest_issues(connection, study.id)
        chosen = [
            panelist
            for panelist in panel.read_panel(connection, study.id)
            if not panelist.has_left and (pseudonyms is None or panelist.pseudonym in pseudonyms)
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
    StudyNotFound, PanelistNotFound
    """
    now = clock.now()
    with database.writing() as connection:
        study = get_study_of(connection, slug)
        panelist = _panelist(connection, study, pseudonym)
        panel.revoke_links(connection, study.id, panelist.id, now)
        append_event(connection, study.id, EventKind.LINK_REVOKED, actor, now, {"panelist": pseudonym})


def hand_out_links(
    database: Database, clock: Clock, slug: str, secret: bytes, actor: str
) -> tuple[AddressedLink, ...]:
    """Everybody who has not left, by name, each with the link in force; who has none is issued one.

    An address known to be somebody else's is left out.

    Raises
    ------
    StudyNotFound
    """
    now = clock.now()
    with database.writing() as connection:
        study = get_study_of(connection, slug)
        identity_of = identities.read_identities(connection, study.id)
        staying = [
            one
            for one in panel.read_panel(connection, study.id)
            if not one.has_left and not identity_of[one.id].is_disowned
        ]
        newest = panel.read_newest_links(connection, study.id)
        tokens = hold_links(connection, study, staying, newest, secret, actor, now=now, until=now)
        append_event(
            connection,
            study.id,
            EventKind.LINKS_HANDED_OUT,
            actor,
            now,
            {"panelists": sorted(panelist.pseudonym for panelist in staying)},
        )
    listed = (
        AddressedLink(
            name=identity_of[panelist.id].name,
            email=identity_of[panelist.id].email,
            group=panelist.group,
            language=panelist.language,
            token=tokens[panelist.id],
        )
        for panelist in staying
    )
    return tuple(sorted(listed, key=lambda link: (link.name, link.email)))


def hold_links(
    connection: Connection,
    study: Study,
    panelists: Sequence[Panelist],
    newest: Mapping[int, StoredLink],
    secret: bytes,
    actor: str,
    *,
    now: datetime,
    until: datetime,
) -> dict[int, str]:
    """The token of each panelist's link in force, by panelist id; those without one are issued one.

    Links in force are never replaced. One that was derived from another secret cannot be told again: it goes
    on opening, and a further one is issued. Call it last in a transaction.

    Parameters
    ----------
    newest
        The newest link of each of the panelists, where there is one.
    until
        The moment up to which a link must open; one that expires earlier counts as none.
    """
    tokens, rows, issued_to = {}, [], []
    for panelist in panelists:
        link = newest.get(panelist.id)
        issue = 0 if link is None else link.issue
        token = link_token(secret, study.id, panelist.id, issue)
        if link is None or not link.opens_at(until) or link.token_hash != token_hash(token):
            token = link_token(secret, study.id, panelist.id, issue + 1)
            rows.append((panelist.id, issue + 1, token_hash(token)))
            issued_to.append(panelist.pseudonym)
        tokens[panelist.id] = token
    if rows:
        panel.insert_links(connection, study.id, rows, issued_at=now, expires_at=now + LINK_LIFETIME)
        append_event(connection, study.id, EventKind.LINKS_ISSUED, actor, now, {"panelists": issued_to})
    return tokens


def _panelist(connection: Connection, study: Study, pseudonym: str) -> Panelist:
    panelist = panel.find_panelist_by_pseudonym(connection, study.id, pseudonym)
    if panelist is None:
        raise PanelistNotFound(name=pseudonym)
    return panelist
