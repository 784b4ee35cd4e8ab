"""A database of its own with the demo, for every test here, of either kind."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.clock import FixedClock
from app.storage.database import Database
from tests import demo_study
from tests.conftest import Run
from tests.postgresql import Server


@pytest.fixture
def demo_sqlite_url(run: Run, tmp_path: Path) -> str:
    """The address of a SQLite file with the demo."""
    template = demo_study.sqlite_template(run.once, run.migrated_sqlite())
    return f"sqlite:///{shutil.copy(template, tmp_path / 'demo.db')}"


@pytest.fixture
def demo_postgresql_url(run: Run, postgresql: Server) -> Iterator[str]:
    """The address of a PostgreSQL database with the demo."""
    template = demo_study.postgresql_template(run.once, postgresql, run.migrated_postgresql())
    url = postgresql.create_database(template=template)
    yield url
    postgresql.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def demo_url(request: pytest.FixtureRequest) -> str:
    """The address of a database with the demo, of either kind."""
    return str(request.getfixturevalue(f"demo_{request.param}_url"))


@pytest.fixture
def demo(demo_url: str) -> Iterator[Database]:
    """A database with the demo, of either kind."""
    database = Database(demo_url)
    yield database
    database.close()


@pytest.fixture
def now() -> FixedClock:
    """A clock that stands at the moment when the demo was loaded."""
    return FixedClock(demo_study.LOADED_AT)
