"""Real-time rounds: the figures that the panel watches, and whose ratings are in them."""

from sqlalchemy import Boolean, Column, false, true

from app.storage.tables.columns import belongs_to, number, owned_table, text

live_figure = owned_table(
    "live_figure",
    number("round_number", key=True),
    number("statement_id", key=True),
    number("criterion_id", key=True),
    number("group_id", key=True),
    text("counts"),
    number("n_attempts"),
    Column("is_as_rated", Boolean, nullable=False, server_default=true()),
    belongs_to("round_statement", "round_number", "statement_id"),
    belongs_to("criterion", "criterion_id", refers=["id"]),
    belongs_to("stakeholder_group", "group_id", refers=["id"]),
)

live_rating = owned_table(
    "live_rating",
    number("round_number", key=True),
    number("statement_id", key=True),
    number("criterion_id", key=True),
    number("group_id", key=True),
    number("panelist_id", key=True),
    number("point"),
    Column("is_shown", Boolean, nullable=False),
    Column("is_tried", Boolean, nullable=False, server_default=false()),
    belongs_to("participation", "round_number", "panelist_id"),
    belongs_to("round_statement", "round_number", "statement_id"),
)
