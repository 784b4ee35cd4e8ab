"""Studies, the protocol in force, and the topics of their questionnaires."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from app.domain.event import canonical_json
from app.domain.protocol import Protocol, ProtocolVersion, protocol_from_tables
from app.domain.statement import Topic
from app.domain.study import Study, StudyStatus, StudyTexts
from app.storage.database import kept, locks_rows
from app.storage.tables.study import (
    criterion,
    protocol_version,
    stakeholder_group,
    study,
    study_text,
    topic,
    topic_text,
)

_TEXT_FIELDS = ("title", "purpose", "organiser", "who_sees_what", "consent")

_STUDY_BY_SLUG = select(study).where(study.c.slug == bindparam("slug"))
_STUDY_BY_ID = select(study).where(study.c.id == bindparam("id"))
_TEXTS = select(study_text).where(study_text.c.study_id == bindparam("study")).order_by(study_text.c.position)
_STUDIES_BY_ID = (
    select(study)
    .where(study.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(study.c.created_at.desc(), study.c.slug)
)
_TEXTS_OF_MANY = (
    select(study_text)
    .where(study_text.c.study_id.in_(bindparam("studies", expanding=True)))
    .order_by(study_text.c.position)
)
_PROTOCOL = (
    select(protocol_version)
    .where(protocol_version.c.study_id == bindparam("study"))
    .order_by(protocol_version.c.version.desc())
    .limit(1)
)
_CRITERION_IDS = (
    select(criterion.c.code, criterion.c.id)
    .where(criterion.c.study_id == bindparam("study"))
    .order_by(criterion.c.position)
)


@dataclass(frozen=True)
class StudyStand:
    """Where a study stands: all of it that changes once it is imported."""

    id: int
    created_at: datetime
    status: StudyStatus
    concluded_at: datetime | None
    protocol_version: int
    contents_version: int


STAND_OF_STUDY = (
    study.c.id.label("study_id"),
    study.c.created_at,
    study.c.status,
    study.c.concluded_at,
    select(func.max(protocol_version.c.version))
    .where(protocol_version.c.study_id == study.c.id)
    .scalar_subquery()
    .label("protocol_version"),
    study.c.contents_version,
)
"""What a query on a study selects for :func:`study_stand`."""


def study_stand(row: Row[*tuple[Any, ...]]) -> StudyStand:
    """Where the study of a row stands."""
    return StudyStand(
        row.study_id,
        row.created_at,
        StudyStatus(row.status),
        row.concluded_at,
        row.protocol_version,
        row.contents_version,
    )


def read_study_at(connection: Connection, stand: StudyStand) -> tuple[Study, Protocol]:
    """A study with the protocol in force; as long as it stands where it stood, it is the one read before."""
    return kept(connection).get(
        ("study", stand),
        lambda: (get_study(connection, stand.id), protocol_in_force(connection, stand.id).protocol),
    )


def find_kept_study(connection: Connection, stand: StudyStand) -> tuple[Study, Protocol] | None:
    """The same, where it has been read before and is still kept."""
    found: tuple[Study, Protocol] | None = kept(connection).find(("study", stand))
    return found


def find_study(connection: Connection, slug: str) -> Study | None:
    """The study of this slug."""
    row = connection.execute(_STUDY_BY_SLUG, {"slug": slug}).one_or_none()
    return None if row is None else _with_texts(connection, row)


def get_study(connection: Connection, study_id: int) -> Study:
    """The study of this internal id, which must exist."""
    return _with_texts(connection, connection.execute(_STUDY_BY_ID, {"id": study_id}).one())


def read_studies(connection: Connection, study_ids: Collection[int]) -> tuple[Study, ...]:
    """The studies of these internal ids, the newest first."""
    texts: dict[int, list[Any]] = defaultdict(list)
    for text in connection.execute(_TEXTS_OF_MANY, {"studies": list(study_ids)}):
        texts[text.study_id].append(text)
    rows = connection.execute(_STUDIES_BY_ID, {"ids": list(study_ids)})
    return tuple(_study(row, texts[row.id]) for row in rows)


def has_synthetic_study(connection: Connection) -> bool:
    """Whether any study is synthetic."""
    return connection.scalar(select(study.c.id).where(study.c.synthetic).limit(1)) is not None


def lock_study(connection: Connection, study_id: int) -> None:
    """Make other transactions that change the study's course wait for this one.

    Rows that refer to the study can be written meanwhile, above all events: who writes one holds the log, for
    which the course of the study waits in turn.
    """
    query = select(study.c.id).where(study.c.id == study_id)
    connection.execute(query.with_for_update(key_share=True) if locks_rows(connection) else query)


def list_slugs(connection: Connection) -> tuple[str, ...]:
    """The slugs of all studies, in alphabetical order."""
    return tuple(connection.scalars(select(study.c.slug).order_by(study.c.slug)))


def set_study_status(
    connection: Connection,
    study_id: int,
    status: StudyStatus,
    *,
    concluded_at: datetime | None = None,
    conclusion_reason: str = "",
) -> None:
    """Move the study as a whole."""
    connection.execute(
        update(study)
        .where(study.c.id == study_id)
        .values(status=status, concluded_at=concluded_at, conclusion_reason=conclusion_reason)
    )


def count_contents_change(connection: Connection, study_id: int) -> None:
    """Note that statements, topics or evidence have changed: what memory keeps of them is out of date."""
    connection.execute(
        update(study).where(study.c.id == study_id).values(contents_version=study.c.contents_version + 1)
    )


def protocol_in_force(connection: Connection, study_id: int) -> ProtocolVersion:
    """The newest version of the study's protocol."""
    row = connection.execute(_PROTOCOL, {"study": study_id}).one()
    return _protocol_version(row)


def read_protocol_versions(connection: Connection, study_id: int) -> tuple[ProtocolVersion, ...]:
    """Every version of the study's protocol, oldest first."""
    rows = connection.execute(
        select(protocol_version)
        .where(protocol_version.c.study_id == study_id)
        .order_by(protocol_version.c.version)
    )
    return tuple(_protocol_version(row) for row in rows)


def read_protocol_tables(connection: Connection, study_id: int, version: int) -> Mapping[str, Any]:
    """The tables of one protocol version, as they were written."""
    written = connection.execute(
        select(protocol_version.c.tables).where(
            protocol_version.c.study_id == study_id, protocol_version.c.version == version
        )
    ).scalar_one()
    tables: Mapping[str, Any] = json.loads(written)
    return tables


def insert_protocol_version(
    connection: Connection, study_id: int, version: ProtocolVersion, tables: Mapping[str, Any]
) -> None:
    """Keep a new version of the protocol; the earlier ones stay."""
    connection.execute(
        insert(protocol_version),
        {
            "study_id": study_id,
            "version": version.version,
            "tables": canonical_json(tables),
            "sha256": version.sha256,
            "created_at": version.created_at,
            "frozen_at": version.frozen_at,
            "amendment_reason": version.amendment_reason,
        },
    )


def freeze_protocol(connection: Connection, study_id: int, version: int, at: datetime) -> None:
    """Mark a protocol version as frozen."""
    connection.execute(
        update(protocol_version)
        .where(protocol_version.c.study_id == study_id, protocol_version.c.version == version)
        .values(frozen_at=at)
    )


def read_topics(connection: Connection, study_id: int) -> tuple[Topic, ...]:
    """The study's topics in their order."""
    names: dict[int, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(select(topic_text).where(topic_text.c.study_id == study_id)):
        names[row.topic_id][row.language] = row.name
    rows = connection.execute(
        select(topic.c.id, topic.c.code).where(topic.c.study_id == study_id).order_by(topic.c.position)
    )
    return tuple(Topic(row.code, names[row.id]) for row in rows)


def criterion_ids(connection: Connection, study_id: int) -> dict[str, int]:
    """The internal ids of the study's criteria, by code, in order."""
    return {row.code: row.id for row in connection.execute(_CRITERION_IDS, {"study": study_id})}


def group_ids(connection: Connection, study_id: int) -> dict[str, int]:
    """The internal ids of the study's stakeholder groups, by code, in order."""
    rows = connection.execute(
        select(stakeholder_group.c.code, stakeholder_group.c.id)
        .where(stakeholder_group.c.study_id == study_id)
        .order_by(stakeholder_group.c.position)
    )
    return {row.code: row.id for row in rows}


def _with_texts(connection: Connection, row: Row[Any]) -> Study:
    return _study(row, connection.execute(_TEXTS, {"study": row.id}).all())


def _study(row: Row[Any], texts: Sequence[Any]) -> Study:
    return Study(
        id=row.id,
        slug=row.slug,
        status=StudyStatus(row.status),
        languages=tuple(text.language for text in texts),
        time_zone=row.time_zone,
        synthetic=row.synthetic,
        contact=row.contact,
        minutes_per_round=row.minutes_per_round,
        texts=StudyTexts(**{name: {t.language: getattr(t, name) for t in texts} for name in _TEXT_FIELDS}),
        created_at=row.created_at,
        concluded_at=row.concluded_at,
        contents_version=row.contents_version,
        conclusion_reason=row.conclusion_reason,
    )


def _protocol_version(row: Row[tuple[object, ...]]) -> ProtocolVersion:
    return ProtocolVersion(
        version=row.version,
        protocol=stored_protocol(row.tables),
        sha256=row.sha256,
        created_at=row.created_at,
        frozen_at=row.frozen_at,
        amendment_reason=row.amendment_reason,
    )


# A protocol version never changes, and reading it field by field costs more than the rest of a page.
@lru_cache(maxsize=256)
def stored_protocol(tables: str) -> Protocol:
    """The protocol that the tables of a stored version say."""
    return protocol_from_tables(json.loads(tables))
