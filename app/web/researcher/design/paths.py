"""Places in a design's document, written as in the faults that name them: ``group[1].name.fr``."""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

_STEP = re.compile(r"([a-z_]+)|\[(\d+)\]")


def steps(path: str) -> tuple[str | int, ...]:
    """The steps of a path; entries of a list are counted from 1 in paths and from 0 here."""
    return tuple(name or int(number) - 1 for name, number in _STEP.findall(path))


def value_at(document: Mapping[str, Any], path: str) -> Any:
    """What stands at a path, or None where nothing does."""
    value: Any = document
    for step in steps(path):
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def with_values(document: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a document with these values at these paths; None takes out what stands there."""
    changed = deepcopy(dict(document))
    for path, value in values.items():
        *way, last = steps(path)
        place: Any = changed
        for step, following in zip(way, [*way[1:], last], strict=True):
            place = _inside(place, step, [] if isinstance(following, int) else {})
        _put(place, last, value)
    return changed


def _inside(place: Any, step: str | int, empty: Any) -> Any:
    if isinstance(step, int):
        while len(place) <= step:
            place.append({})
        return place[step]
    return place.setdefault(step, empty)


def _put(place: Any, last: str | int, value: Any) -> None:
    if isinstance(last, int):
        place.extend("" for _ in range(last + 1 - len(place)))
        place[last] = "" if value is None else value
    elif value is None:
        place.pop(last, None)
    else:
        place[last] = value
