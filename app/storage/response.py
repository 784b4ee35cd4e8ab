"""How far the panel has come in a round, counted where the rows are: a large panel costs no more to tell."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, select

from app.storage.tables.panel import identity, panelist
from app.storage.tables.rounds import participation
from app.storage.tables.study import stakeholder_group


@dataclass(frozen=True)
class FlowRow:
    """How far the panelists of one group and language have come.

    From ``n_opened`` to ``n_submitted`` each number includes the next. ``n_reached``: a mail server took
    their e-mail. ``n_bounced``: theirs was refused for good, and none has reached them since. ``n_declined``
    and ``n_withdrawn``: of those asked, who left, whenever that was.
    """

    round: int
    group: str
    language: str
    n_invited: int
    n_opened: int
    n_started: int
    n_submitted: int
    n_reached: int = 0
    n_bounced: int = 0
    n_declined: int = 0
    n_withdrawn: int = 0


_FLOW = (
    select(
        participation.c.round_number,
        stakeholder_group.c.code.label("group"),
        panelist.c.language,
        func.count().label("n_invited"),
        func.count(participation.c.opened_at).label("n_opened"),
        func.count(participation.c.started_at).label("n_started"),
        func.count(participation.c.submitted_at).label("n_submitted"),
        func.count(participation.c.reached_at).label("n_reached"),
        func.count(identity.c.bounced_at).filter(participation.c.reached_at.is_(None)).label("n_bounced"),
        func.count(panelist.c.declined_at).label("n_declined"),
        func.count(panelist.c.withdrawn_at).label("n_withdrawn"),
    )
    .join(
        panelist,
        and_(panelist.c.study_id == participation.c.study_id, panelist.c.id == participation.c.panelist_id),
    )
    .join(
        stakeholder_group,
        and_(
            stakeholder_group.c.study_id == panelist.c.study_id, stakeholder_group.c.id == panelist.c.group_id
        ),
    )
    .outerjoin(
        identity, and_(identity.c.study_id == panelist.c.study_id, identity.c.panelist_id == panelist.c.id)
    )
    .where(participation.c.study_id == bindparam("study"))
    .group_by(
        participation.c.round_number,
        stakeholder_group.c.position,
        stakeholder_group.c.code,
        panelist.c.language,
    )
    .order_by(participation.c.round_number, stakeholder_group.c.position, panelist.c.language)
)
_FLOW_OF_ROUND = _FLOW.where(participation.c.round_number == bindparam("round"))


def count_flow(connection: Connection, study_id: int) -> tuple[FlowRow, ...]:
    """How far the panel has come in every round, by group and language."""
    return _counted(connection, _FLOW, study=study_id)


def count_flow_of_round(connection: Connection, study_id: int, number: int) -> tuple[FlowRow, ...]:
    """The same in one round."""
    return _counted(connection, _FLOW_OF_ROUND, study=study_id, round=number)


def _counted(connection: Connection, query: Select[Any], **key: int) -> tuple[FlowRow, ...]:
    return tuple(FlowRow(*row) for row in connection.execute(query, key))
