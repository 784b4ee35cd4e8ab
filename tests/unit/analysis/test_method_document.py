"""docs/method.md says of every figure what it means, and leads to the function that computes it."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

from analysis import (
    agreement,
    attrition,
    comparisons,
    concordance,
    consensus,
    descriptives,
    dispersion,
    divergence,
    exact,
    planning,
    sensitivity,
    stability,
    symmetry,
    uncertainty,
)
from analysis.rules import PRESETS, Denominator, DisagreementMethod, Measure, Middle, Scope, SmallGroups
from analysis.rules.sides import MEASURES
from analysis.tables import COLUMNS

DOCS = Path(__file__).parents[3] / "docs"
TEXT = (DOCS / "method.md").read_text(encoding="utf-8")
LINKS = re.findall(r"\[`(analysis(?:\.\w+)+)`\]\(([^)]+)\)", TEXT)
SECTIONS = dict(re.findall(r"^### (.+)\n((?:(?!^##).*\n)+)", TEXT, re.MULTILINE))
ABOUT_THE_ROW = {
    *("round", "statement", "criterion", "group", "first", "second", "previous_round", "not_assessable"),
    "notes",
}
NOT_FIGURES = {
    *("midranks", "kruskal_from_rank_sums", "label_indicators", "number_of_tables", "two_group_tables"),
    *("groups_that_decide", "read_assumptions", "analyse_study_sensitivity"),
}
"""Steps of a computation, readers, and the same for a whole study."""


@pytest.mark.parametrize(("path", "file"), sorted(set(LINKS)))
def test_every_link_leads_to_the_function_it_names(path, file):
    module, _, name = path.rpartition(".")
    assert (DOCS / file).resolve() == Path(str(importlib.import_module(module).__file__))
    assert getattr(importlib.import_module(module), name).__doc__


def test_every_function_that_is_named_is_a_link():
    named = set(re.findall(r"`(analysis\.(?:\w+\.)+\w+)`", TEXT))
    assert named == {path for path, _ in LINKS}


@pytest.mark.parametrize(
    "module",
    [
        *(agreement, attrition, comparisons, concordance, consensus, descriptives, dispersion, divergence),
        *(exact, planning, sensitivity, stability, symmetry, uncertainty),
    ],
    ids=lambda module: module.__name__,
)
def test_every_public_measure_is_explained(module):
    measures = {
        f"{module.__name__}.{name}"
        for name, member in inspect.getmembers(module, inspect.isfunction)
        if member.__module__ == module.__name__ and not name.startswith("_") and name not in NOT_FIGURES
    }
    assert measures
    assert measures <= {path for path, _ in LINKS}


@pytest.mark.parametrize("title", [title for title in SECTIONS if not title.startswith("On request: other")
                                   and not title.startswith("On request: chi")])  # fmt: skip
def test_every_figure_has_a_formula_a_source_a_warning_and_a_function(title):
    fields = dict(re.findall(r"^- \*([\w ]+):\* (.+)", SECTIONS[title], re.MULTILINE))
    assert list(fields) == ["Formula", "Source", "Not for", "Function"]
    assert all(len(text) > 10 for text in fields.values())
    assert "](../analysis/" in fields["Function"]


@pytest.mark.parametrize(
    "title", [title for title in SECTIONS if title.startswith("On request: ") and "|" in SECTIONS[title]]
)
def test_every_measure_on_request_has_its_source_a_warning_and_a_function(title):
    header, _, *rows = [line.strip("|").split(" | ") for line in SECTIONS[title].splitlines() if "|" in line]
    named = [cell.strip() for cell in header]
    assert {"source", "not for", "function"} <= set(named)
    for row in rows:
        cells = dict(zip(named, (cell.strip() for cell in row), strict=True))
        assert all(cells.values())
        assert "](../analysis/" in cells["function"]


def test_every_figure_of_every_table_is_explained():
    suffixes = ("_lower", "_upper", "_p_fdr", "_p_max")
    for name, columns in COLUMNS.items():
        for column in columns:
            figure = next((column.removesuffix(s) for s in suffixes if column.endswith(s)), column)
            assert figure in ABOUT_THE_ROW or f"`{figure}`" in TEXT, (name, column)


@pytest.mark.parametrize("name", [*COLUMNS, "sensitivity.csv", "plan.csv"])
def test_every_table_is_spoken_of(name):
    assert f"`{name}`" in TEXT


@pytest.mark.parametrize(
    "names",
    [PRESETS, MEASURES, Measure, DisagreementMethod, Scope, Denominator, Middle, SmallGroups],
    ids=[
        "presets",
        "criteria",
        "measures",
        "disagreement",
        "scopes",
        "denominators",
        "middle",
        "small groups",
    ],
)
def test_every_choice_of_a_rule_stands_in_the_document(names):
    assert all(f"`{name}`" in TEXT for name in names)
