"""In a real-time round the figures that the panel watches are kept, and whose ratings are in them.

Revision ID: 2026_11_22_0955
Revises: 2026_11_22_0950
Create Date: 2026-11-22 09:55:00
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_0955"
down_revision = "2026_11_22_0950"
branch_labels = None
depends_on = None

FIGURE = ("study_id", "round_number", "statement_id", "criterion_id", "group_id")
RATING = (*FIGURE, "panelist_id")


def upgrade() -> None:
    """Make room for live figures, and for the ratings that they show or wait for."""
    op.create_table(
        "live_figure",
        *(sa.Column(name, sa.Integer(), autoincrement=False, nullable=False) for name in FIGURE),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("n_attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number", "statement_id"],
            ["round_statement.study_id", "round_statement.round_number", "round_statement.statement_id"],
            name=op.f("fk_live_figure_study_id_round_number_statement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "criterion_id"],
            ["criterion.study_id", "criterion.id"],
            name=op.f("fk_live_figure_study_id_criterion_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "group_id"],
            ["stakeholder_group.study_id", "stakeholder_group.id"],
            name=op.f("fk_live_figure_study_id_group_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_live_figure_study_id")),
        sa.PrimaryKeyConstraint(*FIGURE, name=op.f("pk_live_figure")),
    )
    op.create_table(
        "live_rating",
        *(sa.Column(name, sa.Integer(), autoincrement=False, nullable=False) for name in RATING),
        sa.Column("point", sa.Integer(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number", "panelist_id"],
            ["participation.study_id", "participation.round_number", "participation.panelist_id"],
            name=op.f("fk_live_rating_study_id_round_number_panelist_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number", "statement_id"],
            ["round_statement.study_id", "round_statement.round_number", "round_statement.statement_id"],
            name=op.f("fk_live_rating_study_id_round_number_statement_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_live_rating_study_id")),
        sa.PrimaryKeyConstraint(*RATING, name=op.f("pk_live_rating")),
    )


def downgrade() -> None:
    """The ratings stay; what was shown of them while the round was open is forgotten."""
    op.drop_table("live_rating")
    op.drop_table("live_figure")
