"""The figures of real-time rounds: held while they may advance, read by the codes of what they tell of."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, case, delete, func, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.live import LiveFigure
from app.storage.database import locks_rows
from app.storage.tables.live import live_figure, live_rating
from app.storage.tables.rating import rating
from app.storage.tables.statement import statement
from app.storage.tables.study import criterion, stakeholder_group

_RATING_KEY = ("study_id", "round_number", "statement_id", "criterion_id", "group_id", "panelist_id")


@dataclass(frozen=True, order=True)
class FigureKey:
    """Which figure of a round: by internal ids."""

    statement_id: int
    criterion_id: int
    group_id: int


# Who is in the figure, or was tried for it, stays as they were: a later change would tell what came before.
_CHANGES = and_(live_rating.c.is_shown.is_(False), live_rating.c.is_tried.is_(False))


def _wait(dialect: Any) -> Any:
    waiting = dialect.insert(live_rating)
    return waiting.on_conflict_do_update(
        index_elements=list(_RATING_KEY),
        set_={"point": waiting.excluded.point},
        where=_CHANGES,
    )


_WAIT = {name: _wait(d) for name, d in (("sqlite", sqlite), ("postgresql", postgresql))}


def insert_live_figures(
    connection: Connection, study_id: int, round_number: int, figures: Mapping[FigureKey, LiveFigure]
) -> None:
    """Begin the figures of a round."""
    key = {"study_id": study_id, "round_number": round_number}
    rows = [{**key, **vars(which), **_row(figure)} for which, figure in figures.items()]
    if rows:
        connection.execute(insert(live_figure), rows)


def hold_live_figures(
    connection: Connection, study_id: int, round_number: int, keys: Collection[FigureKey] | None = None
) -> dict[FigureKey, LiveFigure]:
    """Figures of a round, some or all, held until the transaction ends; always asked for in one order."""
    query = (
        select(live_figure)
        .where(live_figure.c.study_id == study_id, live_figure.c.round_number == round_number)
        .order_by(live_figure.c.statement_id, live_figure.c.criterion_id, live_figure.c.group_id)
    )
    if keys is not None:
        query = query.where(_among(live_figure, keys))
    if locks_rows(connection):
        query = query.with_for_update()
    return {
        FigureKey(row.statement_id, row.criterion_id, row.group_id): LiveFigure(
            tuple(json.loads(row.counts)), row.n_attempts
        )
        for row in connection.execute(query)
    }


def update_live_figures(
    connection: Connection, study_id: int, round_number: int, figures: Mapping[FigureKey, LiveFigure]
) -> None:
    """Write figures that have advanced, or could not."""
    for which, figure in figures.items():
        connection.execute(
            update(live_figure)
            .where(
                live_figure.c.study_id == study_id,
                live_figure.c.round_number == round_number,
                _is(live_figure, which),
            )
            .values(**_row(figure))
        )


def let_wait(
    connection: Connection,
    study_id: int,
    round_number: int,
    panelist_id: int,
    points: Mapping[FigureKey, int | None],
) -> None:
    """Let a panelist's present ratings wait for their figures; None takes one back.

    What is in a figure already, or was tried for it, is left alone.
    """
    key = {"study_id": study_id, "round_number": round_number, "panelist_id": panelist_id}
    rated = [
        {**key, **vars(which), "point": point, "is_shown": False}
        for which, point in points.items()
        if point is not None
    ]
    if rated:
        connection.execute(_WAIT[connection.dialect.name], rated)
    gone = [which for which, point in points.items() if point is None]
    if gone:
        connection.execute(
            delete(live_rating).where(
                live_rating.c.study_id == study_id,
                live_rating.c.round_number == round_number,
                live_rating.c.panelist_id == panelist_id,
                _CHANGES,
                _among(live_rating, gone),
            )
        )


def count_waiting(
    connection: Connection, study_id: int, round_number: int, keys: Collection[FigureKey] | None = None
) -> dict[FigureKey, dict[int, int]]:
    """How many wait for a figure, by point; figures for which nobody waits are absent."""
    parts = (live_rating.c.statement_id, live_rating.c.criterion_id, live_rating.c.group_id)
    query = (
        select(*parts, live_rating.c.point, func.count().label("n"))
        .where(
            live_rating.c.study_id == study_id,
            live_rating.c.round_number == round_number,
            live_rating.c.is_shown.is_(False),
        )
        .group_by(*parts, live_rating.c.point)
    )
    if keys is not None:
        query = query.where(_among(live_rating, keys))
    counted: dict[FigureKey, dict[int, int]] = defaultdict(dict)
    for row in connection.execute(query):
        counted[FigureKey(row.statement_id, row.criterion_id, row.group_id)][row.point] = row.n
    return counted


def show_waiting(connection: Connection, study_id: int, round_number: int, keys: Iterable[FigureKey]) -> None:
    """Note that everybody who waited for these figures is in them now."""
    for which in keys:
        connection.execute(
            update(live_rating)
            .where(
                live_rating.c.study_id == study_id,
                live_rating.c.round_number == round_number,
                _is(live_rating, which),
            )
            .values(is_shown=True)
        )


def note_attempts(
    connection: Connection, study_id: int, round_number: int, keys: Iterable[FigureKey]
) -> None:
    """Note that everybody who waits for these figures was tried for them."""
    for which in keys:
        connection.execute(
            update(live_rating)
            .where(
                live_rating.c.study_id == study_id,
                live_rating.c.round_number == round_number,
                _is(live_rating, which),
                _CHANGES,
            )
            .values(is_tried=True)
        )


def read_live_counts(
    connection: Connection, study_id: int, round_number: int, statement_codes: Sequence[str] | None = None
) -> Iterator[tuple[str, str, str, tuple[int, ...]]]:
    """What is shown of a round, or of some of its statements: criterion, statement, group and counts."""
    query = (
        select(
            criterion.c.code.label("criterion"),
            statement.c.code.label("statement"),
            stakeholder_group.c.code.label("group"),
            live_figure.c.counts,
        )
        .join(statement, _same(statement, live_figure.c.statement_id))
        .join(criterion, _same(criterion, live_figure.c.criterion_id))
        .join(stakeholder_group, _same(stakeholder_group, live_figure.c.group_id))
        .where(live_figure.c.study_id == study_id, live_figure.c.round_number == round_number)
    )
    if statement_codes is not None:
        query = query.where(statement.c.code.in_(statement_codes))
    for row in connection.execute(query):
        yield row.criterion, row.statement, row.group, tuple(json.loads(row.counts))


def read_shown_points(
    connection: Connection, study_id: int, round_number: int, panelist_id: int
) -> dict[tuple[str, str], int]:
    """Where a panelist's ratings stand in the figures, by statement and criterion."""
    rows = connection.execute(
        select(statement.c.code.label("statement"), criterion.c.code.label("criterion"), live_rating.c.point)
        .select_from(live_rating)
        .join(statement, _same(statement, live_rating.c.statement_id, live_rating))
        .join(criterion, _same(criterion, live_rating.c.criterion_id, live_rating))
        .where(
            live_rating.c.study_id == study_id,
            live_rating.c.round_number == round_number,
            live_rating.c.panelist_id == panelist_id,
            live_rating.c.is_shown.is_(True),
        )
    )
    return {(row.statement, row.criterion): row.point for row in rows}


def note_what_is_left_behind(
    connection: Connection, study_id: int, round_number: int, figures: Mapping[FigureKey, LiveFigure]
) -> None:
    """Note of which figures the ratings that are decided on are others than those in them.

    Somebody waits still, or has changed since, or is not able to rate any more, or was erased.
    """
    parts = (live_rating.c.statement_id, live_rating.c.criterion_id, live_rating.c.group_id)
    now = and_(
        *(
            rating.c[name] == live_rating.c[name]
            for name in ("study_id", "round_number", "panelist_id", "statement_id", "criterion_id")
        )
    )
    is_in_it = and_(live_rating.c.is_shown, rating.c.point == live_rating.c.point)
    rows = connection.execute(
        select(*parts, func.count().label("n"), func.sum(case((is_in_it, 1), else_=0)).label("n_in_it"))
        .select_from(live_rating)
        .outerjoin(rating, now)
        .where(live_rating.c.study_id == study_id, live_rating.c.round_number == round_number)
        .group_by(*parts)
    )
    counted = {
        FigureKey(row.statement_id, row.criterion_id, row.group_id): (row.n, row.n_in_it) for row in rows
    }
    left_behind = [
        which
        for which, figure in figures.items()
        if counted.get(which, (0, 0)) != (sum(figure.counts), sum(figure.counts))
    ]
    connection.execute(
        update(live_figure)
        .where(
            live_figure.c.study_id == study_id,
            live_figure.c.round_number == round_number,
            _among(live_figure, left_behind),
        )
        .values(is_as_rated=False)
    )


def read_left_behind(connection: Connection, study_id: int, round_number: int) -> frozenset[tuple[str, str]]:
    """The statements and criteria that were decided on other ratings than those in the figures."""
    rows = connection.execute(
        select(statement.c.code.label("statement"), criterion.c.code.label("criterion"))
        .join_from(live_figure, statement, _same(statement, live_figure.c.statement_id))
        .join(criterion, _same(criterion, live_figure.c.criterion_id))
        .where(
            live_figure.c.study_id == study_id,
            live_figure.c.round_number == round_number,
            live_figure.c.is_as_rated.is_(False),
        )
        .distinct()
    )
    return frozenset((row.statement, row.criterion) for row in rows)


def _row(figure: LiveFigure) -> dict[str, object]:
    return {"counts": json.dumps(figure.counts), "n_attempts": figure.n_attempts}


def _is(table: Any, which: FigureKey) -> Any:
    return and_(*(table.c[name] == value for name, value in vars(which).items()))


def _among(table: Any, keys: Collection[FigureKey]) -> Any:
    columns = tuple_(table.c.statement_id, table.c.criterion_id, table.c.group_id)
    return columns.in_([(key.statement_id, key.criterion_id, key.group_id) for key in keys])


def _same(table: Any, id_: Any, named_in: Any = live_figure) -> Any:
    return and_(table.c.study_id == named_in.c.study_id, table.c.id == id_)
