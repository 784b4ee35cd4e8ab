"""Open questions and the free answers to them; an answer taken back keeps its version, not its text."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, delete, distinct, func, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.open_question import OpenAnswer, OpenQuestion
from app.storage.tables.open_round import (
    nothing_to_add,
    open_answer,
    open_question,
    open_question_text,
    planned_question,
    planned_question_text,
)
from app.storage.tables.panel import panelist
from app.storage.tables.study import stakeholder_group, topic


@dataclass(frozen=True)
class StoredQuestion:
    """A question of a round with its internal id."""

    id: int
    question: OpenQuestion


@dataclass(frozen=True)
class AnswerToStore:
    """A checked answer with the internal id of its question."""

    question_id: int
    position: int
    text: str
    version: int


@dataclass(frozen=True)
class AnswerCount:
    """How a group answered a question: answers, who wrote them, and who said that there is nothing to add."""

    question: str
    group: str
    n_answers: int
    n_panelists: int
    n_nothing: int


@dataclass(frozen=True)
class GivenAnswer:
    """One answer as researchers read it: nothing tells whose it is, or which others the same person gave."""

    question: str
    group: str
    language: str
    text: str


ROWS_AT_ONCE = 1000

_KEY = ("study_id", "round_number", "panelist_id", "question_id", "position")
_WRITTEN = ("text", "language", "version", "written_at")
_SAID_KEY = ("study_id", "round_number", "panelist_id", "question_id")


def _upsert(dialect: Any) -> Any:
    written = dialect.insert(open_answer)
    return written.on_conflict_do_update(
        index_elements=list(_KEY), set_={name: written.excluded[name] for name in _WRITTEN}
    )


def _say_once(dialect: Any) -> Any:
    return dialect.insert(nothing_to_add).on_conflict_do_nothing(index_elements=list(_SAID_KEY))


_UPSERT = {name: _upsert(d) for name, d in (("sqlite", sqlite), ("postgresql", postgresql))}
_SAY = {name: _say_once(d) for name, d in (("sqlite", sqlite), ("postgresql", postgresql))}
_ROUND_QUESTIONS = (
    select(open_question, topic.c.code.label("topic"))
    .join(
        topic,
        and_(topic.c.study_id == open_question.c.study_id, topic.c.id == open_question.c.topic_id),
        isouter=True,
    )
    .where(open_question.c.study_id == bindparam("study"), open_question.c.round_number == bindparam("round"))
    .order_by(open_question.c.position)
)
_ROUND_TEXTS = select(open_question_text).where(
    open_question_text.c.study_id == bindparam("study"),
    open_question_text.c.round_number == bindparam("round"),
)
_QUESTION_OF = and_(
    open_question.c.study_id == open_answer.c.study_id,
    open_question.c.round_number == open_answer.c.round_number,
    open_question.c.id == open_answer.c.question_id,
)
_OWN = (
    select(
        open_question.c.code.label("question"),
        open_answer.c.position,
        open_answer.c.text,
        open_answer.c.version,
    )
    .join(open_question, _QUESTION_OF)
    .where(
        open_answer.c.study_id == bindparam("study"),
        open_answer.c.round_number == bindparam("round"),
        open_answer.c.panelist_id == bindparam("panelist"),
    )
    .order_by(open_question.c.position, open_answer.c.position)
)
_OWN_SAID = (
    select(open_question.c.code)
    .join(
        nothing_to_add,
        and_(
            open_question.c.study_id == nothing_to_add.c.study_id,
            open_question.c.round_number == nothing_to_add.c.round_number,
            open_question.c.id == nothing_to_add.c.question_id,
        ),
    )
    .where(
        nothing_to_add.c.study_id == bindparam("study"),
        nothing_to_add.c.round_number == bindparam("round"),
        nothing_to_add.c.panelist_id == bindparam("panelist"),
    )
)


def count_planned_questions(connection: Connection, study_id: int) -> int:
    """How many open questions the study has for its open rounds."""
    query = select(func.count()).select_from(planned_question).where(planned_question.c.study_id == study_id)
    return connection.scalar(query) or 0


def freeze_questions(connection: Connection, study_id: int, round_number: int) -> None:
    """Give a round the study's open questions as they stand now."""
    for planned, frozen, parts in (
        (planned_question, open_question, ("id", "code", "position", "topic_id", "most_answers")),
        (planned_question_text, open_question_text, ("question_id", "language", "text", "hint")),
    ):
        columns = (planned.c.study_id, literal(round_number), *(planned.c[name] for name in parts))
        copied = select(*columns).where(planned.c.study_id == study_id)
        connection.execute(insert(frozen).from_select(["study_id", "round_number", *parts], copied))


def read_round_questions(
    connection: Connection, study_id: int, round_number: int
) -> tuple[StoredQuestion, ...]:
    """The questions of a round in their order; a rating round has none."""
    key = {"study": study_id, "round": round_number}
    rows = connection.execute(_ROUND_QUESTIONS, key).all()
    texts: dict[int, dict[str, str]] = defaultdict(dict)
    hints: dict[int, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(_ROUND_TEXTS, key) if rows else ():
        texts[row.question_id][row.language] = row.text
        if row.hint:
            hints[row.question_id][row.language] = row.hint
    return tuple(
        StoredQuestion(
            row.id, OpenQuestion(row.code, texts[row.id], hints[row.id], row.most_answers, row.topic or "")
        )
        for row in rows
    )


def read_own_answers(
    connection: Connection, study_id: int, round_number: int, panelist_id: int
) -> dict[tuple[str, int], OpenAnswer]:
    """A panelist's answers in a round by question and position, those taken back included."""
    rows = connection.execute(_OWN, {"study": study_id, "round": round_number, "panelist": panelist_id})
    return {
        (row.question, row.position): OpenAnswer(row.question, row.position, row.text, row.version)
        for row in rows
    }


def read_nothing_to_add(
    connection: Connection, study_id: int, round_number: int, panelist_id: int
) -> frozenset[str]:
    """The questions to which a panelist has nothing to add."""
    key = {"study": study_id, "round": round_number, "panelist": panelist_id}
    return frozenset(connection.scalars(_OWN_SAID, key))


def store_answers(
    connection: Connection,
    study_id: int,
    round_number: int,
    panelist_id: int,
    answers: Iterable[AnswerToStore],
    *,
    language: str,
    at: datetime,
) -> None:
    """Store answers in place of the ones before; an empty one is taken back."""
    key = {"study_id": study_id, "round_number": round_number, "panelist_id": panelist_id}
    rows = [{**key, **vars(answer), "language": language, "written_at": at} for answer in answers]
    connection.execute(_UPSERT[connection.dialect.name], rows)


def say_nothing_to_add(
    connection: Connection,
    study_id: int,
    round_number: int,
    panelist_id: int,
    question_ids: Iterable[int],
    at: datetime,
) -> None:
    """Note that a panelist has nothing to add to these questions."""
    key = {"study_id": study_id, "round_number": round_number, "panelist_id": panelist_id}
    rows = [{**key, "question_id": question_id, "said_at": at} for question_id in question_ids]
    connection.execute(_SAY[connection.dialect.name], rows)


def unsay_nothing_to_add(
    connection: Connection,
    study_id: int,
    round_number: int,
    panelist_id: int,
    question_ids: Collection[int],
) -> None:
    """Forget that a panelist had nothing to add to these questions."""
    connection.execute(
        delete(nothing_to_add).where(
            nothing_to_add.c.study_id == study_id,
            nothing_to_add.c.round_number == round_number,
            nothing_to_add.c.panelist_id == panelist_id,
            nothing_to_add.c.question_id.in_(question_ids),
        )
    )


def count_round_questions(connection: Connection, study_id: int) -> dict[int, int]:
    """How many questions each open round asks, by round number; rating rounds are absent."""
    rows = connection.execute(
        select(open_question.c.round_number, func.count().label("n"))
        .where(open_question.c.study_id == study_id)
        .group_by(open_question.c.round_number)
    )
    return {row.round_number: row.n for row in rows}


def count_open_answers(connection: Connection, study_id: int) -> dict[int, int]:
    """How many answers were written in each open round, by round number; rounds without any are absent."""
    rows = connection.execute(
        select(open_answer.c.round_number, func.count().label("n"))
        .where(open_answer.c.study_id == study_id, open_answer.c.text != "")
        .group_by(open_answer.c.round_number)
    )
    return {row.round_number: row.n for row in rows}


def count_by_group(connection: Connection, study_id: int, round_number: int) -> tuple[AnswerCount, ...]:
    """The answers to each question counted by group, in the order of the codes; no row where nobody spoke."""
    said = {
        (row.question, row.group): row.n
        for row in connection.execute(_counts(nothing_to_add, study_id, round_number))
    }
    written = {
        (row.question, row.group): (row.n, row.n_panelists)
        for row in connection.execute(
            _counts(open_answer, study_id, round_number).where(open_answer.c.text != "")
        )
    }
    return tuple(
        AnswerCount(*key, *written.get(key, (0, 0)), said.get(key, 0)) for key in sorted({*written, *said})
    )


def count_writers(connection: Connection, study_id: int, round_number: int) -> dict[str, int]:
    """How many panelists of each group wrote an answer in a round; groups in which nobody did are absent."""
    counted = select(
        stakeholder_group.c.code.label("group"),
        func.count(distinct(open_answer.c.panelist_id)).label("n"),
    )
    rows = connection.execute(
        _with_group(counted, open_answer)
        .where(
            open_answer.c.study_id == study_id,
            open_answer.c.round_number == round_number,
            open_answer.c.text != "",
        )
        .group_by(stakeholder_group.c.code)
    )
    return {row.group: row.n for row in rows}


def read_given_answers(
    connection: Connection, study_id: int, round_number: int, *, first: int = 0, most: int | None = None
) -> Iterator[GivenAnswer]:
    """The answers of a round by question, in the order of the alphabet: that tells of nobody.

    They come as they are asked for, so that thousands need no more room than a page of them.
    """
    query = (
        _with_group(
            select(
                open_question.c.code.label("question"),
                stakeholder_group.c.code.label("group"),
                open_answer.c.language,
                open_answer.c.text,
            ),
            open_answer,
        )
        .where(
            open_answer.c.study_id == study_id,
            open_answer.c.round_number == round_number,
            open_answer.c.text != "",
        )
        .order_by(
            open_question.c.position,
            func.lower(open_answer.c.text),
            open_answer.c.text,
            open_answer.c.language,
            stakeholder_group.c.code,
        )
        .offset(first)
        .limit(most)
    )
    for row in connection.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}):
        yield GivenAnswer(*row)


def erase_open_answers(connection: Connection, study_id: int, panelist_id: int) -> None:
    """Delete everything a panelist has answered to open questions."""
    for table in (open_answer, nothing_to_add):
        connection.execute(
            delete(table).where(table.c.study_id == study_id, table.c.panelist_id == panelist_id)
        )


def _counts(table: Any, study_id: int, round_number: int) -> Select[Any]:
    counted = select(
        open_question.c.code.label("question"),
        stakeholder_group.c.code.label("group"),
        func.count().label("n"),
        func.count(distinct(table.c.panelist_id)).label("n_panelists"),
    )
    return (
        _with_group(counted, table)
        .where(table.c.study_id == study_id, table.c.round_number == round_number)
        .group_by(open_question.c.code, stakeholder_group.c.code)
    )


def _with_group(query: Select[Any], table: Any) -> Select[Any]:
    return (
        query.select_from(table)
        .join(
            open_question,
            and_(
                open_question.c.study_id == table.c.study_id,
                open_question.c.round_number == table.c.round_number,
                open_question.c.id == table.c.question_id,
            ),
        )
        .join(panelist, and_(panelist.c.study_id == table.c.study_id, panelist.c.id == table.c.panelist_id))
        .join(
            stakeholder_group,
            and_(
                stakeholder_group.c.study_id == panelist.c.study_id,
                stakeholder_group.c.id == panelist.c.group_id,
            ),
        )
    )
