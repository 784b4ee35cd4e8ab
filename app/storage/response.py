"""How far the panel has come in each round: counted as it comes, so that to tell it of many costs no more.

A count changes in the transaction that changes what is counted. Whoever takes a step in a round shares the
panelist and moves one count; whoever changes what is known of a panelist holds them alone, and then every
count of the study. So nobody counts what another transaction is about to change.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.storage.database import locks_rows
from app.storage.prepared import Prepared
from app.storage.tables.panel import identity, panelist
from app.storage.tables.rounds import participation, response_count
from app.storage.tables.study import stakeholder_group


@dataclass(frozen=True)
class FlowRow:
    """How far the panelists of one group and language have come.

    From ``n_opened`` to ``n_submitted`` each number includes the next. ``n_reached``: a mail server took
    their e-mail. ``n_bounced``: theirs was refused for good, and none has reached them since. ``n_declined``
    and ``n_withdrawn``: of those asked, who left, whenever that was.
    """

    round: int
    group: str
    language: str
    n_invited: int
    n_opened: int
    n_started: int
    n_submitted: int
    n_reached: int = 0
    n_bounced: int = 0
    n_declined: int = 0
    n_withdrawn: int = 0


class Step(StrEnum):
    """A step of a panelist in a round, as its moment is called."""

    REACHED = "reached_at"
    OPENED = "opened_at"
    STARTED = "started_at"
    SUBMITTED = "submitted_at"


_Place = tuple[int, int, int, str]

_PLACE: Final = ("study_id", "round_number", "group_id", "language")
_COUNTS: Final = tuple(column.name for column in response_count.c if column.name not in _PLACE)
_DIALECTS: Final[Mapping[str, Any]] = {"sqlite": sqlite, "postgresql": postgresql}

_FLOW = (
    select(
        response_count.c.round_number,
        stakeholder_group.c.code,
        response_count.c.language,
        *(response_count.c[name] for name in _COUNTS),
    )
    .join(
        stakeholder_group,
        and_(
            stakeholder_group.c.study_id == response_count.c.study_id,
            stakeholder_group.c.id == response_count.c.group_id,
        ),
    )
    .where(response_count.c.study_id == bindparam("study"), response_count.c.n_invited > 0)
    .order_by(response_count.c.round_number, stakeholder_group.c.position, response_count.c.language)
)
_FLOW_OF_ROUND = _FLOW.where(response_count.c.round_number == bindparam("round"))

_COUNTED = (
    select(
        participation.c.study_id,
        participation.c.round_number,
        panelist.c.group_id,
        panelist.c.language,
        func.count().label("n_invited"),
        func.count(participation.c.opened_at).label("n_opened"),
        func.count(participation.c.started_at).label("n_started"),
        func.count(participation.c.submitted_at).label("n_submitted"),
        func.count(participation.c.reached_at).label("n_reached"),
        func.count(identity.c.bounced_at).filter(participation.c.reached_at.is_(None)).label("n_bounced"),
        func.count(panelist.c.declined_at).label("n_declined"),
        func.count(panelist.c.withdrawn_at).label("n_withdrawn"),
    )
    .join(
        panelist,
        and_(panelist.c.study_id == participation.c.study_id, panelist.c.id == participation.c.panelist_id),
    )
    .outerjoin(
        identity, and_(identity.c.study_id == panelist.c.study_id, identity.c.panelist_id == panelist.c.id)
    )
    .where(participation.c.study_id == bindparam("study"))
    .group_by(
        participation.c.study_id, participation.c.round_number, panelist.c.group_id, panelist.c.language
    )
)
_COUNTED_OF_PANELIST = _COUNTED.where(participation.c.panelist_id == bindparam("panelist"))

_PANELIST = and_(panelist.c.study_id == bindparam("study"), panelist.c.id == bindparam("panelist"))
_HOLD_PANELIST = select(panelist.c.id).where(_PANELIST).with_for_update(key_share=True)
_SHARE_PANEL = (
    select(panelist.c.id)
    .where(panelist.c.study_id == bindparam("study"))
    .order_by(panelist.c.id)
    .with_for_update(read=True)
)
_HOLD_COUNTS = (
    select(response_count.c.round_number)
    .where(response_count.c.study_id == bindparam("study"))
    .order_by(*(response_count.c[name] for name in _PLACE))
    .with_for_update()
)
_IS_BOUNCED = (
    select(func.count(identity.c.bounced_at))
    .where(identity.c.study_id == bindparam("study"), identity.c.panelist_id == bindparam("panelist"))
    .scalar_subquery()
)


def _count_one_more(step: Step) -> Prepared:
    n = response_count.c[f"n_{step.name.lower()}"]
    values = {n.name: n + 1}
    if step is Step.REACHED:
        values["n_bounced"] = response_count.c.n_bounced - _IS_BOUNCED
    return Prepared(
        update(response_count)
        .where(
            response_count.c.study_id == panelist.c.study_id,
            response_count.c.group_id == panelist.c.group_id,
            response_count.c.language == panelist.c.language,
            response_count.c.round_number == bindparam("round"),
            _PANELIST,
        )
        .values(values)
    )


_ONE_MORE: Final = {step: _count_one_more(step) for step in Step}


def _write_counts(dialect: Any, *, as_addition: bool) -> Any:
    """Counts of the whole study in place of those before; or differences, added to them."""
    written = dialect.insert(response_count)
    if not as_addition:
        written = written.from_select([*_PLACE, *_COUNTS], _COUNTED)
    counts = {name: written.excluded[name] for name in _COUNTS}
    if as_addition:
        counts = {name: response_count.c[name] + difference for name, difference in counts.items()}
    return written.on_conflict_do_update(index_elements=list(_PLACE), set_=counts)


_ADD = {name: _write_counts(dialect, as_addition=True) for name, dialect in _DIALECTS.items()}
_RECOUNT = {name: _write_counts(dialect, as_addition=False) for name, dialect in _DIALECTS.items()}


def count_flow(connection: Connection, study_id: int) -> tuple[FlowRow, ...]:
    """How far the panel has come in every round, by group and language."""
    return _read(connection, _FLOW, study=study_id)


def count_flow_of_round(connection: Connection, study_id: int, number: int) -> tuple[FlowRow, ...]:
    """The same in one round."""
    return _read(connection, _FLOW_OF_ROUND, study=study_id, round=number)


def count_step(connection: Connection, study_id: int, number: int, panelist_id: int, step: Step) -> None:
    """Count that a panelist, whom the caller shares, has taken a step in a round for the first time."""
    _ONE_MORE[step].all(connection, study=study_id, round=number, panelist=panelist_id)


@contextmanager
def counted_anew(connection: Connection, study_id: int, panelist_id: int) -> Iterator[None]:
    """Hold a panelist alone, and count them after the block as they are then."""
    key = {"study": study_id, "panelist": panelist_id}
    if locks_rows(connection):
        connection.execute(_HOLD_PANELIST, key)
    before = _counts_of(connection, key)
    yield
    after = _counts_of(connection, key)
    moved = {
        place: {name: after[place][name] - before[place][name] for name in _COUNTS}
        for place in sorted({*before, *after})
        if after[place] != before[place]
    }
    if moved:
        _hold_counts(connection, study_id)
        rows = [dict(zip(_PLACE, place, strict=True)) | counts for place, counts in moved.items()]
        connection.execute(_ADD[connection.dialect.name], rows)


@contextmanager
def recounted(connection: Connection, study_id: int) -> Iterator[None]:
    """Share the whole panel, and count all of it after the block."""
    key = {"study": study_id}
    if locks_rows(connection):
        connection.execute(_SHARE_PANEL, key)
    yield
    _hold_counts(connection, study_id)
    of_study = update(response_count).where(response_count.c.study_id == study_id)
    connection.execute(of_study.values(dict.fromkeys(_COUNTS, 0)))
    connection.execute(_RECOUNT[connection.dialect.name], key)


def _hold_counts(connection: Connection, study_id: int) -> None:
    if locks_rows(connection):
        connection.execute(_HOLD_COUNTS, {"study": study_id})


def _counts_of(connection: Connection, key: Mapping[str, int]) -> defaultdict[_Place, Counter[str]]:
    found: defaultdict[_Place, Counter[str]] = defaultdict(Counter)
    for study_id, number, group_id, language, *counts in connection.execute(_COUNTED_OF_PANELIST, key):
        found[study_id, number, group_id, language].update(dict(zip(_COUNTS, counts, strict=True)))
    return found


def _read(connection: Connection, query: Select[Any], **key: int) -> tuple[FlowRow, ...]:
    return tuple(FlowRow(*row) for row in connection.execute(query, key))
