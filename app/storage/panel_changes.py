"""Putting people on a panel that exists, and correcting what is known of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from app.domain.panel import Invitee
from app.storage.response import counted_anew
from app.storage.tables.panel import identity, panelist
from app.storage.tables.study import stakeholder_group


def read_pseudonyms(connection: Connection, study_id: int) -> frozenset[str]:
    """The pseudonyms that are taken."""
    return frozenset(connection.scalars(select(panelist.c.pseudonym).where(panelist.c.study_id == study_id)))


def read_invitees(connection: Connection, study_id: int) -> tuple[Invitee, ...]:
    """Everybody as a panel file would name them; whoever was erased is absent."""
    rows = connection.execute(
        select(
            identity.c.name, identity.c.email, stakeholder_group.c.code.label("group"), panelist.c.language
        )
        .join_from(
            identity,
            panelist,
            (panelist.c.study_id == identity.c.study_id) & (panelist.c.id == identity.c.panelist_id),
        )
        .join(
            stakeholder_group,
            (stakeholder_group.c.study_id == panelist.c.study_id)
            & (stakeholder_group.c.id == panelist.c.group_id),
        )
        .where(identity.c.study_id == study_id)
    )
    return tuple(Invitee(row.name, row.email, row.group, row.language) for row in rows)


def joined_at(connection: Connection, study_id: int, panelist_id: int) -> datetime:
    """Since when somebody, who must exist, is on the panel."""
    since: datetime = connection.execute(
        select(panelist.c.created_at).where(panelist.c.study_id == study_id, panelist.c.id == panelist_id)
    ).scalar_one()
    return since


def set_group(connection: Connection, study_id: int, panelist_id: int, group: str) -> None:
    """The stakeholder group to which somebody belongs."""
    number = select(stakeholder_group.c.id).where(
        stakeholder_group.c.study_id == study_id, stakeholder_group.c.code == group
    )
    of_panelist = update(panelist).where(panelist.c.study_id == study_id, panelist.c.id == panelist_id)
    with counted_anew(connection, study_id, panelist_id):
        connection.execute(of_panelist.values(group_id=number.scalar_subquery()))


def insert_panelists(
    connection: Connection, study_id: int, people: Sequence[tuple[str, Invitee]], at: datetime
) -> None:
    """Put people on the panel, each ``(pseudonym, invitee)``; the caller holds the study."""
    newest = connection.scalar(select(func.max(panelist.c.id)).where(panelist.c.study_id == study_id)) or 0
    groups = connection.execute(
        select(stakeholder_group.c.code, stakeholder_group.c.id).where(
            stakeholder_group.c.study_id == study_id
        )
    )
    group_ids = {row.code: row.id for row in groups}
    numbered = list(enumerate(people, start=newest + 1))
    connection.execute(
        insert(panelist),
        [
            {
                "study_id": study_id,
                "id": number,
                "pseudonym": pseudonym,
                "group_id": group_ids[invitee.group],
                "language": invitee.language,
                "created_at": at,
            }
            for number, (pseudonym, invitee) in numbered
        ],
    )
    connection.execute(
        insert(identity),
        [
            {"study_id": study_id, "panelist_id": number, "name": invitee.name, "email": invitee.email}
            for number, (_, invitee) in numbered
        ],
    )
