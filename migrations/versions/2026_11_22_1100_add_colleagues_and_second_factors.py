"""Colleagues are invited; an account has sessions that are listed, a second factor and ways to recover it.

Revision ID: 2026_11_22_1100
Revises: 2026_11_22_1000
Create Date: 2026-11-22 11:00:00
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1100"
down_revision = "2026_11_22_1000"
branch_labels = None
depends_on = None

ROLES = "role IN ('owner', 'editor', 'facilitator', 'analyst')"


def moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def researcher_of(table: str, column: str = "researcher_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["researcher.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Make room for invitations, second factors, recovery and accounts at a provider; every session stays."""
    op.add_column("researcher_session", moment("used_at", nullable=True))
    op.add_column(
        "researcher_session", sa.Column("device", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column(
        "researcher_session",
        sa.Column("awaits_code", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("outbox", sa.Column("invitation_id", sa.Integer(), nullable=True))
    op.create_table(
        "colleague_invitation",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("sees_mail_list", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=False),
        moment("invited_at"),
        moment("expires_at"),
        moment("accepted_at", nullable=True),
        moment("withdrawn_at", nullable=True),
        sa.CheckConstraint(ROLES, name=op.f("ck_colleague_invitation_role")),
        researcher_of("colleague_invitation", "invited_by"),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_colleague_invitation_study_id")),
        sa.PrimaryKeyConstraint("study_id", "id", name=op.f("pk_colleague_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_colleague_invitation_token_hash")),
    )
    op.create_table(
        "second_factor",
        sa.Column("researcher_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        moment("confirmed_at"),
        sa.Column("last_step", sa.Integer(), nullable=False),
        researcher_of("second_factor"),
        sa.PrimaryKeyConstraint("researcher_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("researcher_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        moment("used_at", nullable=True),
        researcher_of("recovery_code"),
        sa.PrimaryKeyConstraint("researcher_id", "code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "recovery_request",
        sa.Column("email", sa.String(length=254), nullable=False),
        moment("requested_at"),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("n_attempts", sa.Integer(), nullable=False),
        moment("due_at"),
        sa.PrimaryKeyConstraint("email", name=op.f("pk_recovery_request")),
    )
    op.create_table(
        "recovery_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("researcher_id", sa.Integer(), nullable=False),
        moment("issued_at"),
        moment("expires_at"),
        moment("used_at", nullable=True),
        researcher_of("recovery_link"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_recovery_link")),
    )
    op.create_index(op.f("ix_recovery_link_researcher_id"), "recovery_link", ["researcher_id"])
    op.create_table(
        "provider_account",
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("researcher_id", sa.Integer(), nullable=False),
        moment("linked_at"),
        researcher_of("provider_account"),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_provider_account")),
    )
    op.create_index(op.f("ix_provider_account_researcher_id"), "provider_account", ["researcher_id"])


def downgrade() -> None:
    """Accounts, sessions and roles stay; invitations, second factors and recovery are forgotten.

    A sign-in that waits for its code must not become a session.
    """
    op.execute("DELETE FROM researcher_session WHERE awaits_code")
    op.execute("DELETE FROM outbox WHERE invitation_id IS NOT NULL")
    for name in (
        "provider_account",
        "recovery_link",
        "recovery_request",
        "recovery_code",
        "second_factor",
        "colleague_invitation",
    ):
        op.drop_table(name)
    op.drop_column("outbox", "invitation_id")
    for name in ("awaits_code", "device", "used_at"):
        op.drop_column("researcher_session", name)
