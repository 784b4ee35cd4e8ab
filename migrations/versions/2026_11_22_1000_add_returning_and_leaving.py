"""A link can be asked for again; a shared device forgets soon; a no can be taken back, or be final.

Revision ID: 2026_11_22_1000
Revises: 2026_11_22_0955
Create Date: 2026-11-22 10:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1000"
down_revision = "2026_11_22_0955"
branch_labels = None
depends_on = None

NEW_MOMENTS = (
    ("panelist", "declined_for_good_at"),
    ("identity", "disowned_at"),
    ("panelist_session", "idle_until"),
)


def upgrade() -> None:
    """Make room for requests and moments; who has declined before may still change their mind."""
    op.create_table(
        "link_request",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("email", name=op.f("pk_link_request")),
    )
    for table, name in NEW_MOMENTS:
        op.add_column(table, sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget requests and moments; panelists, identities and sessions stay."""
    for table, name in NEW_MOMENTS:
        op.drop_column(table, name)
    op.drop_table("link_request")
