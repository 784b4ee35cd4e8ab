"""A study that stands in the database."""

from pathlib import Path

import pytest

from app.clock import FixedClock
from app.storage.database import Database
from tests.prepared import Prepared
from tests.running_study import RunningStudy, small_study_after, small_study_prepared

BEGUN = small_study_prepared("small-begun")
OPENED = small_study_after(BEGUN, "small-opened", lambda study: study.open(days=7))


@pytest.fixture
def prepared(request: pytest.FixtureRequest) -> Prepared | None:
    """The state to which all fixtures of the test together lead; a module may name states of its own."""
    asked = request.fixturenames
    if "begun" not in asked:
        return None
    led_to_by = {**getattr(request.module, "LED_TO_BY", {}), "open_study": OPENED}
    return next((state for name, state in led_to_by.items() if name in asked), BEGUN)


@pytest.fixture
def study(begun: None, database: Database, clock: FixedClock, tmp_path: Path) -> RunningStudy:
    """The small study, imported, with links issued and no round yet."""
    folder = tmp_path / "folder"
    folder.mkdir()
    return RunningStudy(database, clock, folder, stands=True)


@pytest.fixture
def open_study(study: RunningStudy, prepared: Prepared | None) -> RunningStudy:
    """The small study with round 1 open for a week."""
    if prepared is None:
        study.open(days=7)
    return study
