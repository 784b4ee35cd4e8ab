"""Names and addresses, for writing to the panel and for nothing else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Update, bindparam, select, update

from app.storage.response import counted_anew
from app.storage.tables.panel import identity

_OF = select(
    identity.c.panelist_id, identity.c.name, identity.c.email, identity.c.disowned_at, identity.c.bounced_at
).where(identity.c.study_id == bindparam("study"))


@dataclass(frozen=True)
class Identity:
    """Who a panelist is: the name and the address to write to.

    ``is_disowned``: whoever reads the mail of this address says that they are somebody else. ``bounced_at``:
    when a mail server refused for good what was sent to it.
    """

    name: str
    email: str
    is_disowned: bool = False
    bounced_at: datetime | None = None


def read_identity(connection: Connection, study_id: int, panelist_id: int) -> Identity:
    """The identity of one panelist, who must exist and not be erased."""
    return _identity(
        connection.execute(_OF.where(identity.c.panelist_id == panelist_id), {"study": study_id}).one()
    )


def find_identity(connection: Connection, study_id: int, panelist_id: int) -> Identity | None:
    """The identity of one panelist; None for somebody who was erased."""
    row = connection.execute(
        _OF.where(identity.c.panelist_id == panelist_id), {"study": study_id}
    ).one_or_none()
    return None if row is None else _identity(row)


def read_identities(connection: Connection, study_id: int) -> dict[int, Identity]:
    """Everybody's identity, by internal id; whoever was erased is absent."""
    return {row.panelist_id: _identity(row) for row in connection.execute(_OF, {"study": study_id})}


def find_addressees(connection: Connection, email: str) -> tuple[tuple[int, int], ...]:
    """Who is written to at an address: study and panelist id, of every study that knows it."""
    rows = connection.execute(
        select(identity.c.study_id, identity.c.panelist_id)
        .where(identity.c.email == email, identity.c.disowned_at.is_(None))
        .order_by(identity.c.study_id)
    )
    return tuple((row.study_id, row.panelist_id) for row in rows)


def disown_address(connection: Connection, study_id: int, panelist_id: int, at: datetime) -> None:
    """Whoever reads the mail of this panelist's address is somebody else."""
    connection.execute(
        update(identity)
        .where(identity.c.study_id == study_id, identity.c.panelist_id == panelist_id)
        .values(disowned_at=at)
    )


def replace_identity(connection: Connection, study_id: int, panelist_id: int, name: str, email: str) -> None:
    """Somebody's name and address are these; whether the address is somebody else's stays as it is known."""
    connection.execute(
        update(identity)
        .where(identity.c.study_id == study_id, identity.c.panelist_id == panelist_id)
        .values(name=name, email=email)
    )


def own_address(connection: Connection, study_id: int, panelist_id: int) -> None:
    """The address is theirs after all, or is another one now; whether it takes mail is not known."""
    of_panelist = update(identity).where(
        identity.c.study_id == study_id, identity.c.panelist_id == panelist_id
    )
    with counted_anew(connection, study_id, panelist_id):
        connection.execute(of_panelist.values(disowned_at=None, bounced_at=None))


def note_bounce(connection: Connection, study_id: int, panelist_id: int, email: str, at: datetime) -> None:
    """A mail server refused for good what was sent to this address; another one by now is not concerned."""
    with counted_anew(connection, study_id, panelist_id):
        connection.execute(_at_address(study_id, panelist_id, email).values(bounced_at=at))


def note_arrival(connection: Connection, study_id: int, panelist_id: int, email: str) -> None:
    """A mail server took what was sent to this address."""
    refused = _at_address(study_id, panelist_id, email).where(identity.c.bounced_at.is_not(None))
    with counted_anew(connection, study_id, panelist_id):
        connection.execute(refused.values(bounced_at=None))


def _at_address(study_id: int, panelist_id: int, email: str) -> Update:
    return update(identity).where(
        identity.c.study_id == study_id,
        identity.c.panelist_id == panelist_id,
        identity.c.email == email,
    )


def _identity(row: Row[*tuple[Any, ...]]) -> Identity:
    return Identity(row.name, row.email, is_disowned=row.disowned_at is not None, bounced_at=row.bounced_at)
