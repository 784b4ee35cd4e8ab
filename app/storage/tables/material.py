"""What a study finally says: recommendations that rest on statements, themes and evidence."""

from sqlalchemy import CheckConstraint, Column, String, Text, UniqueConstraint

from app.storage.tables.columns import belongs_to, code, moment, number, owned_table, text, texts_table

audience = owned_table(
    "audience", number("id", key=True), code(), number("position"), UniqueConstraint("study_id", "code")
)
audience_text = texts_table("audience", "audience_id", "name")

recommendation = owned_table(
    "recommendation", number("id", key=True), code("audience"), number("position"), moment("written_at")
)
recommendation_text = owned_table(
    "recommendation_text",
    number("recommendation_id", key=True),
    Column("language", String(2), primary_key=True),
    text("text"),
    Column("reservation", Text, nullable=False, server_default=""),
    belongs_to("recommendation", "recommendation_id", refers=["id"]),
)

recommendation_basis = owned_table(
    "recommendation_basis",
    number("recommendation_id", key=True),
    number("position", key=True),
    number("statement_id", nullable=True),
    number("theme_id", nullable=True),
    number("evidence_id", nullable=True),
    CheckConstraint(
        "(statement_id IS NOT NULL) OR (theme_id IS NOT NULL) OR (evidence_id IS NOT NULL)",
        name="rests_on_something",
    ),
    belongs_to("recommendation", "recommendation_id", refers=["id"]),
    belongs_to("statement", "statement_id", refers=["id"]),
    belongs_to("theme", "theme_id", refers=["id"]),
    belongs_to("evidence", "evidence_id", refers=["id"]),
)
