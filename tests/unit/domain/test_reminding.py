"""Reminders: never too soon, not too often, and to nobody whom no mail reaches."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.reminding import (
    MOST_REMINDERS,
    REMINDER_PAUSE,
    Remindable,
    Unfinished,
    remindable,
    reminder_blockers,
)
from app.domain.round import Round, RoundKind, RoundMode, RoundStatus

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
SOMEBODY = Unfinished(1, "peers", "fr", is_reachable=True, last_written_at=None, n_reminders=0)
OPEN = Round(1, RoundKind.RATING, RoundMode.STANDARD, RoundStatus.OPEN, 1)


@pytest.mark.parametrize(
    ("change", "standing"),
    [
        ({}, Remindable.DUE),
        ({"last_written_at": NOON - REMINDER_PAUSE}, Remindable.DUE),
        (
            {"last_written_at": NOON - REMINDER_PAUSE + timedelta(microseconds=1)},
            Remindable.WRITTEN_LATELY,
        ),
        ({"n_reminders": MOST_REMINDERS - 1}, Remindable.DUE),
        ({"n_reminders": MOST_REMINDERS}, Remindable.REMINDED_ENOUGH),
        ({"is_reachable": False}, Remindable.UNREACHABLE),
    ],
)
def test_who_has_not_handed_in_is_reminded_after_a_pause_and_not_for_ever(
    change: dict[str, object], standing: Remindable
) -> None:
    assert remindable(replace(SOMEBODY, **change), NOON) is standing  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("round_", "n_due", "writes", "reason"),
    [
        (OPEN, 1, True, None),
        (replace(OPEN, closes_at=NOON), 1, True, "Round 1 takes no answers any more."),
        (OPEN, 1, False, "No e-mail goes to this panel from here."),
        (OPEN, 0, True, "There is nobody to remind now."),
    ],
)
def test_why_nobody_can_be_reminded_is_said(
    round_: Round, n_due: int, writes: bool, reason: str | None
) -> None:
    found = reminder_blockers(round_, NOON, n_due=n_due, writes=writes)
    assert [str(sentence) for sentence in found] == ([reason] if reason else [])
