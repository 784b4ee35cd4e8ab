"""The demo's dates: in order, by day, and with a live round that can be tried."""

from datetime import UTC, datetime, time, timedelta
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

import pytest

from app.demo.timetable import LIVE_DAYS_GONE, Timetable, finished_timetable, live_timetable, visit_moments

ZONE = ZoneInfo("Europe/Brussels")
MOMENTS = [datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2027, 7, 1, 22, 59, tzinfo=UTC)]


def in_order(table: Timetable) -> list[datetime]:
    rounds = ((one.opens_at, one.closes_at, one.fed_back_at) for one in table.rounds)
    return [table.imported_at, *chain.from_iterable(rounds), table.concluded_at]


def test_the_finished_study_lies_in_2026_in_order():
    moments = in_order(finished_timetable(ZONE))
    assert moments == sorted(set(moments))
    assert {moment.year for moment in moments} == {2026}


@pytest.mark.parametrize("now", MOMENTS)
def test_the_live_study_lies_around_the_moment_of_loading_in_order(now: datetime):
    table = live_timetable(ZONE, now)
    moments = in_order(table)
    assert moments == sorted(set(moments))
    assert table.rounds[-1].opens_at < now - timedelta(days=LIVE_DAYS_GONE - 1)
    assert table.rounds[-1].closes_at > now + timedelta(days=28)


@pytest.mark.parametrize("now", MOMENTS)
def test_all_visits_to_the_live_round_lie_in_the_past(now: datetime):
    dates = live_timetable(ZONE, now).rounds[-1]
    moments = visit_moments(dates, ZONE, 45, LIVE_DAYS_GONE)
    assert max(moments) < now
    assert min(moments) > dates.opens_at


@pytest.mark.parametrize("n_visits", [1, 20, 59, 70])
def test_visits_come_one_after_another_by_day_and_before_the_deadline(n_visits: int):
    for dates in finished_timetable(ZONE).rounds:
        moments = visit_moments(dates, ZONE, n_visits, dates.n_days)
        assert len(moments) == n_visits
        assert all(later - earlier > timedelta(minutes=90) for earlier, later in pairwise(moments))
        assert all(time(9, 0) <= moment.astimezone(ZONE).time() <= time(21, 0) for moment in moments)
        assert dates.opens_at < moments[0]
        assert moments[-1] + timedelta(hours=2) < dates.closes_at


def test_deadlines_are_at_six_in_the_evening_in_winter_and_in_summer():
    ends = [dates.closes_at for dates in finished_timetable(ZONE).rounds]
    assert {end.astimezone(ZONE).time() for end in ends} == {time(18, 0)}
    assert len({end.time() for end in ends}) == 2
