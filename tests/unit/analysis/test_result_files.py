"""Results as files: everything is there, reads back, and comes in the same bytes."""

import json

from analysis.planning import Assumptions, simulate_plan
from analysis.result_files import figure_files, plan_files, result_files
from analysis.results import StudyAnalysis
from analysis.sensitivity import analyse_study_sensitivity
from analysis.study_analysis import analyse_study
from analysis.tables import COLUMNS
from analysis.what_if_results import SensitivityAnalysis
from tests.unit.analysis.examples import protocol, rows, study

RATED = study(rows("S1", {"peers": [5, 4, 1], "relatives": [1, 2, 5]}))


def test_the_files_of_a_study_read_back_and_keep_their_bytes():
    played = analyse_study(RATED, protocol(), seed=1, n_permutations=9)
    others = analyse_study_sensitivity(RATED, protocol())
    files = result_files(played, others)
    assert set(files) == {"analysis.json", "sensitivity.csv", *COLUMNS}
    whole = json.loads(files["analysis.json"])
    assert StudyAnalysis.from_dict(whole) == played
    assert tuple(SensitivityAnalysis.from_dict(one) for one in whole["sensitivity"]) == others
    assert result_files(played, others) == files
    drawn = figure_files(played, protocol(), others, locale="nl")
    assert all(name.startswith("figures/") and name.endswith(".svg") for name in drawn)
    assert all(content.startswith(b"<svg ") for content in drawn.values())


def test_the_files_of_a_plan_keep_their_bytes():
    given = protocol()
    assumed = {"sizes": [5], "simulations": 9, "statement": [{"shares": {"every_group": [0, 0, 0, 0, 1]}}]}
    rule = given.criteria[0].rule
    assumptions = Assumptions.from_mapping(assumed, given, given.criteria[0])
    plan = simulate_plan(assumptions, rule, given.group_codes, seed=1)
    files = plan_files(plan)
    assert list(files) == ["plan.csv", "plan.svg"]
    assert plan_files(plan) == files
