"""What every page of researchers and panelists costs in a study of 500 statements and 5,000 panelists.

Told is the time that this process computes for one request, so that what else the machine does is not in it;
the work of the database, which is SQLite, and of the browser without a screen is.
"""

import statistics
import tempfile
import time

from app.clock import SystemClock
from app.storage.database import Database
from app.storage.schema import upgrade_schema
from tests.large_pages import Visitors
from tests.large_study import FIRST, SECOND, LargeStudy
from tests.load.bench_saves import quiet_app
from tests.queries import counting

N_STATEMENTS, N_PANELISTS = 500, 5_000
SHARE_RATED = 0.4
"""Of all ratings that could be given in a round: a million, which are stored in seconds."""

N_RUNS = 5
MOST_MS = 200


def main() -> None:
    """Make the study, and print what each page costs between rounds, and while one is open."""
    print(f"\nEvery page of a study of {N_STATEMENTS} statements and {N_PANELISTS:,} panelists")
    print(f"({N_RUNS} runs each after one that is not counted; median CPU ms; slow: above {MOST_MS} ms)")
    with tempfile.TemporaryDirectory() as directory:
        url = f"sqlite:///{directory}/large.db"
        upgrade_schema(url)
        database = Database(url)
        study = LargeStudy.begin(database, SystemClock(), N_STATEMENTS, N_PANELISTS)
        study.open()
        study.answer()
        study.close()
        study.release()
        study.open()
        study.rate(FIRST, SHARE_RATED)
        study.close()
        study.work()
        app = quiet_app(url)
        visitors = Visitors(app, study)
        measure("between rounds", visitors, FIRST)
        study.release()
        study.open()
        study.rate(SECOND, SHARE_RATED / 2)
        measure("while a round is open", visitors, SECOND)
        app.state.database.close()
        database.close()


def measure(when: str, visitors: Visitors, newest_round: int) -> None:
    """Ask for every page, and print the slowest first."""
    lines = [(*cost(visitors, page.address), page.address) for page in visitors.pages(newest_round)]
    print(f"\n{when:<74}{'status':>7}{'kB':>8}{'queries':>9}{'ms':>8}")
    for ms, n_queries, kilobytes, status, address in sorted(lines, reverse=True):
        flag = "  slow" if ms > MOST_MS else ""
        print(f"{address:<74}{status:>7}{kilobytes:>8.0f}{n_queries:>9}{ms:>8.1f}{flag}")


def cost(visitors: Visitors, address: str) -> tuple[float, int, float, int]:
    """The median milliseconds of a page, its queries, its size and its status."""
    with counting() as sent:
        answer = visitors.client.get(address)
    times = []
    for _ in range(N_RUNS):
        began = time.process_time()
        visitors.client.get(address)
        times.append(time.process_time() - began)
    return 1000 * statistics.median(times), len(sent), len(answer.content) / 1000, answer.status_code


if __name__ == "__main__":
    main()
