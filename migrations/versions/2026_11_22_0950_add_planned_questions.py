"""Open questions wait from the import until their round opens; a question may be left with nothing to add.

Revision ID: 2026_11_22_0950
Revises: 2026_11_22_0900
Create Date: 2026-11-22 09:50:00
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_0950"
down_revision = "2026_11_22_0900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Store questions before there is a round, and give those of a round their code, order and limit."""
    op.create_table(
        "planned_question",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("most_answers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "topic_id"],
            ["topic.study_id", "topic.id"],
            name=op.f("fk_planned_question_study_id_topic_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_planned_question_study_id")),
        sa.PrimaryKeyConstraint("study_id", "id", name=op.f("pk_planned_question")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_planned_question_study_id_code")),
    )
    op.create_table(
        "planned_question_text",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "question_id"],
            ["planned_question.study_id", "planned_question.id"],
            name=op.f("fk_planned_question_text_study_id_question_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_planned_question_text_study_id")),
        sa.PrimaryKeyConstraint("study_id", "question_id", "language", name=op.f("pk_planned_question_text")),
    )
    op.create_table(
        "nothing_to_add",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("panelist_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number", "panelist_id"],
            ["participation.study_id", "participation.round_number", "participation.panelist_id"],
            name=op.f("fk_nothing_to_add_study_id_round_number_panelist_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "round_number", "question_id"],
            ["open_question.study_id", "open_question.round_number", "open_question.id"],
            name=op.f("fk_nothing_to_add_study_id_round_number_question_id"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_nothing_to_add_study_id")),
        sa.PrimaryKeyConstraint(
            "study_id", "round_number", "panelist_id", "question_id", name=op.f("pk_nothing_to_add")
        ),
    )
    op.add_column("open_question", sa.Column("code", sa.String(length=80), nullable=False, server_default=""))
    op.add_column("open_question", sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "open_question", sa.Column("most_answers", sa.Integer(), nullable=False, server_default="20")
    )
    op.add_column("open_question_text", sa.Column("hint", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE open_question SET code = 'Q' || CAST(id AS VARCHAR(10)), position = id")


def downgrade() -> None:
    """Keep the questions of rounds and their answers; what is only planned is forgotten."""
    op.drop_column("open_question_text", "hint")
    for name in ("most_answers", "position", "code"):
        op.drop_column("open_question", name)
    for name in ("nothing_to_add", "planned_question_text", "planned_question"):
        op.drop_table(name)
