"""A real-time figure says whether just the ratings that are decided on are in it.

Revision ID: 2026_11_22_1510
Revises: 2026_11_22_1500
Create Date: 2026-11-22 15:10:00
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1510"
down_revision = "2026_11_22_1500"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note it of the rounds so far, where somebody waits for a figure or is in it with another rating."""
    op.add_column(
        "live_figure", sa.Column("is_as_rated", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.execute(
        """
        UPDATE live_figure SET is_as_rated = (1 = 0)
        WHERE EXISTS (
            SELECT 1 FROM live_rating
            LEFT JOIN rating ON rating.study_id = live_rating.study_id
                AND rating.round_number = live_rating.round_number
                AND rating.panelist_id = live_rating.panelist_id
                AND rating.statement_id = live_rating.statement_id
                AND rating.criterion_id = live_rating.criterion_id
            WHERE live_rating.study_id = live_figure.study_id
                AND live_rating.round_number = live_figure.round_number
                AND live_rating.statement_id = live_figure.statement_id
                AND live_rating.criterion_id = live_figure.criterion_id
                AND live_rating.group_id = live_figure.group_id
                AND (NOT live_rating.is_shown OR rating.point IS NULL OR rating.point <> live_rating.point)
        )
        """
    )


def downgrade() -> None:
    """Forget it; figures and ratings stay."""
    op.drop_column("live_figure", "is_as_rated")
