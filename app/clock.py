"""What time it is: asked of a clock that is handed in, so that tests and the demonstration can set it."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Whatever can say what time it is."""

    def now(self) -> datetime:
        """Return the present moment, timezone-aware and in UTC."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is set or moved."""

    def __init__(self, at: datetime) -> None:
        self.set(at)

    def now(self) -> datetime:
        """Return the moment at which the clock stands, in UTC."""
        return self._at

    def set(self, at: datetime) -> None:
        """Put the clock at a moment, which must be timezone-aware."""
        if at.utcoffset() is None:
            raise ValueError(f"A clock needs a timezone-aware moment, and {at.isoformat()} has no zone.")
        self._at = at.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move the clock by a span of time."""
        self._at += by
