"""The demo loaded once in a run of the tests, for every test that wants a study with a past.

Loading takes seconds and copying milliseconds, so the first process that asks loads, and tests get copies.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy

from app.clock import FixedClock
from app.demo.loader import LoadedDemo, load_demo
from app.storage.database import Database
from tests.postgresql import Server

LOADED_AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
SECRET = b"the demo's links in tests are derived from this"


def load_into(url: str) -> LoadedDemo:
    """Load the demo as of ``LOADED_AT`` into a database that has the schema."""
    database = Database(url)
    try:
        return load_demo(database, FixedClock(LOADED_AT), SECRET)
    finally:
        database.close()


def sqlite_template(once: Callable[[str, Callable[[], str]], str], migrated: Path) -> Path:
    """Return the SQLite file with the demo, to be copied only."""

    def load() -> str:
        file = copy(migrated, migrated.with_name("demo.db"))
        load_into(f"sqlite:///{file}")
        return str(file)

    return Path(once("demo-sqlite", load))


def postgresql_template(once: Callable[[str, Callable[[], str]], str], server: Server, migrated: str) -> str:
    """Return the address of the PostgreSQL database with the demo, to be copied only."""

    def load() -> str:
        url = server.create_database(template=migrated)
        load_into(url)
        return url

    return once("demo-postgresql", load)
