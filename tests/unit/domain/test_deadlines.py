"""A day and an hour in a time zone mean one moment, none or two; which it is, is never guessed."""

from datetime import UTC, datetime

import pytest

from app.domain.deadline import (
    DeadlineHourMissing,
    DeadlineHourTwice,
    DeadlineNotReadable,
    WhichHour,
    deadline_at,
)

BRUSSELS = "Europe/Brussels"


@pytest.mark.parametrize(
    ("day", "hour", "zone", "instant"),
    [
        ("2026-05-12", "18:00", BRUSSELS, datetime(2026, 5, 12, 16, 0, tzinfo=UTC)),
        ("2026-12-12", " 18:00 ", BRUSSELS, datetime(2026, 12, 12, 17, 0, tzinfo=UTC)),
        ("2026-05-12", "18:00", "America/St_Johns", datetime(2026, 5, 12, 20, 30, tzinfo=UTC)),
        ("2026-03-29", "03:00", BRUSSELS, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("2026-10-25", "03:00", BRUSSELS, datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_an_hour_is_read_in_the_studys_time_zone(day, hour, zone, instant):
    assert deadline_at(day, hour, zone) == instant
    assert deadline_at(day, hour, zone, WhichHour.SECOND) == instant


def test_no_day_and_no_hour_mean_no_deadline():
    assert deadline_at("", " ", BRUSSELS) is None


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        ("2026-05-12", ""),
        ("", "18:00"),
        ("2026-02-30", "18:00"),
        ("12 May", "18:00"),
        ("2026-05-12", "18:00Z"),
    ],
)
def test_half_a_deadline_or_none_that_exists_is_refused(day, hour):
    with pytest.raises(DeadlineNotReadable, match="for example"):
        deadline_at(day, hour, BRUSSELS)


@pytest.mark.parametrize("which", [None, *WhichHour])
def test_an_hour_that_the_clocks_skip_is_refused(which):
    with pytest.raises(DeadlineHourMissing, match="02:30 does not exist in Europe/Brussels"):
        deadline_at("2026-03-29", "02:30", BRUSSELS, which)


def test_an_hour_that_comes_twice_is_asked_about():
    with pytest.raises(DeadlineHourTwice, match="comes twice"):
        deadline_at("2026-10-25", "02:30", BRUSSELS)


def test_of_an_hour_that_comes_twice_the_one_named_is_meant():
    first, second = (deadline_at("2026-10-25", "02:30", BRUSSELS, which) for which in WhichHour)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
