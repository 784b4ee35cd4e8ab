"""What every test may ask for: a clock, and a database of its own with the whole schema, of either kind.

One run has one directory and, once a test asks for it, one PostgreSQL server, shared by all its processes.
The schema is made once per kind by the migrations, and each state that many tests begin with once by the
services; every test gets a copy, which takes milliseconds.
"""

import fcntl
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NoReturn

import pytest
import structlog
import vl_convert
from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from xdist.scheduler import LoadScopeScheduling

from app.clock import FixedClock
from app.services import passwords
from app.storage.database import Database
from app.storage.schema import upgrade_schema
from tests.postgresql import PostgresqlMissing, Server, find_server, wait_until_stopped
from tests.prepared import BEGINNING, Prepared

RUN = pytest.StashKey["Run"]()
NOT_TESTED = "NOT TESTED"
TESTS = Path(__file__).parent
ROOMS = (
    "tests/browser/panelist/",
    "tests/browser/",
    "tests/integration/cli/test_demo.py",
    "tests/integration/demo/",
    "tests/integration/web/panelist/test_pieces_rendered_once.py",
    "tests/load/",
)
"""Where tests share something that takes long to make, or that no other test can run beside: one process runs
all of a room, with no other test between. A Chromium in use keeps other event loops out of its process."""
UNMEASURED = (
    "tests/browser/",
    "tests/integration/demo/",
    "tests/integration/faults/",
    "tests/integration/races/",
    "tests/integration/web/",
    "tests/property/",
)
"""Where no branch of the figures or of a study's rules is met that the other tests do not prove. With each of
their lines watched these tests would take half as long again."""
MOST_STATEMENTS, MOST_DRAWINGS = 5000, 500
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
DRAWN_ONCE = {
    name: lru_cache(MOST_DRAWINGS)(getattr(vl_convert, name)) for name in ("vegalite_to_svg", "svg_to_png")
}
MEMORY = Path("/dev/shm")
MEMORY_NEEDED = 2**30


def place_of_runs() -> Path | None:
    """Where the files of a run are best kept: in memory, where there is plenty; else in the usual place.

    No file outlives its test. A disk makes PostgreSQL ten times slower at making a database, and SQLite wait
    at every commit.
    """
    is_writable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK | os.X_OK)
    return MEMORY if is_writable and shutil.disk_usage(MEMORY).free >= MEMORY_NEEDED else None


class Run:
    """What all processes of one run of the tests share."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.pipe = directory / "run"
        self.prefix = f"castalia_test_{directory.name.rpartition('-')[2].lower()}"
        self._server_directory = directory / "server"

    def begin(self) -> None:
        """Say that the run goes on, for as long as this process lives."""
        self.directory.chmod(0o711)
        os.mkfifo(self.pipe)
        self._alive = os.open(self.pipe, os.O_RDWR)

    def end(self) -> None:
        """Leave no server, no database and no file behind."""
        os.close(self._alive)
        if self._server_directory.exists():
            wait_until_stopped(self._server_directory)
        elif (self.directory / "server-url").exists():
            Server((self.directory / "server-url").read_text(), self.prefix).drop_every_database()
        shutil.rmtree(self.directory)

    def once(self, name: str, make: Callable[[], str]) -> str:
        """Return what the first process that asked has made; the others wait for it."""
        kept = self.directory / name
        with (self.directory / f"{name}.turn").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if not kept.exists():
                kept.write_text(make())
        return kept.read_text()

    def server(self) -> Server:
        """Return the PostgreSQL server of this run."""
        url = self.once("server-url", lambda: find_server(self._server_directory, self.pipe))
        return Server(url, self.prefix)

    def migrated_postgresql(self) -> str:
        """Return the address of a PostgreSQL database with the whole schema, to be copied only."""
        return self.once("postgresql-template", self._migrate_postgresql)

    def migrated_sqlite(self) -> Path:
        """Return a SQLite file with the whole schema, to be copied only."""
        return Path(self.once("sqlite-template", self._migrate_sqlite))

    def postgresql_in(self, state: Prepared | None) -> str:
        """Return the address of a PostgreSQL database in a state, to be copied only."""
        if state is None:
            return self.migrated_postgresql()
        return self.once(f"postgresql-{state.name}", partial(self._prepare_postgresql, state))

    def sqlite_in(self, state: Prepared | None) -> Path:
        """Return a SQLite file in a state, to be copied only."""
        if state is None:
            return self.migrated_sqlite()
        return Path(self.once(f"sqlite-{state.name}", partial(self._prepare_sqlite, state)))

    def _prepare_postgresql(self, state: Prepared) -> str:
        url = self.server().create_database(template=self.postgresql_in(state.after))
        state.play_in(url)
        return url

    def _prepare_sqlite(self, state: Prepared) -> str:
        file = self.directory / f"{state.name}.db"
        shutil.copy(self.sqlite_in(state.after), file)
        state.play_in(f"sqlite:///{file}")
        return str(file)

    def _migrate_postgresql(self) -> str:
        url = self.server().create_database()
        upgrade_schema(url)
        return url

    def _migrate_sqlite(self) -> str:
        file = self.directory / "template.db"
        upgrade_schema(f"sqlite:///{file}")
        return str(file)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Begin the run, or join it where xdist has started this process."""
    given = getattr(config, "workerinput", {}).get("castalia_run")
    run = Run(Path(given or tempfile.mkdtemp(prefix="castalia-", dir=place_of_runs())))
    if not given:
        run.begin()
        config.option.basetemp = config.option.basetemp or run.directory / "tmp"
    config.stash[RUN] = run


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process that xdist starts which run it belongs to."""
    node.workerinput["castalia_run"] = str(node.config.stash[RUN].directory)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run in the process that began it."""
    if not hasattr(config, "workerinput"):
        config.stash[RUN].end()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let the garbage collector wait until all tests are found, and never go through them again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that drive a browser, or press on the machine."""
    for item in items:
        layer = item.path.relative_to(TESTS).parts[0]
        if layer in {"browser", "load"}:
            item.add_marker(getattr(pytest.mark, layer))


class InRooms(LoadScopeScheduling):  # type: ignore[misc]
    """Gives each process one test after another, but those of a room together.

    The groups that xdist itself knows stand in the ids of tests, where pytest no longer lets it write.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((room for room in ROOMS if nodeid.startswith(room)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> InRooms:
    """Share the tests out by rooms."""
    return InRooms(config, log)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure coverage only where it is to be proven."""
    measuring = item.config.pluginmanager.getplugin("_cov")
    controller = measuring and measuring.cov_controller
    if not controller or not item.nodeid.startswith(UNMEASURED):
        return (yield)
    controller.pause()
    try:
        return (yield)
    finally:
        controller.resume()


def left_out(config: pytest.Config) -> list[pytest.TestReport]:
    """Return the reports of the tests that did not run."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return list(reporter.stats.get("skipped", [])) if reporter else []


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that left a test out for any other reason than a service the machine lacks."""
    silent = [report for report in left_out(session.config) if NOT_TESTED not in str(report.longrepr)]
    if silent and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say loudly what was not tested."""
    reports = left_out(config)
    if reports:
        terminalreporter.section(f"{len(reports)} tests did not run", sep="!", red=True, bold=True)
        for reason in sorted(
            {report.longrepr[-1] for report in reports if isinstance(report.longrepr, tuple)}
        ):
            terminalreporter.line(reason, red=True)


def not_tested(what: str, why: str) -> NoReturn:
    """Leave a test out because the machine lacks a service: loudly, and never in continuous integration."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing: {why}", pytrace=False)
    pytest.skip(f"{NOT_TESTED} on {what}: {why}")


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Run:
    """The run of tests that this process belongs to."""
    return request.config.stash[RUN]


@pytest.fixture(scope="session")
def postgresql(run: Run) -> Server:
    """The PostgreSQL server of this run."""
    try:
        return run.server()
    except PostgresqlMissing as missing:
        not_tested("PostgreSQL", str(missing))


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def empty_postgresql_url(postgresql: Server) -> Iterator[str]:
    """The address of a PostgreSQL database without any table."""
    url = postgresql.create_database()
    yield url
    postgresql.drop_database(url)


@pytest.fixture
def begun() -> None:
    """Who asks for this finds the study that its folder prepares; who begins one of their own does not."""


@pytest.fixture
def prepared() -> Prepared | None:
    """What the test's database holds from the beginning; without a word of the test's folder nothing."""
    return None


@pytest.fixture
def sqlite_url(run: Run, tmp_path: Path, prepared: Prepared | None) -> str:
    """The address of a SQLite file with the whole schema and no row but those prepared."""
    return f"sqlite:///{shutil.copy(run.sqlite_in(prepared), tmp_path / 'castalia.db')}"


@pytest.fixture
def postgresql_url(run: Run, postgresql: Server, prepared: Prepared | None) -> Iterator[str]:
    """The address of a PostgreSQL database with the whole schema and no row but those prepared."""
    url = postgresql.create_database(template=run.postgresql_in(prepared))
    yield url
    postgresql.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database without any table, of either kind."""
    return str(request.getfixturevalue(f"empty_{request.param}_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database with the whole schema and no row but those prepared, of either kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with the whole schema and no row but those prepared, of either kind."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture(autouse=True)
def _own_journal() -> Iterator[None]:
    """Set the log up anew after each test: one that a command set up writes to a screen that is gone."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    """Let the databases of a process share what SQLAlchemy has compiled for their kind.

    A server has one database and compiles each statement once; every test has one of its own.
    """
    compiled: LRUCache[Any, Any] = LRUCache(MOST_STATEMENTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "_compiled_cache", property(lambda _: compiled, lambda *_: None), raising=False)
        for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
            patch.setattr(kind, "__eq__", lambda one, other: type(one) is type(other))
            patch.setattr(kind, "__hash__", lambda one: hash(type(one)))
        yield


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords that cost nothing to try: their price is for the tests of passwords alone."""
    monkeypatch.setattr(passwords, "_HASHER", QUICK_HASHER)
    passwords._nobodys_hash.cache_clear()
    yield
    passwords._nobodys_hash.cache_clear()


@pytest.fixture(autouse=True)
def drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn of the same data is the same, as the tests of figures prove: a process draws it once."""
    for name, draw in DRAWN_ONCE.items():
        monkeypatch.setattr(vl_convert, name, draw)


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands still until the test moves it."""
    return FixedClock(BEGINNING)
