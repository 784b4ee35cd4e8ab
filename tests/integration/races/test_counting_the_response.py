"""How far the panel has come is counted right, whoever takes a step while others take theirs."""

from collections.abc import Callable
from functools import partial

import pytest

from app.services.consent import choose_language, withdraw
from app.services.rounds import open_round
from app.storage.database import Database
from app.storage.identities import note_bounce
from tests.integration.races.racing import Crossing, everybody, together
from tests.recounting import assert_counts_are_exact
from tests.running_study import STATEMENTS, RunningStudy

EVERYTHING = dict.fromkeys(STATEMENTS, 3)


def bounce(database: Database, study: RunningStudy, n: int) -> None:
    email = study.definition.panel[n].email
    with database.writing() as connection:
        note_bounce(connection, 1, n + 1, email, study.clock.now())


def test_whatever_everybody_does_at_once_is_counted_once(
    open_study: RunningStudy, elsewhere: Database
) -> None:
    people = everybody(open_study)

    def answer(n: int) -> None:
        open_study.rate(n, {"S01": 3})
        open_study.rate(n, {"S02": 3, "S03": 3})
        open_study.submit(n)

    def wander(n: int) -> None:
        for language in ("nl", "fr", "nl"):
            choose_language(elsewhere, open_study.clock, people[n], language)

    for n in range(12):
        open_study.visitor(n)
    together(
        *(partial(answer, n) for n in range(12)),
        *(partial(wander, n) for n in range(0, 12, 2)),
        *(partial(bounce, elsewhere, open_study, n) for n in range(0, 12, 3)),
        *(partial(withdraw, elsewhere, open_study.clock, people[n]) for n in (5, 6)),
        *(partial(open_study.enter, n) for n in (1, 4)),
    )
    counted = assert_counts_are_exact(open_study.database)
    assert sum(row.n_invited for row in counted) == 12
    assert sum(row.n_submitted for row in counted) >= 10
    assert sum(row.n_bounced for row in counted) >= 3
    assert sum(row.n_withdrawn for row in counted) == 2


Act = Callable[[RunningStudy, Database], object]


def begin(study: RunningStudy, _database: Database) -> None:
    study.rate(0, {"S01": 3})


def move(study: RunningStudy, database: Database) -> None:
    choose_language(database, study.clock, study.visitor(0), "nl")


def leave(study: RunningStudy, database: Database) -> None:
    withdraw(database, study.clock, study.visitor(0))


def open_next(study: RunningStudy, database: Database) -> None:
    open_round(database, study.clock, study.slug, "system")


CROSSINGS: list[tuple[Act, str, Act]] = [
    (begin, "app.services.ratings.append_event", move),
    (move, "app.services.consent.append_event", begin),
    (begin, "app.services.ratings.append_event", leave),
    (open_next, "app.services.rounds.queue_invitations", move),
    (move, "app.services.consent.append_event", open_next),
    (leave, "app.services.consent.append_event", open_next),
]


@pytest.mark.parametrize(("first", "place", "second"), CROSSINGS)
def test_two_acts_that_cross_are_both_counted(
    study: RunningStudy,
    elsewhere: Database,
    monkeypatch: pytest.MonkeyPatch,
    first: Act,
    place: str,
    second: Act,
) -> None:
    study.visitor(0)
    study.open()
    if open_next in (first, second):
        study.rate(1, EVERYTHING)
        study.close()
        study.release()
    Crossing(monkeypatch, place).run(partial(first, study, study.database), partial(second, study, elsewhere))
    assert assert_counts_are_exact(study.database)
