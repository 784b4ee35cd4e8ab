"""Further random cases computed with R (r_cases/more_cases.R holds the calls), at full precision."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis import concordance, divergence, exact, stability, symmetry
from analysis.descriptives import mean_and_sd, quantile, wilson
from analysis.uncertainty import benjamini_hochberg, holm
from tests.unit.analysis.examples import known

CASES = json.loads((Path(__file__).parent / "r_cases" / "more_cases_R.json").read_text(encoding="utf-8"))


AGREEMENT_OF_MEAN = 4
"""psych steps the lower limit of ICC2 up past the pole of Spearman and Brown: it jumps above the value."""


def near(value: object) -> Any:
    return pytest.approx(value, abs=1e-9, rel=1e-9)


def each(name: str) -> Any:
    return pytest.mark.parametrize("case", CASES[name], ids=[str(place) for place in range(len(CASES[name]))])


def test_there_are_at_least_two_hundred_cases():
    assert sum(len(listed) for name, listed in CASES.items() if name != "versions") >= 200


@each("fisher")
def test_fishers_exact_test_is_that_of_r(case):
    assert exact.fisher_freeman_halton(case["table"]) == near(case["p"])


@each("mann_whitney")
def test_the_exact_mann_whitney_test_is_that_of_coin(case):
    assert exact.mann_whitney_exact(*np.array(case["table"])) == near(case["p"])


@each("wilson")
def test_wilsons_interval_is_that_of_r(case):
    lower, upper = wilson(case["k"], case["n"])
    assert [float(lower), float(upper)] == near(case["interval"])


@each("adjusted")
def test_corrections_for_many_tests_are_those_of_r(case):
    p = np.atleast_1d(case["p"])
    assert holm(p) == near(np.atleast_1d(case["holm"]))
    assert benjamini_hochberg(p) == near(np.atleast_1d(case["bh"]))


@each("marginal")
def test_marginal_homogeneity_is_that_of_coin_and_kappa_that_of_psych(case):
    moved = np.array(case["moved"])
    found = known(symmetry.stuart_maxwell(moved))
    assert [found.statistic, found.p] == near([case["chi2"], case["p"]])
    assert stability.weighted_kappa(moved, "none") == near(case["kappa"])
    assert stability.weighted_kappa(moved) == near(case["kappa_quadratic"])


@each("signed_rank")
def test_exact_signed_rank_tests_are_those_of_coin(case):
    moved = np.zeros((case["k"], case["k"]), np.int64)
    np.add.at(moved, (np.array(case["before"]) - 1, np.array(case["after"]) - 1), 1)
    assert stability.signed_rank(moved, pratt=False).p == near(case["wilcoxon"])
    assert stability.signed_rank(moved).p == near(case["pratt"])


@each("describe")
def test_descriptives_on_a_long_scale_are_those_of_r(case):
    counts, points = np.bincount(case["x"], minlength=101), np.arange(101)
    assert [float(value) for value in mean_and_sd(counts, points)] == near([case["mean"], case["sd"]])
    for kind, expected in enumerate(case["quantiles"], start=1):
        found = [float(quantile(counts, points, Fraction(p, 4), kind)) for p in (1, 2, 3)]
        assert found == near(expected), kind


@each("icc")
def test_intraclass_correlations_are_those_of_psych(case):
    found = known(concordance.intraclass_correlations(case["scores"]))
    ours = [found.one_way, found.agreement, found.consistency]
    means = [found.one_way_mean, found.agreement_mean, found.consistency_mean]
    assert [one.value for one in ours + means] == near(case["value"])
    past_the_pole = known(found.agreement.lower) <= -1 / (len(case["scores"][0]) - 1)
    for name in ("lower", "upper"):
        expected = case[name]
        for place, one in enumerate(ours + means):
            if (name, place) == ("lower", AGREEMENT_OF_MEAN) and past_the_pole:
                assert one.lower is None
                assert expected[place] > known(one.value)
            else:
                assert getattr(one, name) == near(expected[place]), (name, place)


@each("shape")
def test_statistics_of_shape_are_those_of_rs_distribution_functions(case):
    counts = np.array([np.bincount(np.array(group) - 1, minlength=case["k"]) for group in case["groups"]])
    assert divergence.cramer_von_mises(counts) == near(case["cramer_von_mises"])
    assert divergence.wasserstein(counts[0], counts[1]) == near(case["wasserstein"])
    assert divergence.kruskal_wallis(counts) == near(case["kruskal"])


@each("contingency")
def test_kappas_and_chi_squared_are_those_of_vcd_and_mcnemar_is_rs_binomial_test(case):
    moved = np.array(case["moved"])
    found = known(symmetry.contingency_chi_squared(moved))
    assert [found.statistic, found.degrees_of_freedom, found.p] == near(case["chi2"])
    assert stability.weighted_kappa(moved, "none") == near(case["kappa"])
    assert stability.weighted_kappa(moved) == near(case["kappa_quadratic"])
    cut = case["cut"]
    gained, lost = int(moved[:cut, cut:].sum()), int(moved[cut:, :cut].sum())
    assert stability.mcnemar(gained, lost) == near(case["mcnemar"])
