"""Saved means committed: a process, or the server, is killed while ratings are written, and none is lost."""

import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from threading import Semaphore

import pytest

from app.clock import FixedClock
from app.domain.rating import RatingChange
from app.services.ratings import save_answers
from app.storage.database import Database, DatabaseUnavailable
from app.storage.schema import upgrade_schema
from tests.conftest import not_tested
from tests.integration.faults.durable_server import DurableServer, durable_server
from tests.integration.faults.writing_process import point_of
from tests.integration.races.racing import PATIENCE, everybody, read_log
from tests.postgresql import PostgresqlMissing
from tests.running_study import RunningStudy

ROOT = Path(__file__).parents[3]
N_WRITERS = 3


def start_writing(study: RunningStudy, url: str, n: int) -> subprocess.Popen[str]:
    arguments = (url, study.slug, study.link(n).token, study.clock.now().isoformat())
    return subprocess.Popen(
        [sys.executable, "-m", "tests.integration.faults.writing_process", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_after(process: subprocess.Popen[str], n_saved: int) -> int:
    """Kill the process when it has said so often that it saved, and return the last version it told of."""
    assert process.stdout is not None
    for _ in range(n_saved):
        assert process.stdout.readline(), "the process ended by itself"
    process.kill()
    told = [int(line) for line in process.stdout.read().splitlines()]
    return told[-1] if told else n_saved


def histories(study: RunningStudy) -> dict[int, list[tuple[int, int]]]:
    """Every version of every rating, with its point, by panelist."""
    query = "SELECT panelist_id, version, point FROM rating_version ORDER BY panelist_id, version"
    found = defaultdict(list)
    with study.database.reading() as connection:
        for panelist, version, point in connection.exec_driver_sql(query):
            found[panelist].append((version, point))
    return found


def current_ratings(study: RunningStudy) -> dict[int, tuple[int, int]]:
    query = "SELECT panelist_id, version, point FROM rating"
    with study.database.reading() as connection:
        return {panelist: (version, point) for panelist, version, point in connection.exec_driver_sql(query)}


def assert_every_acknowledged_rating_is_there(study: RunningStudy, told: dict[int, int]) -> None:
    """What was told is stored, whole; of the rating under way at most one more, and then whole too."""
    stored = histories(study)
    assert stored.keys() == told.keys()
    for panelist, last_told in told.items():
        assert len(stored[panelist]) in {last_told, last_told + 1}
        assert stored[panelist] == [(v, point_of(v)) for v in range(1, len(stored[panelist]) + 1)]
    assert current_ratings(study) == {panelist: history[-1] for panelist, history in stored.items()}
    n_events = sum(event.kind == "RatingsSaved" for event in read_log(study))
    assert n_events == sum(len(history) for history in stored.values())


def test_a_process_killed_while_it_writes_has_lost_nothing_it_said_was_saved(
    open_study: RunningStudy, database_url: str
) -> None:
    with ExitStack() as running:
        writers = [
            running.enter_context(start_writing(open_study, database_url, n)) for n in range(N_WRITERS)
        ]
        told = [kill_after(writer, Random(n).randrange(1, 40)) for n, writer in enumerate(writers)]
    assert [writer.returncode for writer in writers] == [-9] * N_WRITERS
    panelists = [open_study.enter(n).panelist.id for n in range(N_WRITERS)]
    assert_every_acknowledged_rating_is_there(open_study, dict(zip(panelists, told, strict=True)))
    open_study.rate(N_WRITERS, {"S01": 3})


def test_every_transaction_waits_for_the_disk_whatever_the_server_is_used_to(
    postgresql_url: str, sqlite_url: str
) -> None:
    hasty = f"{postgresql_url}&options=-c%20synchronous_commit=off"
    with closing(Database(hasty)) as database, database.writing() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
    with closing(Database(sqlite_url)) as database, database.writing() as connection:
        full = 2
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == full


@pytest.fixture
def server() -> Iterator[DurableServer]:
    with ExitStack() as running:
        try:
            started = running.enter_context(durable_server())
        except PostgresqlMissing as missing:
            not_tested("PostgreSQL", str(missing))
        yield started


def test_a_server_killed_while_many_write_has_lost_nothing_that_was_acknowledged(
    server: DurableServer, clock: FixedClock, tmp_path: Path
) -> None:
    upgrade_schema(server.url)
    with closing(Database(server.url)) as database:
        study = RunningStudy(database, clock, tmp_path)
        study.open()
        people, saved = everybody(study), Semaphore(0)

        def rate_while_there_is_a_server(n: int) -> int:
            version = 0
            while True:
                change = RatingChange("S01", "agreement", point_of(version + 1), False, version)
                try:
                    save_answers(database, clock, people[n], 1, [change])
                except DatabaseUnavailable:
                    return version
                version += 1
                saved.release()

        with ThreadPoolExecutor(len(people)) as threads:
            writing = [threads.submit(rate_while_there_is_a_server, n) for n in range(len(people))]
            for _ in range(5 * len(people)):
                assert saved.acquire(timeout=PATIENCE)
            server.kill()
        server.start_again()
        told = {person.panelist.id: done.result() for person, done in zip(people, writing, strict=True)}
        assert_every_acknowledged_rating_is_there(study, told)
