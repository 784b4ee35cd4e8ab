"""The states in which the tests of pages find the garden study."""

from collections.abc import Callable

from app.clock import FixedClock
from app.storage.database import Database
from tests.panel_study import PlayedStudy
from tests.prepared import Prepared


def _on(step: Callable[[PlayedStudy], object]) -> Callable[[Database, FixedClock], object]:
    return lambda database, clock: step(PlayedStudy.standing(database, clock))


def take_part(study: PlayedStudy) -> None:
    """Open round 1, and let one panelist take part."""
    study.open_round()
    study.take_part(study.link())


BEGUN = Prepared("garden-begun", PlayedStudy.begin)
ONE_TAKES_PART = Prepared("garden-one-takes-part", _on(take_part), after=BEGUN)
DIVIDED = Prepared("garden-divided", _on(PlayedStudy.divide), after=BEGUN)
DECIDED = Prepared("garden-decided", _on(PlayedStudy.close_round), after=DIVIDED)

LED_TO_BY = {"decided": DECIDED, "divided": DIVIDED, "guest": ONE_TAKES_PART}
"""The states by the fixtures that lead to them, the furthest first."""
