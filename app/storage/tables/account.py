"""Researchers: how they sign in, their parts in studies, and how often somebody tried."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, false

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
    moment("used_at", nullable=True),
    Column("device", String(200), nullable=False, server_default=""),
    Column("awaits_code", Boolean, nullable=False, server_default=false()),
)

second_factor = Table(
    "second_factor",
    metadata,
    Column("researcher_id", Integer, ForeignKey("researcher.id"), primary_key=True, autoincrement=False),
    Column("salt", String(64), nullable=False),
    moment("confirmed_at"),
    number("last_step"),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("researcher_id", Integer, ForeignKey("researcher.id"), primary_key=True, autoincrement=False),
    Column("code_hash", String(64), primary_key=True),
    moment("used_at", nullable=True),
)

recovery_request = Table(
    "recovery_request",
    metadata,
    Column("email", String(254), primary_key=True),
    moment("requested_at"),
    Column("message_id", String(200), nullable=False),
    number("n_attempts"),
    moment("due_at"),
)

recovery_link = Table(
    "recovery_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("researcher_id", Integer, ForeignKey("researcher.id"), nullable=False, index=True),
    moment("issued_at"),
    moment("expires_at"),
    moment("used_at", nullable=True),
)

provider_account = Table(
    "provider_account",
    metadata,
    Column("issuer", String(300), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("researcher_id", Integer, ForeignKey("researcher.id"), nullable=False, index=True),
    moment("linked_at"),
)

membership = owned_table(
    "membership",
    Column("researcher_id", Integer, ForeignKey("researcher.id"), primary_key=True, autoincrement=False),
    Column("role", String(20), nullable=False),
    Column("sees_mail_list", Boolean, nullable=False),
    moment("joined_at"),
    one_of("role", Role),
)

colleague_invitation = owned_table(
    "colleague_invitation",
    number("id", key=True),
    Column("email", String(254), nullable=False),
    Column("language", String(2), nullable=False),
    Column("role", String(20), nullable=False),
    Column("sees_mail_list", Boolean, nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("invited_by", Integer, ForeignKey("researcher.id"), nullable=False),
    moment("invited_at"),
    moment("expires_at"),
    moment("accepted_at", nullable=True),
    moment("withdrawn_at", nullable=True),
    one_of("role", Role),
)

attempt = Table(
    "attempt",
    metadata,
    Column("bucket", String(120), primary_key=True),
    moment("window_started_at"),
    number("n_attempts"),
)
