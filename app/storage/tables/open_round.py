"""Open rounds: the questions planned, those a round asks, and the free answers to them."""

from sqlalchemy import Column, String, UniqueConstraint

from app.storage.tables.columns import belongs_to, code, moment, number, owned_table, text, texts_table

planned_question = owned_table(
    "planned_question",
    number("id", key=True),
    code(),
    number("position"),
    number("topic_id", nullable=True),
    number("most_answers"),
    belongs_to("topic", "topic_id", refers=["id"]),
    UniqueConstraint("study_id", "code"),
)
planned_question_text = texts_table("planned_question", "question_id", "text", "hint")

open_question = owned_table(
    "open_question",
    number("round_number", key=True),
    number("id", key=True),
    code(),
    number("position"),
    number("topic_id", nullable=True),
    number("most_answers"),
    belongs_to("round", "round_number", refers=["number"]),
    belongs_to("topic", "topic_id", refers=["id"]),
)

open_question_text = owned_table(
    "open_question_text",
    number("round_number", key=True),
    number("question_id", key=True),
    Column("language", String(2), primary_key=True),
    text("text"),
    text("hint"),
    belongs_to("open_question", "round_number", "question_id", refers=["round_number", "id"]),
)

open_answer = owned_table(
    "open_answer",
    number("round_number", key=True),
    number("panelist_id", key=True),
    number("question_id", key=True),
    number("position", key=True),
    text("text"),
    Column("language", String(2), nullable=False),
    number("version"),
    moment("written_at"),
    belongs_to("open_question", "round_number", "question_id", refers=["round_number", "id"]),
    belongs_to("participation", "round_number", "panelist_id"),
)

nothing_to_add = owned_table(
    "nothing_to_add",
    number("round_number", key=True),
    number("panelist_id", key=True),
    number("question_id", key=True),
    moment("said_at"),
    belongs_to("open_question", "round_number", "question_id", refers=["round_number", "id"]),
    belongs_to("participation", "round_number", "panelist_id"),
)
