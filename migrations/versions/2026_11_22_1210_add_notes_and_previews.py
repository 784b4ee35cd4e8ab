"""Statements have notes for the panel, imports are looked at first, and kept contents know when they are old.

Revision ID: 2026_11_22_1210
Revises: 2026_11_22_1100
Create Date: 2026-11-22 12:10:00
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1210"
down_revision = "2026_11_22_1100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give every text an empty note, every study its first version of contents, and previews a table."""
    op.add_column("statement_text", sa.Column("note", sa.Text(), nullable=False, server_default=""))
    op.add_column("study", sa.Column("contents_version", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "import_preview",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("researcher_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_import_preview_study_id")),
        sa.PrimaryKeyConstraint("study_id", "token", name=op.f("pk_import_preview")),
    )


def downgrade() -> None:
    """Forget notes and previews; every text stays."""
    op.drop_table("import_preview")
    op.drop_column("study", "contents_version")
    op.drop_column("statement_text", "note")
