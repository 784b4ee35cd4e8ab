"""Names and addresses, for writing to the panel and for nothing else."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from app.storage.tables.panel import identity

_OF = select(identity.c.panelist_id, identity.c.name, identity.c.email).where(
    identity.c.study_id == bindparam("study")
)


@dataclass(frozen=True)
class Identity:
    """Who a panelist is: the name and the address to write to."""

    name: str
    email: str


def read_identity(connection: Connection, study_id: int, panelist_id: int) -> Identity:
    """The identity of one panelist, who must exist."""
    row = connection.execute(_OF.where(identity.c.panelist_id == panelist_id), {"study": study_id}).one()
    return Identity(row.name, row.email)


def read_identities(connection: Connection, study_id: int) -> dict[int, Identity]:
    """Everybody's identity, by internal id."""
    return {
        row.panelist_id: Identity(row.name, row.email) for row in connection.execute(_OF, {"study": study_id})
    }
