"""What is sent to SQLite at one time is stored in one transaction, and each counts as if it came alone."""

import asyncio
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response

from app.clock import FixedClock
from app.services.questionnaire import read_topic
from app.storage.database import POSTGRESQL_THREADS, Database, DatabaseUnavailable
from app.web.shared.answering import HURRIED_SECONDS, Answering, Call
from tests.integration.races.conftest import RULES
from tests.integration.races.racing import MOMENT, PATIENCE, count_events, read_log
from tests.running_study import RunningStudy

STORED, REFUSED = 200, 409


@pytest.fixture
def open_study(begun: None, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[RunningStudy]:
    """The study in an embedded database, round 1 open, and three panelists on its pages."""
    database = Database(sqlite_url)
    study = RunningStudy(database, clock, tmp_path, stands=True, **RULES)
    study.open()
    for n in range(3):
        study.visitor(n)
    yield study
    database.close()


@pytest.fixture
def elsewhere(sqlite_url: str) -> Iterator[Database]:
    """The same database as another process opens it."""
    database = Database(sqlite_url)
    yield database
    database.close()


def rates(study: RunningStudy, n: int, point: int) -> Call:
    """The n-th panelist rates the first statement, which nobody on the page has rated yet."""

    def call() -> Response:
        saved = study.rate(n, {"S01": point})
        return Response(status_code=REFUSED if saved.refusals else STORED)

    return call


def points(database: Database) -> list[int]:
    """What is stored."""
    with database.reading() as connection:
        query = "SELECT point FROM rating ORDER BY panelist_id"
        return [point for (point,) in connection.exec_driver_sql(query)]


def at_one_time(study: RunningStudy, *calls: Call) -> list[int | BaseException]:
    """The status that each call is answered with, or what it met."""

    async def ask() -> list[Response | BaseException]:
        answers = Answering(study.database)
        return await asyncio.gather(*map(answers.store, calls), return_exceptions=True)

    return [one.status_code if isinstance(one, Response) else one for one in run(ask())]


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, PATIENCE))


def test_nobody_is_answered_before_all_is_committed(open_study: RunningStudy, elsewhere: Database) -> None:
    seen: list[list[int]] = []

    def look() -> Response:
        seen.append(points(elsewhere))
        return Response()

    answers = at_one_time(open_study, rates(open_study, 0, 1), rates(open_study, 1, 2), look)
    assert (answers, seen) == ([STORED, STORED, STORED], [[]])
    assert points(elsewhere) == [1, 2]
    assert count_events(open_study, "RatingsSaved") == 2
    read_log(open_study)


def test_what_fails_is_undone_alone(open_study: RunningStudy) -> None:
    def fails() -> Response:
        with open_study.database.writing():
            rates(open_study, 1, 2)()
            raise ValueError("a mistake of ours")

    first, second, third = at_one_time(open_study, rates(open_study, 0, 1), fails, rates(open_study, 2, 3))
    assert (first, third) == (STORED, STORED)
    assert isinstance(second, ValueError)
    assert points(open_study.database) == [1, 3]
    read_log(open_study)


def test_a_second_device_is_told_of_what_the_first_has_just_stored(open_study: RunningStudy) -> None:
    shown: list[int | None] = []

    def second_device() -> Response:
        answer = rates(open_study, 0, 2)()
        page = read_topic(open_study.database, open_study.clock, open_study.visitor(0), "value")
        assert page is not None
        shown.extend(item.ratings["agreement"].point for item in page.statements if item.ratings)
        return answer

    assert at_one_time(open_study, rates(open_study, 0, 1), second_device) == [STORED, REFUSED]
    assert shown == points(open_study.database) == [1]


def test_nobody_is_told_that_answers_are_saved_which_sqlite_undid(open_study: RunningStudy) -> None:
    def everything_is_undone() -> Response:
        # As SQLite itself does on a full disk, and on errors of reading and writing.
        with open_study.database.writing() as connection:
            connection.connection.driver_connection.execute("ROLLBACK")  # type: ignore[union-attr]
        return Response()

    answers = at_one_time(open_study, rates(open_study, 0, 1), everything_is_undone, rates(open_study, 1, 2))
    assert [type(one) for one in answers] == [DatabaseUnavailable] * 3
    assert points(open_study.database) == []
    assert at_one_time(open_study, rates(open_study, 0, 1)) == [STORED]


@pytest.mark.parametrize("seconds", [HURRIED_SECONDS / 5, 3 * HURRIED_SECONDS], ids=["briefly", "for long"])
def test_while_another_process_writes_pages_are_shown_and_answers_wait(
    open_study: RunningStudy, elsewhere: Database, seconds: float
) -> None:
    async def ask() -> tuple[int, int]:
        answers = Answering(open_study.database)
        with elsewhere.writing():
            saving = asyncio.create_task(answers.store(rates(open_study, 0, 1)))
            page = await answers.show(lambda: Response(str(points(open_study.database))))
            await asyncio.sleep(seconds)
            assert not saving.done()
        return page.status_code, (await saving).status_code

    assert run(ask()) == (STORED, STORED)
    assert points(open_study.database) == [1]


def test_a_page_that_has_something_to_note_waits_without_holding_up_others(
    open_study: RunningStudy, elsewhere: Database
) -> None:
    async def ask() -> int:
        answers = Answering(open_study.database)
        with elsewhere.writing():
            noting = asyncio.create_task(answers.show(rates(open_study, 0, 1)))
            await asyncio.sleep(MOMENT)
            assert not noting.done()
        return (await noting).status_code

    assert run(ask()) == STORED
    assert points(open_study.database) == [1]


def test_who_waits_too_long_is_told_so_and_nothing_is_stored(
    open_study: RunningStudy, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.storage.database.BUSY_SECONDS", 0.1)
    with elsewhere.writing():
        told = at_one_time(open_study, rates(open_study, 0, 1), rates(open_study, 1, 2))
    assert [type(one) for one in told] == [DatabaseUnavailable] * 2
    assert points(open_study.database) == []


def test_who_has_gone_meanwhile_is_not_waited_for(open_study: RunningStudy) -> None:
    async def ask() -> int:
        answers = Answering(open_study.database)
        gone = asyncio.create_task(answers.store(rates(open_study, 0, 1)))
        stays = asyncio.create_task(answers.store(rates(open_study, 1, 2)))
        await asyncio.sleep(0)
        gone.cancel()
        return (await stays).status_code

    assert run(ask()) == STORED
    assert points(open_study.database) == [1, 2]


def test_on_postgresql_those_who_wait_to_write_keep_nobody_from_reading(postgresql_url: str) -> None:
    database, elsewhere = Database(postgresql_url), Database(postgresql_url)
    lock = "SELECT pg_advisory_xact_lock(1)"

    def waits() -> Response:
        with database.writing() as connection:
            connection.exec_driver_sql(lock)
        return Response()

    def reads() -> Response:
        with database.reading() as connection:
            return Response(status_code=connection.exec_driver_sql("SELECT 200").scalar_one())

    async def ask() -> list[int]:
        answers = Answering(database)
        with elsewhere.writing() as connection:
            connection.exec_driver_sql(lock)
            saving = [asyncio.create_task(answers.store(waits)) for _ in range(POSTGRESQL_THREADS)]
            await asyncio.sleep(MOMENT)
            shown = await answers.show(reads)
            assert not any(one.done() for one in saving)
        return [shown.status_code, *(one.status_code for one in await asyncio.gather(*saving))]

    try:
        assert run(ask()) == [STORED] * (1 + POSTGRESQL_THREADS)
    finally:
        database.close()
        elsewhere.close()
