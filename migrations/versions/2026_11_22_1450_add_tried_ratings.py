"""Whose real-time rating was tried for a figure waits as it was then.

Revision ID: 2026_11_22_1450
Revises: 2026_11_22_1440
Create Date: 2026-11-22 14:50:00
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1450"
down_revision = "2026_11_22_1440"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Hold what waits for a figure that has been tried since it last advanced."""
    op.add_column(
        "live_rating", sa.Column("is_tried", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(
        """
        UPDATE live_rating SET is_tried = (1 = 1)
        WHERE NOT is_shown AND EXISTS (
            SELECT 1 FROM live_figure
            WHERE live_figure.study_id = live_rating.study_id
                AND live_figure.round_number = live_rating.round_number
                AND live_figure.statement_id = live_rating.statement_id
                AND live_figure.criterion_id = live_rating.criterion_id
                AND live_figure.group_id = live_rating.group_id
                AND live_figure.n_attempts > 0
        )
        """
    )


def downgrade() -> None:
    """Forget who was tried; what waits stays."""
    op.drop_column("live_rating", "is_tried")
