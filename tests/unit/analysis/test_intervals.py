"""Intervals hold what they should: exactly where that can be summed up, and never narrower than they say."""

from math import comb

import numpy as np
import pytest

from analysis.descriptives import wilson
from tests.load.bench_checks import simulated_wilson_coverage, wilson_coverage


@pytest.mark.parametrize("share", [0.5, 0.7, 0.9])
@pytest.mark.parametrize("n", [5, 10, 30])
def test_wilsons_simulated_coverage_is_the_exact_one(n, share):
    exact = wilson_coverage(n, share)
    error = (exact * (1 - exact) / 40_000) ** 0.5
    assert abs(simulated_wilson_coverage(n, share, 40_000, seed=n) - exact) < 4 * error


def test_wilsons_exact_coverage_is_the_chance_of_the_counts_whose_interval_holds_the_share():
    """Of 10 ratings at 70%, 5 to 9 give an interval that holds it: 0.9244, not 0.95, whoever computes it."""
    limits = [wilson(k, 10) for k in range(11)]
    holding = [k for k, (lower, upper) in enumerate(limits) if lower <= 0.7 <= upper]
    assert holding == [5, 6, 7, 8, 9]
    assert wilson_coverage(10, 0.7) == pytest.approx(
        sum(comb(10, k) * 0.7**k * 0.3 ** (10 - k) for k in holding)
    )
    assert wilson_coverage(10, 0.7) == pytest.approx(0.9244, abs=5e-5)


def test_wilsons_interval_oscillates_around_95_percent_and_holds_it_on_average():
    """As Brown, Cai and DasGupta (2001, 10.1214/ss/1009213286) show for every interval of a proportion."""
    shares = np.linspace(0.05, 0.95, 181)
    for n in (5, 10, 30):
        coverage = [wilson_coverage(n, share) for share in shares]
        assert 0.95 < np.mean(coverage) < 0.96
        assert 0.89 < min(coverage) < 0.95 < max(coverage)
