"""The study that many come to at once, and a second way into its database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.clock import FixedClock
from app.storage.database import Database
from tests.prepared import Prepared
from tests.running_study import RunningStudy, small_study_prepared

RULES: dict[str, Any] = {"carry_forward": {"policy": "all"}, "withdrawal": "erase"}
BEGUN = small_study_prepared("small-erasing", **RULES)


@pytest.fixture
def prepared(request: pytest.FixtureRequest) -> Prepared | None:
    """The study below, where a test asks for it."""
    return BEGUN if "begun" in request.fixturenames else None


@pytest.fixture
def study(begun: None, database: Database, clock: FixedClock, tmp_path: Path) -> RunningStudy:
    """Twelve panelists; every round asks every statement again; leaving erases."""
    return RunningStudy(database, clock, tmp_path, stands=True, **RULES)


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
