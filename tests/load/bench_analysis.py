"""How fast the analysis is, beside the tools it replaces, and whether its tests keep their size.

Run ``python -m tests.load.bench_analysis`` (speed) or ``python -m tests.load.bench_analysis --checks``
(Monte Carlo size and coverage). Every pair of figures comes from the same run on the same machine. Loops of
other tools are timed on a few statements and multiplied; the table says so.
"""

import argparse
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable
from functools import partial

import krippendorff
import numpy as np
import pandas as pd
import pingouin
import scikit_posthocs
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from analysis.counts import Counts
from analysis.descriptives import wilson
from analysis.divergence import cliffs_delta_interval, largest_gap
from analysis.divergence_tests import LabelPermutations, omnibus_tests, pair_tests
from analysis.ratings import ratings_from_frame
from analysis.result_files import figure_files
from analysis.sensitivity import analyse_study_sensitivity
from analysis.study_analysis import analyse_round, analyse_study
from tests.unit.analysis.examples import FIVE, NINE, protocol

GROUPS = ("peers", "professionals", "patients", "relatives")
STATEMENTS, PANELISTS, PERMUTATIONS = 200, 1_000, 999
SAMPLED = 2
TEN_MILLION = 10_000_000


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """Least time of a few runs."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def repeat(loop: Callable[[int], object]) -> None:
    """Do a tool's loop for the sampled statements."""
    for statement in range(SAMPLED):
        loop(statement)


def long_frame(n_statements: int, n_panelists: int, n_rounds: int, scale_top: int, seed: int) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    middle = generator.uniform(2, scale_top - 1, n_statements)
    frames = []
    for number in range(1, n_rounds + 1):
        values = np.rint(middle + generator.normal(0, scale_top / 5, (n_panelists, n_statements)))
        panelist, statement = np.indices(values.shape).reshape(2, -1)
        frames.append(
            pd.DataFrame(
                {
                    "round": number,
                    "statement": [f"S{place + 1}" for place in statement],
                    "group": [GROUPS[place % 4] for place in panelist],
                    "panelist": [f"p{place}" for place in panelist],
                    "rating": np.clip(values, 1, scale_top).astype(int).ravel(),
                }
            )
        )
    return pd.concat(frames)


def bench_round() -> None:
    given = protocol(GROUPS, NINE)
    only = ratings_from_frame(long_frame(STATEMENTS, PANELISTS, 1, 9, 1), given).rounds[0]
    ours = seconds(lambda: analyse_round(only, given, seed=1, n_permutations=PERMUTATIONS), 3)
    say(f"{STATEMENTS} statements x {PANELISTS} panelists x 4 groups, {PERMUTATIONS} permutations")
    say(f"  ours, the whole default analysis            {ours:9.2f} s")
    matrix = only.matrices["agreement"]
    ratings = matrix.positions.astype(float) + 1
    groups = [ratings[matrix.group_of == place] for place in range(4)]
    loops: dict[str, Callable[[int], object]] = {
        "scipy kruskal by permutation_test": lambda s: stats.permutation_test(
            [group[:, s] for group in groups],
            lambda *samples: stats.kruskal(*samples).statistic,
            n_resamples=PERMUTATIONS,
            permutation_type="independent",
            alternative="greater",
        ),
        "scipy brunnermunzel, 6 pairs by permutation": lambda s: [
            stats.permutation_test(
                [groups[a][:, s], groups[b][:, s]],
                lambda x, y: abs(stats.brunnermunzel(x, y).statistic),
                n_resamples=PERMUTATIONS,
                alternative="greater",
            )
            for a in range(4)
            for b in range(a)
        ],
        "scikit-posthocs Dunn with Holm": lambda s: scikit_posthocs.posthoc_dunn(
            [group[:, s] for group in groups], p_adjust="holm"
        ),
        "pingouin mwu, 6 pairs": lambda s: [
            pingouin.mwu(groups[a][:, s], groups[b][:, s]) for a in range(4) for b in range(a)
        ],
        "statsmodels Wilson, 5 groups x 3 bands": lambda s: [
            proportion_confint((group[:, s] >= cut).sum(), len(group), method="wilson")
            for group in (*groups, ratings)
            for cut in (3, 6, 8)
        ],
    }
    total = 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, loop in loops.items():
            theirs = seconds(partial(repeat, loop)) * STATEMENTS / SAMPLED
            total += theirs
            say(f"  {name:43s} {theirs:9.2f} s  (measured on {SAMPLED} statements)")
        raters = ratings[:100]
        left_out = seconds(
            lambda: krippendorff.alpha(raters, level_of_measurement="ordinal", value_domain=range(1, 10))
        )
        jackknife = left_out * PANELISTS * PANELISTS / 100
        total += jackknife
        say(f"  krippendorff, jackknife over panelists      {jackknife:9.2f} s  (100 panelists, multiplied)")
        total += seconds(lambda: multipletests(np.linspace(0.001, 1, STATEMENTS), method="fdr_bh"))
    say(f"  their loops together                        {total:9.2f} s: {total / ours:.0f} times ours")


def bench_counts() -> None:
    generator = np.random.default_rng(2)
    n_panelists, n_statements = TEN_MILLION // 200, 200
    positions = generator.integers(0, 5, (n_panelists, n_statements)).astype(np.int8)
    group_of = generator.integers(0, 4, n_panelists)
    statements = tuple(f"S{place}" for place in range(n_statements))
    codes = generator.integers(0, n_statements * 4 * 5, TEN_MILLION)
    floor = seconds(lambda: np.bincount(codes, minlength=4000), 3)
    ours = seconds(lambda: Counts.from_positions(FIVE, statements, GROUPS, positions, group_of), 3)
    tracemalloc.start()
    Counts.from_positions(FIVE, statements, GROUPS, positions, group_of)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    panelist, statement = np.indices(positions.shape, dtype=np.int32).reshape(2, -1)
    frame = pd.DataFrame({"s": statement, "g": group_of[panelist], "r": positions.ravel()})
    theirs = seconds(lambda: frame.groupby(["s", "g", "r"]).size())
    say("Counts from 10 million ratings")
    say(f"  numpy.bincount alone {floor * 1e3:7.0f} ms; ours {ours * 1e3:7.0f} ms ({ours / floor:.1f} times)")
    say(f"  pandas groupby {theirs * 1e3:7.0f} ms; our peak memory beside the ratings {peak / 1e6:.0f} MB")


def bench_model_study() -> None:
    given = protocol(GROUPS, FIVE)
    ratings = ratings_from_frame(long_frame(52, 70, 3, 5, 3), given)
    plain = seconds(lambda: analyse_study(ratings, given, seed=1), 3)
    other_rules = seconds(lambda: analyse_study_sensitivity(ratings, given))

    def drawn() -> None:
        figure_files(analyse_study(ratings, given, seed=1), given, ())

    def everything() -> None:
        found = analyse_study_sensitivity(ratings, given)
        figure_files(analyse_study(ratings, given, seed=1), given, found)

    seconds(drawn)
    say("the model study, 52 statements x 70 panelists x 3 rounds")
    say(f"  without figures {plain:6.2f} s; with all figures of rounds and panel {seconds(drawn):6.2f} s")
    say(f"  other rules {other_rules:6.2f} s; everything, with their figures {seconds(everything):6.2f} s")


def check_sizes(n_simulations: int = 400) -> None:
    """Share of false alarms at 5% when groups do not differ, also with unequal spread for Brunner-Munzel."""
    say(f"size of tests at a nominal 5% ({n_simulations} simulated statements each)")
    generator = np.random.default_rng(4)
    for size in (5, 10, 30):
        group_of = np.repeat(np.arange(3), size)
        even = np.array([0.1, 0.2, 0.2, 0.3, 0.2])
        wide, narrow = np.array([0.35, 0.15, 0, 0.15, 0.35]), np.array([0.0, 0.2, 0.6, 0.2, 0.0])
        same = generator.choice(5, (3 * size, n_simulations), p=even).astype(np.int8)
        spread = np.concatenate(
            [
                generator.choice(5, (size, n_simulations), p=wide),
                generator.choice(5, (2 * size, n_simulations), p=narrow),
            ]
        ).astype(np.int8)
        two = np.repeat([0, 1], [size, 2 * size])
        names = tuple(str(place) for place in range(n_simulations))
        counts = Counts.from_positions(FIVE, names, ("a", "b", "c"), same, group_of).rated
        unequal = Counts.from_positions(FIVE, names, ("a", "b"), spread, two).rated
        omnibus = omnibus_tests(same, counts, LabelPermutations.draw(group_of, 3, 499, 1))
        pair = pair_tests(spread, unequal, two, (0, 1), n_permutations=499, seed=1)
        shares = [(p <= 0.05).mean() for p in (omnibus.kruskal_p, omnibus.cramer_p, pair.p)]
        say(
            f"  {size:2d} a group: Kruskal-Wallis {shares[0]:.3f}, Cramer-von Mises {shares[1]:.3f}, "
            f"Brunner-Munzel with unequal spread and sizes {shares[2]:.3f}"
        )


def check_coverage(n_simulations: int = 2_000) -> None:
    """Share of 95% intervals that hold the truth."""
    say(f"coverage of 95% intervals ({n_simulations} simulated samples each)")
    generator = np.random.default_rng(5)
    first, second = np.array([0.1, 0.1, 0.2, 0.3, 0.3]), np.array([0.2, 0.2, 0.2, 0.2, 0.2])
    truth = float((first[:, None] * second[None, :] * np.sign(np.subtract.outer(range(5), range(5)))).sum())
    for size in (5, 10, 30):
        agreeing = generator.binomial(size, 0.7, n_simulations)
        low, high = wilson(agreeing, size)
        a, b = (generator.multinomial(size, shares, n_simulations) for shares in (first, second))
        t = np.full(n_simulations, stats.t.ppf(0.975, 2 * size - 2))
        down, up = cliffs_delta_interval(a, b, t)
        three = generator.binomial(size, [0.8, 0.5, 0.6], (n_simulations, 3))
        gap = largest_gap(three, np.full((n_simulations, 3), size))
        say(
            f"  {size:2d} a group: Wilson {np.mean((low <= 0.7) & (high >= 0.7)):.3f}, "
            f"Cliff's delta {np.mean((down <= truth) & (truth <= up)):.3f}, "
            f"largest gap {np.mean((gap.lower <= 0.3) & (gap.upper >= 0.3)):.3f}"
        )


def main() -> None:
    """Print speed side by side, then the Monte Carlo checks of tests and intervals."""
    say("\nThe analysis, beside the tools it replaces\n")
    bench_round()
    bench_counts()
    bench_model_study()
    check_sizes()
    check_coverage()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--checks", action="store_true", help="Monte Carlo size and coverage instead of speed"
    )
    if parser.parse_args().checks:
        check_sizes()
        check_coverage()
    else:
        main()
