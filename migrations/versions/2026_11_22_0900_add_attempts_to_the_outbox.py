"""A message that could not be sent is tried again later, and workers find those still waiting by an index.

Revision ID: 2026_11_22_0900
Revises: 2026_11_21_1200
Create Date: 2026-11-22 09:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_0900"
down_revision = "2026_11_21_1200"
branch_labels = None
depends_on = None

WAITING = sa.text("state IN ('queued', 'claimed')")


def upgrade() -> None:
    """Count the attempts, say when the next one is due, and index what waits."""
    op.add_column("outbox", sa.Column("n_attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_outbox_waiting", "outbox", ["state"], sqlite_where=WAITING, postgresql_where=WAITING)


def downgrade() -> None:
    """Forget the attempts; every message stays."""
    op.drop_index("ix_outbox_waiting", table_name="outbox")
    op.drop_column("outbox", "due_at")
    op.drop_column("outbox", "n_attempts")
