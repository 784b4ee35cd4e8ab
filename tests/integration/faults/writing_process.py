"""A panelist's process: saves one rating after the other, and says so after each, until it is killed."""

import sys
from datetime import datetime
from itertools import count

from app.clock import FixedClock
from app.domain.rating import RatingChange
from app.services.consent import give_consent
from app.services.entering import enter_by_link, find_panelist
from app.services.ratings import save_answers
from app.storage.database import Database


def point_of(version: int) -> int:
    """The point that the process gives in a version of its rating."""
    return 1 + version % 3


def rate_for_ever(url: str, slug: str, token: str, now: str) -> None:
    """Print the version of every rating once it is saved."""
    database, clock = Database(url), FixedClock(datetime.fromisoformat(now))
    entered = enter_by_link(database, clock, token, session_hours=1)
    visitor = find_panelist(database, clock, slug, entered.session_token)
    give_consent(database, clock, visitor)
    for version in count(1):
        change = RatingChange("S01", "agreement", point_of(version), False, version - 1)
        saved = save_answers(database, clock, visitor, 1, [change])
        sys.stdout.write(f"{saved.versions['S01', 'agreement']}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    rate_for_ever(*sys.argv[1:])
