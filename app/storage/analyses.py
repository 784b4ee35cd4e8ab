"""The stored analyses of rounds, as they were written."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, bindparam, case, func, select, tuple_

from app.storage.database import kept
from app.storage.kept import Itself, Kept
from app.storage.tables.rounds import round_analysis

_MOST_KEPT: Final = 32
"""How many results are kept in memory; that of a study with hundreds of statements has some megabytes."""

_RESULTS: Final = Kept(_MOST_KEPT)
_KEY = (round_analysis.c.study_id, round_analysis.c.round_number, round_analysis.c.id)
_NEWEST = (
    select(*_KEY[:2], func.max(round_analysis.c.id).label("id"))
    .where(round_analysis.c.study_id.in_(bindparam("studies", expanding=True)))
    .group_by(*_KEY[:2])
    .order_by(*_KEY[:2])
)
_DECIDED = (
    select(
        round_analysis.c.study_id,
        round_analysis.c.decisions,
        case((round_analysis.c.decisions.is_(None), round_analysis.c.result)),
    )
    .where(tuple_(*_KEY).in_(bindparam("keys", expanding=True)))
    .order_by(*_KEY)
)
_WRITTEN = select(*_KEY, round_analysis.c.result).where(tuple_(*_KEY).in_(bindparam("keys", expanding=True)))


def decisions_in(result: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What a stored result decides on each statement, by criterion."""
    decided: dict[str, dict[str, str]] = {}
    for entry in result["statements"]:
        decided.setdefault(entry["statement"], {})[entry["criterion"]] = entry["decision"]
    return decided


def read_newest_decisions(
    connection: Connection, study_ids: Collection[int]
) -> dict[int, list[dict[str, dict[str, str]]]]:
    """What every analysed round of these studies decides, by study, first round first.

    A whole result is read only of what an earlier release stored while this one took its place.
    """
    found: dict[int, list[dict[str, dict[str, str]]]] = defaultdict(list)
    keys = [tuple(row) for row in connection.execute(_NEWEST, {"studies": list(study_ids)})]
    for study_id, decisions, result in connection.execute(_DECIDED, {"keys": keys}) if keys else ():
        found[study_id].append(json.loads(decisions) if decisions else decisions_in(json.loads(result)))
    return found


def read_newest_results(connection: Connection, study_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """The newest result (JSON) of every analysed round of these studies, by study and round, in order.

    A result never changes, so one that was read before is not read again.
    """
    database = Itself(kept(connection))
    keys = [tuple(row) for row in connection.execute(_NEWEST, {"studies": list(study_ids)})]
    found = {key: _RESULTS.find((database, key)) for key in keys}
    unread = [key for key, result in found.items() if result is None]
    for *key, result in connection.execute(_WRITTEN, {"keys": unread}) if unread else ():
        found[tuple(key)] = _RESULTS.get((database, tuple(key)), partial(str, result))
    newest: dict[int, dict[int, str]] = defaultdict(dict)
    for (study_id, number, _), result in found.items():
        newest[study_id][number] = result
    return newest
