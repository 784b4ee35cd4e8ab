"""Ratings and comments: stored with every version they had, read back by panelist, counted by group."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.moderation import Moderation
from app.domain.rating import ChangeReason, Comment, Rating
from app.storage.prepared import Prepared, Question, StoredRow, ask_together, listed, rows_as_text
from app.storage.tables.panel import panelist
from app.storage.tables.rating import comment, rating, rating_version
from app.storage.tables.statement import statement
from app.storage.tables.study import criterion, stakeholder_group


@dataclass(frozen=True)
class RatingToStore:
    """A checked rating with the internal ids of what it rates."""

    statement_id: int
    criterion_id: int
    point: int | None
    abstained: bool
    version: int
    reason: str | None
    reason_text: str


@dataclass(frozen=True)
class CommentToStore:
    """A checked comment with the internal id of what it is on."""

    statement_id: int
    text: str
    version: int


@dataclass(frozen=True)
class CountRow:
    """How many panelists of a group chose one point (None: "unable to rate")."""

    statement: str
    criterion: str
    group: str
    point: int | None
    n: int


OwnRatings = dict[tuple[str, str], Rating]
"""A panelist's ratings in one round, by statement and criterion."""

_KEY = ("study_id", "round_number", "panelist_id", "statement_id", "criterion_id")
_WRITTEN = ("point", "abstained", "version", "reason", "reason_text", "rated_at")
_COMMENT_KEY = ("study_id", "round_number", "panelist_id", "statement_id")
_COMMENT_WRITTEN = ("text", "language", "version", "written_at", "moderation", "released_text")
_DIALECTS: Mapping[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}


def _upsert(table: Table, key: Sequence[str], written: Sequence[str], shared: Collection[str]) -> Prepared:
    """Write rows in place of those before: ``shared`` are values that all have in common."""
    own = [table.c[name] for name in (*key, *written) if name not in shared]
    common = [bindparam(name, type_=table.c[name].type) for name in shared]
    names = [*(column.name for column in own), *shared]
    statements = {}
    for name, rows in listed(own).items():
        inserted = _DIALECTS[name].insert(table).from_select(names, rows.add_columns(*common))
        statements[name] = inserted.on_conflict_do_update(
            index_elements=list(key), set_={column: inserted.excluded[column] for column in written}
        )
    return Prepared(statements)


_OF_PANELIST = ("study_id", "round_number", "panelist_id")
_UPSERT_RATINGS = _upsert(rating, _KEY, _WRITTEN, (*_OF_PANELIST, "rated_at"))
_UPSERT_COMMENTS = _upsert(
    comment,
    _COMMENT_KEY,
    _COMMENT_WRITTEN,
    (*_OF_PANELIST, "language", "written_at", "moderation", "released_text"),
)
_VERSION = tuple(column.name for column in rating_version.c)
_KEEP_VERSIONS = Prepared(
    {
        name: dialect.insert(rating_version)
        .from_select(
            _VERSION,
            select(*(rating.c[column] for column in _VERSION)).where(
                *(rating.c[column] == bindparam(column) for column in (*_OF_PANELIST, "rated_at"))
            ),
        )
        .on_conflict_do_nothing()
        for name, dialect in _DIALECTS.items()
    }
)

_OWN = (
    select(
        rating.c.round_number,
        statement.c.code.label("statement"),
        criterion.c.code.label("criterion"),
        rating.c.point,
        rating.c.abstained,
        rating.c.version,
        rating.c.rated_at,
        rating.c.reason,
        rating.c.reason_text,
    )
    .join(statement, and_(statement.c.study_id == rating.c.study_id, statement.c.id == rating.c.statement_id))
    .join(criterion, and_(criterion.c.study_id == rating.c.study_id, criterion.c.id == rating.c.criterion_id))
    .where(
        rating.c.study_id == bindparam("study"),
        rating.c.round_number.in_((bindparam("round"), bindparam("other_round"))),
        rating.c.panelist_id == bindparam("panelist"),
    )
)
_OWN_ON_ALL = Prepared(_OWN)
_OWN_ON_SOME = Prepared(
    {
        name: _OWN.where(rating.c.statement_id.in_(wanted))
        for name, wanted in listed([rating.c.statement_id]).items()
    }
)
_ANSWERED = Prepared(
    select(statement.c.code, criterion.c.code)
    .select_from(rating)
    .join(statement, and_(statement.c.study_id == rating.c.study_id, statement.c.id == rating.c.statement_id))
    .join(criterion, and_(criterion.c.study_id == rating.c.study_id, criterion.c.id == rating.c.criterion_id))
    .where(
        rating.c.study_id == bindparam("study"),
        rating.c.round_number == bindparam("round"),
        rating.c.panelist_id == bindparam("panelist"),
    )
)
_OWN_COMMENTS = Prepared(
    select(statement.c.code, comment.c.text, comment.c.version)
    .join(
        statement, and_(statement.c.study_id == comment.c.study_id, statement.c.id == comment.c.statement_id)
    )
    .where(
        comment.c.study_id == bindparam("study"),
        comment.c.round_number == bindparam("round"),
        comment.c.panelist_id == bindparam("panelist"),
    )
)
# Counted by numbers first: a million rows are sorted by them in a third of the time that codes would take.
_COUNTED = (
    select(
        rating.c.statement_id,
        rating.c.criterion_id,
        panelist.c.group_id,
        rating.c.point,
        func.count().label("n"),
    )
    .select_from(rating)
    .join(panelist, and_(panelist.c.study_id == rating.c.study_id, panelist.c.id == rating.c.panelist_id))
    .where(rating.c.study_id == bindparam("study"), rating.c.round_number == bindparam("round"))
    .group_by(rating.c.statement_id, rating.c.criterion_id, panelist.c.group_id, rating.c.point)
    .subquery()
)


def _named(table: Table, number: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(table.c.study_id == bindparam("study"), table.c.id == number)


_BY_GROUP = (
    select(
        statement.c.code.label("statement"),
        criterion.c.code.label("criterion"),
        stakeholder_group.c.code.label("group"),
        _COUNTED.c.point,
        _COUNTED.c.n,
    )
    .select_from(_COUNTED)
    .join(statement, _named(statement, _COUNTED.c.statement_id))
    .join(criterion, _named(criterion, _COUNTED.c.criterion_id))
    .join(stakeholder_group, _named(stakeholder_group, _COUNTED.c.group_id))
    .order_by(statement.c.position, criterion.c.position, stakeholder_group.c.position, _COUNTED.c.point)
)


def read_own_ratings(
    connection: Connection, study_id: int, round_number: int, panelist_id: int
) -> OwnRatings:
    """A panelist's ratings in a round."""
    key = {"study": study_id, "round": round_number, "other_round": round_number, "panelist": panelist_id}
    return _OWN_ON_ALL.question(_by_round, **key).ask(connection).get(round_number, {})


def to_read_own_ratings(
    study_id: int, round_numbers: tuple[int, int], panelist_id: int, statement_ids: Collection[int]
) -> Question[tuple[OwnRatings, OwnRatings]]:
    """A panelist's ratings of some statements in two rounds."""
    one, other = round_numbers

    def read(rows: list[StoredRow]) -> tuple[OwnRatings, OwnRatings]:
        found = _by_round(rows)
        return found.get(one, {}), found.get(other, {})

    wanted = rows_as_text([{"statement_id": id_} for id_ in statement_ids])
    key = {"study": study_id, "round": one, "other_round": other, "panelist": panelist_id}
    return _OWN_ON_SOME.question(read, **key, rows=wanted)


def to_read_answered(
    study_id: int, round_number: int, panelist_id: int
) -> Question[frozenset[tuple[str, str]]]:
    """What a panelist has rated in a round, by statement and criterion."""
    key = {"study": study_id, "round": round_number, "panelist": panelist_id}
    return _ANSWERED.question(frozenset, **key)


def _by_round(rows: list[StoredRow]) -> dict[int, OwnRatings]:
    found: dict[int, OwnRatings] = {}
    for number, code, criterion_code, point, abstained, version, at, reason, reason_text in rows:
        found.setdefault(number, {})[code, criterion_code] = Rating(
            code,
            criterion_code,
            point,
            abstained,
            version,
            at,
            reason=None if reason is None else ChangeReason(reason),
            reason_text=reason_text,
        )
    return found


def read_own_comments(
    connection: Connection, study_id: int, round_number: int, panelist_id: int
) -> dict[str, Comment]:
    """A panelist's comments in a round, by statement."""
    return to_read_own_comments(study_id, round_number, panelist_id).ask(connection)


def to_read_own_comments(study_id: int, round_number: int, panelist_id: int) -> Question[dict[str, Comment]]:
    """A panelist's comments in a round, by statement."""
    return _OWN_COMMENTS.question(
        lambda rows: {row.code: Comment(row.text, row.version) for row in rows},
        study=study_id,
        round=round_number,
        panelist=panelist_id,
    )


def store_answers(
    connection: Connection,
    study_id: int,
    round_number: int,
    panelist_id: int,
    ratings: Collection[RatingToStore],
    comments: Collection[CommentToStore],
    *,
    language: str,
    at: datetime,
) -> None:
    """Store ratings and comments in place of the ones before.

    Each version of a rating stays in the history; a new text waits for moderation again.
    """
    key = {"study_id": study_id, "round_number": round_number, "panelist_id": panelist_id}
    orders = []
    if ratings:
        rows = rows_as_text([vars(one) for one in ratings])
        orders.append(_UPSERT_RATINGS.question(list, **key, rows=rows, rated_at=at))
        orders.append(_KEEP_VERSIONS.question(list, **key, rated_at=at))
    if comments:
        rows = rows_as_text([vars(one) for one in comments])
        pending = {"moderation": Moderation.PENDING, "released_text": ""}
        orders.append(
            _UPSERT_COMMENTS.question(list, **key, **pending, rows=rows, language=language, written_at=at)
        )
    ask_together(connection, *orders)


def count_ratings(connection: Connection, study_id: int, round_number: int) -> tuple[CountRow, ...]:
    """The round's ratings counted by statement, criterion, group and point, in the study's order."""
    rows = connection.execute(_BY_GROUP, {"study": study_id, "round": round_number})
    return tuple(CountRow(row.statement, row.criterion, row.group, row.point, row.n) for row in rows)


def count_comments(connection: Connection, study_id: int) -> dict[int, int]:
    """How many comments were written in each round, by round number; rounds without any are absent."""
    rows = connection.execute(
        select(comment.c.round_number, func.count().label("n"))
        .where(comment.c.study_id == study_id, comment.c.text != "")
        .group_by(comment.c.round_number)
    )
    return {row.round_number: row.n for row in rows}
