"""Who of the researchers has which part in which study."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from app.domain.account import Part, Role
from app.storage.tables.account import membership, researcher

_PART = select(membership.c.role, membership.c.sees_mail_list).where(
    membership.c.study_id == bindparam("study"), membership.c.researcher_id == bindparam("researcher")
)
_PARTS = select(membership.c.study_id, membership.c.role, membership.c.sees_mail_list).where(
    membership.c.researcher_id == bindparam("researcher")
)
_MEMBERS = (
    select(membership, researcher.c.name, researcher.c.email)
    .join(researcher, researcher.c.id == membership.c.researcher_id)
    .where(membership.c.study_id == bindparam("study"))
    .order_by(researcher.c.name, researcher.c.id)
)


@dataclass(frozen=True)
class Member:
    """A researcher with a part in a study."""

    researcher_id: int
    name: str
    email: str
    part: Part
    joined_at: datetime


def find_part(connection: Connection, study_id: int, researcher_id: int) -> Part | None:
    """Find the researcher's part in the study; None for somebody who has none."""
    row = connection.execute(_PART, {"study": study_id, "researcher": researcher_id}).one_or_none()
    return None if row is None else Part(Role(row.role), row.sees_mail_list)


def read_parts(connection: Connection, researcher_id: int) -> dict[int, Part]:
    """Read the researcher's part in every study they have one in, by the study's internal id."""
    rows = connection.execute(_PARTS, {"researcher": researcher_id})
    return {row.study_id: Part(Role(row.role), row.sees_mail_list) for row in rows}


def read_members(connection: Connection, study_id: int) -> tuple[Member, ...]:
    """Read who has a part in the study, by name."""
    return tuple(
        Member(
            row.researcher_id, row.name, row.email, Part(Role(row.role), row.sees_mail_list), row.joined_at
        )
        for row in connection.execute(_MEMBERS, {"study": study_id})
    )


def insert_part(connection: Connection, study_id: int, researcher_id: int, part: Part, at: datetime) -> None:
    """Give a researcher a first part in a study."""
    row = {"role": part.role, "sees_mail_list": part.sees_mail_list, "joined_at": at}
    connection.execute(insert(membership), row | {"study_id": study_id, "researcher_id": researcher_id})


def replace_part(connection: Connection, study_id: int, researcher_id: int, part: Part) -> None:
    """Give a member another part."""
    connection.execute(
        update(membership)
        .where(membership.c.study_id == study_id, membership.c.researcher_id == researcher_id)
        .values(role=part.role, sees_mail_list=part.sees_mail_list)
    )


def delete_part(connection: Connection, study_id: int, researcher_id: int) -> None:
    """Take a member's part away."""
    connection.execute(
        delete(membership).where(
            membership.c.study_id == study_id, membership.c.researcher_id == researcher_id
        )
    )
