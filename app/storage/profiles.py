"""Profile questions and what panelists answered."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, Table, and_, bindparam, delete, insert, select

from app.domain.profile import ProfileAnswer, ProfileOption, ProfileQuestion, QuestionKind
from app.storage.tables.panel import (
    profile_answer,
    profile_option,
    profile_option_text,
    profile_question,
    profile_question_text,
)

_ANSWERS = (
    select(profile_question.c.code, profile_option.c.code.label("option"), profile_answer.c.text)
    .join(
        profile_question,
        and_(
            profile_question.c.study_id == profile_answer.c.study_id,
            profile_question.c.id == profile_answer.c.question_id,
        ),
    )
    .outerjoin(
        profile_option,
        and_(
            profile_option.c.study_id == profile_answer.c.study_id,
            profile_option.c.question_id == profile_answer.c.question_id,
            profile_option.c.id == profile_answer.c.option_id,
        ),
    )
    .where(
        profile_answer.c.study_id == bindparam("study"), profile_answer.c.panelist_id == bindparam("panelist")
    )
    .order_by(profile_answer.c.question_id, profile_answer.c.position)
)


def read_profile_questions(connection: Connection, study_id: int) -> tuple[ProfileQuestion, ...]:
    """The study's profile questions with their options, in order."""
    texts: dict[int, dict[str, str]] = defaultdict(dict)
    hints: dict[int, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(
        select(profile_question_text).where(profile_question_text.c.study_id == study_id)
    ):
        texts[row.profile_question_id][row.language] = row.text
        hints[row.profile_question_id][row.language] = row.hint
    options = _read_options(connection, study_id)
    rows = connection.execute(
        select(profile_question)
        .where(profile_question.c.study_id == study_id)
        .order_by(profile_question.c.position)
    )
    return tuple(
        ProfileQuestion(
            code=row.code,
            kind=QuestionKind(row.kind),
            required=row.required,
            text=texts[row.id],
            hint={lang: hint for lang, hint in hints[row.id].items() if hint},
            options=tuple(options[row.id]),
        )
        for row in rows
    )


def replace_profile_questions(
    connection: Connection, study_id: int, questions: Sequence[ProfileQuestion]
) -> None:
    """Store these questions in place of those before, which nobody may have answered."""
    for table in (profile_option_text, profile_option, profile_question_text, profile_question):
        connection.execute(delete(table).where(table.c.study_id == study_id))
    numbered = list(enumerate(questions, start=1))
    options = [
        (question_id, option_id, option)
        for question_id, question in numbered
        for option_id, option in enumerate(question.options, start=1)
    ]
    rows: dict[Table, list[dict[str, object]]] = {
        profile_question: [
            {
                "id": number,
                "code": question.code,
                "position": number,
                "kind": question.kind,
                "required": question.required,
            }
            for number, question in numbered
        ],
        profile_question_text: [
            {
                "profile_question_id": number,
                "language": language,
                "text": text,
                "hint": question.hint.get(language, ""),
            }
            for number, question in numbered
            for language, text in question.text.items()
        ],
        profile_option: [
            {"question_id": question_id, "id": option_id, "code": option.code}
            for question_id, option_id, option in options
        ],
        profile_option_text: [
            {"question_id": question_id, "option_id": option_id, "language": language, "text": text}
            for question_id, option_id, option in options
            for language, text in option.text.items()
        ],
    }
    for table, listed in rows.items():
        if listed:
            connection.execute(insert(table), [{"study_id": study_id, **row} for row in listed])


def has_profile_answers(connection: Connection, study_id: int) -> bool:
    """Whether anybody has answered a profile question."""
    query = select(profile_answer.c.panelist_id).where(profile_answer.c.study_id == study_id).limit(1)
    return connection.scalar(query) is not None


def read_profile_answers(connection: Connection, study_id: int, panelist_id: int) -> dict[str, ProfileAnswer]:
    """What a panelist answered, by question code."""
    rows = connection.execute(_ANSWERS, {"study": study_id, "panelist": panelist_id})
    chosen: dict[str, list[str]] = defaultdict(list)
    written: dict[str, str] = defaultdict(str)
    for row in rows:
        if row.option is not None:
            chosen[row.code].append(row.option)
        written[row.code] = row.text
    return {code: ProfileAnswer(code, tuple(chosen[code]), text) for code, text in written.items()}


def replace_profile_answers(
    connection: Connection, study_id: int, panelist_id: int, answers: Iterable[ProfileAnswer], at: datetime
) -> None:
    """Store a panelist's profile in place of the one before."""
    connection.execute(
        delete(profile_answer).where(
            profile_answer.c.study_id == study_id, profile_answer.c.panelist_id == panelist_id
        )
    )
    questions = {
        row.code: row.id
        for row in connection.execute(
            select(profile_question.c.code, profile_question.c.id).where(
                profile_question.c.study_id == study_id
            )
        )
    }
    options = {
        (row.question_id, row.code): row.id
        for row in connection.execute(
            select(profile_option.c.question_id, profile_option.c.code, profile_option.c.id).where(
                profile_option.c.study_id == study_id
            )
        )
    }
    rows = [
        {
            "study_id": study_id,
            "panelist_id": panelist_id,
            "question_id": questions[answer.question],
            "position": position,
            "option_id": None if option is None else options[questions[answer.question], option],
            "text": answer.text,
            "answered_at": at,
        }
        for answer in answers
        if not answer.is_empty
        for position, option in enumerate(answer.options or (None,), start=1)
    ]
    if rows:
        connection.execute(insert(profile_answer), rows)


def _read_options(connection: Connection, study_id: int) -> dict[int, list[ProfileOption]]:
    texts: dict[tuple[int, int], dict[str, str]] = defaultdict(dict)
    for row in connection.execute(
        select(profile_option_text).where(profile_option_text.c.study_id == study_id)
    ):
        texts[row.question_id, row.option_id][row.language] = row.text
    options: dict[int, list[ProfileOption]] = defaultdict(list)
    for row in connection.execute(
        select(profile_option)
        .where(profile_option.c.study_id == study_id)
        .order_by(profile_option.c.question_id, profile_option.c.id)
    ):
        options[row.question_id].append(ProfileOption(row.code, texts[row.question_id, row.id]))
    return options
