"""The open questions that a study's open rounds are to ask; a round that opens keeps its own."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, and_, delete, insert, select

from app.domain.open_question import OpenQuestion
from app.storage.tables.open_round import planned_question, planned_question_text
from app.storage.tables.study import topic


def read_planned_questions(connection: Connection, study_id: int) -> tuple[OpenQuestion, ...]:
    """The questions in their order."""
    texts: dict[int, dict[str, str]] = defaultdict(dict)
    hints: dict[int, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(
        select(planned_question_text).where(planned_question_text.c.study_id == study_id)
    ):
        texts[row.question_id][row.language] = row.text
        if row.hint:
            hints[row.question_id][row.language] = row.hint
    rows = connection.execute(
        select(planned_question, topic.c.code.label("topic"))
        .outerjoin(
            topic,
            and_(topic.c.study_id == planned_question.c.study_id, topic.c.id == planned_question.c.topic_id),
        )
        .where(planned_question.c.study_id == study_id)
        .order_by(planned_question.c.position)
    )
    return tuple(
        OpenQuestion(row.code, texts[row.id], hints[row.id], row.most_answers, row.topic or "")
        for row in rows
    )


def replace_planned_questions(
    connection: Connection, study_id: int, questions: Sequence[OpenQuestion]
) -> None:
    """Store these questions in place of those planned."""
    for table in (planned_question_text, planned_question):
        connection.execute(delete(table).where(table.c.study_id == study_id))
    if not questions:
        return
    topics = {
        row.code: row.id
        for row in connection.execute(select(topic.c.code, topic.c.id).where(topic.c.study_id == study_id))
    }
    numbered = list(enumerate(questions, start=1))
    connection.execute(
        insert(planned_question),
        [
            {
                "study_id": study_id,
                "id": number,
                "code": question.code,
                "position": number,
                "topic_id": topics.get(question.topic),
                "most_answers": question.most_answers,
            }
            for number, question in numbered
        ],
    )
    connection.execute(
        insert(planned_question_text),
        [
            {
                "study_id": study_id,
                "question_id": number,
                "language": language,
                "text": text,
                "hint": question.hint.get(language, ""),
            }
            for number, question in numbered
            for language, text in question.text.items()
        ],
    )
