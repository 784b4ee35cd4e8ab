"""The lifecycle of a round, and what stands in the way of its steps."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import RoundTransitionError
from app.domain.round import (
    TRANSITIONS,
    PlannedRound,
    Round,
    RoundAction,
    RoundKind,
    RoundMode,
    RoundStatus,
    accepts_ratings,
    last_rating_round,
    next_status,
    planned_round,
)

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


def a_round(status: RoundStatus, closes_at: datetime | None = None) -> Round:
    return Round(1, RoundKind.RATING, RoundMode.STANDARD, status, 1, closes_at=closes_at)


def test_a_round_goes_from_draft_to_open_to_closed_to_fed_back() -> None:
    status = RoundStatus.DRAFT
    for action in (RoundAction.OPEN, RoundAction.CLOSE, RoundAction.RELEASE_FEEDBACK):
        status = next_status(a_round(status), action)
    assert status is RoundStatus.FED_BACK


@pytest.mark.parametrize(
    ("status", "action"),
    [(s, a) for s in RoundStatus for a in RoundAction if (s, a) not in TRANSITIONS],
)
def test_every_other_step_is_refused_and_named(status: RoundStatus, action: RoundAction) -> None:
    with pytest.raises(RoundTransitionError, match="Round 1 is"):
        next_status(a_round(status), action)


def test_an_open_round_accepts_ratings_until_its_deadline_and_not_at_it() -> None:
    round_ = a_round(RoundStatus.OPEN, closes_at=NOON)
    assert accepts_ratings(round_, NOON - timedelta(microseconds=1))
    assert not accepts_ratings(round_, NOON)


def test_an_open_round_without_a_deadline_accepts_ratings_until_it_is_closed() -> None:
    assert accepts_ratings(a_round(RoundStatus.OPEN), NOON)


@pytest.mark.parametrize("status", [s for s in RoundStatus if s is not RoundStatus.OPEN])
def test_a_round_that_is_not_open_accepts_no_rating(status: RoundStatus) -> None:
    assert not accepts_ratings(a_round(status), NOON)


def test_a_round_is_what_the_plan_says_and_beyond_it_the_last_rating_round_comes_again() -> None:
    plan = (PlannedRound.OPEN, PlannedRound.REAL_TIME, PlannedRound.OPEN)
    planned = [planned_round(plan, number) for number in (1, 2, 3, 4)]
    assert planned == [*plan, PlannedRound.REAL_TIME]
    assert [one.kind for one in planned] == [
        RoundKind.OPEN,
        RoundKind.RATING,
        RoundKind.OPEN,
        RoundKind.RATING,
    ]
    assert [one.mode for one in planned] == [
        RoundMode.STANDARD,
        RoundMode.REAL_TIME,
        RoundMode.STANDARD,
        RoundMode.REAL_TIME,
    ]


def test_the_rating_round_looked_back_on_skips_open_rounds() -> None:
    kinds = (RoundKind.OPEN, RoundKind.RATING, RoundKind.OPEN, RoundKind.RATING)
    rounds = [
        Round(number, kind, RoundMode.STANDARD, RoundStatus.FED_BACK, 1)
        for number, kind in enumerate(kinds, start=1)
    ]
    assert last_rating_round(rounds, before=2) is None
    assert last_rating_round(rounds, before=4) == rounds[1]
    assert rounds[0].asks_open_questions
    assert not rounds[1].asks_open_questions
    assert not rounds[1].is_real_time


@pytest.mark.parametrize("planned", PlannedRound)
def test_a_round_is_called_in_one_word_as_in_the_plan(planned: PlannedRound) -> None:
    assert Round(1, planned.kind, planned.mode, RoundStatus.OPEN, 1).in_one_word is planned
