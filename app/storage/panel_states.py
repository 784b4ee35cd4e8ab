"""How far panelists have come, under their pseudonyms and never beside their identities."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select, true

from app.domain.panel import Panelist, Participation, participation_of
from app.storage.tables.panel import identity, panelist
from app.storage.tables.rounds import participation
from app.storage.tables.study import stakeholder_group


@dataclass(frozen=True)
class GroupCount:
    """How many of a group are on the panel, have consented, and have left (declined or withdrew)."""

    group: str
    n_panelists: int
    n_consented: int
    n_declined: int
    n_withdrawn: int

    @property
    def n_asked(self) -> int:
        """How many can be asked: they have not left."""
        return self.n_panelists - self.n_declined - self.n_withdrawn


@dataclass(frozen=True)
class Person:
    """Who was invited, and in which group: nothing that leads to a pseudonym.

    ``is_disowned``: whoever reads the mail of this address says that they are somebody else.
    ``bounced_at``: when a mail server refused for good what was sent to it.
    """

    name: str
    email: str
    group: str
    language: str
    is_disowned: bool = False
    bounced_at: datetime | None = None


_GROUP = and_(
    stakeholder_group.c.study_id == panelist.c.study_id, stakeholder_group.c.id == panelist.c.group_id
)


_OF_PANELIST = and_(panelist.c.study_id == identity.c.study_id, panelist.c.id == identity.c.panelist_id)
_LOST = and_(
    or_(identity.c.bounced_at.is_not(None), identity.c.disowned_at.is_not(None)),
    panelist.c.declined_at.is_(None),
    panelist.c.withdrawn_at.is_(None),
)
_PEOPLE = (
    select(
        identity.c.panelist_id,
        identity.c.name,
        identity.c.email,
        stakeholder_group.c.code.label("group"),
        panelist.c.language,
        identity.c.disowned_at,
        identity.c.bounced_at,
    )
    .select_from(identity)
    .join(panelist, _OF_PANELIST)
    .join(stakeholder_group, _GROUP)
)


def count_groups(connection: Connection, study_id: int) -> tuple[GroupCount, ...]:
    """How many panelists each group has; groups without any are absent."""
    stays = panelist.c.declined_at.is_(None) & panelist.c.withdrawn_at.is_(None)
    rows = connection.execute(
        select(
            stakeholder_group.c.code,
            func.count().label("n_panelists"),
            func.count(panelist.c.consented_at).filter(stays).label("n_consented"),
            func.count(panelist.c.declined_at).label("n_declined"),
            func.count(panelist.c.withdrawn_at).label("n_withdrawn"),
        )
        .select_from(panelist)
        .join(stakeholder_group, _GROUP)
        .where(panelist.c.study_id == study_id)
        .group_by(stakeholder_group.c.code, stakeholder_group.c.position)
        .order_by(stakeholder_group.c.position)
    )
    return tuple(
        GroupCount(row.code, row.n_panelists, row.n_consented, row.n_declined, row.n_withdrawn)
        for row in rows
    )


def read_panelists(
    connection: Connection, study_id: int, *, group: str | None, limit: int, offset: int
) -> tuple[Panelist, ...]:
    """Some panelists of one group or of all, by pseudonym: the order of the panel file would name them."""
    query = (
        select(
            panelist.c.id,
            panelist.c.pseudonym,
            stakeholder_group.c.code.label("group"),
            panelist.c.language,
            panelist.c.consented_at,
            panelist.c.declined_at,
            panelist.c.withdrawn_at,
        )
        .join(stakeholder_group, _GROUP)
        .where(panelist.c.study_id == study_id)
        .order_by(panelist.c.pseudonym)
        .limit(limit)
        .offset(offset)
    )
    if group is not None:
        query = query.where(stakeholder_group.c.code == group)
    return tuple(Panelist(**row) for row in connection.execute(query).mappings())


def read_participations(
    connection: Connection, study_id: int, panelist_ids: Collection[int]
) -> dict[int, dict[int, Participation]]:
    """How far these panelists have come in each round they were asked in, by internal id and round."""
    rows = connection.execute(
        select(participation).where(
            participation.c.study_id == study_id, participation.c.panelist_id.in_(panelist_ids)
        )
    )
    states: dict[int, dict[int, Participation]] = defaultdict(dict)
    for row in rows:
        states[row.panelist_id][row.round_number] = participation_of(
            opened=row.opened_at is not None,
            n_answered=int(row.started_at is not None),
            submitted=row.submitted_at is not None,
        )
    return states


def read_people(
    connection: Connection, study_id: int, *, limit: int, offset: int, unreachable: bool = False
) -> tuple[tuple[int, Person], ...]:
    """Some of the people invited, by name, each with the internal id; all, or those whom no mail reaches."""
    rows = connection.execute(
        _PEOPLE.where(identity.c.study_id == study_id, _LOST if unreachable else true())
        .order_by(identity.c.name, identity.c.email)
        .limit(limit)
        .offset(offset)
    )
    return tuple(
        (
            row.panelist_id,
            Person(
                row.name,
                row.email,
                row.group,
                row.language,
                is_disowned=row.disowned_at is not None,
                bounced_at=row.bounced_at,
            ),
        )
        for row in rows
    )


def count_people(connection: Connection, study_id: int) -> int:
    """How many people the study knows by name; whoever left and was erased is not among them."""
    return connection.execute(
        select(func.count()).select_from(identity).where(identity.c.study_id == study_id)
    ).scalar_one()


def count_unreachable(connection: Connection, study_id: int) -> int:
    """How many of those who have not left have an address at which no mail arrives."""
    return connection.execute(
        select(func.count())
        .select_from(identity)
        .join(panelist, _OF_PANELIST)
        .where(identity.c.study_id == study_id, _LOST)
    ).scalar_one()
