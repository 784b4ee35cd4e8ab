"""A deadline as people write it: a day and an hour in the study's zone, which is not always one moment."""

from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.errors import DomainError
from app.domain.messages import N_


class WhichHour(StrEnum):
    """Which of the two is meant where clocks go back and an hour comes twice."""

    FIRST = "first"
    SECOND = "second"


class DeadlineNotReadable(DomainError):
    """The day or the hour is missing, or is none."""

    message = N_("Give a day and an hour, for example 2026-05-12 and 18:00, or leave both empty.")


class DeadlineHourMissing(DomainError):
    """Clocks go forward over this hour."""

    message = N_(
        "On %(day)s the clocks go forward, and %(hour)s does not exist in %(zone)s. Choose another hour."
    )


class DeadlineHourTwice(DomainError):
    """Clocks go back, and the hour comes twice."""

    message = N_(
        "On %(day)s the clocks go back, and %(hour)s comes twice in %(zone)s. Say which of the two you mean."
    )


def deadline_at(day: str, hour: str, zone: str, which: WhichHour | None = None) -> datetime | None:
    """The moment in UTC that a day and an hour mean in a time zone; None when both are empty.

    Parameters
    ----------
    day, hour
        As a form sends them: ``2026-05-12`` and ``18:00``.
    zone
        A zone of the IANA database.
    which
        The first or the second hour, where it comes twice; needless elsewhere.

    Raises
    ------
    DeadlineNotReadable, DeadlineHourMissing, DeadlineHourTwice
    """
    if not day.strip() and not hour.strip():
        return None
    try:
        local = datetime.combine(date.fromisoformat(day.strip()), time.fromisoformat(hour.strip()))
    except ValueError:
        raise DeadlineNotReadable from None
    if local.tzinfo is not None:
        raise DeadlineNotReadable
    first, second = (local.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
    told = {"day": day.strip(), "hour": hour.strip(), "zone": zone}
    if first.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local:
        raise DeadlineHourMissing(**told)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if which is None:
        raise DeadlineHourTwice(**told)
    return (first if which is WhichHour.FIRST else second).astimezone(UTC)
