"""The states in which the tests of pages find the garden study."""

from collections.abc import Callable

from app.clock import FixedClock
from app.storage.database import Database
from tests.panel_study import STATEMENTS, PlayedStudy
from tests.prepared import Prepared


def _on(step: Callable[[PlayedStudy], object]) -> Callable[[Database, FixedClock], object]:
    return lambda database, clock: step(PlayedStudy.standing(database, clock))


def take_part(study: PlayedStudy) -> None:
    """Open round 1, and let one panelist take part."""
    study.open_round()
    study.take_part(study.link())


def decide_again(study: PlayedStudy) -> None:
    """Hold round 2: half of the gardeners come to agree on S02, and one panelist stays away."""
    study.release_feedback()
    study.open_round()
    for place, link in enumerate(study.links[:-1]):
        points: dict[str, int | None] = dict.fromkeys(STATEMENTS, 4 + place % 2)
        points["S02"] = 5 if link.group != "gardeners" or place % 4 == 0 else 1
        study.rate(study.visitor(link), points, {"S02": f"Comment {place}"} if place < 3 else None)
    study.close_round()


BEGUN = Prepared("garden-begun", PlayedStudy.begin)
ONE_TAKES_PART = Prepared("garden-one-takes-part", _on(take_part), after=BEGUN)
DIVIDED = Prepared("garden-divided", _on(PlayedStudy.divide), after=BEGUN)
DECIDED = Prepared("garden-decided", _on(PlayedStudy.close_round), after=DIVIDED)
DECIDED_TWICE = Prepared("garden-decided-twice", _on(decide_again), after=DECIDED)

LED_TO_BY = {"decided_twice": DECIDED_TWICE, "decided": DECIDED, "divided": DIVIDED, "guest": ONE_TAKES_PART}
"""The states by the fixtures that lead to them, the furthest first."""
