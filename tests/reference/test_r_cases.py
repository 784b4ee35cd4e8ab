"""Random cases computed with R (packages and versions in r_cases/README.md), at full precision."""

import itertools
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import stdtrit

from analysis import agreement, concordance, dispersion, divergence, exact, stability, symmetry
from analysis.descriptives import quantile
from analysis.uncertainty import holm
from tests.unit.analysis.examples import known

CASES = Path(__file__).parent / "r_cases"
TIGHT = 1e-9
FIVE_DECIMALS = 5.1e-6
"""irrCAC prints five decimals."""


def cases(name: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return listed


def near(value: object, tolerance: float = TIGHT) -> Any:
    return pytest.approx(value, abs=tolerance, rel=tolerance)


@pytest.mark.parametrize("case", cases("dispersion_agrmt"), ids=lambda case: str(case["counts"]))
def test_dispersion_is_that_of_agrmt(case):
    counts = case["counts"]
    assert dispersion.van_der_eijk_a(counts) == near(case["A"])
    assert (1 - dispersion.van_der_eijk_a(counts)) / 2 == near(case["polarization"])
    assert dispersion.tastle_wierman_cns(counts) == near(case["Cns"])
    assert dispersion.leik_d(counts) == near(case["LeikD"])
    assert dispersion.blair_lacy_l2(counts) == near(case["lsquared"])
    assert dispersion.entropy(counts) == near(case["entropy_bits"])
    assert dispersion.berry_mielke_iov(counts) == near(case["IOV"])


@pytest.mark.parametrize("case", cases("quantiles_R"), ids=lambda case: str(case["x"]))
def test_quantiles_of_all_nine_types_are_those_of_r(case):
    counts, points = np.bincount(np.array(case["x"]) - 1, minlength=9), np.arange(1, 10)
    for kind, expected in enumerate(case["q_25_30_50_70_75_by_type"], start=1):
        probabilities = (Fraction(1, 4), Fraction(3, 10), Fraction(1, 2), Fraction(7, 10), Fraction(3, 4))
        found = [float(quantile(counts, points, probability, kind)) for probability in probabilities]
        assert found == near(expected), kind


@pytest.mark.parametrize("case", cases("agreement_irr_irrCAC"), ids=lambda case: str(len(case["ratings"])))
def test_agreement_is_that_of_irr_and_irrcac(case):
    ratings = np.array([[np.nan if value is None else value for value in unit] for unit in case["ratings"]])
    counts = np.stack([(ratings == point).sum(axis=1) for point in case["categories"]], axis=-1)
    for weighting in agreement.Weighting:
        assert agreement.gwet_ac(counts, weighting) == near(case[f"gwet.ac1|{weighting}"][0], FIVE_DECIMALS)
        found = agreement.fleiss_kappa(counts, weighting)
        assert found == near(case[f"fleiss.kappa|{weighting}"][0], FIVE_DECIMALS)
    for metric, name in (("nominal", "unweighted"), ("interval", "quadratic")):
        found = agreement.krippendorff_alpha(counts, agreement.Metric(metric))
        assert found == near(case[f"krippen.alpha|{name}"][0], FIVE_DECIMALS)
    complete = ratings[~np.isnan(ratings).any(axis=1)]
    assert len(complete) == case["complete_rows"]
    concordant = known(concordance.kendall_w(complete))
    assert concordant.w == near(case["kendallW_ties"])
    assert concordant.chi_squared == near(case["kendall_chisq"])
    assert concordant.p == near(case["kendall_p"])
    assert agreement.fleiss_kappa(counts[~np.isnan(ratings).any(axis=1)]) == near(case["fleiss_irr"])


@pytest.mark.parametrize("case", cases("agreement_irr_irrCAC"), ids=lambda case: str(len(case["ratings"])))
def test_intraclass_correlations_are_those_of_irr(case):
    ratings = np.array([[np.nan if value is None else value for value in unit] for unit in case["ratings"]])
    complete = ratings[~np.isnan(ratings).any(axis=1)]
    found = known(concordance.intraclass_correlations(complete))
    names = {"ICC1": "one_way", "ICC1k": "one_way_mean", "ICCA1": "agreement", "ICCC1": "consistency",
             "ICCCk": "consistency_mean"}  # fmt: skip
    for name, attribute in names.items():
        one = getattr(found, attribute)
        assert [one.value, one.lower, one.upper] == near(case[name]), name
    assert found.agreement_mean.value == near(case["ICCAk"][0])
    k = complete.shape[1]
    for end in ("lower", "upper"):
        single = getattr(found.agreement, end)
        assert getattr(found.agreement_mean, end) == near(k * single / (1 + (k - 1) * single))


def group_counts(case: dict[str, Any]) -> np.ndarray:
    return np.array([np.bincount(np.array(group) - 1, minlength=case["K"]) for group in case["groups"]])


@pytest.mark.parametrize("case", cases("groups_R"), ids=lambda case: str(case["groups"][:2]))
def test_group_comparisons_are_those_of_r(case):
    counts = group_counts(case)
    first, second = counts[:2]
    h = divergence.kruskal_wallis(counts)
    assert h == near(case["KW_H"])
    assert divergence.epsilon_squared(h, counts.sum()) == near(case["eps2"])
    assert divergence.cliffs_delta(first, second) == near(case["cliff"])
    assert (1 - divergence.cliffs_delta(first, second)) / 2 == near(case["BM_est"])
    shape = known(symmetry.contingency_chi_squared(counts))
    assert [shape.statistic, shape.degrees_of_freedom] == near([case["chi2"], case["chi2_df"]])
    if len(counts) == 2:
        assert exact.fisher_freeman_halton(counts) == near(case["fisher_full_p"])
    assert exact.mann_whitney_exact(first, second) == near(case["MWU_p_exact_coin"])
    assert divergence.brunner_munzel(first, second) == near(-case["BM_stat"])
    cut = case["agree_cut"] - 1
    agreeing = np.stack([counts[:, cut:].sum(axis=1), counts[:, :cut].sum(axis=1)], axis=1)
    assert exact.fisher_freeman_halton(agreeing) == near(case["fisher_agree_p"])
    if "BM_perm_p" in case:
        assert exact.brunner_munzel_exact(first, second) == near(case["BM_perm_p"])


def unbiased_cliff_variance(x: list[int], y: list[int]) -> float:
    """Cliff's (1993) estimate from the dominance matrix itself, cell by cell."""
    n, m = len(x), len(y)
    dominance = np.array([[np.sign(a - b) for b in y] for a in x], dtype=float)
    delta = dominance.mean()
    rows = sum((row.mean() - delta) ** 2 for row in dominance)
    columns = sum((column.mean() - delta) ** 2 for column in dominance.T)
    cells = sum((cell - delta) ** 2 for cell in dominance.flat)
    return float((m**2 * rows + n**2 * columns - cells) / (n * m * (n - 1) * (m - 1)))


def limits_from_variance(delta: float, variance: float, t: float) -> list[float]:
    spread = t * np.sqrt(variance * ((1 - delta**2) ** 2 + t**2 * variance))
    scale = 1 - delta**2 + t**2 * variance
    return [float((delta - delta**3 + sign * spread) / scale) for sign in (-1, 1)]


def overlapping_pairs() -> Iterator[tuple[dict[str, Any], list[float]]]:
    for case in cases("groups_R"):
        first, second = group_counts(case)[:2]
        t = stdtrit(first.sum() + second.sum() - 2, 0.975)
        yield case, [float(limit) for limit in divergence.cliffs_delta_interval(first, second, t)]


def test_limits_of_cliffs_delta_are_those_of_the_definition():
    for case, found in overlapping_pairs():
        x, y = case["groups"][:2]
        variance, delta = unbiased_cliff_variance(x, y), case["cliff"]
        if variance > 0:
            limits = limits_from_variance(delta, variance, float(stdtrit(len(x) + len(y) - 2, 0.975)))
            assert found == near([max(limits[0], -1), min(limits[1], 1)])


def test_limits_of_cliffs_delta_are_those_of_effsize_but_for_its_known_differences():
    differing = [case for case, found in overlapping_pairs() if found != near(case["cliff_ci"])]
    assert len(differing) == 12
    assert all(len(case["groups"][0]) != len(case["groups"][1]) for case in differing)


def test_dunn_tests_holm_is_not_monotone_and_ours_is():
    not_monotone = 0
    for case in cases("groups_R"):
        if "dunn_p" not in case:
            continue
        raw = np.array(case["dunn_p"])
        ours = holm(raw)
        by_p = np.argsort(raw, kind="stable")
        assert (np.diff(ours[by_p]) >= 0).all()
        not_monotone += bool((np.diff(np.array(case["dunn_p_holm"])[by_p]) < -TIGHT).any())
    assert not_monotone > 0


def test_holm_is_the_largest_of_the_step_down_bounds():
    p = [0.011, 0.02, 0.021, 0.5]
    expected = [min(1, max((len(p) - j) * p[j] for j in range(i + 1))) for i in range(len(p))]
    assert holm(p).tolist() == near(expected)


def moves(case: dict[str, Any]) -> np.ndarray:
    moved = np.zeros((case["K"], case["K"]), np.int64)
    np.add.at(moved, (np.array(case["r1"]) - 1, np.array(case["r2"]) - 1), 1)
    return moved


@pytest.mark.parametrize("case", cases("paired_R"), ids=lambda case: str(case["r1"][:8]))
def test_stability_is_that_of_r(case):
    moved = moves(case)
    found = stability.change(moved)
    assert found.unchanged == near(case["prop_unchanged"])
    assert found.net_change == near(case["net_change"])
    for name, weighting in (("kappa", "none"), ("kappa_lin", "linear"), ("kappa_quad", "quadratic")):
        assert stability.weighted_kappa(moved, weighting) == near(case[name])
    assert stability.mcnemar(case["mcnemar_b"], case["mcnemar_c"]) == near(case["mcnemar_exact_p"])
    expected = case["lambda"]
    assert symmetry.goodman_kruskal_lambda(moved) == (None if expected is None else near(expected))
    rounds = known(symmetry.rounds_chi_squared(moved.sum(axis=1), moved.sum(axis=0)))
    assert [rounds.statistic, rounds.degrees_of_freedom, rounds.p] == near(
        [case["dajani_chi2"], case["dajani_df"], case["dajani_p"]]
    )


@pytest.mark.parametrize(
    "case", [case for case in cases("paired_R") if "wilcox_V" in case], ids=lambda case: str(case["r1"][:8])
)
def test_tests_of_change_are_those_of_r(case):
    moved = moves(case)
    wilcoxon, pratt = stability.signed_rank(moved, pratt=False), stability.signed_rank(moved)
    assert wilcoxon.exact
    assert wilcoxon.p == near(case["wilcoxsign_exact_wilcoxon"])
    assert pratt.p == near(case["wilcoxsign_exact_pratt"])
    assert stability.signed_rank(moved, pratt=False, exact_up_to=0).p == near(case["wilcox_p_noCC"])
    assert stability.signed_rank(moved, exact_up_to=0).p == near(case["wilcoxsign_asym_pratt"])
    symmetric = known(symmetry.bowker(moved))
    assert [symmetric.statistic, symmetric.degrees_of_freedom, symmetric.p] == near(
        [case["bowker"], case["bowker_df_nonzero"], case["bowker_p_nonzero"]]
    )


def test_irrs_weighted_kappa_is_another_number_where_points_are_unused():
    """irr::kappa2 takes its weights over the levels that occur, not over the scale."""
    differing = [
        case
        for case in cases("paired_R")
        if stability.weighted_kappa(moves(case)) != near(case["kappa_quad_irr_observed_levels"], 1e-6)
    ]
    assert len(differing) > 10
    for case in differing:
        pairs = list(zip(case["r1"], case["r2"], strict=True))
        observed = sum((a - b) ** 2 for a, b in pairs) / len(pairs)
        expected = sum((a - b) ** 2 for a in case["r1"] for b in case["r2"]) / len(pairs) ** 2
        assert stability.weighted_kappa(moves(case)) == near(1 - observed / expected)


def test_exact_mann_whitney_is_the_count_of_all_splits():
    """By brute force: every way to choose who is in the first group."""
    x, y = [1, 2, 2, 5], [2, 3, 5, 5, 4]
    pooled = x + y
    ranks = [sum(other < value for other in pooled) + (1 + pooled.count(value)) / 2 for value in pooled]
    mean = len(x) * (len(pooled) + 1) / 2
    observed = abs(sum(ranks[: len(x)]) - mean)
    sums = [abs(sum(chosen) - mean) for chosen in itertools.combinations(ranks, len(x))]
    expected = sum(value >= observed - 1e-12 for value in sums) / len(sums)
    first, second = (np.bincount(np.array(group) - 1, minlength=5) for group in (x, y))
    assert exact.mann_whitney_exact(first, second) == near(expected)
