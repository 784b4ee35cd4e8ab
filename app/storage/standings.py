"""Where many studies stand at once, in a number of queries that does not grow with the studies."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from app.domain.round import RoundStatus
from app.storage.tables.panel import panelist
from app.storage.tables.rounds import response_count, round_


@dataclass(frozen=True)
class NewestRound:
    """A study's newest round, how many were asked in it, and how many have handed in."""

    number: int
    status: RoundStatus
    closes_at: datetime | None
    n_invited: int
    n_submitted: int


def read_newest_rounds(connection: Connection, study_ids: Collection[int]) -> dict[int, NewestRound]:
    """The newest round of each of these studies, by internal id; studies without a round are absent."""
    newest = (
        select(round_.c.study_id, func.max(round_.c.number).label("number"))
        .where(round_.c.study_id.in_(study_ids))
        .group_by(round_.c.study_id)
        .subquery()
    )
    is_newest = and_(round_.c.study_id == newest.c.study_id, round_.c.number == newest.c.number)
    asked = and_(
        response_count.c.study_id == round_.c.study_id, response_count.c.round_number == round_.c.number
    )
    rows = connection.execute(
        select(
            round_.c.study_id,
            round_.c.number,
            round_.c.status,
            round_.c.closes_at,
            func.coalesce(func.sum(response_count.c.n_invited), 0).label("n_invited"),
            func.coalesce(func.sum(response_count.c.n_submitted), 0).label("n_submitted"),
        )
        .join(newest, is_newest)
        .outerjoin(response_count, asked)
        .group_by(round_.c.study_id, round_.c.number, round_.c.status, round_.c.closes_at)
    )
    return {
        row.study_id: NewestRound(
            row.number, RoundStatus(row.status), row.closes_at, row.n_invited, row.n_submitted
        )
        for row in rows
    }


def count_panels(connection: Connection, study_ids: Collection[int]) -> dict[int, int]:
    """How many panelists each of these studies has, by internal id; studies without any are absent."""
    rows = connection.execute(
        select(panelist.c.study_id, func.count().label("n"))
        .where(panelist.c.study_id.in_(study_ids))
        .group_by(panelist.c.study_id)
    )
    return {row.study_id: row.n for row in rows}
