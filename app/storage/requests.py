"""Requests already answered, so that repeating one gives the same answer and changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from app.storage.tables.log import answered_request


@dataclass(frozen=True)
class AnsweredRequest:
    """What came under a request key, and what was answered."""

    body_sha256: str
    answer: str


def find_answer(
    connection: Connection, study_id: int, panelist_id: int, request_key: str
) -> AnsweredRequest | None:
    """What was answered to a request of this key, if one came before."""
    row = connection.execute(
        select(answered_request.c.body_sha256, answered_request.c.answer).where(
            answered_request.c.study_id == study_id,
            answered_request.c.panelist_id == panelist_id,
            answered_request.c.request_key == request_key,
        )
    ).one_or_none()
    return None if row is None else AnsweredRequest(row.body_sha256, row.answer)


def keep_answer(
    connection: Connection,
    study_id: int,
    panelist_id: int,
    request_key: str,
    *,
    body_sha256: str,
    answer: str,
    at: datetime,
) -> None:
    """Keep what was answered."""
    connection.execute(
        insert(answered_request),
        {
            "study_id": study_id,
            "panelist_id": panelist_id,
            "request_key": request_key,
            "body_sha256": body_sha256,
            "answer": answer,
            "answered_at": at,
        },
    )
