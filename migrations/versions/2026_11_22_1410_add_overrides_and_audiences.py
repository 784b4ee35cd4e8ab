"""What a round asks is decided against the rule, a study ends against its advice, audiences have names.

Revision ID: 2026_11_22_1410
Revises: 2026_11_22_1400
Create Date: 2026-11-22 14:10:00
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1410"
down_revision = "2026_11_22_1400"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for overrides, audiences and reservations; no study was concluded against advice."""
    op.add_column("study", sa.Column("conclusion_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "recommendation_text", sa.Column("reservation", sa.Text(), nullable=False, server_default="")
    )
    op.create_table(
        "planned_override",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("carried", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "statement_id"],
            ["statement.study_id", "statement.id"],
            name=op.f("fk_planned_override_study_id_statement_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_planned_override_study_id")),
        sa.PrimaryKeyConstraint("study_id", "statement_id", name=op.f("pk_planned_override")),
    )
    op.create_table(
        "audience",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_audience_study_id")),
        sa.PrimaryKeyConstraint("study_id", "id", name=op.f("pk_audience")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_audience_study_id_code")),
    )
    op.create_table(
        "audience_text",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("audience_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "audience_id"],
            ["audience.study_id", "audience.id"],
            name=op.f("fk_audience_text_study_id_audience_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_audience_text_study_id")),
        sa.PrimaryKeyConstraint("study_id", "audience_id", "language", name=op.f("pk_audience_text")),
    )


def downgrade() -> None:
    """Forget what was planned, audiences' names and reservations; recommendations and rounds stay."""
    op.drop_table("audience_text")
    op.drop_table("audience")
    op.drop_table("planned_override")
    op.drop_column("recommendation_text", "reservation")
    op.drop_column("study", "conclusion_reason")
