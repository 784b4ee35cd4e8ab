"""What was released to the panel of each round, frozen with the rules under which it was released."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, insert, select

from app.domain.event import canonical_json
from app.domain.protocol import Protocol
from app.domain.round import Round
from app.storage.database import kept
from app.storage.studies import stored_protocol
from app.storage.tables.rounds import released_feedback, round_
from app.storage.tables.study import protocol_version


@dataclass(frozen=True, eq=False)
class ReleasedFeedback:
    """What panelists are shown of a round: its figures, and the protocol under which they were released.

    One that is read again is the same object, and equal to no other.
    """

    round_number: int
    content: Mapping[str, Any]
    protocol: Protocol


_ALL = (
    select(released_feedback.c.round_number, released_feedback.c.content, protocol_version.c.tables)
    .join(
        round_,
        and_(
            round_.c.study_id == released_feedback.c.study_id,
            round_.c.number == released_feedback.c.round_number,
        ),
    )
    .join(
        protocol_version,
        and_(
            protocol_version.c.study_id == round_.c.study_id,
            protocol_version.c.version == round_.c.protocol_version,
        ),
    )
    .where(released_feedback.c.study_id == bindparam("study"))
    .order_by(released_feedback.c.round_number)
)
_ONE = _ALL.where(released_feedback.c.round_number == bindparam("round"))


def insert_released_feedback(
    connection: Connection, study_id: int, number: int, content: Mapping[str, Any], at: datetime
) -> None:
    """Freeze what panelists are shown of a round."""
    connection.execute(
        insert(released_feedback),
        {"study_id": study_id, "round_number": number, "content": canonical_json(content), "released_at": at},
    )


def find_released_feedback(
    connection: Connection, study_id: int, round_: Round | None
) -> ReleasedFeedback | None:
    """What panelists are shown of a round; None before it is released, and of open questions."""
    if round_ is None or round_.fed_back_at is None:
        return None
    number = round_.number
    return kept(connection).get(
        ("released feedback", study_id, number, round_.fed_back_at),
        lambda: _find(connection, study_id, number),
    )


def read_released_feedback(connection: Connection, study_id: int) -> tuple[ReleasedFeedback, ...]:
    """What panelists are shown of every round that was fed back, first to last."""
    return tuple(_released(row) for row in connection.execute(_ALL, {"study": study_id}))


def _find(connection: Connection, study_id: int, number: int) -> ReleasedFeedback | None:
    row = connection.execute(_ONE, {"study": study_id, "round": number}).one_or_none()
    return None if row is None else _released(row)


def _released(row: Row[*tuple[Any, ...]]) -> ReleasedFeedback:
    return ReleasedFeedback(row.round_number, json.loads(row.content), stored_protocol(row.tables))
