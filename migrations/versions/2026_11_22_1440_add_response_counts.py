"""How far the panel has come is counted as it comes.

Revision ID: 2026_11_22_1440
Revises: 2026_11_22_1430
Create Date: 2026-11-22 14:40:00
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1440"
down_revision = "2026_11_22_1430"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room, and count everybody who was asked so far."""
    counts = ("invited", "opened", "started", "submitted", "reached", "bounced", "declined", "withdrawn")
    op.create_table(
        "response_count",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("group_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        *(sa.Column(f"n_{name}", sa.Integer(), nullable=False) for name in counts),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_response_count_study_id")),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number"],
            ["round.study_id", "round.number"],
            name=op.f("fk_response_count_study_id_round_number"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "group_id"],
            ["stakeholder_group.study_id", "stakeholder_group.id"],
            name=op.f("fk_response_count_study_id_group_id"),
        ),
        sa.PrimaryKeyConstraint(
            "study_id", "round_number", "group_id", "language", name=op.f("pk_response_count")
        ),
    )
    op.execute(
        """
        INSERT INTO response_count
        SELECT participation.study_id, participation.round_number, panelist.group_id, panelist.language,
            count(*), count(participation.opened_at), count(participation.started_at),
            count(participation.submitted_at), count(participation.reached_at),
            count(CASE WHEN participation.reached_at IS NULL THEN identity.bounced_at END),
            count(panelist.declined_at), count(panelist.withdrawn_at)
        FROM participation
        JOIN panelist
            ON panelist.study_id = participation.study_id AND panelist.id = participation.panelist_id
        LEFT JOIN identity ON identity.study_id = panelist.study_id AND identity.panelist_id = panelist.id
        GROUP BY participation.study_id, participation.round_number, panelist.group_id, panelist.language
        """
    )


def downgrade() -> None:
    """Forget the counts; everybody's own steps stay."""
    op.drop_table("response_count")
