"""Panelists under their pseudonyms, their personal links and sessions; never their identities."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.panel import Panelist
from app.storage.database import locks_rows
from app.storage.prepared import Prepared, Question
from app.storage.response import counted_anew
from app.storage.studies import STAND_OF_STUDY, StudyStand, study_stand
from app.storage.tables.panel import panelist, panelist_session, personal_link
from app.storage.tables.study import stakeholder_group, study


@dataclass(frozen=True)
class StoredSession:
    """Whose session runs in a browser, of which study, and whether others use the device too.

    Without a further step it ends at ``idle_until``; where that is None, only at its last hour.
    """

    study: StudyStand
    panelist: Panelist
    on_shared_device: bool
    idle_until: datetime | None


@dataclass(frozen=True)
class StoredLink:
    """A personal link as the database knows it: to whom it belongs and how long it opens."""

    study_id: int
    panelist_id: int
    issue: int
    expires_at: datetime
    revoked_at: datetime | None
    token_hash: str

    def opens_at(self, now: datetime) -> bool:
        """Whether the link opens the questionnaire at ``now``."""
        return self.revoked_at is None and now < self.expires_at


_PANELISTS = select(
    panelist.c.id,
    panelist.c.pseudonym,
    stakeholder_group.c.code.label("group"),
    panelist.c.language,
    panelist.c.consented_at,
    panelist.c.declined_at,
    panelist.c.withdrawn_at,
    panelist.c.declined_for_good_at,
).join(
    stakeholder_group,
    and_(stakeholder_group.c.study_id == panelist.c.study_id, stakeholder_group.c.id == panelist.c.group_id),
)
_ONE = _PANELISTS.where(panelist.c.study_id == bindparam("study"), panelist.c.id == bindparam("panelist"))
_ONE_SHARED = Prepared({"sqlite": _ONE, "postgresql": _ONE.with_for_update(read=True, of=panelist)})
_ONE_HELD = _ONE.with_for_update(key_share=True, of=panelist)
_ALL = _PANELISTS.where(panelist.c.study_id == bindparam("study")).order_by(panelist.c.id)
_BY_PSEUDONYM = _PANELISTS.where(
    panelist.c.study_id == bindparam("study"), panelist.c.pseudonym == bindparam("pseudonym")
)
_LINK = select(personal_link).where(personal_link.c.token_hash == bindparam("hash"))
_LINKS_BY_AGE = (
    select(personal_link)
    .where(personal_link.c.study_id == bindparam("study"))
    .order_by(personal_link.c.issue)
)
_INSERT_LINK = {
    name: dialect.insert(personal_link).on_conflict_do_nothing()
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_NOW = bindparam("now", type_=panelist_session.c.expires_at.type)
# Asked on every request of a panelist: whatever may change meanwhile, in one statement.
_SESSION = Prepared(
    _PANELISTS.add_columns(panelist_session.c.shared_device, panelist_session.c.idle_until, *STAND_OF_STUDY)
    .join(
        panelist_session,
        and_(
            panelist_session.c.study_id == panelist.c.study_id,
            panelist_session.c.panelist_id == panelist.c.id,
        ),
    )
    .join(study, study.c.id == panelist_session.c.study_id)
    .join(
        personal_link,
        and_(
            personal_link.c.study_id == panelist_session.c.study_id,
            personal_link.c.panelist_id == panelist_session.c.panelist_id,
            personal_link.c.issue == panelist_session.c.issue,
        ),
    )
    .where(
        panelist_session.c.session_hash == bindparam("hash"),
        panelist_session.c.ended_at.is_(None),
        panelist_session.c.expires_at > _NOW,
        or_(panelist_session.c.idle_until.is_(None), panelist_session.c.idle_until > _NOW),
        personal_link.c.revoked_at.is_(None),
    )
)


def read_panelist(connection: Connection, study_id: int, panelist_id: int) -> Panelist:
    """One panelist of a study, who must exist."""
    return _panelist(connection.execute(_ONE, {"study": study_id, "panelist": panelist_id}).one())


def to_share_panelist(study_id: int, panelist_id: int) -> Question[Panelist]:
    """One panelist, held so that they cannot withdraw before this transaction ends."""
    return _ONE_SHARED.question(lambda rows: _panelist(rows[0]), study=study_id, panelist=panelist_id)


def hold_panelist(connection: Connection, study_id: int, panelist_id: int) -> Panelist:
    """One panelist, held alone: their other devices wait until this transaction ends."""
    query = _ONE_HELD if locks_rows(connection) else _ONE
    return _panelist(connection.execute(query, {"study": study_id, "panelist": panelist_id}).one())


def find_panelist_by_pseudonym(connection: Connection, study_id: int, pseudonym: str) -> Panelist | None:
    """The panelist of this pseudonym."""
    row = connection.execute(_BY_PSEUDONYM, {"study": study_id, "pseudonym": pseudonym}).one_or_none()
    return None if row is None else _panelist(row)


def read_panel(connection: Connection, study_id: int) -> tuple[Panelist, ...]:
    """All panelists of a study, in the order of the panel file."""
    return tuple(_panelist(row) for row in connection.execute(_ALL, {"study": study_id}))


def mark_consent(connection: Connection, study_id: int, panelist_id: int, at: datetime) -> None:
    """The panelist takes part, whatever they said before."""
    _mark(connection, study_id, panelist_id, consented_at=at, declined_at=None)


def mark_declined(connection: Connection, study_id: int, panelist_id: int, at: datetime) -> None:
    """The panelist does not take part."""
    _mark(connection, study_id, panelist_id, declined_at=at)


def mark_declined_for_good(connection: Connection, study_id: int, panelist_id: int, at: datetime) -> None:
    """The panelist, who declined, cannot change their mind any more."""
    _mark(connection, study_id, panelist_id, declined_for_good_at=at)


def mark_withdrawn(connection: Connection, study_id: int, panelist_id: int, at: datetime, mode: str) -> None:
    """The panelist left, in the mode declared at consent."""
    _mark(connection, study_id, panelist_id, withdrawn_at=at, withdrawal_mode=mode)


def set_panelist_language(connection: Connection, study_id: int, panelist_id: int, language: str) -> None:
    """The language in which the panelist wants to read."""
    _mark(connection, study_id, panelist_id, language=language)


def find_link(connection: Connection, token_hash: str) -> StoredLink | None:
    """The link whose token has this hash, whether it still opens or not."""
    row = connection.execute(_LINK, {"hash": token_hash}).one_or_none()
    if row is None:
        return None
    return _stored_link(row)


def read_newest_links(connection: Connection, study_id: int) -> dict[int, StoredLink]:
    """The newest link of each panelist, by panelist id; those without a link are absent."""
    rows = connection.execute(_LINKS_BY_AGE, {"study": study_id})
    return {row.panelist_id: _stored_link(row) for row in rows}


def find_newest_link(connection: Connection, study_id: int, panelist_id: int) -> StoredLink | None:
    """The newest link of one panelist, whether it still opens or not."""
    rows = connection.execute(
        _LINKS_BY_AGE.where(personal_link.c.panelist_id == panelist_id), {"study": study_id}
    )
    return next((_stored_link(row) for row in reversed(rows.all())), None)


def newest_issues(connection: Connection, study_id: int) -> dict[int, int]:
    """The number of each panelist's newest link, by panelist id; those without a link are absent."""
    rows = connection.execute(
        select(personal_link.c.panelist_id, func.max(personal_link.c.issue).label("issue"))
        .where(personal_link.c.study_id == study_id)
        .group_by(personal_link.c.panelist_id)
    )
    return {row.panelist_id: row.issue for row in rows}


def insert_links(
    connection: Connection,
    study_id: int,
    links: list[tuple[int, int, str]],
    *,
    issued_at: datetime,
    expires_at: datetime,
) -> None:
    """Keep new links, each ``(panelist id, issue, hash of the token)``.

    One that somebody else has issued at the same time is the same link: its token follows from its number.
    """
    connection.execute(
        _INSERT_LINK[connection.dialect.name],
        [
            {
                "study_id": study_id,
                "panelist_id": panelist_id,
                "issue": issue,
                "token_hash": token_hash,
                "issued_at": issued_at,
                "expires_at": expires_at,
            }
            for panelist_id, issue, token_hash in links
        ],
    )


def revoke_links(connection: Connection, study_id: int, panelist_id: int, at: datetime) -> None:
    """Close every link of a panelist; sessions entered by them end with it."""
    connection.execute(
        update(personal_link)
        .where(
            personal_link.c.study_id == study_id,
            personal_link.c.panelist_id == panelist_id,
            personal_link.c.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )


def insert_session(
    connection: Connection,
    link: StoredLink,
    session_hash: str,
    *,
    created_at: datetime,
    expires_at: datetime,
    idle_until: datetime | None,
) -> None:
    """Keep a session entered by a link; ``idle_until`` is set on a device that others use too."""
    connection.execute(
        insert(panelist_session),
        {
            "session_hash": session_hash,
            "study_id": link.study_id,
            "panelist_id": link.panelist_id,
            "issue": link.issue,
            "created_at": created_at,
            "expires_at": expires_at,
            "shared_device": idle_until is not None,
            "idle_until": idle_until,
        },
    )


def find_session(connection: Connection, session_hash: str, now: datetime) -> StoredSession | None:
    """A running session, or None when it ended, or its link did."""
    row = _SESSION.one_or_none(connection, hash=session_hash, now=now)
    if row is None:
        return None
    return StoredSession(study_stand(row), _panelist(row), row.shared_device, row.idle_until)


def prolong_session(connection: Connection, session_hash: str, idle_until: datetime) -> None:
    """Somebody took a step in the session; one that has ended stays ended."""
    connection.execute(
        update(panelist_session)
        .where(panelist_session.c.session_hash == session_hash, panelist_session.c.ended_at.is_(None))
        .values(idle_until=idle_until)
    )


def end_session(connection: Connection, session_hash: str, at: datetime) -> None:
    """End one session."""
    connection.execute(
        update(panelist_session)
        .where(panelist_session.c.session_hash == session_hash, panelist_session.c.ended_at.is_(None))
        .values(ended_at=at)
    )


def _mark(connection: Connection, study_id: int, panelist_id: int, **values: object) -> None:
    of_panelist = update(panelist).where(panelist.c.study_id == study_id, panelist.c.id == panelist_id)
    with counted_anew(connection, study_id, panelist_id):
        connection.execute(of_panelist.values(**values))


def _stored_link(row: Row[Any]) -> StoredLink:
    return StoredLink(
        study_id=row.study_id,
        panelist_id=row.panelist_id,
        issue=row.issue,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        token_hash=row.token_hash,
    )


def _panelist(row: Row[*tuple[Any, ...]]) -> Panelist:
    return Panelist(
        id=row.id,
        pseudonym=row.pseudonym,
        group=row.group,
        language=row.language,
        consented_at=row.consented_at,
        declined_at=row.declined_at,
        withdrawn_at=row.withdrawn_at,
        declined_for_good_at=row.declined_for_good_at,
    )
