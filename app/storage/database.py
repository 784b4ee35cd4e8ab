"""One database, two ways in: writing takes turns, reading sees one moment.

SQLite gets a writer of its own in each process (a pool of one, ``BEGIN IMMEDIATE``) and readers that cannot
write; a pool of many writers would queue inside SQLite, with waits of a second. PostgreSQL gets one pool.
Whoever asks first for a connection gets one first.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import cast

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, exc, make_url, text
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, QueuePool

from app.storage.kept import Kept
from app.storage.turns import MustWait, TurnNotReached, Turns

__all__ = [
    "Connection",
    "Database",
    "DatabaseUnavailable",
    "MustWait",
    "create_migration_engine",
    "kept",
    "locks_rows",
]

BUSY_SECONDS = 15
CONNECT_SECONDS = 10
POSTGRESQL_CONNECTIONS = 20
POSTGRESQL_THREADS = 4
"""How many short questions of a kind each process answers at once: PostgreSQL computes for some while Python
does for one. With more threads Python would only hand its turn around."""
SQLITE_READERS = 16
MOST_KEPT = 512
"""How many things that never change are kept in memory, such as a round's questionnaire."""
LOOK_AGAIN_SECONDS = 0.001
"""How long a process waits before it tries again to write on an SQLite file that another one writes on."""
IDLE_SECONDS = 1.0
"""A connection that lay idle for longer is tried before it is used: the server may have gone meanwhile."""

_AT_ONCE = "castalia_at_once"
"""An option of connections: whoever begins a transaction on it has no time to wait."""


# Prepared statements are run by the drivers themselves, and their errors come as they are.
_SPEAKERS = (exc, sqlite3, psycopg)
_OUR_MISTAKES = tuple(
    getattr(speaker, name)
    for speaker in _SPEAKERS
    for name in ("DataError", "IntegrityError", "NotSupportedError", "ProgrammingError")
)
_ABSENCES = tuple(
    getattr(speaker, name) for speaker in _SPEAKERS for name in ("DatabaseError", "InterfaceError")
)


class DatabaseUnavailable(Exception):
    """The database is away, busy, full, read-only or damaged; nothing of the transaction was kept."""


class _Here(threading.local):
    """How this thread asks at the moment: in a transaction that several share, or without time to wait."""

    shared: Connection | None = None
    at_once = False


class Database:
    """Where studies are kept.

    Parameters
    ----------
    url
        ``sqlite:///FILE`` or ``postgresql://USER:PASSWORD@HOST/NAME``.

    Attributes
    ----------
    is_sqlite
        Whether it is the embedded database.
    threads_to_read, threads_to_write
        Where questions are answered that may have to wait. PostgreSQL computes while others ask; SQLite does
        so in the thread that asks, and of Python's threads one computes at a time: several would only hand
        the turn to each other at every row, and be done later. Whoever writes may wait for another who
        writes, and must not keep those waiting who only read.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        things = Kept(MOST_KEPT)
        self._here = _Here()
        if self.is_sqlite:
            self._writer = _sqlite_engine(url, things, writes=True)
            self._reader = _sqlite_engine(url, things, writes=False)
            self._glancer = self._reader
            self._writers, self._readers = Turns(1, BUSY_SECONDS), Turns(SQLITE_READERS, BUSY_SECONDS)
            self.threads_to_read = self.threads_to_write = ThreadPoolExecutor(1, "sqlite")
        else:
            self._writer = _postgresql_engine(url, things)
            self._reader = self._writer.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            self._glancer = self._writer.execution_options(isolation_level="AUTOCOMMIT")
            self._writers = self._readers = Turns(POSTGRESQL_CONNECTIONS, BUSY_SECONDS)
            self.threads_to_read = ThreadPoolExecutor(POSTGRESQL_THREADS, "postgresql-read")
            self.threads_to_write = ThreadPoolExecutor(POSTGRESQL_THREADS, "postgresql-write")
        self._writer_at_once = self._writer.execution_options(**{_AT_ONCE: True})

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that writes: committed when the block ends well, else undone whole.

        Inside :meth:`together` it is a part of that transaction, and undone alone.

        Raises
        ------
        DatabaseUnavailable
            When the database is away, full, damaged, takes no writes or stayed busy.
        MustWait
            Inside :meth:`at_once`, when somebody else writes.
        """
        engine = self._writer_at_once if self._here.at_once else self._writer
        with self._connected(self._writers, engine.begin) as connection:
            if connection is not self._here.shared:
                yield connection
            else:
                with _apart_from_others(connection):
                    yield connection

    @contextmanager
    def glancing(self) -> Iterator[Connection]:
        """A connection for a single question, which needs no transaction around it.

        Raises
        ------
        DatabaseUnavailable
            When the database is away, damaged or stayed busy.
        """
        with self._connected(self._readers, self._glancer.connect) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that only reads and sees the database as of one moment.

        Raises
        ------
        DatabaseUnavailable
            When the database is away, damaged or stayed busy.
        """
        with self._connected(self._readers, self._reader.begin) as connection:
            yield connection

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Let nothing in the block wait for others: what would have to raises :class:`MustWait` instead.

        It then has read at most, and can be done again where there is time.
        """
        self._here.at_once = True
        try:
            yield
        finally:
            self._here.at_once = False

    @contextmanager
    def together(self, *, waits: bool = False) -> Iterator[None]:
        """One transaction on SQLite for all that the block reads and writes; nothing is kept before its end.

        The disk is then waited for once for many who write. Who ``waits`` does so in turn with all others.

        Raises
        ------
        DatabaseUnavailable
            Nothing of all that was written is kept.
        MustWait
            Somebody else writes; the block was not begun.
        """
        with nullcontext() if waits else self.at_once(), self.writing() as connection:
            self._here.shared = connection
            try:
                yield
            finally:
                self._here.shared = None
            _refuse_if_undone(connection)

    @contextmanager
    def _connected(
        self, turns: Turns, connect: Callable[[], AbstractContextManager[Connection]]
    ) -> Iterator[Connection]:
        with _naming_absence():
            if self._here.shared is not None:
                yield self._here.shared
                return
            with turns.turn_at_once() if self._here.at_once else turns.turn(), connect() as connection:
                yield connection

    def is_ready(self) -> bool:
        """Whether the database answers and has the schema."""
        try:
            with self.reading() as connection:
                connection.execute(text("SELECT version_num FROM alembic_version")).one()
        except (DatabaseUnavailable, DBAPIError):
            return False
        return True

    def close(self) -> None:
        """Give all connections back, and let the threads end."""
        self.threads_to_read.shutdown(wait=False)
        self.threads_to_write.shutdown(wait=False)
        self._writer.dispose()
        self._reader.dispose()


def create_migration_engine(url: str) -> Engine:
    """An engine for migrations: no ``query_only``, foreign keys as the migration sets them."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url, Kept(MOST_KEPT), writes=True)
    return _postgresql_engine(url, Kept(MOST_KEPT))


@contextmanager
def _naming_absence() -> Iterator[None]:
    try:
        yield
    except _OUR_MISTAKES:
        raise
    except (*_ABSENCES, TurnNotReached) as error:
        raise DatabaseUnavailable(str(error)) from error


def _postgresql_engine(url: str, things: Kept) -> Engine:
    address = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(
        address,
        pool_size=POSTGRESQL_CONNECTIONS // 2,
        max_overflow=POSTGRESQL_CONNECTIONS // 2,
        pool_recycle=1800,
        connect_args={"connect_timeout": CONNECT_SECONDS},
    )
    event.listen(engine, "connect", _prepare_session)
    event.listen(engine, "connect", partial(_hand_out, things))
    event.listen(engine, "checkin", _note_rest)
    event.listen(engine, "checkout", _try_after_rest)
    return engine


def _sqlite_engine(url: str, things: Kept, *, writes: bool) -> Engine:
    file = make_url(url).database
    if file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=1 if writes else SQLITE_READERS // 2,
        max_overflow=0 if writes else SQLITE_READERS // 2,
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_writer if writes else _prepare_reader)
    event.listen(engine, "connect", partial(_hand_out, things))
    event.listen(engine, "begin", _begin_immediate if writes else _begin)
    return engine


def _prepare_session(connection: psycopg.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.execute("SET synchronous_commit = on")
    connection.execute(f"SET lock_timeout = {round(1000 * BUSY_SECONDS)}")
    connection.commit()


def _prepare_writer(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # The last one holds from here on: whoever writes waits in _begin_immediate.
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=0"):
        connection.execute(f"PRAGMA {setting}")


def _prepare_reader(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    for setting in ("foreign_keys=ON", "query_only=ON"):
        connection.execute(f"PRAGMA {setting}")


def _refuse_if_undone(connection: Connection) -> None:
    """Refuse to go on when SQLite has undone the whole transaction, as it does on a full disk.

    The driver would commit nothing then, and say nothing.
    """
    if not _driver(connection).in_transaction:
        raise DatabaseUnavailable("The transaction was undone.")


@contextmanager
def _apart_from_others(shared: Connection) -> Iterator[None]:
    """A part of a shared transaction that is undone alone when it fails."""
    _refuse_if_undone(shared)
    driver = _driver(shared)
    driver.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        if driver.in_transaction:
            driver.execute("ROLLBACK TO part")
            driver.execute("RELEASE part")
        raise
    driver.execute("RELEASE part")


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.driver_connection)


# SQLite's driver begins transactions only before a write; a transaction that reads first and writes later
# would then fail as busy, and a read of two tables could see two moments.
def _begin_immediate(connection: Connection) -> None:
    """Begin once no other process writes.

    SQLite would look again ever more seldom, so that whoever has waited long comes last.
    """
    driver, waits = _driver(connection), _AT_ONCE not in connection.get_execution_options()
    give_up_at = monotonic() + BUSY_SECONDS
    while True:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or monotonic() > give_up_at:
                raise
            if not waits:
                raise MustWait from error
            sleep(LOOK_AGAIN_SECONDS)
        else:
            return


def _begin(connection: Connection) -> None:
    _driver(connection).execute("BEGIN")


def locks_rows(connection: Connection) -> bool:
    """Whether a SELECT must lock what it reads; SQLite has one writer at a time anyway, and no row locks."""
    return bool(connection.dialect.name != "sqlite")


def kept(connection: Connection) -> Kept:
    """What was read once from this database and never changes, kept until the database is closed."""
    return cast("Kept", connection.info["kept"])


def _hand_out(things: Kept, _connection: object, entry: ConnectionPoolEntry) -> None:
    entry.info["kept"] = things


def _note_rest(_connection: object, entry: ConnectionPoolEntry) -> None:
    entry.info["rests_since"] = monotonic()


# To ask before every transaction whether the server is there costs as much as a query. While it is in use, a
# connection is as good as it was a moment ago.
def _try_after_rest(
    connection: psycopg.Connection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    if monotonic() - entry.info.get("rests_since", monotonic()) < IDLE_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.OperationalError as error:
        raise DisconnectionError from error
