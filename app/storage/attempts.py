"""How often something was tried of late: a count per bucket, which begins anew when its time is over."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, case, delete
from sqlalchemy.dialects import postgresql, sqlite

from app.storage.tables.account import attempt


@dataclass(frozen=True)
class Attempts:
    """How many attempts were made since ``since``, the latest included."""

    n: int
    since: datetime

    def minutes_left(self, now: datetime, window: timedelta) -> int:
        """How many minutes, begun ones included, until attempts are counted anew."""
        return math.ceil((self.since + window - now) / timedelta(minutes=1))


def _count_one_more(dialect: Any) -> Any:
    now = bindparam("now", type_=attempt.c.window_started_at.type)
    over = attempt.c.window_started_at <= bindparam("over_before", type_=attempt.c.window_started_at.type)
    first = dialect.insert(attempt).values(bucket=bindparam("bucket"), window_started_at=now, n_attempts=1)
    return first.on_conflict_do_update(
        index_elements=["bucket"],
        set_={
            "n_attempts": case((over, 1), else_=attempt.c.n_attempts + 1),
            "window_started_at": case((over, now), else_=attempt.c.window_started_at),
        },
    ).returning(attempt.c.n_attempts, attempt.c.window_started_at)


_COUNT = {"sqlite": _count_one_more(sqlite), "postgresql": _count_one_more(postgresql)}


def count_attempt(connection: Connection, bucket: str, now: datetime, window: timedelta) -> Attempts:
    """Count one more attempt in ``bucket``; those of a window that is over no longer count."""
    row = connection.execute(
        _COUNT[connection.dialect.name], {"bucket": bucket, "now": now, "over_before": now - window}
    ).one()
    return Attempts(row.n_attempts, row.window_started_at)


def forget_attempts(connection: Connection, bucket: str, *, before: datetime) -> None:
    """Forget what was tried in ``bucket``, and everything tried before a moment long past."""
    connection.execute(
        delete(attempt).where((attempt.c.bucket == bucket) | (attempt.c.window_started_at < before))
    )


def forget_old_attempts(connection: Connection, *, before: datetime) -> None:
    """Forget what was tried before a moment long past."""
    connection.execute(delete(attempt).where(attempt.c.window_started_at < before))
