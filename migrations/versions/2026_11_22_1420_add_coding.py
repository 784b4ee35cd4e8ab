"""Open material is coded where it stands: nothing a panelist wrote is copied, and themes have an order.

Revision ID: 2026_11_22_1420
Revises: 2026_11_22_1410
Create Date: 2026-11-22 14:20:00
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1420"
down_revision = "2026_11_22_1410"
branch_labels = None
depends_on = None

_COMMENT = "kind = 'comment' AND statement_id IS NOT NULL AND question_id IS NULL AND text = ''"
_ANSWER = "kind = 'open_answer' AND question_id IS NOT NULL AND statement_id IS NULL AND text = ''"
_EXPERIENCE = "kind = 'experience' AND panelist_id IS NULL AND text <> ''"

_PLACE = (
    "FROM {source} w WHERE w.study_id = material.study_id AND w.round_number = material.round_number"
    " AND w.panelist_id = material.panelist_id AND "
)
_ON_STATEMENT = _PLACE.format(source="comment") + "w.statement_id = material.statement_id"
_TO_QUESTION = (
    _PLACE.format(source="open_answer")
    + "w.question_id = material.question_id AND w.position = material.position"
)
_STANDS = f"""
    (kind = 'comment' AND EXISTS (SELECT 1 {_ON_STATEMENT}))
    OR (kind = 'open_answer' AND EXISTS (SELECT 1 {_TO_QUESTION}))
    OR (kind = 'experience' AND panelist_id IS NULL AND text <> '')
"""
_KEY = "study_id, id, kind, round_number, panelist_id, statement_id, question_id, position"
_CODING = "coding.study_id, material_id, theme_id, researcher_id, coded_at"
# Every part of these questions stands in this file.
_KEPT = f"""
    SELECT {_KEY}, CASE WHEN kind = 'experience' THEN text ELSE '' END AS text,
        CASE WHEN kind = 'experience' THEN language END AS language, '' AS source
    FROM material WHERE {_STANDS}
"""  # noqa: S608
_KEPT_CODINGS = f"""
    SELECT {_CODING} FROM coding
    JOIN researcher ON researcher.id = coding.researcher_id
    JOIN material ON material.study_id = coding.study_id AND material.id = coding.material_id
    WHERE {_STANDS}
"""  # noqa: S608
_COPIED = f"""
    SELECT {_KEY},
        CASE kind WHEN 'comment' THEN (SELECT w.text {_ON_STATEMENT})
            WHEN 'open_answer' THEN (SELECT w.text {_TO_QUESTION}) ELSE text END AS text,
        CASE kind WHEN 'comment' THEN (SELECT w.language {_ON_STATEMENT})
            WHEN 'open_answer' THEN (SELECT w.language {_TO_QUESTION}) ELSE language END AS language
    FROM material
"""  # noqa: S608
_COPIED_CODINGS = f"SELECT {_CODING} FROM coding"  # noqa: S608


def upgrade() -> None:
    """Let coded pieces point at what was written; what points nowhere, and its codings, cannot be kept."""
    op.add_column("theme", sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE theme SET position = id")
    kept, codings = _rows(_KEPT), _rows(_KEPT_CODINGS, coded_at=sa.DateTime(timezone=True))
    op.drop_table("coding")
    op.drop_table("material")
    _make_text_table("theme_text", "theme", "theme_id", "heading")
    material = op.create_table(
        "material",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=True),
        sa.Column("panelist_id", sa.Integer(), nullable=True),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint(
            f"({_COMMENT}) OR ({_ANSWER}) OR ({_EXPERIENCE})", name=op.f("ck_material_one_place")
        ),
        _belongs("material", "comment", "round_number", "panelist_id", "statement_id"),
        _belongs(
            "material",
            "open_answer",
            "round_number",
            "panelist_id",
            "question_id",
            "position",
            name="fk_material_open_answer",
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_material_study_id")),
        sa.PrimaryKeyConstraint("study_id", "id", name=op.f("pk_material")),
        sa.UniqueConstraint(
            "study_id",
            "round_number",
            "panelist_id",
            "statement_id",
            name=op.f("uq_material_comment"),
        ),
        sa.UniqueConstraint(
            "study_id",
            "round_number",
            "panelist_id",
            "question_id",
            "position",
            name=op.f("uq_material_open_answer"),
        ),
    )
    coding = op.create_table(
        "coding",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("material_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("theme_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("researcher_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("coded_at", sa.DateTime(timezone=True), nullable=False),
        _belongs("coding", "material", "material_id", refers=("id",)),
        _belongs("coding", "theme", "theme_id", refers=("id",)),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_coding_study_id")),
        sa.ForeignKeyConstraint(["researcher_id"], ["researcher.id"], name=op.f("fk_coding_researcher_id")),
        sa.PrimaryKeyConstraint(
            "study_id", "material_id", "theme_id", "researcher_id", name=op.f("pk_coding")
        ),
    )
    op.create_table(
        "fits_no_theme",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("material_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("researcher_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        _belongs("fits_no_theme", "material", "material_id", refers=("id",)),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_fits_no_theme_study_id")),
        sa.ForeignKeyConstraint(
            ["researcher_id"], ["researcher.id"], name=op.f("fk_fits_no_theme_researcher_id")
        ),
        sa.PrimaryKeyConstraint("study_id", "material_id", "researcher_id", name=op.f("pk_fits_no_theme")),
    )
    op.create_table(
        "statement_source",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("material_id", sa.Integer(), autoincrement=False, nullable=False),
        _belongs("statement_source", "statement", "statement_id", refers=("id",)),
        _belongs("statement_source", "material", "material_id", refers=("id",)),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_statement_source_study_id")),
        sa.PrimaryKeyConstraint("study_id", "statement_id", "material_id", name=op.f("pk_statement_source")),
    )
    op.bulk_insert(material, kept)
    op.bulk_insert(coding, codings)


def downgrade() -> None:
    """Copy what was coded beside its codings again; themes lose their order and their headings."""
    kept, codings = _rows(_COPIED), _rows(_COPIED_CODINGS, coded_at=sa.DateTime(timezone=True))
    for table in ("statement_source", "fits_no_theme", "coding", "material", "theme_text"):
        op.drop_table(table)
    material = op.create_table(
        "material",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=True),
        sa.Column("panelist_id", sa.Integer(), nullable=True),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.CheckConstraint("kind IN ('comment', 'open_answer', 'experience')", name=op.f("ck_material_kind")),
        _belongs("material", "statement", "statement_id", refers=("id",)),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_material_study_id")),
        sa.PrimaryKeyConstraint("study_id", "id", name=op.f("pk_material")),
    )
    coding = op.create_table(
        "coding",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("material_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("theme_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("researcher_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("coded_at", sa.DateTime(timezone=True), nullable=False),
        _belongs("coding", "material", "material_id", refers=("id",)),
        _belongs("coding", "theme", "theme_id", refers=("id",)),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_coding_study_id")),
        sa.PrimaryKeyConstraint(
            "study_id", "material_id", "theme_id", "researcher_id", name=op.f("pk_coding")
        ),
    )
    op.bulk_insert(material, kept)
    op.bulk_insert(coding, codings)
    op.drop_column("theme", "position")


def _rows(query: str, **types: sa.types.TypeEngine[Any]) -> list[dict[str, object]]:
    """What is stored now; columns are read as their types say."""
    found = op.get_bind().execute(sa.text(query).columns(**types))
    return [dict(row) for row in found.mappings()]


def _belongs(
    table: str, other: str, *columns: str, refers: tuple[str, ...] = (), name: str = ""
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["study_id", *columns],
        [f"{other}.study_id", *(f"{other}.{column}" for column in refers or columns)],
        name=op.f(name or f"fk_{table}_study_id_{'_'.join(columns)}"),
    )


def _make_text_table(name: str, owner: str, key: str, text: str) -> None:
    op.create_table(
        name,
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(key, sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(text, sa.Text(), nullable=False),
        _belongs(name, owner, key, refers=("id",)),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f(f"fk_{name}_study_id")),
        sa.PrimaryKeyConstraint("study_id", key, "language", name=op.f(f"pk_{name}")),
    )
