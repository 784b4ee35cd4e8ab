"""A study that stands in the database."""

from pathlib import Path

import pytest

from app.clock import FixedClock
from app.storage.database import Database
from tests.prepared import Prepared
from tests.running_study import RunningStudy, small_study_prepared

BEGUN = small_study_prepared("small-begun")


@pytest.fixture
def prepared(request: pytest.FixtureRequest) -> Prepared | None:
    """The small study, where a test asks for it."""
    return BEGUN if "begun" in request.fixturenames else None


@pytest.fixture
def study(begun: None, database: Database, clock: FixedClock, tmp_path: Path) -> RunningStudy:
    """The small study, imported, with links issued and no round yet."""
    folder = tmp_path / "folder"
    folder.mkdir()
    return RunningStudy(database, clock, folder, stands=True)


@pytest.fixture
def open_study(study: RunningStudy) -> RunningStudy:
    """The small study with round 1 open for a week."""
    study.open(days=7)
    return study
