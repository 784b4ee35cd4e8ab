"""Who of the researchers has which role in which study."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from app.domain.account import Role
from app.storage.tables.account import membership

_ROLE = select(membership.c.role).where(
    membership.c.study_id == bindparam("study"), membership.c.researcher_id == bindparam("researcher")
)
_ROLES = select(membership.c.study_id, membership.c.role).where(
    membership.c.researcher_id == bindparam("researcher")
)


def find_role(connection: Connection, study_id: int, researcher_id: int) -> Role | None:
    """Find the researcher's role in the study; None for somebody who has no part in it."""
    role = connection.scalar(_ROLE, {"study": study_id, "researcher": researcher_id})
    return None if role is None else Role(role)


def read_roles(connection: Connection, researcher_id: int) -> dict[int, Role]:
    """Read the researcher's role in every study they have a part in, by the study's internal id."""
    rows = connection.execute(_ROLES, {"researcher": researcher_id})
    return {row.study_id: Role(row.role) for row in rows}


def insert_membership(
    connection: Connection, study_id: int, researcher_id: int, role: Role, at: datetime
) -> None:
    """Give a researcher a first role in a study; an owner sees the mail list."""
    row = {"role": role, "sees_mail_list": role is Role.OWNER, "joined_at": at}
    connection.execute(insert(membership), row | {"study_id": study_id, "researcher_id": researcher_id})


def replace_role(connection: Connection, study_id: int, researcher_id: int, role: Role) -> None:
    """Give a member another role, with what it sees of the mail list."""
    connection.execute(
        update(membership)
        .where(membership.c.study_id == study_id, membership.c.researcher_id == researcher_id)
        .values(role=role, sees_mail_list=role is Role.OWNER)
    )
