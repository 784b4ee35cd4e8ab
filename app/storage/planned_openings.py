"""When a study's next round is planned to open by itself: one row a study, gone once the round is open."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from app.domain.schedule import PlannedOpening
from app.storage.tables.rounds import planned_opening
from app.storage.tables.study import study


def find_planned_opening(connection: Connection, study_id: int) -> PlannedOpening | None:
    """What is planned; None where nothing is."""
    row = connection.execute(
        select(planned_opening).where(planned_opening.c.study_id == study_id)
    ).one_or_none()
    return None if row is None else _planned(row)


def plan_opening(connection: Connection, study_id: int, planned: PlannedOpening) -> None:
    """Plan the opening of the next round in place of whatever was planned; the caller holds the study."""
    cancel_opening(connection, study_id)
    connection.execute(
        insert(planned_opening),
        {
            "study_id": study_id,
            "round_number": planned.round_number,
            "opens_at": planned.opens_at,
            "closes_at": planned.closes_at,
            "closes_itself": planned.closes_itself,
            "planned_by": planned.planned_by,
            "hindered_at": planned.hindered_at,
        },
    )


def cancel_opening(connection: Connection, study_id: int) -> None:
    """Nothing is planned any more."""
    connection.execute(delete(planned_opening).where(planned_opening.c.study_id == study_id))


def mark_hindered(connection: Connection, study_id: int, at: datetime) -> None:
    """The moment had come, and the round could not be opened."""
    connection.execute(
        update(planned_opening).where(planned_opening.c.study_id == study_id).values(hindered_at=at)
    )


def find_due_studies(connection: Connection, now: datetime) -> tuple[str, ...]:
    """The slugs of the studies whose next round is to be opened."""
    return tuple(
        connection.scalars(
            select(study.c.slug)
            .join(planned_opening, planned_opening.c.study_id == study.c.id)
            .where(planned_opening.c.hindered_at.is_(None), planned_opening.c.opens_at <= now)
            .order_by(planned_opening.c.opens_at, study.c.id)
        )
    )


def _planned(row: Row[Any]) -> PlannedOpening:
    return PlannedOpening(
        round_number=row.round_number,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        closes_itself=row.closes_itself,
        planned_by=row.planned_by,
        hindered_at=row.hindered_at,
    )
