"""The attacker who forgets nothing: of a small real-time round, every history that could have been.

Who rates at which moment is known, and that whoever rates again rates otherwise. Histories that look the same
to the watcher, at every moment and in what is told of the decision at the end, are put together; somebody is
found out when one of their ratings is the same in all of them, also one that they changed afterwards.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, product

from app.domain.telling import may_tell_decision
from tests.property.disclosure.watcher import Act, Watched, play


class Deed(StrEnum):
    """What somebody does at a moment; whoever leaves is erased."""

    RATES = "rates"
    CANNOT = "cannot"
    LEAVES = "leaves"


Moments = Sequence[tuple[int, Deed]]
"""Who acts, in order, and how."""

_THRESHOLD = 0.7


@dataclass(frozen=True)
class Round:
    """A real-time round of one group: who acts when, who of them watches, and how decisions are told.

    ``keeps_back``: a decision on other ratings than the figures show is not told.
    """

    moments: Moments
    watcher: int
    n_points: int
    k: int
    keeps_back: bool = True

    def n_found_out(self) -> int:
        """In how many of the things that the watcher may see somebody's rating is certain."""
        looks: dict[object, list[set[int]]] = defaultdict(lambda: [set() for _ in self._rated])
        for acts in self._histories():
            places = [acts[position].place or 0 for position in self._rated]
            own = tuple(act.place for act in acts if act.panelist == self.watcher)
            watched = play(acts, self.n_points, self.k)
            for possible, place in zip(
                looks[own, watched.states, self._told(acts, watched)], places, strict=True
            ):
                possible.add(place)
        others = [n for n, at in enumerate(self._rated) if self.moments[at][0] != self.watcher]
        return sum(any(len(possible[n]) == 1 for n in others) for possible in looks.values())

    @property
    def _rated(self) -> list[int]:
        return [position for position, (_, deed) in enumerate(self.moments) if deed is Deed.RATES]

    def _histories(self) -> Iterator[list[Act]]:
        for places in product(range(self.n_points), repeat=len(self._rated)):
            given = dict(zip(self._rated, places, strict=True))
            acts = [
                Act(who, given.get(position), leaves=deed is Deed.LEAVES)
                for position, (who, deed) in enumerate(self.moments)
            ]
            if all(
                one != other for who in dict(self.moments) for one, other in pairwise(_answers(acts, who))
            ):
                yield acts

    def _told(self, acts: Sequence[Act], watched: Watched) -> str:
        last = {act.panelist: act.place for act in acts}
        counted = {acts[act].panelist: acts[act].place for step in watched.steps for act in step}
        rated = {who: place for who, place in last.items() if place is not None}
        row = [list(rated.values()).count(place) for place in range(self.n_points)]
        is_as_shown = rated == counted or not self.keeps_back
        if not may_tell_decision({"peers": row}, k=self.k, is_as_shown=is_as_shown):
            return ""
        for word, n in (("in", row[-1]), ("out", row[0])):
            if n >= _THRESHOLD * len(rated):
                return word
        return "open"


def _answers(acts: Sequence[Act], who: int) -> list[int | None]:
    return [act.place for act in acts if act.panelist == who]


def some_moments(chance: random.Random, n_people: int, n_again: int) -> list[tuple[int, Deed]]:
    """Everybody rates in some order; some act again, at once or later, and not all of these can rate."""
    moments = [(who, Deed.RATES) for who in chance.sample(range(n_people), n_people)]
    for who in (chance.randrange(n_people) for _ in range(n_again)):
        first = next(at for at, (one, _) in enumerate(moments) if one == who)
        at = chance.choice((len(moments), chance.randint(first + 1, len(moments))))
        deed = chance.choice((Deed.RATES, Deed.RATES, Deed.RATES, Deed.CANNOT, Deed.LEAVES))
        moments.insert(at, (who, deed))
    return [one for at, one in enumerate(moments) if (one[0], Deed.LEAVES) not in moments[:at]]
