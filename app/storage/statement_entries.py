"""Statements as researchers keep them: all, with their versions, lineage and what asked about them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, select

from app.domain.statement import LineageKind, Statement
from app.domain.statement_editing import Lineage, StatementEntry, StatementVersion
from app.storage.tables.rounds import round_statement
from app.storage.tables.statement import (
    statement,
    statement_lineage,
    statement_text,
    statement_version,
)
from app.storage.tables.study import topic

_newest = (
    select(statement_version.c.statement_id, func.max(statement_version.c.version).label("version"))
    .where(statement_version.c.study_id == bindparam("study"))
    .group_by(statement_version.c.statement_id)
    .subquery("newest")
)
_asked = (
    select(
        round_statement.c.statement_id,
        func.max(round_statement.c.version).label("version"),
        func.max(round_statement.c.round_number).label("round_number"),
    )
    .where(round_statement.c.study_id == bindparam("study"))
    .group_by(round_statement.c.statement_id)
    .subquery("asked")
)
_ENTRIES = (
    select(
        statement,
        topic.c.code.label("topic"),
        _newest.c.version,
        statement_version.c.change_reason,
        _asked.c.version.label("asked_version"),
        _asked.c.round_number.label("asked_in"),
    )
    .join(topic, and_(topic.c.study_id == statement.c.study_id, topic.c.id == statement.c.topic_id))
    .join(_newest, _newest.c.statement_id == statement.c.id)
    .join(
        statement_version,
        and_(
            statement_version.c.study_id == statement.c.study_id,
            statement_version.c.statement_id == statement.c.id,
            statement_version.c.version == _newest.c.version,
        ),
    )
    .outerjoin(_asked, _asked.c.statement_id == statement.c.id)
    .where(statement.c.study_id == bindparam("study"))
    .order_by(statement.c.position, statement.c.id)
)
_NEWEST_TEXTS = (
    select(statement_text)
    .join(
        _newest,
        and_(
            _newest.c.statement_id == statement_text.c.statement_id,
            _newest.c.version == statement_text.c.version,
        ),
    )
    .where(statement_text.c.study_id == bindparam("study"))
)


@dataclass(frozen=True)
class StoredEntry:
    """A statement with its internal id and its place in the study's order."""

    id: int
    position: int
    entry: StatementEntry


def read_entries(connection: Connection, study_id: int) -> tuple[StoredEntry, ...]:
    """All statements in their order, each in its newest version, the withdrawn ones among them."""
    texts: dict[int, dict[str, str]] = defaultdict(dict)
    notes: dict[int, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(_NEWEST_TEXTS, {"study": study_id}):
        texts[row.statement_id][row.language] = row.text
        if row.note:
            notes[row.statement_id][row.language] = row.note
    rows = connection.execute(_ENTRIES, {"study": study_id})
    return tuple(StoredEntry(row.id, row.position, _entry(row, texts[row.id], notes[row.id])) for row in rows)


def read_versions(connection: Connection, study_id: int, statement_id: int) -> tuple[StatementVersion, ...]:
    """Every wording of a statement, the oldest first."""
    key = (statement_version.c.study_id == study_id, statement_version.c.statement_id == statement_id)
    texts: dict[int, dict[str, str]] = defaultdict(dict)
    notes: dict[int, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(
        select(statement_text).where(
            statement_text.c.study_id == study_id, statement_text.c.statement_id == statement_id
        )
    ):
        texts[row.version][row.language] = row.text
        if row.note:
            notes[row.version][row.language] = row.note
    rounds: dict[int, list[int]] = defaultdict(list)
    for row in connection.execute(
        select(round_statement.c.version, round_statement.c.round_number)
        .where(round_statement.c.study_id == study_id, round_statement.c.statement_id == statement_id)
        .order_by(round_statement.c.round_number)
    ):
        rounds[row.version].append(row.round_number)
    rows = connection.execute(select(statement_version).where(*key).order_by(statement_version.c.version))
    return tuple(
        StatementVersion(
            row.version,
            texts[row.version],
            notes[row.version],
            row.change_reason,
            row.created_at,
            tuple(rounds[row.version]),
        )
        for row in rows
    )


def read_new_wordings(connection: Connection, study_id: int) -> tuple[tuple[str, int, int, str], ...]:
    """Every later wording that was asked about: the statement, its version, the first round, and why."""
    rows = connection.execute(
        select(
            statement.c.code,
            round_statement.c.version,
            func.min(round_statement.c.round_number).label("round_number"),
            statement_version.c.change_reason,
        )
        .join(
            statement,
            and_(
                statement.c.study_id == round_statement.c.study_id,
                statement.c.id == round_statement.c.statement_id,
            ),
        )
        .join(
            statement_version,
            and_(
                statement_version.c.study_id == round_statement.c.study_id,
                statement_version.c.statement_id == round_statement.c.statement_id,
                statement_version.c.version == round_statement.c.version,
            ),
        )
        .where(round_statement.c.study_id == study_id, round_statement.c.version > 1)
        .group_by(
            statement.c.position,
            statement.c.code,
            round_statement.c.version,
            statement_version.c.change_reason,
        )
        .order_by(statement.c.position, statement.c.code, round_statement.c.version)
    )
    return tuple((row.code, row.version, row.round_number, row.change_reason) for row in rows)


def read_lineage(connection: Connection, study_id: int) -> tuple[Lineage, ...]:
    """Which statements came from which others, in the order of their coming."""
    origin = statement.alias("origin")
    rows = connection.execute(
        select(
            statement.c.code,
            origin.c.code.label("from_code"),
            statement_lineage.c.kind,
            statement_lineage.c.reason,
        )
        .join(
            statement,
            and_(
                statement.c.study_id == statement_lineage.c.study_id,
                statement.c.id == statement_lineage.c.statement_id,
            ),
        )
        .join(
            origin,
            and_(
                origin.c.study_id == statement_lineage.c.study_id,
                origin.c.id == statement_lineage.c.from_statement_id,
            ),
        )
        .where(statement_lineage.c.study_id == study_id)
        .order_by(statement_lineage.c.statement_id, statement_lineage.c.from_statement_id)
    )
    return tuple(Lineage(row.code, row.from_code, LineageKind(row.kind), row.reason) for row in rows)


def _entry(row: Row[Any], text: dict[str, str], note: dict[str, str]) -> StatementEntry:
    return StatementEntry(
        statement=Statement(
            code=row.code,
            topic=row.topic,
            text=text,
            origin=row.origin,
            version=row.version,
            change_reason=row.change_reason,
            note=note,
        ),
        asked_version=row.asked_version,
        asked_in=row.asked_in,
        withdrawn_at=row.withdrawn_at,
        withdrawal_reason=row.withdrawal_reason,
    )
