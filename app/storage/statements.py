"""Statements as a round shows them, and the evidence beside them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, null, select

from app.domain.statement import Evidence, EvidenceKind, Statement
from app.storage.tables.rounds import round_statement
from app.storage.tables.statement import (
    evidence,
    evidence_text,
    statement,
    statement_evidence,
    statement_text,
    statement_version,
)
from app.storage.tables.study import topic


@dataclass(frozen=True)
class StoredStatement:
    """A statement with its internal id, which no page and no file shows."""

    id: int
    statement: Statement


_round_before = round_statement.alias("round_before")
_ASKED = (
    select(
        statement.c.id,
        statement.c.code,
        topic.c.code.label("topic"),
        statement.c.origin,
        round_statement.c.version,
        _round_before.c.version.label("version_before"),
        statement_version.c.change_reason,
    )
    .join(
        statement,
        and_(
            statement.c.study_id == round_statement.c.study_id,
            statement.c.id == round_statement.c.statement_id,
        ),
    )
    .join(topic, and_(topic.c.study_id == statement.c.study_id, topic.c.id == statement.c.topic_id))
    .join(
        statement_version,
        and_(
            statement_version.c.study_id == round_statement.c.study_id,
            statement_version.c.statement_id == round_statement.c.statement_id,
            statement_version.c.version == round_statement.c.version,
        ),
    )
    .outerjoin(
        _round_before,
        and_(
            _round_before.c.study_id == round_statement.c.study_id,
            _round_before.c.round_number == round_statement.c.round_number - 1,
            _round_before.c.statement_id == round_statement.c.statement_id,
        ),
    )
)
_OF_ROUND = _ASKED.where(
    round_statement.c.study_id == bindparam("study"), round_statement.c.round_number == bindparam("round")
).order_by(round_statement.c.position)
_OF_ROUND_AND_TOPIC = _OF_ROUND.where(topic.c.code == bindparam("topic"))

_any_round = round_statement.alias("any_round")
_LAST_ASKED = _ASKED.where(
    round_statement.c.study_id == bindparam("study"),
    round_statement.c.round_number
    == select(func.max(_any_round.c.round_number))
    .where(
        _any_round.c.study_id == round_statement.c.study_id,
        _any_round.c.statement_id == round_statement.c.statement_id,
        _any_round.c.round_number <= bindparam("up_to_round"),
    )
    .scalar_subquery(),
).order_by(statement.c.position)

_IDS = (
    select(statement.c.code, statement.c.id)
    .join(
        round_statement,
        and_(
            round_statement.c.study_id == statement.c.study_id,
            round_statement.c.statement_id == statement.c.id,
        ),
    )
    .where(
        round_statement.c.study_id == bindparam("study"), round_statement.c.round_number == bindparam("round")
    )
    .order_by(round_statement.c.position)
)

_NEWEST = (
    select(
        statement.c.id,
        statement.c.code,
        topic.c.code.label("topic"),
        statement.c.origin,
        statement_version.c.version,
        null().label("version_before"),
        statement_version.c.change_reason,
    )
    .join(topic, and_(topic.c.study_id == statement.c.study_id, topic.c.id == statement.c.topic_id))
    .join(
        statement_version,
        and_(
            statement_version.c.study_id == statement.c.study_id,
            statement_version.c.statement_id == statement.c.id,
        ),
    )
    .where(
        statement.c.study_id == bindparam("study"),
        statement.c.withdrawn_at.is_(None),
        statement_version.c.version
        == select(func.max(statement_text.c.version))
        .where(
            statement_text.c.study_id == statement.c.study_id, statement_text.c.statement_id == statement.c.id
        )
        .scalar_subquery(),
    )
    .order_by(statement.c.position)
)

_ANY = select(statement.c.id).where(statement.c.study_id == bindparam("study")).limit(1)
_TEXTS = select(statement_text).where(
    statement_text.c.study_id == bindparam("study"),
    statement_text.c.statement_id.in_(bindparam("ids", expanding=True)),
)
_EVIDENCE = (
    select(evidence, statement.c.code.label("statement"))
    .join(
        statement_evidence,
        and_(
            statement_evidence.c.study_id == evidence.c.study_id,
            statement_evidence.c.evidence_id == evidence.c.id,
        ),
    )
    .join(
        statement,
        and_(
            statement.c.study_id == statement_evidence.c.study_id,
            statement.c.id == statement_evidence.c.statement_id,
        ),
    )
    .where(
        evidence.c.study_id == bindparam("study"),
        statement_evidence.c.statement_id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(evidence.c.position, statement.c.position)
)
_EVIDENCE_TEXTS = select(evidence_text).where(
    evidence_text.c.study_id == bindparam("study"),
    evidence_text.c.evidence_id.in_(bindparam("ids", expanding=True)),
)


def read_round_statements(
    connection: Connection, study_id: int, round_number: int, topic_code: str | None = None
) -> tuple[StoredStatement, ...]:
    """The statements of a round in their order, of one topic or all, each in the round's version."""
    if topic_code is None:
        return _with_texts(connection, study_id, _OF_ROUND, {"round": round_number})
    return _with_texts(
        connection, study_id, _OF_ROUND_AND_TOPIC, {"round": round_number, "topic": topic_code}
    )


def round_statement_ids(connection: Connection, study_id: int, round_number: int) -> dict[str, int]:
    """The internal ids of a round's statements, by code, in their order."""
    return {row.code: row.id for row in connection.execute(_IDS, {"study": study_id, "round": round_number})}


def read_newest_statements(connection: Connection, study_id: int) -> tuple[StoredStatement, ...]:
    """All statements not withdrawn, each in its newest version, in their order."""
    return _with_texts(connection, study_id, _NEWEST, {})


def has_statements(connection: Connection, study_id: int) -> bool:
    """Whether the study has any statement, withdrawn ones too."""
    return connection.execute(_ANY, {"study": study_id}).first() is not None


def read_last_asked_statements(
    connection: Connection, study_id: int, up_to_round: int
) -> tuple[StoredStatement, ...]:
    """Every statement asked in a round up to this one, in the version last asked, in the study's order."""
    return _with_texts(connection, study_id, _LAST_ASKED, {"up_to_round": up_to_round})


def read_evidence(connection: Connection, study_id: int, statement_ids: list[int]) -> tuple[Evidence, ...]:
    """The evidence cards of these statements; ``statements`` lists those of them a card belongs to."""
    if not statement_ids:
        return ()
    rows = connection.execute(_EVIDENCE, {"study": study_id, "ids": statement_ids}).all()
    if not rows:
        return ()
    texts: dict[int, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for row in connection.execute(
        _EVIDENCE_TEXTS, {"study": study_id, "ids": sorted({row.id for row in rows})}
    ):
        for name in ("title", "what", "why"):
            texts[row.evidence_id][name][row.language] = getattr(row, name)
    codes: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        codes[row.id].append(row.statement)
    cards = {row.id: row for row in rows}
    return tuple(
        Evidence(
            code=row.code,
            kind=EvidenceKind(row.kind),
            statements=tuple(codes[id_]),
            title=texts[id_]["title"],
            what=texts[id_]["what"],
            why=texts[id_]["why"],
            source=row.source,
            country=row.country,
        )
        for id_, row in cards.items()
    )


def _with_texts(
    connection: Connection, study_id: int, query: Select[Any], params: Mapping[str, object]
) -> tuple[StoredStatement, ...]:
    rows = connection.execute(query, {"study": study_id, **params}).all()
    if not rows:
        return ()
    texts: dict[tuple[int, int], dict[str, str]] = defaultdict(dict)
    notes: dict[tuple[int, int], dict[str, str]] = defaultdict(dict)
    for row in connection.execute(_TEXTS, {"study": study_id, "ids": [row.id for row in rows]}):
        texts[row.statement_id, row.version][row.language] = row.text
        if row.note:
            notes[row.statement_id, row.version][row.language] = row.note
    return tuple(
        StoredStatement(
            row.id,
            Statement(
                code=row.code,
                topic=row.topic,
                text=texts[row.id, row.version],
                origin=row.origin,
                version=row.version,
                previous_text=_text_before(row, texts),
                change_reason=row.change_reason,
                note=notes[row.id, row.version],
            ),
        )
        for row in rows
    )


def _text_before(row: Row[Any], texts: Mapping[tuple[int, int], Mapping[str, str]]) -> Mapping[str, str]:
    """The wording of the round before, where it was another one."""
    if row.version_before in (None, row.version):
        return {}
    before = texts[row.id, row.version_before]
    return {} if before == texts[row.id, row.version] else before
