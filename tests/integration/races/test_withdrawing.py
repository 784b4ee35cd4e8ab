"""Leaving a study that erases: whatever another device saves at that instant, nothing of the person stays."""

from functools import partial
from threading import Semaphore

import pytest

from app.domain.errors import PanelistHasLeft
from app.domain.rating import CommentChange, RatingChange
from app.services.consent import withdraw
from app.services.profile import save_profile
from app.services.ratings import Saved, save_answers
from app.storage.database import Database
from tests.integration.races.racing import (
    PATIENCE,
    Crossing,
    count_events,
    everybody,
    read_log,
    together,
)
from tests.running_study import RunningStudy


def rows_left(study: RunningStudy) -> dict[str, int]:
    """How many rows of answers there are, by table."""
    with study.database.reading() as connection:
        return {
            table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
            for table in ("rating", "rating_version", "comment")
        }


NOTHING = {"rating": 0, "rating_version": 0, "comment": 0}
TOO_MANY_SAVES = 400


def test_a_rating_that_was_let_in_is_erased_by_the_withdrawal_that_waited_for_it(
    open_study: RunningStudy, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = open_study.visitor(0)
    crossing = Crossing(monkeypatch, "app.services.ratings._read_sheet")
    saved, left = crossing.run(
        lambda: open_study.rate(0, {"S01": 3}, comments={"S01": "mine"}),
        lambda: withdraw(elsewhere, open_study.clock, visitor),
    )
    assert isinstance(saved, Saved)
    assert left is None
    assert rows_left(open_study) == NOTHING


def test_a_rating_that_comes_while_somebody_leaves_is_refused(
    open_study: RunningStudy, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = open_study.visitor(0)
    open_study.rate(0, {"S02": 3})
    crossing = Crossing(monkeypatch, "app.storage.panel.mark_withdrawn")
    left, refusal = crossing.run(
        lambda: withdraw(elsewhere, open_study.clock, visitor),
        lambda: open_study.rate(0, {"S01": 3}),
    )
    assert left is None
    assert isinstance(refusal, PanelistHasLeft)
    assert rows_left(open_study) == NOTHING


def test_a_profile_that_comes_while_somebody_leaves_is_refused(
    open_study: RunningStudy, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = open_study.visitor(0)
    crossing = Crossing(monkeypatch, "app.storage.panel.mark_withdrawn")
    _, refusal = crossing.run(
        lambda: withdraw(elsewhere, open_study.clock, visitor),
        lambda: save_profile(open_study.database, open_study.clock, visitor, {"role": ["a"]}),
    )
    assert isinstance(refusal, PanelistHasLeft)


def test_whoever_leaves_at_any_instant_leaves_nothing(open_study: RunningStudy, elsewhere: Database) -> None:
    people = everybody(open_study)[:6]
    clock, saved = open_study.clock, [Semaphore(0) for _ in people]

    def go_on_rating(n: int) -> int:
        for version in range(TOO_MANY_SAVES):
            rating = RatingChange("S01", "agreement", 1 + version % 3, False, version)
            comment = CommentChange("S01", f"text {version}", version)
            try:
                save_answers(open_study.database, clock, people[n], 1, [rating], [comment])
            except PanelistHasLeft:
                return version
            saved[n].release()
        raise AssertionError("the withdrawal never had its turn")

    def leave(n: int) -> None:
        for _ in range(n):
            assert saved[n].acquire(timeout=PATIENCE)
        withdraw(elsewhere, clock, people[n])

    n_saved = together(
        *(partial(go_on_rating, n) for n in range(len(people))),
        *(partial(leave, n) for n in range(len(people))),
    )[: len(people)]
    assert all(done >= n for n, done in enumerate(n_saved))
    assert rows_left(open_study) == NOTHING
    assert count_events(open_study, "RatingsSaved") == sum(n_saved)


def test_leaving_twice_at_once_is_noted_once(open_study: RunningStudy, elsewhere: Database) -> None:
    for n in range(12):
        visitor = open_study.visitor(n)
        assert together(
            partial(withdraw, open_study.database, open_study.clock, visitor),
            partial(withdraw, elsewhere, open_study.clock, visitor),
        ) == [None, None]
    kinds = [event.kind for event in read_log(open_study)]
    assert kinds.count("PanelistWithdrew") == 12
