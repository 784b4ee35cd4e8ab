"""Writing statements one by one: new ones, new wordings, their order, and what came from what."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from app.domain.statement import LineageKind
from app.domain.statement_editing import StatementDraft
from app.storage.tables.statement import (
    statement,
    statement_lineage,
    statement_text,
    statement_version,
)
from app.storage.tables.study import topic, topic_text

FIRST_VERSION = 1


def insert_statements(
    connection: Connection, study_id: int, drafts: Sequence[StatementDraft], position: int, at: datetime
) -> list[int]:
    """Store new statements one after the other from a place in the order on; return their internal ids."""
    if not drafts:
        return []
    first = _next_id(connection, study_id)
    topics = topic_ids(connection, study_id)
    ids = list(range(first, first + len(drafts)))
    connection.execute(
        insert(statement),
        [
            {
                "study_id": study_id,
                "id": number,
                "code": draft.code,
                "topic_id": topics[draft.topic],
                "position": position + place,
                "origin": draft.origin,
                "withdrawal_reason": "",
            }
            for place, (number, draft) in enumerate(zip(ids, drafts, strict=True))
        ],
    )
    insert_versions(
        connection,
        study_id,
        [(number, FIRST_VERSION, draft, "") for number, draft in zip(ids, drafts, strict=True)],
        at,
    )
    return ids


def insert_versions(
    connection: Connection,
    study_id: int,
    versions: Sequence[tuple[int, int, StatementDraft, str]],
    at: datetime,
) -> None:
    """Store wordings: of a statement the number, what it says, and why it replaces the one before."""
    if not versions:
        return
    connection.execute(
        insert(statement_version),
        [
            {
                "study_id": study_id,
                "statement_id": number,
                "version": version,
                "change_reason": reason,
                "created_at": at,
            }
            for number, version, _, reason in versions
        ],
    )
    _insert_texts(connection, study_id, [(number, version, draft) for number, version, draft, _ in versions])


def replace_versions(
    connection: Connection,
    study_id: int,
    versions: Sequence[tuple[int, int, StatementDraft, str]],
    at: datetime,
) -> None:
    """Store wordings in place of the same ones, which no round has asked about."""
    if not versions:
        return
    keys = [{"of_statement": number, "of_version": version} for number, version, _, _ in versions]
    connection.execute(
        delete(statement_text).where(
            statement_text.c.study_id == study_id,
            statement_text.c.statement_id == bindparam("of_statement"),
            statement_text.c.version == bindparam("of_version"),
        ),
        keys,
    )
    connection.execute(
        update(statement_version)
        .where(
            statement_version.c.study_id == study_id,
            statement_version.c.statement_id == bindparam("of_statement"),
            statement_version.c.version == bindparam("of_version"),
        )
        .values(change_reason=bindparam("why"), created_at=at),
        [key | {"why": reason} for key, (_, _, _, reason) in zip(keys, versions, strict=True)],
    )
    _insert_texts(connection, study_id, [(number, version, draft) for number, version, draft, _ in versions])


def update_statements(
    connection: Connection, study_id: int, changed: Iterable[tuple[int, StatementDraft]]
) -> None:
    """Store the topics and origins of statements."""
    topics = topic_ids(connection, study_id)
    rows = [
        {"of_statement": number, "of_topic": topics[draft.topic], "from_where": draft.origin}
        for number, draft in changed
    ]
    if rows:
        connection.execute(
            update(statement)
            .where(statement.c.study_id == study_id, statement.c.id == bindparam("of_statement"))
            .values(topic_id=bindparam("of_topic"), origin=bindparam("from_where")),
            rows,
        )


def order_statements(connection: Connection, study_id: int, ids: Sequence[int]) -> None:
    """Put statements in this order."""
    rows = [{"of_statement": number, "place": place} for place, number in enumerate(ids, start=1)]
    if rows:
        connection.execute(
            update(statement)
            .where(statement.c.study_id == study_id, statement.c.id == bindparam("of_statement"))
            .values(position=bindparam("place")),
            rows,
        )


def mark_withdrawn(
    connection: Connection, study_id: int, ids: Sequence[int], at: datetime | None, reason: str = ""
) -> None:
    """Withdraw statements with a reason; without a moment they stand again."""
    connection.execute(
        update(statement)
        .where(statement.c.study_id == study_id, statement.c.id.in_(ids))
        .values(withdrawn_at=at, withdrawal_reason=reason)
    )


def insert_lineage(
    connection: Connection,
    study_id: int,
    pairs: Iterable[tuple[int, int]],
    kind: LineageKind,
    reason: str,
) -> None:
    """Keep which statement came from which."""
    connection.execute(
        insert(statement_lineage),
        [
            {
                "study_id": study_id,
                "statement_id": new,
                "from_statement_id": old,
                "kind": kind,
                "reason": reason,
            }
            for new, old in pairs
        ],
    )


def topic_ids(connection: Connection, study_id: int) -> dict[str, int]:
    """The internal ids of the study's topics, by code, in their order."""
    rows = connection.execute(
        select(topic.c.code, topic.c.id).where(topic.c.study_id == study_id).order_by(topic.c.position)
    )
    return {row.code: row.id for row in rows}


def replace_topics(
    connection: Connection, study_id: int, topics: Sequence[tuple[str, Mapping[str, str]]]
) -> None:
    """Store topics with their names, in this order: those that are there stay themselves, others are new."""
    known = topic_ids(connection, study_id)
    n_before = max(known.values(), default=0)
    rows = []
    for place, (code, _) in enumerate(topics, start=1):
        number = known.get(code)
        if number is None:
            n_before += 1
            number = known[code] = n_before
            connection.execute(
                insert(topic), {"study_id": study_id, "id": number, "code": code, "position": place}
            )
        rows.append({"of_topic": number, "place": place})
    connection.execute(
        update(topic)
        .where(topic.c.study_id == study_id, topic.c.id == bindparam("of_topic"))
        .values(position=bindparam("place")),
        rows,
    )
    connection.execute(delete(topic_text).where(topic_text.c.study_id == study_id))
    connection.execute(
        insert(topic_text),
        [
            {"study_id": study_id, "topic_id": known[code], "language": language, "name": name}
            for code, names in topics
            for language, name in names.items()
        ],
    )


def _insert_texts(
    connection: Connection, study_id: int, wordings: Iterable[tuple[int, int, StatementDraft]]
) -> None:
    rows = [
        {
            "study_id": study_id,
            "statement_id": number,
            "version": version,
            "language": language,
            "text": text,
            "note": draft.note.get(language, ""),
        }
        for number, version, draft in wordings
        for language, text in draft.text.items()
    ]
    connection.execute(insert(statement_text), rows)


def _next_id(connection: Connection, study_id: int) -> int:
    newest = connection.scalar(select(func.max(statement.c.id)).where(statement.c.study_id == study_id))
    return (newest or 0) + 1
