"""Qualitative material made sense of: themes, codings, and recommendations that rest on them."""

from sqlalchemy import CheckConstraint, Column, String, Text, UniqueConstraint

from app.storage.tables.columns import belongs_to, code, moment, number, owned_table, text, texts_table

theme = owned_table(
    "theme",
    number("id", key=True),
    number("parent_id", nullable=True),
    text("name"),
    text("description"),
    Column("colour", String(7), nullable=False),
    belongs_to("theme", "parent_id", refers=["id"]),
)

material = owned_table(
    "material",
    number("id", key=True),
    Column("kind", String(20), nullable=False),
    number("round_number", nullable=True),
    number("panelist_id", nullable=True),
    number("statement_id", nullable=True),
    number("question_id", nullable=True),
    number("position", nullable=True),
    text("text"),
    Column("language", String(2), nullable=False),
    CheckConstraint("kind IN ('comment', 'open_answer', 'experience')", name="kind"),
    belongs_to("statement", "statement_id", refers=["id"]),
)

coding = owned_table(
    "coding",
    number("material_id", key=True),
    number("theme_id", key=True),
    number("researcher_id", key=True),
    moment("coded_at"),
    belongs_to("material", "material_id", refers=["id"]),
    belongs_to("theme", "theme_id", refers=["id"]),
)

theme_statement = owned_table(
    "theme_statement",
    number("theme_id", key=True),
    number("statement_id", key=True),
    belongs_to("theme", "theme_id", refers=["id"]),
    belongs_to("statement", "statement_id", refers=["id"]),
)

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
