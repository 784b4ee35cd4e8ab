"""How long the model study takes: its figures from the ratings, and its report from the figures."""

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial

from analysis.study_analysis import analyse_study
from app.clock import SystemClock
from app.demo.loader import load_demo
from app.domain.study import Language
from app.services.analysing import read_frozen_ratings
from app.services.reporting import ReportFormat, download_report
from app.storage.database import Database
from app.storage.schema import upgrade_schema

N_RUNS = 5
SLUG = "peer-support"


def main() -> None:
    """Load the demo once and print the medians of several runs."""
    print("\nThe model study: 52 statements, 70 panelists, 4 groups, 3 rounds")
    print(f"({N_RUNS} runs each; median seconds, libraries loaded)\n")
    with tempfile.TemporaryDirectory() as directory:
        url = f"sqlite:///{directory}/study.db"
        upgrade_schema(url)
        database, clock = Database(url), SystemClock()
        took = measure(lambda: load_demo(database, clock, b"a secret for measurements"), 1)
        print(f"{'play the demo through the services, two studies':<58}{took:>8.2f}")
        frozen = read_frozen_ratings(database, SLUG)
        took = measure(lambda: analyse_study(frozen.ratings, frozen.protocol, seed=1))
        print(f"{'analyse all rounds, 999 shared permutations':<58}{took:>8.2f}")
        for name, form in (("tables", ReportFormat.CSV), ("report with every figure", ReportFormat.HTML)):
            took = measure(partial(download_report, database, clock, SLUG, "system", form, Language.EN))
            print(f"{f'{name}, from the stored analysis':<58}{took:>8.2f}")
        database.close()


def measure(work: Callable[[], object], n_runs: int = N_RUNS) -> float:
    """The median seconds of several runs, after one that is not counted where there are several."""
    if n_runs > 1:
        work()
    return statistics.median(_timed(work) for _ in range(n_runs))


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
