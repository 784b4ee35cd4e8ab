"""How many answers are saved a second through the real path, beside a bare endpoint doing one upsert.

Each server runs as a process of its own, with the durability it has in use; the two are pressed in turn, so
that a machine that grows slower or faster meanwhile does not favour one of them.
"""

import asyncio
import json
import logging
import statistics
import tempfile
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI
from pydantic import SecretStr

from app.clock import SystemClock
from app.demo.loader import FOLDER
from app.interchange.study_folder import read_study_folder
from app.main import create_app
from app.services.consent import give_consent
from app.services.entering import enter_by_link, find_panelist
from app.services.importing import import_study
from app.services.links import issue_links
from app.services.profile import save_profile
from app.services.rounds import open_round
from app.settings import Settings
from app.storage.database import Database
from app.storage.schema import upgrade_schema
from app.web.shared.csrf import TOKEN_HEADER, csrf_token
from tests.load.bare import bare_app
from tests.load.client import Call, Measured, exchange, head_of, press
from tests.load.servers import postgresql_that_keeps, serving_apart

SECRET = "a secret for measurements, of good length"
N_CALLERS = 12
N_RUNS = 5
SECONDS = 2.0
WARM_UP = 5.0
"""Seconds before anything is counted: until then pieces of pages are rendered that are kept from then on."""
SLUG = "peer-support"


def main() -> None:
    """Measure on both databases and print a table."""
    print("Saving one answer: through the real path, and a bare endpoint doing one upsert, in turn")
    print(f"({N_CALLERS} connections, {N_RUNS} runs of {SECONDS:g} s each; medians)\n")
    print_heading("saves/s")
    with tempfile.TemporaryDirectory() as directory:
        measure("SQLite", f"sqlite:///{directory}/saves.db", f"sqlite:///{directory}/bare.db")
    with postgresql_that_keeps() as create_database:
        measure("PostgreSQL", create_database(), create_database())


def measure(name: str, real_url: str, bare_url: str) -> None:
    """Press both servers in turn and print what came of it."""
    runs = run_in_turn(real_url, [Rater(token) for token in prepare(real_url)], bare_url)
    ratio = statistics.median(real.per_second / bare.per_second for real, bare in runs)
    show(name, "real", [real for real, _ in runs], f"{100 * ratio:.0f}%")
    show("", "bare", [bare for _, bare in runs], "")


def run_in_turn(
    real_url: str, real_callers: Sequence[Call], bare_url: str, processes: int = 1
) -> list[tuple[Measured, Measured]]:
    """Press the product and the bare endpoint in turn, after a while that is not counted."""
    bare_callers = [Upserter(n) for n in range(N_CALLERS)]
    with (
        serving_apart(lambda: quiet_app(real_url), processes) as real,
        serving_apart(lambda: bare_app(bare_url)) as bare,
    ):
        press(real, real_callers, WARM_UP)
        press(bare, bare_callers, 1)
        return [
            (press(real, real_callers, SECONDS), press(bare, bare_callers, SECONDS)) for _ in range(N_RUNS)
        ]


def quiet_app(url: str) -> FastAPI:
    """The application as it is in use, without the lines of its log on the screen."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    return create_app(Settings(database_url=url, secret=SecretStr(SECRET)))


def print_heading(what: str) -> None:
    """Print what stands above a table."""
    columns = (
        f"{what:>10}",
        f"{'median ms':>12}",
        *(f"{name:>10}" for name in ("99% ms", "CPU ms", "system", "client", "of bare")),
    )
    print(f"{'database':<12}{'path':<8}{''.join(columns)}")


def show(name: str, path: str, runs: list[Measured], ratio: str) -> None:
    """Print one line of the table."""
    per_second, median_ms, p99_ms, *computed = (
        statistics.median(getattr(run, field) for run in runs)
        for field in ("per_second", "median_ms", "p99_ms", "cpu_ms", "system_ms", "client_ms")
    )
    computed_ms = "".join(f"{ms:>10.2f}" for ms in computed)
    print(f"{name:<12}{path:<8}{per_second:>10.0f}{median_ms:>12.1f}{p99_ms:>10.1f}{computed_ms}{ratio:>10}")


def prepare(url: str) -> list[str]:
    """Import the model study, open round 1, and let its panelists enter; their session tokens."""
    upgrade_schema(url)
    database, clock = Database(url), SystemClock()
    import_study(database, clock, read_study_folder(FOLDER))
    links = issue_links(database, clock, SLUG, SECRET.encode(), "system")
    open_round(database, clock, SLUG, "system")
    tokens = []
    for link in links[:N_CALLERS]:
        token = enter_by_link(database, clock, link.token, session_hours=1).session_token
        visitor = find_panelist(database, clock, SLUG, token)
        give_consent(database, clock, visitor)
        save_profile(database, clock, visitor, {})
        tokens.append(token)
    database.close()
    return tokens


class Rater:
    """A panelist whose page saves one answer after another, on every statement of the study in turn."""

    def __init__(self, token: str) -> None:
        self._statements = [statement.code for statement in read_study_folder(FOLDER).statements]
        self._versions = dict.fromkeys(self._statements, 0)
        self._turn = 0
        headers = [
            ("Cookie", f"castalia_panelist={token}"),
            ("Content-Type", "application/json"),
            ("Sec-Fetch-Site", "same-origin"),
            (TOKEN_HEADER, csrf_token(SECRET, token)),
        ]
        self._head = head_of("POST", f"/s/{SLUG}/autosave?round=1", headers)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Change the next answer."""
        code = self._statements[self._turn % len(self._statements)]
        version = self._versions[code]
        sent = {
            "statement": code,
            "criterion": "agreement",
            "point": 4 + version % 2,
            "abstained": False,
            "version": version,
        }
        answer = await post(reader, writer, self._head, sent)
        self._versions[code] = answer["version"]
        self._turn += 1


class Upserter:
    """A caller of the bare endpoint, with as many values in turn."""

    def __init__(self, panelist: int) -> None:
        self._panelist = panelist
        self._turn = 0
        self._head = head_of("POST", "/upsert", [("Content-Type", "application/json")])

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Upsert the next value."""
        sent = {"panelist": self._panelist, "statement": self._turn % 52, "point": 4 + self._turn // 52 % 2}
        await post(reader, writer, self._head, sent)
        self._turn += 1


async def post(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes, sent: dict[str, Any]
) -> dict[str, Any]:
    """Send JSON and return the JSON that comes back; anything but a success ends the measurement."""
    answered = await exchange(reader, writer, head, json.dumps(sent).encode())
    if answered.status != HTTPStatus.OK:
        raise RuntimeError(f"{head.decode()} was answered {answered.head.decode()}{answered.body.decode()}")
    answer: dict[str, Any] = json.loads(answered.body)
    return answer


if __name__ == "__main__":
    main()
