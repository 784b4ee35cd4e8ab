"""Open material under themes: which pieces there are, who coded them how, and what came of it."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    UniqueConstraint,
)

from app.storage.tables.columns import belongs_to, moment, number, owned_table, text, texts_table

_COMMENT = "kind = 'comment' AND statement_id IS NOT NULL AND question_id IS NULL AND text = ''"
_ANSWER = "kind = 'open_answer' AND question_id IS NOT NULL AND statement_id IS NULL AND text = ''"
_EXPERIENCE = "kind = 'experience' AND panelist_id IS NULL AND text <> ''"
_COMMENT_PLACE = ("round_number", "panelist_id", "statement_id")
_ANSWER_PLACE = ("round_number", "panelist_id", "question_id", "position")

theme = owned_table(
    "theme",
    number("id", key=True),
    number("parent_id", nullable=True),
    text("name"),
    text("description"),
    Column("colour", String(7), nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),
    belongs_to("theme", "parent_id", refers=["id"]),
)
theme_text = texts_table("theme", "theme_id", "heading")
"""What the panel reads above comments of a theme; a theme without it is not shown to the panel."""

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
    Column("language", String(2)),
    text("source"),
    CheckConstraint(f"({_COMMENT}) OR ({_ANSWER}) OR ({_EXPERIENCE})", name="one_place"),
    belongs_to("comment", *_COMMENT_PLACE),
    ForeignKeyConstraint(
        ["study_id", *_ANSWER_PLACE],
        [f"open_answer.{column}" for column in ("study_id", *_ANSWER_PLACE)],
        name="fk_material_open_answer",
    ),
    UniqueConstraint("study_id", *_COMMENT_PLACE, name="uq_material_comment"),
    UniqueConstraint("study_id", *_ANSWER_PLACE, name="uq_material_open_answer"),
)
"""A piece that somebody has coded, or text brought in from elsewhere.

What a panelist wrote stands where they wrote it and is not copied: a row only points there, so that nothing
of an erased person is left.
"""

coding = owned_table(
    "coding",
    number("material_id", key=True),
    number("theme_id", key=True),
    Column("researcher_id", Integer, ForeignKey("researcher.id"), primary_key=True, autoincrement=False),
    moment("coded_at"),
    belongs_to("material", "material_id", refers=["id"]),
    belongs_to("theme", "theme_id", refers=["id"]),
)

fits_no_theme = owned_table(
    "fits_no_theme",
    number("material_id", key=True),
    Column("researcher_id", Integer, ForeignKey("researcher.id"), primary_key=True, autoincrement=False),
    moment("said_at"),
    belongs_to("material", "material_id", refers=["id"]),
)
"""Who has read a piece and found that no theme fits: that is coded too, and differs from not read yet."""

theme_statement = owned_table(
    "theme_statement",
    number("theme_id", key=True),
    number("statement_id", key=True),
    belongs_to("theme", "theme_id", refers=["id"]),
    belongs_to("statement", "statement_id", refers=["id"]),
)

statement_source = owned_table(
    "statement_source",
    number("statement_id", key=True),
    number("material_id", key=True),
    belongs_to("statement", "statement_id", refers=["id"]),
    belongs_to("material", "material_id", refers=["id"]),
)
"""The pieces out of which a statement was written."""
