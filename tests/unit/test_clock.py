"""A clock says the moment in UTC; a fixed one stands still until it is told otherwise."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.clock import FixedClock, SystemClock


def test_the_system_clock_speaks_utc():
    assert SystemClock().now().tzinfo is UTC


def test_a_fixed_clock_stands_still_until_it_is_moved():
    clock = FixedClock(datetime(2026, 3, 1, 9, 0, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.advance(timedelta(days=2))
    assert clock.now() == datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def test_a_fixed_clock_speaks_utc_wherever_it_was_set():
    clock = FixedClock(datetime(2026, 3, 1, 9, 0, tzinfo=timezone(timedelta(hours=1))))
    assert clock.now() == datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_a_clock_refuses_a_moment_without_a_zone():
    with pytest.raises(ValueError, match="no zone"):
        FixedClock(datetime(2026, 3, 1, 9, 0))  # noqa: DTZ001 - the fault under test
