"""The study that many come to at once, and a second way into its database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.clock import FixedClock
from app.storage.database import Database
from tests.running_study import RunningStudy


@pytest.fixture
def study(database: Database, clock: FixedClock, tmp_path: Path) -> RunningStudy:
    """Twelve panelists; every round asks every statement again; leaving erases."""
    return RunningStudy(database, clock, tmp_path, carry_forward={"policy": "all"}, withdrawal="erase")


@pytest.fixture
def open_study(study: RunningStudy) -> RunningStudy:
    """The same study with round 1 open."""
    study.open()
    return study


@pytest.fixture
def elsewhere(database_url: str) -> Iterator[Database]:
    """The same database as another process opens it: with connections of its own."""
    database = Database(database_url)
    yield database
    database.close()
