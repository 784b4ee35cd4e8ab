"""States in which many tests begin: each is made by the services once in a run, and every test copies it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from app.clock import FixedClock
from app.storage.database import Database

BEGINNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""What every test's clock says at first."""


@dataclass(frozen=True)
class Prepared:
    """What a database holds besides the schema.

    Attributes
    ----------
    name
        By which the processes of a run know that they speak of the same state.
    play
        What leads to it, by the services.
    after
        The state that it begins with; None is an empty database.
    """

    name: str
    play: Callable[[Database, FixedClock], object]
    after: "Prepared | None" = None

    def play_in(self, url: str) -> None:
        """Lead a database from the state before to this one."""
        database = Database(url)
        try:
            self.play(database, FixedClock(BEGINNING))
        finally:
            database.close()
