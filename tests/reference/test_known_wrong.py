"""Tools that are wrong somewhere: we differ there, and the definition by brute force says who is right."""

import itertools
import warnings
from fractions import Fraction

import krippendorff
import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import SquareTable

from analysis import agreement, divergence, exact, stability, symmetry
from analysis.distribution import Distribution
from analysis.judging import ipras
from tests.unit.analysis.examples import NINE, known

COMPLETE = [[1, 3, 3, 3], [6, 6, 7, 7], [3, 4, 2, 2], [4, 5, 3, 5], [4, 3, 4, 3]]
IRR_0_84_1 = {"nominal": 0.1341719, "ordinal": 0.6313801, "interval": 0.7342342}
"""R irr::kripp.alpha(t(x), method), version 0.84.1, on the complete data above."""


def alpha_by_definition(units: list[list[int]], metric: str) -> float:
    """Krippendorff's coincidences, pair by pair."""
    values = [value for unit in units for value in unit]

    def distance(a: int, b: int) -> float:
        if metric == "nominal":
            return float(a != b)
        if metric == "interval":
            return float((a - b) ** 2)
        low, high = sorted((a, b))
        between = sum(values.count(point) for point in range(low, high + 1))
        return (between - (values.count(a) + values.count(b)) / 2) ** 2

    observed = sum(
        distance(a, b) / (len(unit) - 1) for unit in units for a, b in itertools.permutations(unit, 2)
    )
    expected = sum(distance(a, b) for a, b in itertools.permutations(values, 2))
    return 1 - (len(values) - 1) * observed / expected


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval"])
def test_krippendorffs_alpha_of_complete_data_is_the_definitions_not_irrs(metric):
    counts = np.array([np.bincount(np.array(unit) - 1, minlength=7) for unit in COMPLETE])
    ours = agreement.krippendorff_alpha(counts, agreement.Metric(metric))
    assert ours == pytest.approx(alpha_by_definition(COMPLETE, metric))
    reference = krippendorff.alpha(
        reliability_data=np.array(COMPLETE, float).T, level_of_measurement=metric, value_domain=range(1, 8)
    )
    assert ours == pytest.approx(reference)
    assert abs(known(ours) - IRR_0_84_1[metric]) > 0.005


def alpha_as_icr_sums(units: list[list[int]]) -> float:
    """Nominal alpha with the number of pairable ratings added up as R's icr does (src/alpha.cpp).

    It is summed over values into a whole number, which cuts off what the fractions before left just short.
    """
    points = sorted({rating for unit in units for rating in unit})
    coincidences: dict[tuple[int, ...], float] = dict.fromkeys(itertools.product(points, repeat=2), 0.0)
    for unit in units:
        pairs: list[tuple[int, ...]] = list(itertools.permutations(unit, 2))
        for pair in coincidences:
            coincidences[pair] += pairs.count(pair) / (len(unit) - 1)
    sums = {point: sum(coincidences[other, point] for other in points) for point in points}
    pairable = 0
    for point in points:
        pairable = int(pairable + sums[point])
    apart = [pair for pair in coincidences if pair[0] != pair[1]]
    observed = sum(coincidences[pair] for pair in apart) / pairable
    expected = sum(sums[a] * sums[b] for a, b in apart) / (pairable * (pairable - 1))
    return 1 - observed / expected


def test_icrs_alpha_hangs_on_the_order_of_units_and_ours_does_not():
    units = [[1, 1, 1, 3, 2, 3, 2], [3, 1, 1, 2, 1, 1, 3], [2, 3, 2, 1, 2, 2, 1]]
    definition = alpha_by_definition(units, "nominal")
    theirs, ours = set(), set()
    for order in itertools.permutations(units):
        counts = np.array([np.bincount(np.array(unit) - 1, minlength=3) for unit in order])
        ours.add(known(agreement.krippendorff_alpha(counts, agreement.Metric.NOMINAL)))
        theirs.add(round(alpha_as_icr_sums(list(order)), 9))
    assert sorted(ours) == pytest.approx([definition] * len(ours))
    assert len(theirs) == 2
    assert max(theirs) - min(theirs) > 0.05


def test_scipys_exact_mann_whitney_ignores_ties():
    x, y = [1, 2, 2, 3], [2, 3, 3, 4, 4]
    counts = [np.bincount(np.array(group) - 1, minlength=4) for group in (x, y)]
    pooled = x + y
    ranks = stats.rankdata(pooled)
    mean = len(x) * (len(pooled) + 1) / 2
    sums = [abs(sum(chosen) - mean) for chosen in itertools.combinations(ranks, len(x))]
    definition = np.mean([value >= abs(ranks[: len(x)].sum() - mean) - 1e-12 for value in sums])
    assert exact.mann_whitney_exact(*counts) == pytest.approx(definition)
    assert stats.mannwhitneyu(x, y, method="exact").pvalue != pytest.approx(definition, abs=0.001)


def test_scipys_exact_signed_rank_is_invalid_with_ties_and_zeros():
    before, after = [3, 3, 2, 2, 1, 4, 4, 2], [4, 4, 3, 3, 3, 3, 4, 2]
    steps = np.array(after) - np.array(before)
    moved = np.zeros((4, 4), np.int64)
    np.add.at(moved, (np.array(before) - 1, np.array(after) - 1), 1)
    sizes = np.abs(steps[steps != 0])
    ranks = stats.rankdata(sizes)
    observed = abs(ranks[steps[steps != 0] > 0].sum() - ranks.sum() / 2)
    signs = itertools.product((0, 1), repeat=sizes.size)
    definition = np.mean([abs(np.dot(sign, ranks) - ranks.sum() / 2) >= observed - 1e-12 for sign in signs])
    assert stability.signed_rank(moved, pratt=False).p == pytest.approx(definition)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scipys = stats.wilcoxon(before, after, method="exact", zero_method="wilcox").pvalue
    assert scipys != pytest.approx(definition, abs=0.01)


def test_scipys_brunner_munzel_has_no_answer_for_groups_apart_and_ours_is_infinite():
    low, high = [1, 1, 1, 2], [4, 5, 5, 5]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scipys = stats.brunnermunzel(low, high)
    assert not np.isfinite(scipys.pvalue) or not np.isfinite(scipys.statistic)
    counts = [np.bincount(np.array(group) - 1, minlength=5) for group in (low, high)]
    assert divergence.brunner_munzel(*counts) == -np.inf
    splits = [
        (chosen, [rating for place, rating in enumerate(low + high) if place not in places])
        for places in itertools.combinations(range(8), 4)
        for chosen in [[(low + high)[place] for place in places]]
    ]
    apart = sum(max(one) < min(other) or max(other) < min(one) for one, other in splits)
    assert exact.brunner_munzel_exact(*counts) == pytest.approx(apart / len(splits))


def test_statsmodels_shifts_zeros_unless_told_not_to():
    moved = np.array([[10, 4, 0], [0, 8, 3], [0, 1, 12]])
    ours = known(symmetry.bowker(moved))
    definition = sum(
        (moved[i, j] - moved[j, i]) ** 2 / (moved[i, j] + moved[j, i])
        for i, j in itertools.combinations(range(3), 2)
        if moved[i, j] + moved[j, i]
    )
    assert ours.statistic == pytest.approx(definition)
    assert SquareTable(moved).symmetry().statistic != pytest.approx(definition, abs=0.01)


def test_the_printed_ipras_constant_does_not_give_the_printed_ipras():
    """PMC3467596, Table 1 prints 2.5 + 1.5 AI beside 6.1, which only 2.35 + 1.5 AI gives."""
    distribution = Distribution((0, 0, 0, 1, 1, 1, 5, 5, 2), 0)
    width, adjusted = ipras(NINE, distribution)
    asymmetry = Fraction(5, 2)
    assert (width, adjusted) == (Fraction(1), Fraction(61, 10))
    assert adjusted == Fraction(47, 20) + Fraction(3, 2) * asymmetry
    assert adjusted != Fraction(5, 2) + Fraction(3, 2) * asymmetry
