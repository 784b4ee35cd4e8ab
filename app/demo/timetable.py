"""When the demo's rounds are held, and when its panelists come by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENING = time(9, 0)
CLOSING = time(18, 0)
FIRST_VISIT = time(9, 30)
HOURS_OF_VISITS = timedelta(hours=11)

BEGINNING_OF_THE_FINISHED = date(2026, 1, 5)
DAYS_OF_A_ROUND = 21
DAYS_OF_THE_LIVE_ROUND = 42
ROUNDS_BEGIN_ON_DAY = (7, 56, 105)
FEEDBACK_DAYS_AFTER_THE_END = 14
CONCLUSION_DAYS_AFTER_THE_END = 28
LIVE_DAYS_GONE = 9


@dataclass(frozen=True)
class RoundDates:
    """A round's moments, in UTC."""

    opens_at: datetime
    closes_at: datetime
    fed_back_at: datetime
    first_day: date
    n_days: int


@dataclass(frozen=True)
class Timetable:
    """A study's moments, in UTC."""

    imported_at: datetime
    rounds: tuple[RoundDates, ...]
    concluded_at: datetime


def finished_timetable(zone: ZoneInfo) -> Timetable:
    """The three rounds of the finished study, in the first half of 2026."""
    return _timetable(BEGINNING_OF_THE_FINISHED, zone, DAYS_OF_A_ROUND)


def live_timetable(zone: ZoneInfo, now: datetime) -> Timetable:
    """Three rounds of which the last began some days before ``now`` and goes on long enough to be tried."""
    today = now.astimezone(zone).date()
    begins = today - timedelta(days=ROUNDS_BEGIN_ON_DAY[-1] + LIVE_DAYS_GONE)
    return _timetable(begins, zone, DAYS_OF_THE_LIVE_ROUND)


def visit_moments(dates: RoundDates, zone: ZoneInfo, n_visits: int, n_days: int) -> Sequence[datetime]:
    """Spread visits over a round's days, one after another and at hours when people are awake.

    Parameters
    ----------
    dates
        The round.
    zone
        Where the panel lives.
    n_visits
        How many come.
    n_days
        Over how many of the round's first days.
    """
    day_of = [visit * n_days // n_visits for visit in range(n_visits)]
    moments = []
    for visit, day in enumerate(day_of):
        place = (visit - day_of.index(day)) / day_of.count(day)
        morning = _moment(dates.first_day + timedelta(days=day), FIRST_VISIT, zone)
        moments.append(morning + place * HOURS_OF_VISITS)
    return moments


def _timetable(begins: date, zone: ZoneInfo, days_of_last_round: int) -> Timetable:
    lengths = (*(DAYS_OF_A_ROUND for _ in ROUNDS_BEGIN_ON_DAY[1:]), days_of_last_round)
    rounds = tuple(
        _round_dates(begins + timedelta(days=day), n_days, zone)
        for day, n_days in zip(ROUNDS_BEGIN_ON_DAY, lengths, strict=True)
    )
    last_day = rounds[-1].first_day + timedelta(days=rounds[-1].n_days + CONCLUSION_DAYS_AFTER_THE_END)
    return Timetable(_moment(begins, OPENING, zone), rounds, _moment(last_day, OPENING, zone))


def _round_dates(first_day: date, n_days: int, zone: ZoneInfo) -> RoundDates:
    last_day = first_day + timedelta(days=n_days)
    return RoundDates(
        opens_at=_moment(first_day, OPENING, zone),
        closes_at=_moment(last_day, CLOSING, zone),
        fed_back_at=_moment(last_day + timedelta(days=FEEDBACK_DAYS_AFTER_THE_END), OPENING, zone),
        first_day=first_day,
        n_days=n_days,
    )


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
