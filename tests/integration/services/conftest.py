"""A study that stands in the database."""

from pathlib import Path

import pytest

from app.clock import FixedClock
from app.storage.database import Database
from tests.running_study import RunningStudy


@pytest.fixture
def study(database: Database, clock: FixedClock, tmp_path: Path) -> RunningStudy:
    """The small study, imported, with links issued and no round yet."""
    folder = tmp_path / "folder"
    folder.mkdir()
    return RunningStudy(database, clock, folder)


@pytest.fixture
def open_study(study: RunningStudy) -> RunningStudy:
    """The small study with round 1 open for a week."""
    study.open(days=7)
    return study
