"""A rating counts if, and only if, it was saved while the round was open: whatever runs beside the close."""

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from threading import Semaphore

import pytest

from app.clock import FixedClock
from app.domain.errors import RoundNotOpen
from app.domain.rating import RatingChange
from app.services.entering import Visitor
from app.services.ratings import save_answers
from app.services.rounds import close_round
from app.services.submitting import submit_questionnaire
from app.storage import rounds
from app.storage.database import Connection, Database
from tests.integration.races.racing import (
    PATIENCE,
    Crossing,
    everybody,
    n_waiting,
    outcome,
    read_log,
    study_id,
    together,
)
from tests.running_study import STATEMENTS, RunningStudy

POINTS = (1, 2, 3)
SUBMIT_EVERY = 4
TOO_MANY_SAVES = 400
"""So often could one person save while a close waited for its turn; then the close will never come."""


@dataclass
class Ledger:
    """What one panelist was told: the point last saved on each statement, how many saves, the receipt."""

    visitor: Visitor
    points: dict[str, int] = field(default_factory=dict)
    n_saves: int = 0
    receipt: str | None = None


def rate_until_refused(
    study: RunningStudy, database: Database, number: int, ledger: Ledger, seed: int, told: Semaphore
) -> Ledger:
    """Rate one statement after the other, and hand in now and then, until the round is not open."""
    chance = Random(seed)
    versions = dict.fromkeys(STATEMENTS, 0)
    clock, visitor = study.clock, ledger.visitor
    while ledger.n_saves < TOO_MANY_SAVES:
        code = chance.choice(STATEMENTS)
        point = chance.choice([p for p in POINTS if p != ledger.points.get(code)])
        change = RatingChange(code, "agreement", point, False, versions[code])
        try:
            saved = save_answers(database, clock, visitor, number, [change])
        except RoundNotOpen:
            return ledger
        assert saved.refusals == ()
        ledger.points[code], ledger.n_saves = point, ledger.n_saves + 1
        versions[code] = saved.versions[code, "agreement"]
        told.release()
        if len(ledger.points) == len(STATEMENTS) and ledger.n_saves % SUBMIT_EVERY == 0:
            try:
                ledger.receipt = submit_questionnaire(
                    database, clock, visitor, number, f"round {number}"
                ).code
            except RoundNotOpen:
                return ledger
    raise AssertionError("the close never had its turn")


def race(
    study: RunningStudy, people: Sequence[Visitor], number: int, close_after: int, *elsewhere: Database
) -> list[Ledger]:
    """Let everybody rate at once and close after so many acknowledgements; return what everybody was told.

    People come in turn to the process in which the round is closed, and to each of those ``elsewhere``.
    """
    told, processes = Semaphore(0), (study.database, *elsewhere)

    def close() -> None:
        for _ in range(close_after):
            assert told.acquire(timeout=PATIENCE)
        study.close()

    def writer(place: int, visitor: Visitor) -> Ledger:
        process = processes[place % len(processes)]
        return rate_until_refused(study, process, number, Ledger(visitor), 1000 * number + place, told)

    writers = [partial(writer, place, who) for place, who in enumerate(people)]
    *ledgers, _ = together(*writers, close)
    return ledgers


def counted(study: RunningStudy, number: int) -> Counter[tuple[str, str, int]]:
    """How many ratings the close counted, by statement, group and point."""
    with study.database.reading() as connection:
        snapshot, _ = rounds.read_snapshot(connection, study_id(connection, study), number)
    return +Counter(
        {
            (statement, group, point): n
            for statement, _, group, counts, _ in snapshot["counts"]
            for point, n in zip(POINTS, counts, strict=True)
        }
    )


def acknowledged(ledgers: Iterable[Ledger]) -> Counter[tuple[str, str, int]]:
    """How many ratings people were told are saved, by statement, group and point."""
    return Counter(
        (statement, ledger.visitor.panelist.group, point)
        for ledger in ledgers
        for statement, point in ledger.points.items()
    )


def stored(study: RunningStudy, number: int) -> dict[tuple[str, str], int | None]:
    """The ratings of a round in the table, by pseudonym and statement."""
    query = (
        "SELECT pseudonym, code, point FROM rating JOIN panelist ON panelist.id = panelist_id "
        f"JOIN statement ON statement.id = statement_id WHERE round_number = {number}"
    )
    with study.database.reading() as connection:
        rows = connection.exec_driver_sql(query).all()
    return {(pseudonym, code): point for pseudonym, code, point in rows}


def n_versions(connection: Connection, number: int) -> int:
    count = f"SELECT count(*) FROM rating_version WHERE round_number = {number}"
    return int(connection.exec_driver_sql(count).scalar_one())


def assert_nothing_is_lost_and_nothing_late(study: RunningStudy, number: int, ledgers: list[Ledger]) -> None:
    told = {
        (ledger.visitor.panelist.pseudonym, statement): point
        for ledger in ledgers
        for statement, point in ledger.points.items()
    }
    assert stored(study, number) == told
    assert counted(study, number) == acknowledged(ledgers)
    with study.database.reading() as connection:
        id_ = study_id(connection, study)
        receipts = {
            ledger.visitor.panelist.id: rounds.find_participation(
                connection, id_, number, ledger.visitor.panelist.id
            )
            for ledger in ledgers
        }
        assert n_versions(connection, number) == sum(ledger.n_saves for ledger in ledgers)
    assert {id_: part.receipt_code if part else None for id_, part in receipts.items()} == {
        ledger.visitor.panelist.id: ledger.receipt for ledger in ledgers
    }
    kinds = [event.kind for event in read_log(study) if event.payload.get("round") == number]
    assert kinds[kinds.index("RoundClosed") :] == ["RoundClosed", "RoundAnalysed"]
    assert kinds.count("RatingsSaved") == sum(ledger.n_saves for ledger in ledgers)
    assert kinds.count("QuestionnaireSubmitted") == sum(ledger.receipt is not None for ledger in ledgers)


def test_a_close_at_any_instant_counts_exactly_what_was_acknowledged(study: RunningStudy) -> None:
    people = everybody(study)[::3]
    for number in range(1, 9):
        study.open()
        ledgers = race(study, people, number, close_after=Random(number).randrange(25))
        assert_nothing_is_lost_and_nothing_late(study, number, ledgers)
        study.release()


def test_two_hundred_writers_in_two_processes_and_one_close(
    database: Database, elsewhere: Database, clock: FixedClock, tmp_path: Path
) -> None:
    study = RunningStudy(database, clock, tmp_path, group_size=100)
    study.open()
    ledgers = race(study, everybody(study), 1, 150, elsewhere)
    assert_nothing_is_lost_and_nothing_late(study, 1, ledgers)


def close_while_a_rating_is_between_its_check_and_its_commit(
    study: RunningStudy, elsewhere: Database, crossing: Crossing
) -> Ledger:
    ledger = Ledger(study.visitor(0), n_saves=1)
    saved, _ = crossing.run(
        lambda: study.rate(0, {"S01": 3}),
        lambda: close_round(elsewhere, study.clock, study.slug, "system"),
    )
    assert saved.refusals == ()
    ledger.points["S01"] = 3
    return ledger


def test_a_close_of_a_real_time_round_waits_for_the_rating_that_was_let_in(
    database: Database,
    clock: FixedClock,
    tmp_path: Path,
    elsewhere: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = RunningStudy(database, clock, tmp_path, rounds=["real_time"])
    study.open()
    crossing = Crossing(monkeypatch, "app.services.ratings._read_sheet")
    ledger = close_while_a_rating_is_between_its_check_and_its_commit(study, elsewhere, crossing)
    assert_nothing_is_lost_and_nothing_late(study, 1, [ledger])


def test_a_close_waits_for_the_rating_that_was_let_in(
    open_study: RunningStudy, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    crossing = Crossing(monkeypatch, "app.services.ratings._read_sheet")
    ledger = close_while_a_rating_is_between_its_check_and_its_commit(open_study, elsewhere, crossing)
    assert_nothing_is_lost_and_nothing_late(open_study, 1, [ledger])


def test_a_rating_waits_for_the_close_that_came_first_and_is_refused(
    open_study: RunningStudy, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_study.visitor(0)
    crossing = Crossing(monkeypatch, "app.services.snapshots.counts_content")
    _, refusal = crossing.run(
        lambda: close_round(elsewhere, open_study.clock, open_study.slug, "system"),
        lambda: open_study.rate(0, {"S01": 3}),
    )
    assert isinstance(refusal, RoundNotOpen)
    assert stored(open_study, 1) == {}


def test_a_rating_that_comes_while_a_close_waits_does_not_overtake_it(
    open_study: RunningStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the close would wait for as long as people go on rating."""
    for n in range(2):
        open_study.visitor(n)
    crossing = Crossing(monkeypatch, "app.services.ratings._read_sheet", patience=PATIENCE)
    with ThreadPoolExecutor(3) as threads:
        rating = threads.submit(outcome, partial(open_study.rate, 0, {"S01": 3}))
        crossing.wait_for_the_first()
        closing = threads.submit(open_study.close)
        while not closing.done() and n_waiting(open_study.database) < 1:
            pass
        late = threads.submit(outcome, partial(open_study.rate, 1, {"S01": 3}))
        while not late.done() and n_waiting(open_study.database) < 2:
            pass
        crossing.let_the_first_go()
    assert rating.result().refusals == ()
    assert isinstance(late.result(), RoundNotOpen)


def switch_the_lock_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """No row lock on PostgreSQL; on SQLite no transaction that excludes others from its beginning."""
    monkeypatch.setattr("app.storage.rounds.locks_rows", lambda _: False)
    monkeypatch.setattr("app.storage.database._begin_immediate", lambda _: None)


@pytest.mark.parametrize("kind", ["rating", "real_time"])
def test_without_the_lock_the_same_crossing_loses_a_rating_that_was_acknowledged(
    database_url: str, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    switch_the_lock_off(monkeypatch)
    with closing(Database(database_url)) as here, closing(Database(database_url)) as there:
        study = RunningStudy(here, clock, tmp_path, rounds=[kind])
        study.open()
        crossing = Crossing(monkeypatch, "app.services.ratings._read_sheet", patience=PATIENCE)
        ledger = close_while_a_rating_is_between_its_check_and_its_commit(study, there, crossing)
        assert acknowledged([ledger]) == {("S01", "peers", 3): 1}
        assert counted(study, 1) == {}
