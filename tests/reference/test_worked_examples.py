"""Published worked examples, each with its source in worked_examples.json, at the tolerance given there."""

import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import stdtrit

from analysis import agreement, concordance, dispersion, divergence, exact, stability, symmetry
from analysis.consensus import decide_group
from analysis.descriptives import MEDIAN, quantile, wilson
from analysis.distribution import Distribution
from analysis.judging import cvr_critical, ipras
from analysis.rules import Decision
from analysis.scale import Direction, Scale
from analysis.uncertainty import benjamini_hochberg
from tests.unit.analysis.examples import NINE, known, rule

EXAMPLES = json.loads((Path(__file__).parent / "worked_examples.json").read_text(encoding="utf-8"))

Found = dict[str, Any]

NOT_OURS = {
    "cvi_mod_kappa": "content validity indices for item relevance are not part of the method",
    "bimodality_esteban_ray": "bimodality and polarisation indices are not part of the method",
}


def counts_of(values: Sequence[int | None], n_points: int, lowest: int = 1) -> np.ndarray:
    return np.bincount([value - lowest for value in values if value is not None], minlength=n_points)


def unit_counts(units: list[list[int | None]]) -> np.ndarray:
    top = max(value for unit in units for value in unit if value is not None)
    return np.array([counts_of(unit, top) for unit in units])


def check_krippendorff(given: Found) -> Found:
    units = given.get("units_x_raters") or [list(unit) for unit in zip(*given["raters_x_units"], strict=True)]
    counts = unit_counts(units)
    return {metric.value: agreement.krippendorff_alpha(counts, metric) for metric in agreement.Metric}


def check_kendall(given: Found) -> Found:
    found = known(
        concordance.kendall_w(given.get("ranks_or_scores_items_x_raters") or given["items_x_raters"])
    )
    return {"W": found.w, "chi2": found.chi_squared, "df": found.degrees_of_freedom, "p": found.p}


def check_gwet(given: Found) -> Found:
    counts = unit_counts(given["units_x_raters"])
    return {weighting.value: agreement.gwet_ac(counts, weighting) for weighting in agreement.Weighting}


def check_icc(given: Found) -> Found:
    found = known(concordance.intraclass_correlations(given["targets_x_judges"]))
    return {
        "ICC1": found.one_way.value,
        "ICC2": found.agreement.value,
        "ICC3": found.consistency.value,
        "ICC1k": found.one_way_mean.value,
        "ICC2k": found.agreement_mean.value,
        "ICC3k": found.consistency_mean.value,
    }


def check_dispersion(given: Found) -> Found:
    counts = given["counts"]
    a = float(dispersion.van_der_eijk_a(counts))
    return {
        "vdE_A": a,
        "A": a,
        "polarization": (1 - a) / 2,
        "Cns": float(dispersion.tastle_wierman_cns(counts)),
        "LeikD": float(dispersion.leik_d(counts)),
        "l2": float(dispersion.blair_lacy_l2(counts)),
        "entropy_bits": float(dispersion.entropy(counts)),
        "IOV": float(dispersion.berry_mielke_iov(counts)),
    }


def check_ram(given: Found) -> Found:
    counts = counts_of(given["ratings"], 9)
    distribution = Distribution(tuple(counts.tolist()), 0)
    width, adjusted = ipras(NINE, distribution)
    low, high = (distribution.quantile(NINE, Fraction(p, 10), 7) for p in (3, 7))
    ruling = rule(NINE, preset="rand_ucla", disagreement="ipras")
    reasons = decide_group(ruling, distribution, "panel", 1).reasons
    agreed = rule(NINE, include={"all": [{"measure": "panel_agreement"}]})
    outside = dict(decide_group(agreed, distribution, "panel", 1).reasons[0].facts)["n_outside"]
    return {
        "median": float(distribution.quantile(NINE, MEDIAN, 7)),
        "p30": float(low),
        "p70": float(high),
        "IPR": float(width),
        "IPRCP": float((low + high) / 2),
        "AI": float(abs(5 - (low + high) / 2)),
        "IPRAS": float(adjusted),
        "DI": float(width / adjusted),
        "disagreement": any(reason.code == "disagreement" for reason in reasons),
        "outside_median_region": outside,
    }


def check_panel_rule(given: Found) -> Found:
    agreed = rule(NINE, include={"all": [{"measure": "panel_agreement"}]})
    split = rule(NINE, include={"all": [{"measure": "disagreement", "present": True}]})

    def holds(ruling: Any, low: int, middle: int, high: int) -> bool:
        distribution = Distribution((0, low, 0, 0, middle, 0, 0, high, 0), 0)
        return decide_group(ruling, distribution, "panel", 1).decision is Decision.CONSENSUS_IN

    most_outside, fewest_each = [], []
    for smallest, largest in given["sizes"]:
        outside = {
            max(k for k in range(n // 2) if holds(agreed, k, 0, n - k)) for n in range(smallest, largest + 1)
        }
        ends = {
            min(k for k in range(n // 2 + 1) if holds(split, k, n - 2 * k, k))
            for n in range(smallest, largest + 1)
        }
        most_outside.append(outside.pop() if len(outside) == 1 else None)
        fewest_each.append(ends.pop() if len(ends) == 1 else None)
    return {"agreement_max_outside": most_outside, "disagreement_min_each_extreme": fewest_each}


def check_cvr(given: Found) -> Found:
    return {str(n): cvr_critical(n, Fraction(str(given["alpha"]))) for n in (*range(5, 21), 25, 30, 35, 40)}


def check_rounds(given: Found) -> Found:
    found = known(symmetry.rounds_chi_squared(*np.array(given["round_counts"])))
    return {"chi2": found.statistic, "df": found.degrees_of_freedom, "p": found.p}


def check_crosstab(given: Found) -> Found:
    moved = np.array(given["crosstab"])
    moves, symmetric = stability.change(moved), known(symmetry.bowker(moved))
    marginal = known(symmetry.stuart_maxwell(moved))
    crosstab = known(symmetry.contingency_chi_squared(moved))
    return {
        "chi2": crosstab.statistic,
        "df": crosstab.degrees_of_freedom,
        "lambda_": symmetry.goodman_kruskal_lambda(moved),
        "unchanged": moves.unchanged,
        "net_change": moves.net_change,
        "kappa": stability.weighted_kappa(moved, "none"),
        "unweighted": stability.weighted_kappa(moved, "none"),
        "kappa_lin": stability.weighted_kappa(moved, "linear"),
        "kappa_quad": stability.weighted_kappa(moved),
        "bowker": symmetric.statistic,
        "bowker_df": symmetric.degrees_of_freedom,
        "bowker_p": symmetric.p,
        "stuart_maxwell": marginal.statistic,
        "stuart_maxwell_p": marginal.p,
        "sm_p": marginal.p,
        "bhapkar": known(symmetry.bhapkar(moved)).statistic,
    }


def check_kruskal(given: Found) -> Found:
    values = sorted({value for group in given["groups"] for value in group})
    counts = np.array([[group.count(value) for value in values] for group in given["groups"]])
    return {"H": float(divergence.kruskal_wallis(counts))}


def two_groups(x: list[int], y: list[int]) -> tuple[np.ndarray, np.ndarray]:
    top = max(*x, *y)
    return counts_of(x, top), counts_of(y, top)


def check_brunner_munzel(given: Found) -> Found:
    x, y = two_groups(given["x"], given["y"])
    return {
        "stat": -float(divergence.brunner_munzel(x, y)),
        "perm_p": exact.brunner_munzel_exact(x, y),
        "mwu_exact_p": exact.mann_whitney_exact(x, y),
        "cliff": float(divergence.cliffs_delta(x, y)),
        "est": (1 - float(divergence.cliffs_delta(x, y))) / 2,
    }


def check_cliff(given: Found) -> Found:
    x, y = two_groups(given["x"], given["y"])
    delta = float(divergence.cliffs_delta(x, y))
    limits = divergence.cliffs_delta_interval(x, y, stdtrit(x.sum() + y.sum() - 2, 0.975))
    return {"delta": delta, "ci": [float(limit) for limit in limits], "VDA": (delta + 1) / 2}


def check_table(given: Found) -> Found:
    table = np.array(given["table"])
    found = {
        "p": exact.fisher_freeman_halton(table),
        "chi2": known(symmetry.contingency_chi_squared(table)).statistic,
    }
    if table.shape[0] == 2:
        first, second = table
        found |= {
            "mwu_exact_p": exact.mann_whitney_exact(first, second),
            "KW_H": float(divergence.kruskal_wallis(table)),
            "W1": float(divergence.wasserstein(first, second)) * (table.shape[1] - 1),
            "cliff_g1_minus_g2": float(divergence.cliffs_delta(first, second)),
        }
    return found


def check_signed_rank(given: Found) -> Found:
    before, after = (given.get(one) or given[two] for one, two in (("r1", "x"), ("r2", "y")))
    steps = np.array(after) - np.array(before)
    if not np.issubdtype(steps.dtype, np.integer):
        order = np.argsort(np.argsort(np.abs(steps))) + 1
        moved = np.zeros((order.max() * 2 + 1,) * 2, np.int64)
        for step, rank in zip(steps, order, strict=True):
            moved[order.max(), order.max() + int(np.sign(step)) * rank] += 1
        found = stability.signed_rank(moved)
        return {"V": found.statistic, "p_two": found.p} | {"V": order.sum() - found.statistic}
    moved = np.zeros((5, 5), np.int64)
    np.add.at(moved, (np.array(before) - 1, np.array(after) - 1), 1)
    found = stability.signed_rank(moved, pratt=False)
    largest = sum(range(1, int((steps != 0).sum()) + 1))
    return {
        "V": largest - found.statistic,
        "p_noCC": stability.signed_rank(moved, pratt=False, exact_up_to=0).p,
        "p_exact": found.p,
    }


def check_bh(given: Found) -> Found:
    adjusted = benjamini_hochberg(given["p"])
    return {"adj": adjusted.tolist(), "n_reject_05": int((adjusted <= 0.05).sum())}


def check_quantiles(given: Found) -> Found:
    counts, points = counts_of(given["x"], 5), np.arange(1, 6)
    quartiles = [
        [float(quantile(counts, points, Fraction(p, 4), kind)) for p in (1, 3)] for kind in range(1, 10)
    ]
    return {"IQR_by_R_type": [high - low for low, high in quartiles]}


def check_interval(given: Found) -> Found:
    return {"wilson": [float(limit) for limit in wilson(given["k"], given["n"])]}


def check_informed(given: Found) -> Found:
    agreeing, rated = (np.array([group[name] for group in given["groups"]]) for name in ("A", "S"))
    return {"gic": float(divergence.group_informed_consensus(agreeing, rated)[0])}


def check_delphi_rounds(given: Found) -> Found:
    rounds = {number: given[f"round{number}"] for number in (1, 2, 3)}
    found = {}
    for earlier, later in ((1, 2), (2, 3)):
        for statement in sorted(set(rounds[earlier]) & set(rounds[later])):
            pairs = zip(rounds[earlier][statement], rounds[later][statement], strict=False)
            moved = np.zeros((4, 4), np.int64)
            for before, after in pairs:
                moved[before - 1, after - 1] += 1
            found[f"{statement}:{earlier}-{later}"] = [
                stability.change(moved).unchanged,
                stability.weighted_kappa(moved),
            ]
    last = {**rounds[1], **rounds[2], **rounds[3]}
    four = Scale((1, 2, 3, 4), Direction.HIGH_IS_AGREEMENT, (1, 2), (), (3, 4))
    ruling = rule(four, threshold=str(100 * Fraction(str(given["threshold"]))))
    agreed = [
        code
        for code, ratings in last.items()
        if decide_group(ruling, Distribution(tuple(counts_of(ratings, 4).tolist()), 0), "panel", 1).decision
        is Decision.CONSENSUS_IN
    ]
    return {
        "unchanged_and_qwk": found,
        "consensus": sorted(agreed),
        "no_consensus": sorted(set(last) - set(agreed)),
    }


CHECKS: dict[str, Callable[[dict[str, Any]], Found]] = {
    "krippendorff_alpha": check_krippendorff,
    "krippendorff_alpha_complete_data_trap": check_krippendorff,
    "kendall_w": check_kendall,
    "gwet_ac": check_gwet,
    "icc": check_icc,
    "dispersion": check_dispersion,
    "vdE_A": check_dispersion,
    "ram": check_ram,
    "ram_panel_rule": check_panel_rule,
    "cvr_critical": check_cvr,
    "stability_chisq_group": check_rounds,
    "stability_individual": check_crosstab,
    "weighted_kappa": check_crosstab,
    "symmetry": check_crosstab,
    "kruskal": check_kruskal,
    "brunner_munzel": check_brunner_munzel,
    "cliffs_delta": check_cliff,
    "fisher_freeman_halton": check_table,
    "fisher_freeman_halton_agree": check_table,
    "wilcoxon_signed_rank": check_signed_rank,
    "bh_fdr": check_bh,
    "quantile_types": check_quantiles,
    "prop_ci": check_interval,
    "group_informed_consensus": check_informed,
    "delphi_rounds_stability": check_delphi_rounds,
}

# Values of an example that the method has no figure for.
FIGURES_NOT_OURS = {
    "ratio",  # points of a rating scale have no natural zero
    "W_uncorrected",
    "se_unweighted",  # intervals are by jackknife
    "p_CC",  # continuity-corrected approximations; the exact p is there instead
    "mwu_noCC",
    "mwu_CC",
    "p_greater",  # tests are two-sided
    "CvM2",  # summed over points; ours is averaged over ratings, as Kiefer's
    "KS",  # not part of the method, as are the two of Jensen and Shannon
    "JSD_bits",
    "JS_dist",
    "clopper_pearson",  # the method has Wilson's interval
    "jeffreys",
    "weighted",  # weights of the example's own; ours are none, linear and quadratic
}
# The approximate distribution of a statistic of ours; its p is by permutation, or exact.
APPROXIMATE_ONLY = {("brunner_munzel", "df"), ("brunner_munzel", "p"), ("kruskal", "df"), ("kruskal", "p")}


def is_larger_table(example: dict[str, Any]) -> bool:
    return "table" in example["input"] and 2 not in np.array(example["input"]["table"]).shape


OURS = [
    example for example in EXAMPLES if example["measure"] not in NOT_OURS and not is_larger_table(example)
]


def test_every_example_is_checked_or_said_not_to_be_ours():
    assert {example["measure"] for example in EXAMPLES} == CHECKS.keys() | NOT_OURS.keys()
    assert sum(is_larger_table(example) for example in EXAMPLES) == 2


@pytest.mark.parametrize(
    "example", OURS, ids=lambda example: f"{example['measure']}: {example['source'][:40]}"
)
def test_the_published_value_is_found(example):
    measure, expected = example["measure"], example["expected"]
    found = CHECKS[measure](example["input"])
    for name, value in expected.items():
        if name in FIGURES_NOT_OURS or (measure, name) in APPROXIMATE_ONLY:
            continue
        if isinstance(value, dict):
            assert found[name].keys() == value.keys()
            for key, pair in value.items():
                assert found[name][key] == pytest.approx(pair, abs=example["tol"]), key
        elif isinstance(value, list) and isinstance(value[0], str):
            assert found[name] == value
        else:
            assert found[name] == pytest.approx(value, abs=example["tol"], rel=1e-9), name
