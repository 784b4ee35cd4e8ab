"""What the documents show of a notebook runs as it is written."""

import ast
import re
import textwrap
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

import analysis

METHOD = (Path(__file__).parents[3] / "docs" / "method.md").read_text(encoding="utf-8")
PROTOCOL = """
[protocol.consensus]
preset = "percent_agreement"

[[group]]
code = "peers"
[[group]]
code = "relatives"

[[criterion]]
code = "agreement"
[criterion.scale]
points = [1, 2, 3, 4, 5]
direction = "high_is_agreement"
disagree = [1, 2]
neutral = [3]
agree = [4, 5]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The two files that the example reads: all peers and most relatives agree on S07."""
    (tmp_path / "study.toml").write_text(PROTOCOL, encoding="utf-8")
    rows = [f"1,S07,{group},{group}{n},{n % 2 + 4}" for group in ("peers", "relatives") for n in range(8)]
    rows[-1] = "1,S07,relatives,relatives7,1"
    lines = ["round,statement,group,panelist,rating", *rows, ""]
    (tmp_path / "ratings.csv").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def run_as_cell(source: str, folder: Path) -> tuple[dict[str, Any], Any]:
    """Run the code as a notebook cell does: the value of its last expression is its output."""
    *statements, last = ast.parse(source).body
    assert isinstance(last, ast.Expr)
    names: dict[str, Any] = {}
    with chdir(folder):
        exec(compile(ast.Module(statements, []), "cell", "exec"), names)
        return names, eval(compile(ast.Expression(last.value), "cell", "eval"), names)


def test_the_example_of_the_document_runs_and_shows_a_decision_and_a_share(folder):
    (cell,) = re.findall(r"```python\n(.*?)```", METHOD, re.DOTALL)
    _, (decision, share) = run_as_cell(cell, folder)
    assert decision is analysis.Decision.CONSENSUS_IN
    assert (share.k, share.n, share.value) == (8, 8, 1.0)


def test_the_example_of_the_package_is_that_of_the_document():
    (cell,) = re.findall(r"```python\n(.*?)```", METHOD, re.DOTALL)
    assert textwrap.indent(cell, "    ").strip() in str(analysis.__doc__)


def test_a_notebook_goes_on_to_reasons_rules_figures_and_other_rules(folder):
    names, _ = run_as_cell(re.findall(r"```python\n(.*?)```", METHOD, re.DOTALL)[0], folder)
    protocol, ratings, study = names["protocol"], names["ratings"], names["study"]
    assert analysis.reason_sentence(names["first"].reasons[-1]) == (
        "For acceptance, relatives: 7 of 8 agree; at least 70% is met, 1 rating to spare."
    )
    assert analysis.rule_sentence(protocol.criteria[0].rule).startswith("A statement is accepted when")
    (other_rules,) = analysis.analyse_study_sensitivity(ratings, protocol)
    assert len(other_rules.statements) == 1
    figures = analysis.study_figures(study, protocol, [other_rules])
    assert analysis.to_svg(figures["medians-agreement-round-1"]).startswith("<svg")
    assert set(analysis.all_tables(study)) >= {"statements.csv", "decisions.csv"}
