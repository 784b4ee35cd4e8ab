"""Every rating of a study's rounds as columns of numbers: a million in a second.

They are columns of numpy, which nobody loads who only rates.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, String, Table, bindparam, case, cast, func, select

from analysis.counts import Integers
from analysis.rating_columns import RatingColumns
from app.storage.tables.panel import panelist
from app.storage.tables.rating import rating
from app.storage.tables.statement import statement
from app.storage.tables.study import criterion, stakeholder_group

_NUMBERS = (
    rating.c.statement_id,
    rating.c.criterion_id,
    func.coalesce(rating.c.point, 0),
    case((rating.c.point.is_(None), 1), else_=0),
)
_IN_A_ROW: ColumnElement[str] = cast(_NUMBERS[0], String)
for _number in _NUMBERS[1:]:
    _IN_A_ROW = _IN_A_ROW.concat(",").concat(cast(_number, String))
# One text for each panelist of a round, in the order in which ratings are stored: nothing has to be sorted.
_BY_PANELIST = (
    select(
        rating.c.round_number,
        rating.c.panelist_id,
        func.count().label("n"),
        func.aggregate_strings(_IN_A_ROW, ",").label("numbers"),
    )
    .where(rating.c.study_id == bindparam("study"), rating.c.round_number <= bindparam("up_to_round"))
    .group_by(rating.c.round_number, rating.c.panelist_id)
    .order_by(rating.c.round_number, rating.c.panelist_id)
)
_GROUPS = select(panelist.c.id, panelist.c.group_id).where(panelist.c.study_id == bindparam("study"))


def read_rating_columns(connection: Connection, study_id: int, up_to_round: int) -> RatingColumns:
    """Every rating up to a round; panelists appear under their internal ids."""
    rows = connection.execute(_BY_PANELIST, {"study": study_id, "up_to_round": up_to_round}).all()
    n = [row.n for row in rows]
    numbers = np.fromstring(",".join(row.numbers for row in rows), dtype=np.int64, sep=",").reshape(-1, 4)
    who = np.repeat(_column([row.panelist_id for row in rows]), n)
    (statements, statement_at), (criteria, criterion_at), (groups, group_at) = (
        _codes(connection, table, study_id) for table in (statement, criterion, stakeholder_group)
    )
    belongs_to = connection.execute(_GROUPS, {"study": study_id}).all()
    group_of = _by_id([row.id for row in belongs_to], group_at[_column([row.group_id for row in belongs_to])])
    return RatingColumns(
        statements=statements,
        criteria=criteria,
        groups=groups,
        round=np.repeat(_column([row.round_number for row in rows]), n),
        statement=statement_at[numbers[:, 0]],
        criterion=criterion_at[numbers[:, 1]],
        group=group_of[who],
        panelist=who,
        point=numbers[:, 2],
        abstained=numbers[:, 3] == 1,
    )


def _codes(connection: Connection, table: Table, study_id: int) -> tuple[tuple[str, ...], Integers]:
    """The codes in the study's order, and the place of each by its internal id."""
    in_order: Select[Any] = (
        select(table.c.id, table.c.code).where(table.c.study_id == study_id).order_by(table.c.position)
    )
    found = connection.execute(in_order).all()
    return tuple(row.code for row in found), _by_id([row.id for row in found], np.arange(len(found)))


def _by_id(ids: Sequence[int], values: Integers) -> Integers:
    """Values by the internal ids they belong to, which are small numbers without many gaps."""
    placed = np.zeros(max(ids, default=0) + 1, np.int64)
    placed[_column(ids)] = values
    return placed


def _column(numbers: Sequence[int]) -> Integers:
    return np.array(numbers, np.int64)
