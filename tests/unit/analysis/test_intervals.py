"""Intervals hold what they should: exactly where that can be summed up, and never narrower than they say."""

import itertools
from collections.abc import Callable
from math import comb

import krippendorff
import numpy as np
import pytest
from scipy import stats

from analysis import agreement
from analysis.descriptives import wilson
from analysis.distribution import Distribution
from analysis.group_figures import band_share
from analysis.scale import Band
from tests.load.bench_checks import simulated_wilson_coverage, wilson_coverage
from tests.unit.analysis.examples import FIVE, rule


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


PANEL = np.array(
    [[0, 4, 2, 3], [1, 4, 2, 3], [0, 3, 2, 4], [2, 4, 3, 3], [0, 4, 1, -1], [1, 3, -2, 4], [4, 0, 2, 2]],
    np.int8,
)
"""Seven panelists on four statements; one could not rate, one said nothing."""


def without_each(coefficient: Callable[[np.ndarray], float]) -> tuple[float, float]:
    """Limits by leaving out every panelist by hand (Efron and Stein 1981), Student's t, at most 1."""
    left_out = [coefficient(np.delete(PANEL, place, axis=0)) for place in range(len(PANEL))]
    n, mean = len(PANEL), sum(left_out) / len(PANEL)
    error = ((n - 1) / n * sum((one - mean) ** 2 for one in left_out)) ** 0.5
    reach = float(stats.t.ppf(0.975, n - 1)) * error
    value = coefficient(PANEL)
    return value - reach, min(value + reach, 1.0)


def alpha_of(positions: np.ndarray) -> float:
    """The coefficient of the krippendorff package."""
    points = np.where(positions >= 0, positions, np.nan)
    return float(
        krippendorff.alpha(reliability_data=points, level_of_measurement="ordinal", value_domain=range(5))
    )


def ac2_of(positions: np.ndarray) -> float:
    """Gwet's coefficient pair by pair, quadratic weights."""
    columns = [[int(rating) for rating in column if rating >= 0] for column in positions.T]
    weight = [[1 - ((a - b) / 4) ** 2 for b in range(5)] for a in range(5)]
    observed = [
        sum(weight[a][b] for a, b in itertools.permutations(column, 2)) / (len(column) * (len(column) - 1))
        for column in columns
    ]
    shares = [
        sum(column.count(point) / len(column) for column in columns) / len(columns) for point in range(5)
    ]
    chance = sum(map(sum, weight)) / (5 * 4) * sum(share * (1 - share) for share in shares)
    return (sum(observed) / len(observed) - chance) / (1 - chance)


@pytest.mark.parametrize(
    ("estimate", "coefficient"),
    [
        (agreement.krippendorff_with_jackknife, alpha_of),
        (agreement.gwet_ac_with_jackknife, ac2_of),
    ],
)
def test_the_jackknife_is_that_of_leaving_out_every_panelist_by_hand(estimate, coefficient):
    found = estimate(PANEL, 5)
    assert found.value == pytest.approx(coefficient(PANEL))
    assert (found.lower, found.upper) == pytest.approx(without_each(coefficient))


def test_the_interval_of_a_mean_of_shares_combines_the_groups_wilson_intervals():
    """MOVER: each side is the root of the summed squares of the groups' own reaches, over their number."""
    parts = [(3, 10), (9, 10), (20, 25)]
    mixture = Distribution.mixture([Distribution((n - k, 0, 0, 0, k), 0) for k, n in parts])
    found = band_share(rule(FIVE), mixture, Band.AGREE)
    limits = [(k / n, *(float(limit) for limit in wilson(k, n))) for k, n in parts]
    mean = sum(share for share, _, _ in limits) / 3
    down = sum((share - lower) ** 2 for share, lower, _ in limits) ** 0.5 / 3
    up = sum((upper - share) ** 2 for share, _, upper in limits) ** 0.5 / 3
    assert (found.value, found.lower, found.upper) == pytest.approx((mean, mean - down, mean + up))
