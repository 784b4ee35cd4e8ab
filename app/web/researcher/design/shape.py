"""A design's document in the shape that forms need, and back in the shape that is stored."""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from analysis.scale import Direction
from app.domain.question_reading import OPEN_TABLE, PROFILE_TABLE
from app.web.researcher.design.question_shape import questions_for_forms, questions_for_storing
from app.web.researcher.design.rule_fields import PRESET_FIELDS

_BY_ROUND = ("threshold", "median", "iqr")
_SIDES = ("include", "exclude", "name")
_OWN_FIELDS = {field for fields in PRESET_FIELDS.values() for field in fields}

_USUAL: dict[str, Any] = {
    "minimum_group_size": 5,
    "rounds": 3,
    "withdrawal": "stop",
    "statements_per_page": "topic",
}
_USUAL_TABLES: dict[str, dict[str, Any]] = {
    "feedback": {
        "policy": "all",
        "comments": True,
        "outlier_note": True,
        "reason_when_band_crossed": True,
        "report": False,
    },
    "carry_forward": {"policy": "undecided"},
    "stopping": {"policy": "fixed_rounds"},
}
BLANK_SCALE: dict[str, Any] = {
    "points": [1, 2, 3, 4, 5],
    "direction": Direction.HIGH_IS_AGREEMENT.value,
    "disagree": [1, 2],
    "neutral": [3],
    "agree": [4, 5],
}
_MOST_POINTS_DRAWN = 101
_ENDS = ("lowest", "highest")


def for_forms(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document with everything said that files may leave unsaid, and each thing in a field of its own."""
    shaped = deepcopy(dict(document))
    rules = shaped["protocol"] = {**_USUAL, **shaped.get("protocol", {})}
    for name, usual in _USUAL_TABLES.items():
        rules[name] = {**usual, **rules.get(name, {})}
    if isinstance(rules["rounds"], int):
        rules["rounds"] = ["rating"] * rules["rounds"]
    consensus = rules.setdefault("consensus", {})
    for name in _BY_ROUND:
        if isinstance(consensus.get(name), list):
            consensus[name] = " ".join(str(number) for number in consensus[name])
    for criterion in shaped["criterion"]:
        criterion.setdefault("scale", deepcopy(BLANK_SCALE))
        criterion["labels"] = {
            language: _one_each(named, len(criterion["scale"]["points"]))
            for language, named in criterion.get("labels", {}).items()
        }
    for name in (PROFILE_TABLE, OPEN_TABLE):
        shaped[name] = questions_for_forms(shaped.get(name, ()))
    shaped["scale"] = [edges_of(criterion["scale"]) for criterion in shaped["criterion"]]
    return shaped


def for_storing(shaped: Mapping[str, Any]) -> dict[str, Any]:
    """The document that a filled-in form means; what cannot be read stays, so that its fault can be named."""
    document = with_scales(shaped)
    for name in ("group", "criterion"):
        document[name] = [document[name][place] for place in kept_rows(shaped, name)]
    document.pop("remove", None)
    document.pop("scale", None)
    for name in (PROFILE_TABLE, OPEN_TABLE):
        document[name] = questions_for_storing(document[name])
    rules = document["protocol"]
    rules["rounds"] = [kind for kind in rules["rounds"] if kind]
    rules["consensus"] = _consensus(rules["consensus"])
    return document


def kept_rows(shaped: Mapping[str, Any], name: str) -> list[int]:
    """The places, from 0, of the groups or criteria that stay: neither left out nor empty."""
    out = shaped.get("remove", {}).get(name, [])
    return [
        place
        for place, table in enumerate(shaped[name])
        if not (place < len(out) and out[place] is True) and _says_something(table)
    ]


def with_scales(shaped: Mapping[str, Any]) -> dict[str, Any]:
    """The same with every criterion's scale made of its edges, and a place for the label of each point.

    Edges that make no scale are a fault to be named; the labels stay as they are.
    """
    document = deepcopy(dict(shaped))
    for criterion, edges in zip(document["criterion"], document.get("scale", []), strict=False):
        scale = _scale(edges, criterion.get("scale", {}))
        if scale is None:
            criterion["scale"]["points"] = [edges.get(name) for name in _ENDS]
            continue
        criterion["scale"] = scale
        criterion["labels"] = {
            language: _one_each(named, len(scale["points"]))
            for language, named in criterion.get("labels", {}).items()
        }
    return document


def _one_each(named: object, n: int) -> list[Any]:
    """A label for each point; two labels are those of the ends."""
    given = list(named) if isinstance(named, list) else []
    if len(given) == len(_ENDS):
        given[1:1] = [""] * (n - len(_ENDS))
    return [*given[:n], *[""] * (n - len(given))]


def edges_of(scale: Mapping[str, Any]) -> dict[str, Any]:
    """A scale as forms ask for it: by its ends, and by where its bands end and begin."""
    points = scale["points"]
    rises = scale.get("direction") != Direction.LOW_IS_AGREEMENT
    low, high = ("disagree", "agree") if rises else ("agree", "disagree")
    return {
        "lowest": points[0],
        "highest": points[-1],
        "low_band_to": max(scale[low], default=None),
        "high_band_from": min(scale[high], default=None),
    }


def _scale(edges: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any] | None:
    """A scale from its edges; None when they are no numbers, or lie the wrong way round."""
    direction = before.get("direction", "")
    lowest, highest, low_to, high_from = (
        edges.get(name) for name in (*_ENDS, "low_band_to", "high_band_from")
    )
    if not (isinstance(lowest, int) and isinstance(highest, int)):
        return None
    if not 0 < highest - lowest < _MOST_POINTS_DRAWN:
        return None
    points = list(range(lowest, highest + 1))
    lower = [point for point in points if isinstance(low_to, int) and point <= low_to]
    upper = [point for point in points if isinstance(high_from, int) and point >= high_from]
    rises = direction != Direction.LOW_IS_AGREEMENT
    return {
        "points": points,
        "direction": direction,
        "disagree": lower if rises else upper,
        "neutral": [point for point in points if point not in lower and point not in upper],
        "agree": upper if rises else lower,
    }


def _says_something(value: object) -> bool:
    """Whether anything was filled in; a scale alone is what an empty row comes with."""
    if isinstance(value, Mapping):
        return any(_says_something(part) for name, part in value.items() if name != "scale")
    if isinstance(value, list):
        return any(_says_something(part) for part in value)
    return bool(value)


def _consensus(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The rule without what belongs to other presets; as it was written, where no preset is chosen."""
    preset = rule.get("preset")
    if not preset:
        return {name: value for name, value in rule.items() if value is not None and name not in _OWN_FIELDS}
    wanted = PRESET_FIELDS.get(str(preset), ())
    kept = {
        name: _numbers(value) if name in _BY_ROUND else value
        for name, value in rule.items()
        if name in wanted or name not in {*_OWN_FIELDS, *_SIDES}
    }
    if kept.get("scope") != "at_least":
        kept.pop("at_least", None)
    return {name: value for name, value in kept.items() if value not in (None, "", False)}


def _numbers(value: object) -> Any:
    if not isinstance(value, str):
        return value
    found = [_number(word) for word in re.split(r"[\s;]+", value.strip()) if word]
    return found[0] if len(found) == 1 else found


def _number(word: str) -> int | float | str:
    try:
        number = float(word.replace(",", ".").rstrip("%"))
    except ValueError:
        return word
    return int(number) if number.is_integer() else number
