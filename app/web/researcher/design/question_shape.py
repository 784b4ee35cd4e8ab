"""The questions of a design's document in the shape that forms need, and back in the shape that is stored."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from app.domain.question_reading import PROFILE_TABLE
from app.web.researcher.places import place_key

MOST_ROWS: Final = 60
FEWEST_OPTIONS_SHOWN: Final = 3

_OPTION_ROW: Final = re.compile(rf"{PROFILE_TABLE}\[(\d{{1,3}})\]\.option\[(\d{{1,3}})\]\.code")
_OF_THE_FORM: Final = frozenset({"place", "remove"})
_SAYS_NOTHING: Final = _OF_THE_FORM | {"kind", "required", "most_answers"}
_LAST: Final = 10_000


def questions_for_forms(tables: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Questions with their places to be filled in, and so their options."""
    return [
        {**table, "place": place, "option": _placed(table.get("option", ()))}
        for place, table in enumerate(tables, start=1)
    ]


def questions_for_storing(shaped: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The questions that a filled-in form means, in their order: what was emptied or left out is gone."""
    return [_stored(table) for table in _in_places(shaped)]


def lengthen_options(document: dict[str, Any], sent: Iterable[str]) -> None:
    """Make room for the options that were sent."""
    questions = document[PROFILE_TABLE]
    for name in sent:
        if not (found := _OPTION_ROW.fullmatch(name)):
            continue
        place, n = int(found[1]) - 1, min(int(found[2]), MOST_ROWS)
        if 0 <= place < len(questions):
            options = questions[place].setdefault("option", [])
            options.extend({} for _ in range(n - len(options)))


def n_options_shown(table: Mapping[str, Any]) -> int:
    """How many rows of options a question has in a form: one more than it has options."""
    return min(max(len(table.get("option", ())) + 1, FEWEST_OPTIONS_SHOWN), MOST_ROWS)


def _placed(options: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**option, "place": place} for place, option in enumerate(options, start=1)]


def _stored(table: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in table.items() if name not in _OF_THE_FORM}
    options = [
        {name: value for name, value in option.items() if name not in _OF_THE_FORM}
        for option in _in_places(table.get("option", ()))
    ]
    kept["option"] = options
    return {name: value for name, value in kept.items() if name == "required" or value not in ({}, [], None)}


def _in_places(tables: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those that stay, each where its place says."""
    kept = []
    for before, table in enumerate(tables, start=1):
        wanted = table.get("place")
        place = wanted if isinstance(wanted, int | float) else _LAST
        if table.get("remove") is not True and _says_something(table):
            kept.append((place_key(place, before), table))
    return [table for _, table in sorted(kept, key=lambda one: one[0])]


def _says_something(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_says_something(part) for name, part in value.items() if name not in _SAYS_NOTHING)
    if isinstance(value, list):
        return any(_says_something(part) for part in value)
    return bool(value)
