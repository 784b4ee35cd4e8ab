"""Rounds, their questionnaires, who took part, and what was fed back."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, String, false
from sqlalchemy import text as sql

from app.domain.round import RoundKind, RoundMode, RoundStatus
from app.storage.tables.columns import belongs_to, moment, number, one_of, owned_table, text

round_ = owned_table(
    "round",
    number("number", key=True),
    Column("kind", String(20), nullable=False),
    Column("mode", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    number("protocol_version"),
    moment("opened_at", nullable=True),
    moment("closes_at", nullable=True),
    moment("closed_at", nullable=True),
    moment("fed_back_at", nullable=True),
    moment("next_opens_at", nullable=True),
    Column("closes_itself", Boolean, nullable=False, server_default=false()),
    one_of("kind", RoundKind),
    one_of("mode", RoundMode),
    one_of("status", RoundStatus),
    CheckConstraint("number >= 1", name="number"),
    belongs_to("protocol_version", "protocol_version", refers=["version"]),
)

Index(
    "uq_round_unfinished",
    round_.c.study_id,
    unique=True,
    sqlite_where=sql("status <> 'fed_back'"),
    postgresql_where=sql("status <> 'fed_back'"),
)

planned_opening = owned_table(
    "planned_opening",
    number("round_number"),
    moment("opens_at"),
    moment("closes_at", nullable=True),
    Column("closes_itself", Boolean, nullable=False),
    Column("planned_by", String(60), nullable=False),
    moment("hindered_at", nullable=True),
)

round_statement = owned_table(
    "round_statement",
    number("round_number", key=True),
    number("statement_id", key=True),
    number("version"),
    number("position"),
    belongs_to("round", "round_number", refers=["number"]),
    belongs_to("statement_version", "statement_id", "version"),
)

carry_override = owned_table(
    "carry_override",
    number("round_number", key=True),
    number("statement_id", key=True),
    Column("carried", Integer, nullable=False),
    text("reason"),
    belongs_to("round", "round_number", refers=["number"]),
    belongs_to("statement", "statement_id", refers=["id"]),
)

planned_override = owned_table(
    "planned_override",
    number("statement_id", key=True),
    Column("carried", Integer, nullable=False),
    text("reason"),
    belongs_to("statement", "statement_id", refers=["id"]),
)
"""What the next round is to ask against the rule; when it opens this moves to ``carry_override``."""

participation = owned_table(
    "participation",
    number("round_number", key=True),
    number("panelist_id", key=True),
    moment("invited_at"),
    moment("reached_at", nullable=True),
    moment("opened_at", nullable=True),
    moment("started_at", nullable=True),
    moment("submitted_at", nullable=True),
    Column("receipt_code", String(20)),
    belongs_to("round", "round_number", refers=["number"]),
    belongs_to("panelist", "panelist_id", refers=["id"]),
)

response_count = owned_table(
    "response_count",
    number("round_number", key=True),
    number("group_id", key=True),
    Column("language", String(2), primary_key=True),
    number("n_invited"),
    number("n_opened"),
    number("n_started"),
    number("n_submitted"),
    number("n_reached"),
    number("n_bounced"),
    number("n_declined"),
    number("n_withdrawn"),
    belongs_to("round", "round_number", refers=["number"]),
    belongs_to("stakeholder_group", "group_id", refers=["id"]),
)
"""How far those asked in a round have come: counted as they come, so that nobody looks at all of them."""

counts_snapshot = owned_table(
    "counts_snapshot",
    number("round_number", key=True),
    text("content"),
    Column("sha256", String(64), nullable=False),
    moment("taken_at"),
    belongs_to("round", "round_number", refers=["number"]),
)

round_analysis = owned_table(
    "round_analysis",
    number("round_number", key=True),
    number("id", key=True),
    Column("input_sha256", String(64), nullable=False),
    number("protocol_version"),
    Column("code_version", String(40), nullable=False),
    number("seed"),
    text("result"),
    text("decisions", nullable=True),
    moment("created_at"),
    belongs_to("counts_snapshot", "round_number"),
)
"""``decisions`` is the part of ``result`` by which a study is listed: decision by criterion by statement."""

grouping_analysis = owned_table(
    "grouping_analysis",
    number("round_number", key=True),
    Column("grouping", String(100), primary_key=True),
    number("id", key=True),
    Column("result_sha256", String(64), nullable=False),
    Column("code_version", String(40), nullable=False),
    text("result"),
    moment("created_at"),
    belongs_to("counts_snapshot", "round_number"),
)

released_feedback = owned_table(
    "released_feedback",
    number("round_number", key=True),
    text("content"),
    moment("released_at"),
    belongs_to("round", "round_number", refers=["number"]),
)
