"""Studies and the rules they are run by."""

from sqlalchemy import Boolean, Column, Integer, String, Table, Text, UniqueConstraint

from app.domain.study import StudyStatus
from app.storage.tables.columns import code, metadata, moment, number, one_of, owned_table, text, texts_table

study = Table(
    "study",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", String(64), nullable=False, unique=True),
    Column("status", String(20), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("synthetic", Boolean, nullable=False),
    text("contact"),
    number("minutes_per_round"),
    moment("created_at"),
    moment("concluded_at", nullable=True),
    Column("contents_version", Integer, nullable=False, server_default="1"),
    Column("conclusion_reason", Text, nullable=False, server_default=""),
    one_of("status", StudyStatus),
)

study_text = owned_table(
    "study_text",
    Column("language", String(2), primary_key=True),
    number("position"),
    *(text(name) for name in ("title", "purpose", "organiser", "who_sees_what", "consent")),
)

protocol_version = owned_table(
    "protocol_version",
    number("version", key=True),
    text("tables"),
    Column("sha256", String(64), nullable=False),
    moment("created_at"),
    moment("frozen_at", nullable=True),
    text("amendment_reason"),
)

stakeholder_group = owned_table(
    "stakeholder_group",
    number("id", key=True),
    code(),
    number("position"),
    UniqueConstraint("study_id", "code"),
)

criterion = owned_table(
    "criterion", number("id", key=True), code(), number("position"), UniqueConstraint("study_id", "code")
)

topic = owned_table(
    "topic", number("id", key=True), code(), number("position"), UniqueConstraint("study_id", "code")
)
topic_text = texts_table("topic", "topic_id", "name")
