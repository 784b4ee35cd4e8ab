"""How fast the analysis is, part by part, beside the tools it replaces.

Run ``python -m tests.load.bench_analysis``. Every pair of figures comes from the same run on the same
machine; other work on it slows both. Loops of other tools are timed on a few statements and multiplied up to
all of them; the table says on how many. :mod:`tests.load.bench_checks` checks that the tests and intervals
keep what they promise.
"""

import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.counts import Counts
from analysis.ratings import ratings_from_frame
from analysis.result_files import figure_files
from analysis.sensitivity import analyse_study_sensitivity
from analysis.study_analysis import analyse_round, analyse_study
from tests.load.analysis_parts import PANELISTS, PARTS, STATEMENTS, Part, TwoRounds
from tests.unit.analysis.examples import FIVE, NINE, protocol

GROUPS = ("peers", "professionals", "patients", "relatives")
PERMUTATIONS = 999
SLOW = 50
TEN_MILLION = 10_000_000
GOAL_ROUND, GOAL_TIMES, GOAL_COUNTS = 2.0, 100, 3.0
GOAL_STUDY, GOAL_EVERYTHING = 0.5, 3.0


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


def peak_memory(work: Callable[[], object]) -> float:
    """Most megabytes that Python and numpy held at a time, beside what was there before."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


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


@dataclass(frozen=True)
class Compared:
    """Seconds of one part for all statements: ours, and theirs."""

    part: Part
    ours: float
    theirs: float


def bench_round() -> None:
    given = protocol(GROUPS, NINE)
    ratings = ratings_from_frame(long_frame(STATEMENTS, PANELISTS, 2, 9, 1), given)
    rounds = TwoRounds.of(ratings, PERMUTATIONS)
    only = ratings.rounds[0]

    def whole() -> None:
        analyse_round(only, given, seed=1, n_permutations=PERMUTATIONS)

    ours, memory = seconds(whole, 3), peak_memory(whole)
    say(f"{STATEMENTS} statements x {PANELISTS} panelists x 4 groups, {PERMUTATIONS} permutations\n")
    say(f"  the whole default analysis {ours:.2f} s (goal: under {GOAL_ROUND:.0f}); memory {memory:.0f} MB\n")
    say(f"  {'part (beside what)':54s} {'ours':>10s} {'theirs':>10s} {'times':>8s}  theirs measured on")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compared = [compare(part, rounds) for part in PARTS]
    theirs = sum(one.theirs for one in compared)
    say(f"\n  theirs together {theirs:.0f} s, {theirs / ours:.0f} times our whole (goal: {GOAL_TIMES})")
    slower = [one.part.name for one in compared if one.ours > one.theirs]
    say(f"  slower than theirs in: {', '.join(slower) or 'no part'}\n")


def compare(part: Part, rounds: TwoRounds) -> Compared:
    ours = seconds(lambda: part.ours(rounds), 3)
    theirs = seconds(lambda: part.theirs.work(rounds), 1 if part.theirs.factor > SLOW else 3)
    found = Compared(part, ours, theirs * part.theirs.factor)
    times = found.theirs / found.ours
    measured = part.theirs.measured_on
    say(f"  {part.name:54s} {found.ours:8.4f} s {found.theirs:8.3f} s {times:8.1f}  {measured}")
    return found


def bench_counts() -> None:
    generator = np.random.default_rng(2)
    n_panelists, n_statements = TEN_MILLION // 200, 200
    positions = generator.integers(0, 5, (n_panelists, n_statements)).astype(np.int8)
    group_of = generator.integers(0, 4, n_panelists)
    statements = tuple(f"S{place}" for place in range(n_statements))
    codes = generator.integers(0, n_statements * 4 * 5, TEN_MILLION)

    def count() -> None:
        Counts.from_positions(FIVE, statements, GROUPS, positions, group_of)

    floor = seconds(lambda: np.bincount(codes, minlength=4000), 5)
    ours, memory = seconds(count, 5), peak_memory(count)
    panelist, statement = np.indices(positions.shape, dtype=np.int32).reshape(2, -1)
    frame = pd.DataFrame({"s": statement, "g": group_of[panelist], "r": positions.ravel()})
    theirs = seconds(lambda: frame.groupby(["s", "g", "r"]).size())
    goal = f"{ours / floor:.1f} times, goal: within {GOAL_COUNTS:.0f}"
    say("Counts from 10 million ratings")
    say(f"  one numpy.bincount {floor * 1e3:.0f} ms; ours {ours * 1e3:.0f} ms ({goal})")
    say(f"  pandas groupby {theirs * 1e3:.0f} ms")
    say(f"  memory beside the ratings {memory:.1f} MB; the codes of a bincount {codes.nbytes / 1e6:.0f} MB\n")


def bench_model_study() -> None:
    given = protocol(GROUPS, FIVE)
    ratings = ratings_from_frame(long_frame(52, 70, 3, 5, 3), given)

    def everything() -> None:
        found = analyse_study_sensitivity(ratings, given)
        figure_files(analyse_study(ratings, given, seed=1), given, found)

    everything()
    plain = seconds(lambda: analyse_study(ratings, given, seed=1), 5)
    other_rules = seconds(lambda: analyse_study_sensitivity(ratings, given), 3)
    say("the model study, 52 statements x 70 panelists x 3 rounds")
    say(f"  without figures {plain:.2f} s (goal: under {GOAL_STUDY}); under other rules {other_rules:.2f} s")
    say(f"  everything, with all figures {seconds(everything, 2):.2f} s (goal: under {GOAL_EVERYTHING:.0f})")


def main() -> None:
    """Print speed side by side."""
    say("\nThe analysis, beside the tools it replaces\n")
    bench_round()
    bench_counts()
    bench_model_study()


if __name__ == "__main__":
    main()
