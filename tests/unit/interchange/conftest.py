"""A study folder for each test to spoil."""

from pathlib import Path

import pytest

from tests.small_study import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A study folder without a fault."""
    return Folder(tmp_path)
