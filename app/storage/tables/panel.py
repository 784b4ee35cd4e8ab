"""The panel. Identities stand in a table of their own, joined by an id that no export carries."""

from sqlalchemy import Boolean, Column, Integer, String, Table, UniqueConstraint

from app.domain.profile import QuestionKind
from app.storage.tables.columns import (
    belongs_to,
    code,
    metadata,
    moment,
    number,
    one_of,
    owned_table,
    text,
    texts_table,
)

panelist = owned_table(
    "panelist",
    number("id", key=True),
    Column("pseudonym", String(20), nullable=False),
    number("group_id"),
    Column("language", String(2), nullable=False),
    moment("created_at"),
    moment("consented_at", nullable=True),
    moment("declined_at", nullable=True),
    moment("declined_for_good_at", nullable=True),
    moment("withdrawn_at", nullable=True),
    Column("withdrawal_mode", String(20)),
    belongs_to("stakeholder_group", "group_id", refers=["id"]),
    UniqueConstraint("study_id", "pseudonym"),
)

identity = owned_table(
    "identity",
    number("panelist_id", key=True),
    text("name"),
    Column("email", String(254), nullable=False),
    moment("disowned_at", nullable=True),
    moment("bounced_at", nullable=True),
    belongs_to("panelist", "panelist_id", refers=["id"]),
    UniqueConstraint("study_id", "email"),
)

personal_link = owned_table(
    "personal_link",
    number("panelist_id", key=True),
    number("issue", key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    moment("issued_at"),
    moment("expires_at"),
    moment("revoked_at", nullable=True),
    belongs_to("panelist", "panelist_id", refers=["id"]),
)

panelist_session = Table(
    "panelist_session",
    metadata,
    Column("session_hash", String(64), primary_key=True),
    Column("study_id", Integer, nullable=False),
    number("panelist_id"),
    number("issue"),
    moment("created_at"),
    moment("expires_at"),
    moment("ended_at", nullable=True),
    Column("shared_device", Boolean, nullable=False),
    moment("idle_until", nullable=True),
    belongs_to("personal_link", "panelist_id", "issue"),
)

link_request = Table(
    "link_request",
    metadata,
    Column("email", String(254), primary_key=True),
    moment("requested_at"),
)

profile_question = owned_table(
    "profile_question",
    number("id", key=True),
    code(),
    number("position"),
    Column("kind", String(20), nullable=False),
    Column("required", Boolean, nullable=False),
    one_of("kind", QuestionKind),
    UniqueConstraint("study_id", "code"),
)
profile_question_text = texts_table("profile_question", "profile_question_id", "text", "hint")

profile_option = owned_table(
    "profile_option",
    number("question_id", key=True),
    number("id", key=True),
    code(),
    belongs_to("profile_question", "question_id", refers=["id"]),
)
profile_option_text = owned_table(
    "profile_option_text",
    number("question_id", key=True),
    number("option_id", key=True),
    Column("language", String(2), primary_key=True),
    text("text"),
    belongs_to("profile_option", "question_id", "option_id", refers=["question_id", "id"]),
)

profile_answer = owned_table(
    "profile_answer",
    number("panelist_id", key=True),
    number("question_id", key=True),
    number("position", key=True),
    number("option_id", nullable=True),
    text("text"),
    moment("answered_at"),
    belongs_to("panelist", "panelist_id", refers=["id"]),
    belongs_to("profile_question", "question_id", refers=["id"]),
    belongs_to("profile_option", "question_id", "option_id", refers=["question_id", "id"]),
)
