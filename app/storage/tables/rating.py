"""Ratings with every version they ever had, and comments."""

from sqlalchemy import Boolean, CheckConstraint, Column, String

from app.storage.tables.columns import belongs_to, code, moment, number, owned_table, text

_ONE_ANSWER = "(abstained AND point IS NULL) OR (NOT abstained AND point IS NOT NULL)"

rating = owned_table(
    "rating",
    number("round_number", key=True),
    number("panelist_id", key=True),
    number("statement_id", key=True),
    number("criterion_id", key=True),
    number("point", nullable=True),
    Column("abstained", Boolean, nullable=False),
    number("version"),
    code("reason", nullable=True),
    text("reason_text"),
    moment("rated_at"),
    CheckConstraint(_ONE_ANSWER, name="one_answer"),
    CheckConstraint("version >= 1", name="version"),
    belongs_to("round_statement", "round_number", "statement_id"),
    belongs_to("participation", "round_number", "panelist_id"),
    belongs_to("criterion", "criterion_id", refers=["id"]),
)

rating_version = owned_table(
    "rating_version",
    number("round_number", key=True),
    number("panelist_id", key=True),
    number("statement_id", key=True),
    number("criterion_id", key=True),
    number("version", key=True),
    number("point", nullable=True),
    Column("abstained", Boolean, nullable=False),
    moment("rated_at"),
    belongs_to("rating", "round_number", "panelist_id", "statement_id", "criterion_id"),
)

comment = owned_table(
    "comment",
    number("round_number", key=True),
    number("panelist_id", key=True),
    number("statement_id", key=True),
    text("text"),
    Column("language", String(2), nullable=False),
    Column("moderation", String(20), nullable=False),
    text("released_text"),
    number("version"),
    moment("written_at"),
    CheckConstraint("moderation IN ('pending', 'released', 'withheld', 'redacted')", name="moderation"),
    belongs_to("round_statement", "round_number", "statement_id"),
    belongs_to("participation", "round_number", "panelist_id"),
)
