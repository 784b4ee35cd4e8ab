"""docs/method.md names functions that exist, and every column of the tables it speaks of."""

import importlib
import re
from pathlib import Path

import pytest

from analysis.rules import PRESETS
from analysis.tables import COLUMNS

TEXT = (Path(__file__).parents[3] / "docs" / "method.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(analysis(?:\.\w+)+)`", TEXT))))
def test_every_function_that_is_named_exists(path):
    module, _, name = path.rpartition(".")
    assert hasattr(importlib.import_module(module), name)


@pytest.mark.parametrize("name", [*COLUMNS, "sensitivity.csv", "plan.csv"])
def test_every_table_is_spoken_of(name):
    assert f"`{name}`" in TEXT


def test_every_preset_stands_in_the_document():
    assert all(f"`{name}`" in TEXT for name in PRESETS)
