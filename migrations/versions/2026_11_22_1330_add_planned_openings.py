"""The panel can be told when the next round is planned to open.

Revision ID: 2026_11_22_1330
Revises: 2026_11_22_1210
Create Date: 2026-11-22 13:30:00
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1330"
down_revision = "2026_11_22_1210"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room beside every round; of those held before nothing was planned."""
    op.add_column("round", sa.Column("next_opens_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget what was planned; rounds stay."""
    op.drop_column("round", "next_opens_at")
