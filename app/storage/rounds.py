"""Rounds, their questionnaires, who takes part, and what was kept when they closed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Row, and_, bindparam, func, insert, select, update

from app.domain.event import canonical_json
from app.domain.panel import Panelist
from app.domain.round import Round, RoundKind, RoundMode, RoundStatus
from app.storage import panel
from app.storage.analyses import decisions_in
from app.storage.database import locks_rows
from app.storage.prepared import Prepared, ask_together
from app.storage.response import Step, count_step, recounted
from app.storage.tables.rounds import (
    counts_snapshot,
    participation,
    round_,
    round_analysis,
    round_statement,
)
from app.storage.tables.study import study

_ALL = select(round_).where(round_.c.study_id == bindparam("study")).order_by(round_.c.number)
_ONE = select(round_).where(round_.c.study_id == bindparam("study"), round_.c.number == bindparam("round"))
_UNLOCKED = Prepared(_ONE)
_SHARED = Prepared(_ONE.with_for_update(read=True))
_ONE_EXCLUSIVE = _ONE.with_for_update()
_ROUND_KEY = bindparam("study", type_=Integer), bindparam("round", type_=Integer)
_QUEUE_TO_SHARE = Prepared(select(func.pg_advisory_xact_lock_shared(*_ROUND_KEY)))
_QUEUE_TO_HOLD = select(func.pg_advisory_xact_lock(*_ROUND_KEY))
_PARTICIPATION = select(participation).where(
    participation.c.study_id == bindparam("study"),
    participation.c.round_number == bindparam("round"),
    participation.c.panelist_id == bindparam("panelist"),
)
_ALL_WITH_PART = Prepared(
    select(round_, *(column.label(f"part_{column.name}") for column in participation.c))
    .outerjoin(
        participation,
        and_(
            participation.c.study_id == round_.c.study_id,
            participation.c.round_number == round_.c.number,
            participation.c.panelist_id == bindparam("panelist"),
        ),
    )
    .where(round_.c.study_id == bindparam("study"))
    .order_by(round_.c.number)
)
_PARTICIPATION_LOCKED = _PARTICIPATION.with_for_update()
_PART = Prepared(_PARTICIPATION)
_PART_IN_TURN = Prepared(_PARTICIPATION_LOCKED)


@dataclass(frozen=True)
class StoredParticipation:
    """A panelist's way through one round, as moments; None where it has not come to that."""

    panelist_id: int
    invited_at: datetime
    opened_at: datetime | None
    started_at: datetime | None
    submitted_at: datetime | None
    receipt_code: str | None


@dataclass(frozen=True)
class StoredAnalysis:
    """An analysis as it was stored: what went in, by which rules and seed, and what came out (JSON)."""

    round_number: int
    input_sha256: str
    protocol_version: int
    code_version: str
    seed: int
    result: Mapping[str, Any]
    created_at: datetime


def read_rounds(connection: Connection, study_id: int) -> tuple[Round, ...]:
    """The study's rounds, first to last."""
    return tuple(_round(row) for row in connection.execute(_ALL, {"study": study_id}))


def read_rounds_of(
    connection: Connection, study_id: int, panelist_id: int
) -> tuple[tuple[Round, StoredParticipation | None], ...]:
    """The study's rounds, first to last, each with one panelist's way through it; None where not invited."""
    rows = _ALL_WITH_PART.all(connection, study=study_id, panelist=panelist_id)
    return tuple((_round(row), _part_beside(row)) for row in rows)


def find_round(connection: Connection, study_id: int, number: int) -> Round | None:
    """One round, not locked."""
    return _find(connection, _ONE, study_id, number)


def share_round(
    connection: Connection, study_id: int, number: int, panelist_id: int
) -> tuple[Round | None, Panelist, StoredParticipation | None]:
    """A round that cannot be closed before this transaction ends, and a panelist who cannot withdraw.

    Many may hold the round at once. Two requests of the same panelist take turns from here on.
    """
    key = {"study": study_id, "round": number}
    locks = locks_rows(connection)
    *_, round_, shared, part = ask_together(
        connection,
        *([_QUEUE_TO_SHARE.question(list, **key)] if locks else []),
        (_SHARED if locks else _UNLOCKED).question(lambda rows: _round(rows[0]) if rows else None, **key),
        panel.to_share_panelist(study_id, panelist_id),
        (_PART_IN_TURN if locks else _PART).question(
            lambda rows: _participation(rows[0]) if rows else None, **key, panelist=panelist_id
        ),
    )
    return round_, shared, part


def hold_round(connection: Connection, study_id: int, number: int) -> Round | None:
    """One round, held alone: everybody who rates in it waits until this transaction ends."""
    if not locks_rows(connection):
        return _find(connection, _ONE, study_id, number)
    # Row locks let newcomers share past a waiting closer, who would wait until nobody rates any more.
    # Advisory locks keep the order of asking.
    connection.execute(_QUEUE_TO_HOLD, {"study": study_id, "round": number})
    return _find(connection, _ONE_EXCLUSIVE, study_id, number)


def find_rounds_to_close(connection: Connection, now: datetime) -> tuple[tuple[str, int], ...]:
    """The rounds that close by themselves and whose deadline has passed, each with its study's slug."""
    rows = connection.execute(
        select(study.c.slug, round_.c.number)
        .join(study, study.c.id == round_.c.study_id)
        .where(
            round_.c.status == RoundStatus.OPEN, round_.c.closes_itself.is_(True), round_.c.closes_at <= now
        )
        .order_by(round_.c.closes_at, study.c.id)
    )
    return tuple((row.slug, row.number) for row in rows)


def insert_round(
    connection: Connection, study_id: int, drafted: Round, statements: Iterable[tuple[int, int]]
) -> None:
    """Draft a round over ``statements``, each ``(id, version)``, in this order; an open round has none."""
    connection.execute(
        insert(round_),
        {
            "study_id": study_id,
            "number": drafted.number,
            "kind": drafted.kind,
            "mode": drafted.mode,
            "status": RoundStatus.DRAFT,
            "protocol_version": drafted.protocol_version,
        },
    )
    rows = [
        {
            "study_id": study_id,
            "round_number": drafted.number,
            "statement_id": id_,
            "version": version,
            "position": position,
        }
        for position, (id_, version) in enumerate(statements, start=1)
    ]
    if rows:
        connection.execute(insert(round_statement), rows)


def update_round(connection: Connection, study_id: int, number: int, **values: object) -> None:
    """Write a round's new status and moments."""
    connection.execute(
        update(round_).where(round_.c.study_id == study_id, round_.c.number == number).values(**values)
    )


def count_round_statements(connection: Connection, study_id: int) -> dict[int, int]:
    """How many statements each round has, by round number."""
    rows = connection.execute(
        select(round_statement.c.round_number, func.count().label("n"))
        .where(round_statement.c.study_id == study_id)
        .group_by(round_statement.c.round_number)
    )
    return {row.round_number: row.n for row in rows}


def invite(
    connection: Connection, study_id: int, number: int, panelist_ids: Iterable[int], at: datetime
) -> None:
    """Ask these panelists in this round; the caller holds the study."""
    rows = [
        {"study_id": study_id, "round_number": number, "panelist_id": panelist_id, "invited_at": at}
        for panelist_id in panelist_ids
    ]
    if rows:
        with recounted(connection, study_id):
            connection.execute(insert(participation), rows)


def find_participation(
    connection: Connection, study_id: int, number: int, panelist_id: int, *, locked: bool = False
) -> StoredParticipation | None:
    """A panelist's way through a round; with ``locked`` two requests of the same panelist take turns."""
    query = _PARTICIPATION_LOCKED if locked and locks_rows(connection) else _PARTICIPATION
    row = connection.execute(
        query, {"study": study_id, "round": number, "panelist": panelist_id}
    ).one_or_none()
    return None if row is None else _participation(row)


def note_step(
    connection: Connection,
    study_id: int,
    number: int,
    panelist_id: int,
    step: Step,
    at: datetime,
    **values: object,
) -> None:
    """Note and count a panelist's step in a round, unless it was taken before; the caller shares them."""
    taken = connection.execute(
        update(participation)
        .where(
            participation.c.study_id == study_id,
            participation.c.round_number == number,
            participation.c.panelist_id == panelist_id,
            participation.c[step].is_(None),
        )
        .values({step.value: at, **values})
    )
    if taken.rowcount:
        count_step(connection, study_id, number, panelist_id, step)


def insert_snapshot(
    connection: Connection, study_id: int, number: int, content: Mapping[str, Any], sha256: str, at: datetime
) -> None:
    """Keep the counts with which a round closed."""
    connection.execute(
        insert(counts_snapshot),
        {
            "study_id": study_id,
            "round_number": number,
            "content": canonical_json(content),
            "sha256": sha256,
            "taken_at": at,
        },
    )


def replace_snapshot(
    connection: Connection, study_id: int, number: int, content: Mapping[str, Any], sha256: str, at: datetime
) -> None:
    """Keep other counts of a closed round in place of those before."""
    connection.execute(
        update(counts_snapshot)
        .where(counts_snapshot.c.study_id == study_id, counts_snapshot.c.round_number == number)
        .values(content=canonical_json(content), sha256=sha256, taken_at=at)
    )


def read_snapshot(connection: Connection, study_id: int, number: int) -> tuple[Mapping[str, Any], str]:
    """The counts with which a round closed, and their fingerprint."""
    row = connection.execute(
        select(counts_snapshot.c.content, counts_snapshot.c.sha256).where(
            counts_snapshot.c.study_id == study_id, counts_snapshot.c.round_number == number
        )
    ).one()
    return json.loads(row.content), row.sha256


def insert_analysis(connection: Connection, study_id: int, analysis: StoredAnalysis) -> None:
    """Keep an analysis; earlier ones of the same round stay."""
    n_before = connection.scalar(
        select(func.count())
        .select_from(round_analysis)
        .where(round_analysis.c.study_id == study_id, round_analysis.c.round_number == analysis.round_number)
    )
    connection.execute(
        insert(round_analysis),
        {
            "study_id": study_id,
            "round_number": analysis.round_number,
            "id": (n_before or 0) + 1,
            "input_sha256": analysis.input_sha256,
            "protocol_version": analysis.protocol_version,
            "code_version": analysis.code_version,
            "seed": analysis.seed,
            "result": canonical_json(analysis.result),
            "decisions": canonical_json(decisions_in(analysis.result)),
            "created_at": analysis.created_at,
        },
    )


def find_analysis(connection: Connection, study_id: int, number: int) -> StoredAnalysis | None:
    """The newest analysis of a round."""
    row = connection.execute(
        select(round_analysis)
        .where(round_analysis.c.study_id == study_id, round_analysis.c.round_number == number)
        .order_by(round_analysis.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _analysis(row)


def read_analyses(connection: Connection, study_id: int) -> tuple[StoredAnalysis, ...]:
    """The newest analysis of every analysed round, first round first."""
    rows = connection.execute(
        select(round_analysis)
        .where(round_analysis.c.study_id == study_id)
        .order_by(round_analysis.c.round_number, round_analysis.c.id)
    )
    newest = {row.round_number: _analysis(row) for row in rows}
    return tuple(newest.values())


def _find(connection: Connection, query: Any, study_id: int, number: int) -> Round | None:
    row = connection.execute(query, {"study": study_id, "round": number}).one_or_none()
    return None if row is None else _round(row)


def _round(row: Row[Any]) -> Round:
    return Round(
        number=row.number,
        kind=RoundKind(row.kind),
        mode=RoundMode(row.mode),
        status=RoundStatus(row.status),
        protocol_version=row.protocol_version,
        opened_at=row.opened_at,
        closes_at=row.closes_at,
        closed_at=row.closed_at,
        fed_back_at=row.fed_back_at,
        next_opens_at=row.next_opens_at,
        closes_itself=row.closes_itself,
    )


def _participation(row: Row[Any]) -> StoredParticipation:
    return StoredParticipation(
        panelist_id=row.panelist_id,
        invited_at=row.invited_at,
        opened_at=row.opened_at,
        started_at=row.started_at,
        submitted_at=row.submitted_at,
        receipt_code=row.receipt_code,
    )


def _part_beside(row: Row[Any]) -> StoredParticipation | None:
    if row.part_panelist_id is None:
        return None
    return StoredParticipation(
        panelist_id=row.part_panelist_id,
        invited_at=row.part_invited_at,
        opened_at=row.part_opened_at,
        started_at=row.part_started_at,
        submitted_at=row.part_submitted_at,
        receipt_code=row.part_receipt_code,
    )


def _analysis(row: Row[Any]) -> StoredAnalysis:
    return StoredAnalysis(
        round_number=row.round_number,
        input_sha256=row.input_sha256,
        protocol_version=row.protocol_version,
        code_version=row.code_version,
        seed=row.seed,
        result=json.loads(row.result),
        created_at=row.created_at,
    )
