"""Researchers, their sessions, their roles in studies, and how often somebody tried."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table

from app.domain.account import Role
from app.storage.tables.columns import metadata, moment, number, one_of, owned_table, text

researcher = Table(
    "researcher",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    text("name"),
    text("password_hash"),
    Column("language", String(2), nullable=False),
    moment("created_at"),
    moment("disabled_at", nullable=True),
)

researcher_session = Table(
    "researcher_session",
    metadata,
    Column("session_hash", String(64), primary_key=True),
    Column("researcher_id", Integer, ForeignKey("researcher.id"), nullable=False, index=True),
    moment("created_at"),
    moment("expires_at"),
    moment("ended_at", nullable=True),
)

membership = owned_table(
    "membership",
    Column("researcher_id", Integer, ForeignKey("researcher.id"), primary_key=True, autoincrement=False),
    Column("role", String(20), nullable=False),
    Column("sees_mail_list", Boolean, nullable=False),
    moment("joined_at"),
    one_of("role", Role),
)

attempt = Table(
    "attempt",
    metadata,
    Column("bucket", String(120), primary_key=True),
    moment("window_started_at"),
    number("n_attempts"),
)
