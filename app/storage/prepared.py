"""Statements that every page asks: compiled once, and run by the driver itself.

SQLAlchemy takes ten times as long to run such a statement as SQLite does. It still writes them, for both
kinds of database, and holds the transaction; values go in and come out as the types of the columns say.
"""

import json
import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Executable,
    Select,
    bindparam,
    cast,
    func,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.sql.selectable import SelectBase

from app.storage.tables.columns import UtcDateTime

StoredRow = Any
"""A row as a named tuple, by the names of its columns."""

T = TypeVar("T")
_Convert = Callable[[Any], Any]

_ROWS = "rows"
_MOST_MOMENTS = 1024


@dataclass(frozen=True)
class _Compiled:
    """A statement in the words of one driver, with what converts the values that go in and come out.

    ``order`` has the names of the values where the driver takes them by their places.
    """

    sql: str
    order: tuple[str, ...] | None
    constants: Mapping[str, object]
    binders: tuple[tuple[str, _Convert], ...]
    readers: tuple[tuple[int, _Convert], ...]
    make_row: Callable[[Iterable[object]], StoredRow]

    def values(self, given: Mapping[str, object]) -> Any:
        """The values as the driver takes them."""
        values = {**self.constants, **given}
        for name, convert in self.binders:
            values[name] = convert(values[name])
        return values if self.order is None else [values[name] for name in self.order]

    def read(self, rows: Iterable[Sequence[object]]) -> list[StoredRow]:
        """The rows with every value as its column's type says."""
        return [self.make_row(self._converted(row) if self.readers else row) for row in rows]

    def _converted(self, row: Sequence[object]) -> list[object]:
        found = list(row)
        for place, convert in self.readers:
            found[place] = convert(found[place])
        return found


class Prepared:
    """A statement with named values that is run over and over.

    Parameters
    ----------
    statement
        One for every kind of database, or one for each by the name of its dialect.
    """

    def __init__(self, statement: Executable | Mapping[str, Executable]) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def all(self, connection: Connection, **values: object) -> list[StoredRow]:
        """Run the statement and return its rows, none where it only writes."""
        return self.question(list, **values).ask(connection)

    def one_or_none(self, connection: Connection, **values: object) -> StoredRow | None:
        """Run the statement and return its only row, if it has one."""
        return next(iter(self.all(connection, **values)), None)

    def question(self, read: Callable[[list[StoredRow]], T], **values: object) -> "Question[T]":
        """The statement with its values, to be run with others; ``read`` makes an answer of its rows."""
        return Question(self, values, read)

    def compiled(self, dialect: Dialect) -> _Compiled:
        """The statement in the words of a driver."""
        found = self._compiled.get(dialect.name)
        if found is None:
            of_this_kind = self._statement
            if isinstance(of_this_kind, Mapping):
                of_this_kind = of_this_kind[dialect.name]
            found = self._compiled[dialect.name] = _compile(of_this_kind, dialect)
        return found


@dataclass(frozen=True)
class Question(Generic[T]):
    """A prepared statement with its values, and what is made of its rows."""

    statement: Prepared
    values: Mapping[str, object]
    read: Callable[[list[StoredRow]], T]

    def ask(self, connection: Connection) -> T:
        """Run the statement now, and return the answer."""
        answer: T = ask_together(connection, self)[0]
        return answer


def ask_together(connection: Connection, *questions: Question[Any]) -> list[Any]:
    """Run statements one after the other and return the answer of each.

    PostgreSQL is sent all of them at once, so that it is waited for once.
    """
    driver = connection.connection.driver_connection
    run = _run_on_sqlite if isinstance(driver, sqlite3.Connection) else _run_on_postgresql
    told = [question.statement.compiled(connection.dialect) for question in questions]
    found = run(driver, [(one.sql, one.values(q.values)) for one, q in zip(told, questions, strict=True)])
    return [question.read(one.read(rows)) for one, question, rows in zip(told, questions, found, strict=True)]


def _run_on_sqlite(driver: Any, told: Sequence[tuple[str, Any]]) -> list[Sequence[Any]]:
    return [driver.execute(sql, values).fetchall() for sql, values in told]


def _run_on_postgresql(driver: Any, told: Sequence[tuple[str, Any]]) -> list[Sequence[Any]]:
    # One statement alone gains nothing by a pipeline, which costs as much as a short query.
    with driver.pipeline() if len(told) > 1 else nullcontext():
        cursors = [driver.execute(sql, values) for sql, values in told]
    # A cursor's description would be made anew, column by column.
    return [cursor.fetchall() if cursor.pgresult.nfields else () for cursor in cursors]


def listed(columns: Sequence[Column[Any]]) -> dict[str, Select[Any]]:
    """A selection of rows that come as one text, ``rows``, for each kind of database."""
    places = func.json_each(bindparam(_ROWS)).table_valued("value")
    named = func.json_to_recordset(cast(bindparam(_ROWS), JSON)).table_valued(
        *(Column(column.name, column.type) for column in columns)
    )
    return {
        "sqlite": select(
            *(
                func.json_extract(places.c.value, f"$.{column.name}", type_=column.type).label(column.name)
                for column in columns
            )
        ).where(true()),
        "postgresql": select(*named.render_derived(with_types=True).c).where(true()),
    }


def rows_as_text(rows: Sequence[Mapping[str, object]]) -> str:
    """Rows, by the names of their columns, as the text that :func:`listed` reads."""
    return json.dumps(rows, ensure_ascii=False)


def _compile(statement: Any, dialect: Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect)
    columns = list(statement.selected_columns) if isinstance(statement, SelectBase) else []
    binders = {
        name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()
    }
    readers = [_reader(column, dialect) for column in columns]
    return _Compiled(
        sql=compiled.string,
        order=tuple(compiled.positiontup) if compiled.positional else None,
        constants={name: bind.value for name, bind in compiled.binds.items() if not bind.required},
        binders=tuple((name, binder) for name, binder in binders.items() if binder),
        readers=tuple((place, reader) for place, reader in enumerate(readers) if reader),
        make_row=_row_of([column.name for column in columns]),
    )


def _reader(column: ColumnElement[Any], dialect: Dialect) -> _Convert | None:
    reader: _Convert | None = column.type.dialect_impl(dialect).result_processor(dialect, None)
    if reader is None or not isinstance(column.type, UtcDateTime):
        return reader
    # What was saved together has one time, which comes with every row of it.
    return lru_cache(maxsize=_MOST_MOMENTS)(reader)


def _row_of(names: list[str]) -> Callable[[Iterable[object]], StoredRow]:
    make_type: Any = namedtuple  # noqa: PYI024 - nothing is known of the types
    make: Callable[[Iterable[object]], StoredRow] = make_type("StoredRow", names, rename=True)._make
    return make
