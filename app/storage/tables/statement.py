"""Statements with their versions and lineage, the evidence beside them, and previews of imports."""

from sqlalchemy import Column, String, Text, UniqueConstraint

from app.domain.statement import EvidenceKind, LineageKind
from app.storage.tables.columns import (
    belongs_to,
    code,
    moment,
    number,
    one_of,
    owned_table,
    text,
    texts_table,
)

statement = owned_table(
    "statement",
    number("id", key=True),
    code(),
    number("topic_id"),
    number("position"),
    text("origin"),
    moment("withdrawn_at", nullable=True),
    text("withdrawal_reason"),
    belongs_to("topic", "topic_id", refers=["id"]),
    UniqueConstraint("study_id", "code"),
)

statement_version = owned_table(
    "statement_version",
    number("statement_id", key=True),
    number("version", key=True),
    text("change_reason"),
    moment("created_at"),
    belongs_to("statement", "statement_id", refers=["id"]),
)

statement_text = owned_table(
    "statement_text",
    number("statement_id", key=True),
    number("version", key=True),
    Column("language", String(2), primary_key=True),
    text("text"),
    Column("note", Text, nullable=False, server_default=""),
    belongs_to("statement_version", "statement_id", "version"),
)

statement_lineage = owned_table(
    "statement_lineage",
    number("statement_id", key=True),
    number("from_statement_id", key=True),
    Column("kind", String(20), nullable=False),
    text("reason"),
    one_of("kind", LineageKind),
    belongs_to("statement", "statement_id", refers=["id"]),
    belongs_to("statement", "from_statement_id", refers=["id"]),
)

evidence = owned_table(
    "evidence",
    number("id", key=True),
    code(),
    number("position"),
    Column("kind", String(20), nullable=False),
    Column("country", String(2)),
    text("source"),
    one_of("kind", EvidenceKind),
    UniqueConstraint("study_id", "code"),
)
evidence_text = texts_table("evidence", "evidence_id", "title", "what", "why")

statement_evidence = owned_table(
    "statement_evidence",
    number("statement_id", key=True),
    number("evidence_id", key=True),
    belongs_to("statement", "statement_id", refers=["id"]),
    belongs_to("evidence", "evidence_id", refers=["id"]),
)

import_preview = owned_table(
    "import_preview",
    Column("token", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),
    number("researcher_id"),
    text("content"),
    moment("made_at"),
)
