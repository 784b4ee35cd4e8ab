"""Figures of a round by another grouping are kept beside its analysis.

Revision ID: 2026_11_22_1430
Revises: 2026_11_22_1420
Create Date: 2026-11-22 14:30:00
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1430"
down_revision = "2026_11_22_1420"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room; nothing was grouped before."""
    op.create_table(
        "grouping_analysis",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("grouping", sa.String(length=100), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("result_sha256", sa.String(length=64), nullable=False),
        sa.Column("code_version", sa.String(length=40), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_grouping_analysis_study_id")),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number"],
            ["counts_snapshot.study_id", "counts_snapshot.round_number"],
            name=op.f("fk_grouping_analysis_study_id_round_number"),
        ),
        sa.PrimaryKeyConstraint(
            "study_id", "round_number", "grouping", "id", name=op.f("pk_grouping_analysis")
        ),
    )


def downgrade() -> None:
    """Forget the figures by other groupings; the rounds and their analyses stay."""
    op.drop_table("grouping_analysis")
