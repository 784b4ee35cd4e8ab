"""The whole house: studies, protocols, statements, panel, rounds, ratings, material, accounts, log.

Revision ID: 2026_11_21_1200
Revises:
Create Date: 2026-11-21 12:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_1200"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "attempt",
        sa.Column("bucket", sa.String(length=120), nullable=False),
        sa.Column("window_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("n_attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_attempt")),
    )
    op.create_table(
        "researcher",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_researcher")),
        sa.UniqueConstraint("email", name=op.f("uq_researcher_email")),
    )
    op.create_table(
        "study",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("minutes_per_round", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('draft', 'running', 'concluded')", name=op.f("ck_study_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
        sa.UniqueConstraint("slug", name=op.f("uq_study_slug")),
    )
    op.create_table(
        "criterion",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_criterion_study_id")),
        sa.PrimaryKeyConstraint("study_id", "id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_criterion_study_id_code")),
    )
    op.create_table(
        "event",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_event_study_id")),
        sa.PrimaryKeyConstraint("study_id", "sequence", name=op.f("pk_event")),
        sa.UniqueConstraint("study_id", "previous_hash", name=op.f("uq_event_study_id_previous_hash")),
    )
    op.create_table(
        "event_chain",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n_events", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_event_chain_study_id")),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_event_chain")),
    )
    op.create_table(
        "evidence",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('literature', 'good_practice')", name=op.f("ck_evidence_kind")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_evidence_study_id")),
        sa.PrimaryKeyConstraint("study_id", "id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_evidence_study_id_code")),
    )
    op.create_table(
        "membership",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("researcher_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("sees_mail_list", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('owner', 'editor', 'facilitator', 'analyst')", name=op.f("ck_membership_role")
        ),
        sa.ForeignKeyConstraint(
            ["researcher_id"], ["researcher.id"], name=op.f("fk_membership_researcher_id")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_membership_study_id")),
        sa.PrimaryKeyConstraint("study_id", "researcher_id", name=op.f("pk_membership")),
    )
    op.create_table(
        "profile_question",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('single', 'multiple', 'text', 'number')", name=op.f("ck_profile_question_kind")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_profile_question_study_id")),
        sa.PrimaryKeyConstraint("study_id", "id", name=op.f("pk_profile_question")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_profile_question_study_id_code")),
    )
    op.create_table(
        "protocol_version",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tables", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("amendment_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_protocol_version_study_id")),
        sa.PrimaryKeyConstraint("study_id", "version", name=op.f("pk_protocol_version")),
    )
    op.create_table(
        "recommendation",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("audience", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_recommendation_study_id")),
        sa.PrimaryKeyConstraint("study_id", "id", name=op.f("pk_recommendation")),
    )
    op.create_table(
        "researcher_session",
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        sa.Column("researcher_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["researcher_id"], ["researcher.id"], name=op.f("fk_researcher_session_researcher_id")
        ),
        sa.PrimaryKeyConstraint("session_hash", name=op.f("pk_researcher_session")),
    )
    op.create_index(
        op.f("ix_researcher_session_researcher_id"), "researcher_session", ["researcher_id"], unique=False
    )
    op.create_table(
        "stakeholder_group",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_stakeholder_group_study_id")),
        sa.PrimaryKeyConstraint("study_id", "id", name=op.f("pk_stakeholder_group")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_stakeholder_group_study_id_code")),
    )
    op.create_table(
        "study_text",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("organiser", sa.Text(), nullable=False),
        sa.Column("who_sees_what", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_study_text_study_id")),
        sa.PrimaryKeyConstraint("study_id", "language", name=op.f("pk_study_text")),
    )
    op.create_table(
        "theme",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "parent_id"],
            ["theme.study_id", "theme.id"],
            name=op.f("fk_theme_study_id_parent_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_theme_study_id")),
        sa.PrimaryKeyConstraint("study_id", "id", name=op.f("pk_theme")),
    )
    op.create_table(
        "topic",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_topic_study_id")),
        sa.PrimaryKeyConstraint("study_id", "id", name=op.f("pk_topic")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_topic_study_id_code")),
    )
    op.create_table(
        "evidence_text",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("evidence_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "evidence_id"],
            ["evidence.study_id", "evidence.id"],
            name=op.f("fk_evidence_text_study_id_evidence_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_evidence_text_study_id")),
        sa.PrimaryKeyConstraint("study_id", "evidence_id", "language", name=op.f("pk_evidence_text")),
    )
    op.create_table(
        "panelist",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pseudonym", sa.String(length=20), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawal_mode", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["study_id", "group_id"],
            ["stakeholder_group.study_id", "stakeholder_group.id"],
            name=op.f("fk_panelist_study_id_group_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_panelist_study_id")),
        sa.PrimaryKeyConstraint("study_id", "id", name=op.f("pk_panelist")),
        sa.UniqueConstraint("study_id", "pseudonym", name=op.f("uq_panelist_study_id_pseudonym")),
    )
    op.create_table(
        "profile_option",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "question_id"],
            ["profile_question.study_id", "profile_question.id"],
            name=op.f("fk_profile_option_study_id_question_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_profile_option_study_id")),
        sa.PrimaryKeyConstraint("study_id", "question_id", "id", name=op.f("pk_profile_option")),
    )
    op.create_table(
        "profile_question_text",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("profile_question_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "profile_question_id"],
            ["profile_question.study_id", "profile_question.id"],
            name=op.f("fk_profile_question_text_study_id_profile_question_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_profile_question_text_study_id")),
        sa.PrimaryKeyConstraint(
            "study_id", "profile_question_id", "language", name=op.f("pk_profile_question_text")
        ),
    )
    op.create_table(
        "recommendation_text",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recommendation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "recommendation_id"],
            ["recommendation.study_id", "recommendation.id"],
            name=op.f("fk_recommendation_text_study_id_recommendation_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_recommendation_text_study_id")),
        sa.PrimaryKeyConstraint(
            "study_id", "recommendation_id", "language", name=op.f("pk_recommendation_text")
        ),
    )
    op.create_table(
        "round",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("protocol_version", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fed_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('open', 'rating')", name=op.f("ck_round_kind")),
        sa.CheckConstraint("mode IN ('standard', 'real_time')", name=op.f("ck_round_mode")),
        sa.CheckConstraint("status IN ('draft', 'open', 'closed', 'fed_back')", name=op.f("ck_round_status")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_round_number")),
        sa.ForeignKeyConstraint(
            ["study_id", "protocol_version"],
            ["protocol_version.study_id", "protocol_version.version"],
            name=op.f("fk_round_study_id_protocol_version"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_round_study_id")),
        sa.PrimaryKeyConstraint("study_id", "number", name=op.f("pk_round")),
    )
    op.create_index(
        "uq_round_unfinished",
        "round",
        ["study_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'fed_back'"),
        postgresql_where=sa.text("status <> 'fed_back'"),
    )
    op.create_table(
        "statement",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "topic_id"],
            ["topic.study_id", "topic.id"],
            name=op.f("fk_statement_study_id_topic_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_statement_study_id")),
        sa.PrimaryKeyConstraint("study_id", "id", name=op.f("pk_statement")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_statement_study_id_code")),
    )
    op.create_table(
        "topic_text",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("topic_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "topic_id"],
            ["topic.study_id", "topic.id"],
            name=op.f("fk_topic_text_study_id_topic_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_topic_text_study_id")),
        sa.PrimaryKeyConstraint("study_id", "topic_id", "language", name=op.f("pk_topic_text")),
    )
    op.create_table(
        "answered_request",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("panelist_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("request_key", sa.String(length=80), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "panelist_id"],
            ["panelist.study_id", "panelist.id"],
            name=op.f("fk_answered_request_study_id_panelist_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_answered_request_study_id")),
        sa.PrimaryKeyConstraint("study_id", "panelist_id", "request_key", name=op.f("pk_answered_request")),
    )
    op.create_table(
        "carry_override",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("carried", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number"],
            ["round.study_id", "round.number"],
            name=op.f("fk_carry_override_study_id_round_number"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "statement_id"],
            ["statement.study_id", "statement.id"],
            name=op.f("fk_carry_override_study_id_statement_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_carry_override_study_id")),
        sa.PrimaryKeyConstraint("study_id", "round_number", "statement_id", name=op.f("pk_carry_override")),
    )
    op.create_table(
        "counts_snapshot",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number"],
            ["round.study_id", "round.number"],
            name=op.f("fk_counts_snapshot_study_id_round_number"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_counts_snapshot_study_id")),
        sa.PrimaryKeyConstraint("study_id", "round_number", name=op.f("pk_counts_snapshot")),
    )
    op.create_table(
        "identity",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("panelist_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "panelist_id"],
            ["panelist.study_id", "panelist.id"],
            name=op.f("fk_identity_study_id_panelist_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_identity_study_id")),
        sa.PrimaryKeyConstraint("study_id", "panelist_id", name=op.f("pk_identity")),
        sa.UniqueConstraint("study_id", "email", name=op.f("uq_identity_study_id_email")),
    )
    op.create_table(
        "material",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=True),
        sa.Column("panelist_id", sa.Integer(), nullable=True),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.CheckConstraint("kind IN ('comment', 'open_answer', 'experience')", name=op.f("ck_material_kind")),
        sa.ForeignKeyConstraint(
            ["study_id", "statement_id"],
            ["statement.study_id", "statement.id"],
            name=op.f("fk_material_study_id_statement_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_material_study_id")),
        sa.PrimaryKeyConstraint("study_id", "id", name=op.f("pk_material")),
    )
    op.create_table(
        "open_question",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number"],
            ["round.study_id", "round.number"],
            name=op.f("fk_open_question_study_id_round_number"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "topic_id"],
            ["topic.study_id", "topic.id"],
            name=op.f("fk_open_question_study_id_topic_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_open_question_study_id")),
        sa.PrimaryKeyConstraint("study_id", "round_number", "id", name=op.f("pk_open_question")),
    )
    op.create_table(
        "outbox",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("panelist_id", sa.Integer(), nullable=True),
        sa.Column("round_number", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('queued', 'claimed', 'sent', 'failed')", name=op.f("ck_outbox_state")),
        sa.ForeignKeyConstraint(
            ["study_id", "panelist_id"],
            ["panelist.study_id", "panelist.id"],
            name=op.f("fk_outbox_study_id_panelist_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_outbox_study_id")),
        sa.PrimaryKeyConstraint("study_id", "id", name=op.f("pk_outbox")),
    )
    op.create_table(
        "participation",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("panelist_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt_code", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["study_id", "panelist_id"],
            ["panelist.study_id", "panelist.id"],
            name=op.f("fk_participation_study_id_panelist_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number"],
            ["round.study_id", "round.number"],
            name=op.f("fk_participation_study_id_round_number"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_participation_study_id")),
        sa.PrimaryKeyConstraint("study_id", "round_number", "panelist_id", name=op.f("pk_participation")),
    )
    op.create_table(
        "personal_link",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("panelist_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("issue", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["study_id", "panelist_id"],
            ["panelist.study_id", "panelist.id"],
            name=op.f("fk_personal_link_study_id_panelist_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_personal_link_study_id")),
        sa.PrimaryKeyConstraint("study_id", "panelist_id", "issue", name=op.f("pk_personal_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_personal_link_token_hash")),
    )
    op.create_table(
        "profile_answer",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("panelist_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "panelist_id"],
            ["panelist.study_id", "panelist.id"],
            name=op.f("fk_profile_answer_study_id_panelist_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "question_id", "option_id"],
            ["profile_option.study_id", "profile_option.question_id", "profile_option.id"],
            name=op.f("fk_profile_answer_study_id_question_id_option_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "question_id"],
            ["profile_question.study_id", "profile_question.id"],
            name=op.f("fk_profile_answer_study_id_question_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_profile_answer_study_id")),
        sa.PrimaryKeyConstraint(
            "study_id", "panelist_id", "question_id", "position", name=op.f("pk_profile_answer")
        ),
    )
    op.create_table(
        "profile_option_text",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("option_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "question_id", "option_id"],
            ["profile_option.study_id", "profile_option.question_id", "profile_option.id"],
            name=op.f("fk_profile_option_text_study_id_question_id_option_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_profile_option_text_study_id")),
        sa.PrimaryKeyConstraint(
            "study_id", "question_id", "option_id", "language", name=op.f("pk_profile_option_text")
        ),
    )
    op.create_table(
        "recommendation_basis",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recommendation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(statement_id IS NOT NULL) OR (theme_id IS NOT NULL) OR (evidence_id IS NOT NULL)",
            name=op.f("ck_recommendation_basis_rests_on_something"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "evidence_id"],
            ["evidence.study_id", "evidence.id"],
            name=op.f("fk_recommendation_basis_study_id_evidence_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "recommendation_id"],
            ["recommendation.study_id", "recommendation.id"],
            name=op.f("fk_recommendation_basis_study_id_recommendation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "statement_id"],
            ["statement.study_id", "statement.id"],
            name=op.f("fk_recommendation_basis_study_id_statement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "theme_id"],
            ["theme.study_id", "theme.id"],
            name=op.f("fk_recommendation_basis_study_id_theme_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_recommendation_basis_study_id")),
        sa.PrimaryKeyConstraint(
            "study_id", "recommendation_id", "position", name=op.f("pk_recommendation_basis")
        ),
    )
    op.create_table(
        "released_feedback",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number"],
            ["round.study_id", "round.number"],
            name=op.f("fk_released_feedback_study_id_round_number"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_released_feedback_study_id")),
        sa.PrimaryKeyConstraint("study_id", "round_number", name=op.f("pk_released_feedback")),
    )
    op.create_table(
        "statement_evidence",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("evidence_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "evidence_id"],
            ["evidence.study_id", "evidence.id"],
            name=op.f("fk_statement_evidence_study_id_evidence_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "statement_id"],
            ["statement.study_id", "statement.id"],
            name=op.f("fk_statement_evidence_study_id_statement_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_statement_evidence_study_id")),
        sa.PrimaryKeyConstraint(
            "study_id", "statement_id", "evidence_id", name=op.f("pk_statement_evidence")
        ),
    )
    op.create_table(
        "statement_lineage",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("from_statement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('reworded', 'split', 'merged', 'from_open_answers')",
            name=op.f("ck_statement_lineage_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "from_statement_id"],
            ["statement.study_id", "statement.id"],
            name=op.f("fk_statement_lineage_study_id_from_statement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "statement_id"],
            ["statement.study_id", "statement.id"],
            name=op.f("fk_statement_lineage_study_id_statement_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_statement_lineage_study_id")),
        sa.PrimaryKeyConstraint(
            "study_id", "statement_id", "from_statement_id", name=op.f("pk_statement_lineage")
        ),
    )
    op.create_table(
        "statement_version",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("change_reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "statement_id"],
            ["statement.study_id", "statement.id"],
            name=op.f("fk_statement_version_study_id_statement_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_statement_version_study_id")),
        sa.PrimaryKeyConstraint("study_id", "statement_id", "version", name=op.f("pk_statement_version")),
    )
    op.create_table(
        "theme_statement",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("theme_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "statement_id"],
            ["statement.study_id", "statement.id"],
            name=op.f("fk_theme_statement_study_id_statement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "theme_id"],
            ["theme.study_id", "theme.id"],
            name=op.f("fk_theme_statement_study_id_theme_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_theme_statement_study_id")),
        sa.PrimaryKeyConstraint("study_id", "theme_id", "statement_id", name=op.f("pk_theme_statement")),
    )
    op.create_table(
        "coding",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("material_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("theme_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("researcher_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("coded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "material_id"],
            ["material.study_id", "material.id"],
            name=op.f("fk_coding_study_id_material_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "theme_id"], ["theme.study_id", "theme.id"], name=op.f("fk_coding_study_id_theme_id")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_coding_study_id")),
        sa.PrimaryKeyConstraint(
            "study_id", "material_id", "theme_id", "researcher_id", name=op.f("pk_coding")
        ),
    )
    op.create_table(
        "open_answer",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("panelist_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number", "panelist_id"],
            ["participation.study_id", "participation.round_number", "participation.panelist_id"],
            name=op.f("fk_open_answer_study_id_round_number_panelist_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number", "question_id"],
            ["open_question.study_id", "open_question.round_number", "open_question.id"],
            name=op.f("fk_open_answer_study_id_round_number_question_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_open_answer_study_id")),
        sa.PrimaryKeyConstraint(
            "study_id", "round_number", "panelist_id", "question_id", "position", name=op.f("pk_open_answer")
        ),
    )
    op.create_table(
        "open_question_text",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number", "question_id"],
            ["open_question.study_id", "open_question.round_number", "open_question.id"],
            name=op.f("fk_open_question_text_study_id_round_number_question_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_open_question_text_study_id")),
        sa.PrimaryKeyConstraint(
            "study_id", "round_number", "question_id", "language", name=op.f("pk_open_question_text")
        ),
    )
    op.create_table(
        "panelist_session",
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("panelist_id", sa.Integer(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shared_device", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "panelist_id", "issue"],
            ["personal_link.study_id", "personal_link.panelist_id", "personal_link.issue"],
            name=op.f("fk_panelist_session_study_id_panelist_id_issue"),
        ),
        sa.PrimaryKeyConstraint("session_hash", name=op.f("pk_panelist_session")),
    )
    op.create_table(
        "round_analysis",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("input_sha256", sa.String(length=64), nullable=False),
        sa.Column("protocol_version", sa.Integer(), nullable=False),
        sa.Column("code_version", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number"],
            ["counts_snapshot.study_id", "counts_snapshot.round_number"],
            name=op.f("fk_round_analysis_study_id_round_number"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_round_analysis_study_id")),
        sa.PrimaryKeyConstraint("study_id", "round_number", "id", name=op.f("pk_round_analysis")),
    )
    op.create_table(
        "round_statement",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number"],
            ["round.study_id", "round.number"],
            name=op.f("fk_round_statement_study_id_round_number"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "statement_id", "version"],
            ["statement_version.study_id", "statement_version.statement_id", "statement_version.version"],
            name=op.f("fk_round_statement_study_id_statement_id_version"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_round_statement_study_id")),
        sa.PrimaryKeyConstraint("study_id", "round_number", "statement_id", name=op.f("pk_round_statement")),
    )
    op.create_table(
        "statement_text",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "statement_id", "version"],
            ["statement_version.study_id", "statement_version.statement_id", "statement_version.version"],
            name=op.f("fk_statement_text_study_id_statement_id_version"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_statement_text_study_id")),
        sa.PrimaryKeyConstraint(
            "study_id", "statement_id", "version", "language", name=op.f("pk_statement_text")
        ),
    )
    op.create_table(
        "comment",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("panelist_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("moderation", sa.String(length=20), nullable=False),
        sa.Column("released_text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "moderation IN ('pending', 'released', 'withheld', 'redacted')",
            name=op.f("ck_comment_moderation"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number", "panelist_id"],
            ["participation.study_id", "participation.round_number", "participation.panelist_id"],
            name=op.f("fk_comment_study_id_round_number_panelist_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number", "statement_id"],
            ["round_statement.study_id", "round_statement.round_number", "round_statement.statement_id"],
            name=op.f("fk_comment_study_id_round_number_statement_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_comment_study_id")),
        sa.PrimaryKeyConstraint(
            "study_id", "round_number", "panelist_id", "statement_id", name=op.f("pk_comment")
        ),
    )
    op.create_table(
        "rating",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("panelist_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("criterion_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("point", sa.Integer(), nullable=True),
        sa.Column("abstained", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=True),
        sa.Column("reason_text", sa.Text(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(abstained AND point IS NULL) OR (NOT abstained AND point IS NOT NULL)",
            name=op.f("ck_rating_one_answer"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_rating_version")),
        sa.ForeignKeyConstraint(
            ["study_id", "criterion_id"],
            ["criterion.study_id", "criterion.id"],
            name=op.f("fk_rating_study_id_criterion_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number", "panelist_id"],
            ["participation.study_id", "participation.round_number", "participation.panelist_id"],
            name=op.f("fk_rating_study_id_round_number_panelist_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number", "statement_id"],
            ["round_statement.study_id", "round_statement.round_number", "round_statement.statement_id"],
            name=op.f("fk_rating_study_id_round_number_statement_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_rating_study_id")),
        sa.PrimaryKeyConstraint(
            "study_id", "round_number", "panelist_id", "statement_id", "criterion_id", name=op.f("pk_rating")
        ),
    )
    op.create_table(
        "rating_version",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("panelist_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("criterion_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("point", sa.Integer(), nullable=True),
        sa.Column("abstained", sa.Boolean(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number", "panelist_id", "statement_id", "criterion_id"],
            [
                "rating.study_id",
                "rating.round_number",
                "rating.panelist_id",
                "rating.statement_id",
                "rating.criterion_id",
            ],
            name=op.f("fk_rating_version_study_id_round_number_panelist_id_statement_id_criterion_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_rating_version_study_id")),
        sa.PrimaryKeyConstraint(
            "study_id",
            "round_number",
            "panelist_id",
            "statement_id",
            "criterion_id",
            "version",
            name=op.f("pk_rating_version"),
        ),
    )


def downgrade() -> None:
    """Drop every table."""
    op.drop_table("rating_version")
    op.drop_table("rating")
    op.drop_table("comment")
    op.drop_table("statement_text")
    op.drop_table("round_statement")
    op.drop_table("round_analysis")
    op.drop_table("panelist_session")
    op.drop_table("open_question_text")
    op.drop_table("open_answer")
    op.drop_table("coding")
    op.drop_table("theme_statement")
    op.drop_table("statement_version")
    op.drop_table("statement_lineage")
    op.drop_table("statement_evidence")
    op.drop_table("released_feedback")
    op.drop_table("recommendation_basis")
    op.drop_table("profile_option_text")
    op.drop_table("profile_answer")
    op.drop_table("personal_link")
    op.drop_table("participation")
    op.drop_table("outbox")
    op.drop_table("open_question")
    op.drop_table("material")
    op.drop_table("identity")
    op.drop_table("counts_snapshot")
    op.drop_table("carry_override")
    op.drop_table("answered_request")
    op.drop_table("topic_text")
    op.drop_table("statement")
    op.drop_index(
        "uq_round_unfinished",
        table_name="round",
        sqlite_where=sa.text("status <> 'fed_back'"),
        postgresql_where=sa.text("status <> 'fed_back'"),
    )
    op.drop_table("round")
    op.drop_table("recommendation_text")
    op.drop_table("profile_question_text")
    op.drop_table("profile_option")
    op.drop_table("panelist")
    op.drop_table("evidence_text")
    op.drop_table("topic")
    op.drop_table("theme")
    op.drop_table("study_text")
    op.drop_table("stakeholder_group")
    op.drop_index(op.f("ix_researcher_session_researcher_id"), table_name="researcher_session")
    op.drop_table("researcher_session")
    op.drop_table("recommendation")
    op.drop_table("protocol_version")
    op.drop_table("profile_question")
    op.drop_table("membership")
    op.drop_table("evidence")
    op.drop_table("event_chain")
    op.drop_table("event")
    op.drop_table("criterion")
    op.drop_table("study")
    op.drop_table("researcher")
    op.drop_table("attempt")
