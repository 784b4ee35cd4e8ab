"""Rounds by another grouping: who is in which category, and the figures that were computed of it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, insert, select

from app.domain.event import canonical_json
from app.storage.tables.panel import panelist, profile_answer, profile_option, profile_question
from app.storage.tables.rounds import grouping_analysis


@dataclass(frozen=True)
class StoredGrouping:
    """The figures of a round by a grouping, as they were stored (``result`` is JSON)."""

    result_sha256: str
    result: str
    created_at: datetime


_BY_LANGUAGE = (
    select(panelist.c.language, panelist.c.id)
    .where(panelist.c.study_id == bindparam("study"))
    .order_by(panelist.c.language, panelist.c.id)
)
_BY_ANSWER = (
    select(profile_option.c.code, profile_answer.c.panelist_id)
    .join(
        profile_answer,
        and_(
            profile_answer.c.study_id == profile_option.c.study_id,
            profile_answer.c.question_id == profile_option.c.question_id,
            profile_answer.c.option_id == profile_option.c.id,
        ),
    )
    .join(
        profile_question,
        and_(
            profile_question.c.study_id == profile_option.c.study_id,
            profile_question.c.id == profile_option.c.question_id,
        ),
    )
    .where(profile_option.c.study_id == bindparam("study"), profile_question.c.code == bindparam("question"))
    .order_by(profile_option.c.id, profile_answer.c.panelist_id)
)
_OF_GROUPING = (
    grouping_analysis.c.study_id == bindparam("study"),
    grouping_analysis.c.round_number == bindparam("round"),
    grouping_analysis.c.grouping == bindparam("by"),
)


def read_panelists_by_language(connection: Connection, study_id: int) -> dict[str, tuple[int, ...]]:
    """Who reads in which language, by the code of the language."""
    return _collected(connection.execute(_BY_LANGUAGE, {"study": study_id}))


def read_panelists_by_answer(
    connection: Connection, study_id: int, question: str
) -> dict[str, tuple[int, ...]]:
    """Who chose which answer to a profile question, by the code of the answer."""
    return _collected(connection.execute(_BY_ANSWER, {"study": study_id, "question": question}))


def _collected(rows: Any) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for category, panelist_id in rows:
        found[category].append(panelist_id)
    return {category: tuple(listed) for category, listed in found.items()}


def find_grouping(
    connection: Connection, study_id: int, round_number: int, grouping: str
) -> StoredGrouping | None:
    """The newest figures of a round by a grouping."""
    row = connection.execute(
        select(grouping_analysis).where(*_OF_GROUPING).order_by(grouping_analysis.c.id.desc()).limit(1),
        {"study": study_id, "round": round_number, "by": grouping},
    ).one_or_none()
    return None if row is None else StoredGrouping(row.result_sha256, row.result, row.created_at)


def insert_grouping(
    connection: Connection,
    study_id: int,
    round_number: int,
    grouping: str,
    *,
    result_sha256: str,
    code_version: str,
    result: Mapping[str, Any],
    at: datetime,
) -> None:
    """Keep the figures of a round by a grouping; earlier ones stay."""
    n_before = connection.scalar(
        select(func.count()).select_from(grouping_analysis).where(*_OF_GROUPING),
        {"study": study_id, "round": round_number, "by": grouping},
    )
    connection.execute(
        insert(grouping_analysis),
        {
            "study_id": study_id,
            "round_number": round_number,
            "grouping": grouping,
            "id": (n_before or 0) + 1,
            "result_sha256": result_sha256,
            "code_version": code_version,
            "result": canonical_json(result),
            "created_at": at,
        },
    )
