"""The states in which the tests of pages find the garden study."""

from collections.abc import Callable
from functools import partial

from app.domain.study_definition import StudyDefinition
from tests.panel_study import STATEMENTS, PlayedStudy
from tests.prepared import Prepared


def begun_with(name: str, definition: StudyDefinition) -> Prepared:
    """Another study under the garden's name, before its first round."""
    return Prepared(name, partial(PlayedStudy.begin, definition=definition))


def led_on(before: Prepared, name: str, step: Callable[[PlayedStudy], object]) -> Prepared:
    """A later state of the study, to which a step leads."""
    return Prepared(name, lambda database, clock: step(PlayedStudy.standing(database, clock)), after=before)


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
ONE_TAKES_PART = led_on(BEGUN, "garden-one-takes-part", take_part)
DIVIDED = led_on(BEGUN, "garden-divided", PlayedStudy.divide)
DECIDED = led_on(DIVIDED, "garden-decided", PlayedStudy.close_round)
DECIDED_TWICE = led_on(DECIDED, "garden-decided-twice", decide_again)

LED_TO_BY = {"decided_twice": DECIDED_TWICE, "decided": DECIDED, "divided": DIVIDED, "guest": ONE_TAKES_PART}
"""The states by the fixtures that lead to them, the furthest first."""
