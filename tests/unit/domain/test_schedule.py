"""Moments: when a round opens and closes by itself, what may be planned, and how a deadline is put off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.round import Round, RoundKind, RoundMode, RoundStatus
from app.domain.schedule import (
    PATIENCE,
    ClosingNeedsDeadline,
    PlannedOpening,
    extension_blockers,
    is_left_open,
    is_to_close,
    moment_blockers,
    planning_blockers,
    refuse_closing_without_deadline,
)

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
PLANNED = PlannedOpening(2, NOON, NOON + HOUR, closes_itself=True, planned_by="researcher:1")
OPEN = Round(1, RoundKind.RATING, RoundMode.STANDARD, RoundStatus.OPEN, 1, closes_at=NOON, closes_itself=True)


def test_a_planned_opening_is_due_at_its_moment_and_once_hindered_never_again() -> None:
    assert not PLANNED.is_due(NOON - SECOND)
    assert PLANNED.is_due(NOON)
    assert not replace(PLANNED, hindered_at=NOON).is_due(NOON + HOUR)


def test_an_opening_that_no_worker_came_for_is_told_after_a_while() -> None:
    assert not PLANNED.is_left_waiting(NOON + PATIENCE - SECOND)
    assert PLANNED.is_left_waiting(NOON + PATIENCE)
    assert not replace(PLANNED, hindered_at=NOON).is_left_waiting(NOON + PATIENCE)


def test_a_round_closes_by_itself_at_its_deadline_and_not_before() -> None:
    assert not is_to_close(OPEN, NOON - SECOND)
    assert is_to_close(OPEN, NOON)
    assert is_to_close(OPEN, NOON + 24 * HOUR)


@pytest.mark.parametrize(
    "change", [{"closes_itself": False}, {"closes_at": None}, {"status": RoundStatus.CLOSED}]
)
def test_every_other_round_is_closed_by_hand(change: dict[str, object]) -> None:
    round_ = replace(OPEN, **change)  # type: ignore[arg-type]
    assert not is_to_close(round_, NOON + HOUR)
    assert not is_left_open(round_, NOON + HOUR)


def test_a_round_that_no_worker_closed_is_told_after_a_while() -> None:
    assert not is_left_open(OPEN, NOON + PATIENCE - SECOND)
    assert is_left_open(OPEN, NOON + PATIENCE)


def test_a_round_closes_by_itself_at_a_deadline_only() -> None:
    refuse_closing_without_deadline(None, closes_itself=False)
    refuse_closing_without_deadline(NOON, closes_itself=True)
    with pytest.raises(ClosingNeedsDeadline):
        refuse_closing_without_deadline(None, closes_itself=True)


@pytest.mark.parametrize(
    ("held", "number", "is_over", "reason"),
    [
        ((), 1, False, None),
        ((RoundStatus.CLOSED,), 2, False, None),
        ((RoundStatus.FED_BACK,), 2, False, None),
        ((RoundStatus.OPEN,), 2, False, "Round 1 is not closed yet."),
        ((RoundStatus.FED_BACK,), 1, False, "Round 1 has been opened already."),
        ((RoundStatus.FED_BACK,), 2, True, "The study is concluded."),
    ],
)
def test_the_round_after_the_newest_one_is_planned(
    held: tuple[RoundStatus, ...], number: int, is_over: bool, reason: str | None
) -> None:
    rounds = [replace(OPEN, status=status) for status in held]
    found = planning_blockers(rounds, number, is_over=is_over)
    assert [str(sentence) for sentence in found] == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "reason"),
    [
        (None, None, None),
        (NOON + SECOND, None, None),
        (NOON + SECOND, NOON + HOUR, None),
        (NOON, None, "This moment lies in the past. Choose a later one."),
        (NOON + HOUR, NOON + HOUR, "The deadline lies before the opening. Choose a later one."),
    ],
)
def test_a_round_is_planned_for_the_future_and_closes_after_it_opens(
    opens_at: datetime | None, closes_at: datetime | None, reason: str | None
) -> None:
    found = moment_blockers(opens_at, closes_at, NOON)
    assert [str(sentence) for sentence in found] == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("round_", "closes_at", "reason"),
    [
        (OPEN, None, None),
        (OPEN, NOON + 2 * HOUR, None),
        (replace(OPEN, closes_at=None), NOON + 2 * HOUR, None),
        (replace(OPEN, status=RoundStatus.CLOSED), NOON + 2 * HOUR, "Round 1 is not open."),
        (OPEN, NOON + HOUR, "The deadline lies in the past. Choose a later one."),
        (
            replace(OPEN, closes_at=NOON + 3 * HOUR),
            NOON + 2 * HOUR,
            "People were told a later deadline than this. It can only be put off.",
        ),
    ],
)
def test_a_deadline_is_put_off_while_the_round_is_open_even_when_it_has_passed(
    round_: Round, closes_at: datetime | None, reason: str | None
) -> None:
    found = extension_blockers(round_, NOON + HOUR, closes_at)
    assert [str(sentence) for sentence in found] == ([reason] if reason else [])
