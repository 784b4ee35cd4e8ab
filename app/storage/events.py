"""The log of a study: appended to, read in order, never changed."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Text,
    bindparam,
    func,
    insert,
    select,
    update,
)

from app.domain.event import (
    EMPTY_CHAIN,
    Event,
    EventKind,
    Link,
    canonical_json,
    chain_hash,
    said_as_written,
    said_for_chain,
)
from app.storage.database import locks_rows
from app.storage.prepared import Prepared, ask_together
from app.storage.tables.log import event, event_chain

_HEAD = select(event_chain.c.n_events, event_chain.c.head).where(event_chain.c.study_id == bindparam("study"))
_HEAD_FREE = Prepared(_HEAD)
_MOVE_HEAD = Prepared(
    update(event_chain)
    .where(event_chain.c.study_id == bindparam("study"))
    .values(n_events=bindparam("sequence"), head=bindparam("hash"))
)
_APPEND = Prepared(insert(event))


def _append_at_head() -> Prepared:
    """Append an event by PostgreSQL alone, with the hash of :func:`app.domain.event.chain_hash`.

    Whoever waits for the log need not wait until we have read its head and thought of the next one.
    """
    before = _HEAD.with_for_update().cte("before")
    sequence = before.c.n_events + 1
    hashed = func.concat('["', before.c.head, '",', sequence, ",", bindparam("said", type_=Text))
    written = select(
        sequence.label("sequence"),
        before.c.head.label("previous_hash"),
        func.encode(func.sha256(func.convert_to(hashed, "UTF8")), "hex").label("hash"),
    ).cte("written")
    moved = (
        update(event_chain)
        .where(event_chain.c.study_id == bindparam("study"))
        .values(n_events=written.c.sequence, head=written.c.hash)
        .returning(event_chain.c.study_id)
        .cte("moved")
    )
    said = [bindparam(name, type_=event.c[name].type) for name in ("kind", "actor", "occurred_at", "payload")]
    row = select(bindparam("study", type_=Integer), *written.c, *said).add_cte(moved)
    names = ["study_id", *written.c.keys(), *(one.key for one in said)]
    return Prepared(insert(event).from_select(names, row))


_APPEND_AT_HEAD = _append_at_head()

_PANELIST = "panelist:"
_EVENTS_AT_ONCE = 1000


@dataclass(frozen=True)
class EventFilter:
    """Which events of a log are wanted; all of them, unless something is said.

    Parameters
    ----------
    of_panelists
        Only what panelists did (True), only what others did (False), or both (None).
    actor
        Only what this one did, as the log names them.
    kinds
        Only events of these kinds.
    since, until
        Only events from the one moment on, and before the other.
    """

    of_panelists: bool | None = None
    actor: str = ""
    kinds: Collection[str] | None = None
    since: datetime | None = None
    until: datetime | None = None


def start_chain(connection: Connection, study_id: int) -> None:
    """Give a new study an empty log."""
    connection.execute(insert(event_chain), {"study_id": study_id, "n_events": 0, "head": EMPTY_CHAIN})


def append_event(
    connection: Connection,
    study_id: int,
    kind: EventKind,
    actor: str,
    occurred_at: datetime,
    payload: Mapping[str, object],
) -> None:
    """Write one event at the end of the study's chain.

    Call it last in a transaction: until the commit the head is locked and other writers of the study wait.
    """
    saying: dict[str, Any] = {"kind": kind, "actor": actor, "occurred_at": occurred_at}
    told = canonical_json(payload)
    if locks_rows(connection):
        said = said_for_chain(**saying, payload=payload)
        _APPEND_AT_HEAD.all(connection, study=study_id, said=said, **saying, payload=told)
        return
    ((n_events, previous),) = _HEAD_FREE.all(connection, study=study_id)
    sequence = n_events + 1
    written = chain_hash(previous, sequence=sequence, **saying, payload=payload)
    ask_together(
        connection,
        _APPEND.question(
            list,
            study_id=study_id,
            sequence=sequence,
            **saying,
            payload=told,
            previous_hash=previous,
            hash=written,
        ),
        _MOVE_HEAD.question(list, study=study_id, sequence=sequence, hash=written),
    )


def read_chain_head(connection: Connection, study_id: int) -> tuple[int, str]:
    """How many events the study's log has, and the hash of the last one."""
    n_events, head = connection.execute(_HEAD, {"study": study_id}).one()
    return n_events, head


def read_events(connection: Connection, study_id: int) -> Iterator[Event]:
    """All events of a study, oldest first."""
    rows = connection.execute(select(event).where(event.c.study_id == study_id).order_by(event.c.sequence))
    for row in rows:
        yield _event(row)


def read_links(connection: Connection, study_id: int) -> Iterator[Link]:
    """The whole chain, oldest first, of which nothing is made but what its hashes are computed of."""
    query = select(
        event.c.sequence,
        event.c.kind,
        event.c.actor,
        event.c.occurred_at,
        event.c.payload,
        event.c.previous_hash,
        event.c.hash,
    ).where(event.c.study_id == study_id)
    # Whoever finds a broken link reads no further.
    with connection.execute(
        query.order_by(event.c.sequence), execution_options={"yield_per": _EVENTS_AT_ONCE}
    ) as rows:
        for sequence, kind, actor, occurred_at, payload, previous_hash, written in rows:
            yield Link(sequence, said_as_written(kind, actor, occurred_at, payload), previous_hash, written)


def find_newest_event(connection: Connection, study_id: int, kinds: Collection[EventKind]) -> Event | None:
    """The last event of one of these kinds."""
    row = connection.execute(
        select(event)
        .where(event.c.study_id == study_id, event.c.kind.in_(kinds))
        .order_by(event.c.sequence.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _event(row)


def read_newest_events(
    connection: Connection, study_id: int, wanted: EventFilter, *, before: int | None, limit: int
) -> tuple[Event, ...]:
    """The newest events that are wanted, newest first.

    Parameters
    ----------
    wanted
        Which of the study's events.
    before
        Only events earlier than the one of this number.
    limit
        How many at most.
    """
    query = select(event).where(event.c.study_id == study_id, *_conditions(wanted))
    if before is not None:
        query = query.where(event.c.sequence < before)
    return tuple(
        _event(row) for row in connection.execute(query.order_by(event.c.sequence.desc()).limit(limit))
    )


def read_actors(connection: Connection, study_id: int) -> frozenset[str]:
    """Everybody but panelists who ever did something in the study, as the log names them."""
    by_others = ~event.c.actor.startswith(_PANELIST)
    return frozenset(
        connection.scalars(select(event.c.actor).distinct().where(event.c.study_id == study_id, by_others))
    )


def find_sequence(connection: Connection, study_id: int, written: str) -> int | None:
    """The number of the event with this hash; None when the study has none."""
    query = select(event.c.sequence).where(event.c.study_id == study_id, event.c.hash == written)
    found: int | None = connection.scalar(query)
    return found


def _conditions(wanted: EventFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.of_panelists is not None:
        by_panelist = event.c.actor.startswith(_PANELIST)
        yield by_panelist if wanted.of_panelists else ~by_panelist
    if wanted.actor:
        yield event.c.actor == wanted.actor
    if wanted.kinds is not None:
        yield event.c.kind.in_(wanted.kinds)
    if wanted.since is not None:
        yield event.c.occurred_at >= wanted.since
    if wanted.until is not None:
        yield event.c.occurred_at < wanted.until


def _event(row: Row[Any]) -> Event:
    return Event(
        sequence=row.sequence,
        kind=row.kind,
        actor=row.actor,
        occurred_at=row.occurred_at,
        payload=json.loads(row.payload),
        previous_hash=row.previous_hash,
        hash=row.hash,
    )
