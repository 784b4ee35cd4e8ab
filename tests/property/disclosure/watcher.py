"""The attacker of real-time rounds: watches a group's figure and knows who rates at every moment.

What happened leaves other histories possible: those in which the same people rated at the same moments, the
watcher's own ratings are the same, and the figure would have shown the same at every moment.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from app.domain.feedback import is_attempt_due, may_advance


@dataclass(frozen=True)
class Act:
    """Somebody rates: at a place on the scale, or is unable to (None); or leaves, and is erased."""

    panelist: int
    place: int | None
    leaves: bool = False


@dataclass(frozen=True)
class Watched:
    """What the figure showed after every act and at the close, and the acts it took in, step by step."""

    states: tuple[tuple[int, ...], ...]
    steps: tuple[tuple[int, ...], ...]


def play(acts: Sequence[Act], n_points: int, k: int) -> Watched:
    """Let the figure follow the acts by the rule."""
    counts, n_attempts = [0] * n_points, 0
    waiting: dict[int, int] = {}
    taken_in: set[int] = set()
    tried: set[int] = set()
    states, steps = [], []

    def take_in() -> None:
        for act in waiting.values():
            counts[acts[act].place or 0] += 1
        taken_in.update(waiting)
        steps.append(tuple(sorted(waiting.values())))
        waiting.clear()

    for position, act in enumerate(acts):
        if act.panelist not in taken_in and (act.leaves or act.panelist not in tried):
            waiting.pop(act.panelist, None)
            if act.place is not None:
                waiting[act.panelist] = position
        if is_attempt_due(len(waiting), n_attempts, k=k):
            if may_advance(_row(acts, waiting, n_points), n_attempts, k=k):
                take_in()
                n_attempts = 0
            else:
                n_attempts += 1
                tried.update(waiting)
        states.append(tuple(counts))
    if may_advance(_row(acts, waiting, n_points), n_attempts, k=k, is_last=True):
        take_in()
    return Watched((*states, tuple(counts)), tuple(steps))


def found_out(acts: Sequence[Act], watcher: int, n_points: int, k: int) -> set[int]:
    """The acts of others whose ratings are the same in every history that was tried.

    Asked about are the ratings that the figure took in, and the last ones of those whom it did not.
    """
    seen = play(acts, n_points, k)
    asked = {act for act in _asked(acts, seen) if acts[act].panelist != watcher}
    for base in _histories(acts, seen, watcher, n_points):
        if not asked:
            break
        if play(base, n_points, k).states != seen.states:
            continue
        asked = _unchanged(asked, acts, base)
        for one, other in combinations(_asked(acts, seen), 2):
            if watcher in (acts[one].panelist, acts[other].panelist) or not {one, other} & asked:
                continue
            history = _with(base, {one: base[other].place, other: base[one].place})
            if history != base and play(history, n_points, k).states == seen.states:
                asked = _unchanged(asked, acts, history)
    return asked


def taken_in_alone(acts: Sequence[Act], n_points: int, k: int) -> set[int]:
    """Who alone makes the whole difference between two states of the figure."""
    return {acts[step[0]].panelist for step in play(acts, n_points, k).steps if len(step) == 1}


def _row(acts: Sequence[Act], waiting: Mapping[int, int], n_points: int) -> list[int]:
    places = [acts[act].place for act in waiting.values()]
    return [places.count(place) for place in range(n_points)]


def _asked(acts: Sequence[Act], seen: Watched) -> list[int]:
    shown = [act for step in seen.steps for act in step]
    known = {acts[act].panelist for act in shown}
    last = {act.panelist: position for position, act in enumerate(acts) if act.panelist not in known}
    return [*shown, *(act for act in last.values() if acts[act].place is not None)]


def _unchanged(asked: set[int], acts: Sequence[Act], history: Sequence[Act]) -> set[int]:
    return {act for act in asked if history[act].place == acts[act].place}


def _histories(acts: Sequence[Act], seen: Watched, watcher: int, n_points: int) -> Iterator[list[Act]]:
    """The truth; the people of one step in another order; everybody whom the figure left out of one mind."""
    yield list(acts)
    for step in seen.steps:
        free = [act for act in step if acts[act].panelist != watcher]
        places = [acts[act].place or 0 for act in free]
        common = max(set(places), key=places.count)
        others = [place for place in places if place != common]
        for n_first in range(3):
            order = [*others[:n_first], *[common] * places.count(common), *others[n_first:]]
            yield _with(acts, {**_drafts(acts, step, watcher, common), **dict(zip(free, order, strict=True))})
    known = {acts[act].panelist for step in seen.steps for act in step} | {watcher}
    mine = [n for n, act in enumerate(acts) if act.panelist not in known]
    for place in range(n_points):
        yield _with(acts, dict.fromkeys(mine, place))


def _drafts(acts: Sequence[Act], step: Sequence[int], watcher: int, place: int) -> dict[int, int | None]:
    """What the people of a step rated before, put to one place."""
    people = {acts[act].panelist: act for act in step if acts[act].panelist != watcher}
    return {n: place for n, act in enumerate(acts) if act.panelist in people and n < people[act.panelist]}


def _with(acts: Sequence[Act], places: Mapping[int, int | None]) -> list[Act]:
    return [
        replace(act, place=act.place if act.place is None else places.get(position, act.place))
        for position, act in enumerate(acts)
    ]
