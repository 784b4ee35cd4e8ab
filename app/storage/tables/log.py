"""The append-only log, the head of its chain, requests already answered, and messages waiting to be sent."""

from sqlalchemy import Column, Index, Integer, String, UniqueConstraint
from sqlalchemy import text as sql

from app.domain.mail import MessageState
from app.storage.tables.columns import belongs_to, moment, number, one_of, owned_table, text

event = owned_table(
    "event",
    number("sequence", key=True),
    Column("kind", String(40), nullable=False),
    Column("actor", String(60), nullable=False),
    moment("occurred_at"),
    text("payload"),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("study_id", "previous_hash"),
)

event_chain = owned_table(
    "event_chain",
    number("n_events"),
    Column("head", String(64), nullable=False),
)

answered_request = owned_table(
    "answered_request",
    number("panelist_id", key=True),
    Column("request_key", String(80), primary_key=True),
    Column("body_sha256", String(64), nullable=False),
    text("answer"),
    moment("answered_at"),
    belongs_to("panelist", "panelist_id", refers=["id"]),
)

outbox = owned_table(
    "outbox",
    number("id", key=True),
    Column("kind", String(20), nullable=False),
    number("panelist_id", nullable=True),
    number("round_number", nullable=True),
    Column("message_id", String(200), nullable=False),
    Column("state", String(20), nullable=False),
    text("content"),
    moment("queued_at"),
    moment("claimed_at", nullable=True),
    moment("sent_at", nullable=True),
    text("failure"),
    Column("n_attempts", Integer, nullable=False, server_default="0"),
    moment("due_at", nullable=True),
    number("invitation_id", nullable=True),
    one_of("state", MessageState),
    belongs_to("panelist", "panelist_id", refers=["id"]),
)

Index("ix_outbox_of_a_round", outbox.c.study_id, outbox.c.round_number, outbox.c.panelist_id)
_WAITING = sql("state IN ('queued', 'claimed')")
Index("ix_outbox_waiting", outbox.c.state, sqlite_where=_WAITING, postgresql_where=_WAITING)
