"""The study to which things happen."""

from pathlib import Path

import pytest

from app.clock import FixedClock
from app.storage.database import Database
from tests.running_study import RunningStudy


@pytest.fixture
def open_study(database: Database, clock: FixedClock, tmp_path: Path) -> RunningStudy:
    """The small study with round 1 open."""
    study = RunningStudy(database, clock, tmp_path)
    study.open()
    return study
