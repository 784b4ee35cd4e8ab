"""Rounds open and close by themselves where that is wanted, and addresses that refuse mail are known.

Revision ID: 2026_11_22_1400
Revises: 2026_11_22_1330
Create Date: 2026-11-22 14:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1400"
down_revision = "2026_11_22_1330"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rounds held before close by hand alone, nothing is planned, and no address is known to refuse mail."""
    op.add_column(
        "round", sa.Column("closes_itself", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("identity", sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "planned_opening",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_itself", sa.Boolean(), nullable=False),
        sa.Column("planned_by", sa.String(length=60), nullable=False),
        sa.Column("hindered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_planned_opening_study_id")),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_planned_opening")),
    )
    op.create_index("ix_outbox_of_a_round", "outbox", ["study_id", "round_number", "panelist_id"])


def downgrade() -> None:
    """Forget what was planned and which addresses refuse mail; rounds and messages stay."""
    op.drop_index("ix_outbox_of_a_round", "outbox")
    op.drop_table("planned_opening")
    op.drop_column("identity", "bounced_at")
    op.drop_column("round", "closes_itself")
