"""How many pages are saved a second: ten ratings and a comment stored, and the next page returned.

Each page shows ten statements with the feedback of four groups, packed as browsers ask for it. Pressed in
turn with the bare endpoint, on both databases, by one web process and by the two of a machine of two cores.
"""

import asyncio
import gzip
import statistics
import tempfile
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from app.clock import SystemClock
from app.storage.database import Database
from app.storage.schema import upgrade_schema
from app.web.shared.csrf import TOKEN_FIELD, csrf_token
from tests.load.bench_saves import N_CALLERS, N_RUNS, SECONDS, print_heading, run_in_turn, show
from tests.load.client import exchange, head_of
from tests.load.inside import print_inside
from tests.load.servers import postgresql_that_keeps
from tests.page_of_ten import CRITERION, SECRET, SLUG, Page, codes_of, play_to_round_2

OTHERS = "On two cores, as issue 4 has it, LimeSurvey 6.4 stores 8 to 16 such pages a second, oTree 28 to 36."
LIMESURVEY = 12
"""Pages a second: the middle of what LimeSurvey stores."""
FORM = "application/x-www-form-urlencoded"
GOAL = 20
"""How many times as many as LimeSurvey."""


def main() -> None:
    """Measure on both databases and print a table."""
    print("\nSaving a page: ten ratings and a comment stored, the next page of ten statements returned")
    print(
        f"({N_CALLERS} connections, {N_RUNS} runs of {SECONDS:g} s each; medians; both requests together)\n"
    )
    print_heading("pages/s")
    with tempfile.TemporaryDirectory() as directory:
        measure("SQLite", f"sqlite:///{directory}/pages.db", f"sqlite:///{directory}/bare.db")
        two = f"sqlite:///{directory}/two.db", f"sqlite:///{directory}/bare_beside_two.db"
        measure("- 2 servers", *two, processes=2)
    with postgresql_that_keeps() as create_database:
        measure("PostgreSQL", create_database(), create_database())
        measure("- 2 servers", create_database(), create_database(), processes=2)
    print(
        "\nbare: one row upserted. CPU ms: what the server's own processes compute for one page-save, and how"
    )
    print("much of it the kernel does; client: what is computed beside it, on the same cores, to ask for it.")
    print(f"{OTHERS}\nGoal: {GOAL} times LimeSurvey's {LIMESURVEY}, so {GOAL * LIMESURVEY} pages a second.")
    print_inside()


def measure(name: str, real_url: str, bare_url: str, processes: int = 1) -> None:
    """Press both servers in turn and print what came of it."""
    upgrade_schema(real_url)
    database = Database(real_url)
    pages = play_to_round_2(database, SystemClock())
    database.close()
    runs = run_in_turn(real_url, [PageSaver(page) for page in pages[:N_CALLERS]], bare_url, processes)
    ratio = statistics.median(real.per_second / bare.per_second for real, bare in runs)
    show(name, "page", [real for real, _ in runs], f"{100 * ratio:.0f}%")
    show("", "bare", [bare for _, bare in runs], "")
    per_second = statistics.median(real.per_second for real, _ in runs)
    print(f"{'':<20}{per_second / LIMESURVEY:>10.1f} times LimeSurvey's {LIMESURVEY}")


class PageSaver:
    """A panelist who answers all of a page anew, gets the next one, and goes back and forth between two."""

    def __init__(self, page: Page) -> None:
        self._topics = page.topics[:2]
        self._turn = 0
        self._token = csrf_token(SECRET, page.session_token)
        cookie = ("Cookie", f"castalia_panelist={page.session_token}")
        sent = [cookie, ("Content-Type", FORM), ("Sec-Fetch-Site", "same-origin")]
        self._paths = [f"/s/{SLUG}/topics/{topic}" for topic in self._topics]
        self._to_save = [head_of("POST", path, sent) for path in self._paths]
        self._to_see = [head_of("GET", path, [cookie, ("Accept-Encoding", "gzip")]) for path in self._paths]

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Save the page that is open, and read the one that comes next."""
        place, other = self._turn % 2, 1 - self._turn % 2
        # How often this page was saved before is the version of everything on it.
        version = self._turn // 2
        sent = urlencode(self._fields(codes_of(self._topics[place]), version, ("next", "previous")[place]))
        saved = await exchange(reader, writer, self._to_save[place], sent.encode())
        if saved.status != HTTPStatus.SEE_OTHER or not saved.tells("location", self._paths[other]):
            raise RuntimeError(
                f"{self._paths[place]} was answered {saved.head.decode()}{saved.body.decode()}"
            )
        shown = await exchange(reader, writer, self._to_see[other])
        if shown.status != HTTPStatus.OK or not shown.tells("content-encoding", "gzip"):
            raise RuntimeError(f"{self._paths[other]} was answered {shown.head.decode()}")
        if self._turn == 2:
            _look_for(codes_of(self._topics[other]), gzip.decompress(shown.body).decode())
        self._turn += 1

    def _fields(self, codes: Sequence[str], version: int, then: str) -> dict[str, str]:
        fields = {TOKEN_FIELD: self._token, "round": "2", "then": then}
        for i, code in enumerate(codes):
            name = f"{code}.{CRITERION}"
            fields |= {name: str((version + i) % 5 + 1), f"{name}.version": str(version)}
            fields |= {f"{code}.comment": "", f"{code}.comment.version": "0"}
        commented = f"{codes[0]}.comment"
        return fields | {commented: f"Thought of {version + 1} times.", f"{commented}.version": str(version)}


def _look_for(codes: Sequence[str], page: str) -> None:
    """What was saved the time before must stand on the page."""
    for code in codes:
        if f'name="{code}.{CRITERION}.version" value="1"' not in page:
            raise RuntimeError(f"{code} was not saved")


if __name__ == "__main__":
    main()
