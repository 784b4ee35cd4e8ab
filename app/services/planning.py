"""When the next round is planned to open: told to the panel, and no promise of the application's."""

from datetime import datetime

from app.clock import Clock
from app.domain.errors import ActionBlocked, RoundNotFound
from app.domain.event import EventKind
from app.domain.round import Round, planning_blockers
from app.domain.study import StudyStatus
from app.services.finding import get_study_of, hold_study_of
from app.storage import rounds
from app.storage.database import Connection, Database
from app.storage.events import append_event


def read_plannable_round(database: Database, slug: str, number: int) -> Round:
    """The round after which the next one can be planned.

    Raises
    ------
    StudyNotFound, RoundNotFound
    ActionBlocked
        The round still runs, another one came after it, or the study is over.
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        return _plannable(connection, study.id, slug, number, is_over=study.status is StudyStatus.CONCLUDED)


def plan_next_round(
    database: Database, clock: Clock, slug: str, actor: str, number: int, opens_at: datetime | None
) -> None:
    """Tell the panel when the round after round ``number`` is planned to open; None: not fixed any more.

    Raises
    ------
    StudyNotFound, RoundNotFound
    ActionBlocked
        The round still runs, another one came after it, the study is over, or the moment lies in the past.
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        now = clock.now()
        is_over = study.status is StudyStatus.CONCLUDED
        _plannable(
            connection, study.id, slug, number, is_over=is_over, in_past=bool(opens_at and opens_at <= now)
        )
        rounds.update_round(connection, study.id, number, next_opens_at=opens_at)
        payload = {"round": number + 1, "opens_at": None if opens_at is None else opens_at.isoformat()}
        append_event(connection, study.id, EventKind.NEXT_ROUND_PLANNED, actor, now, payload)


def _plannable(
    connection: Connection, study_id: int, slug: str, number: int, *, is_over: bool, in_past: bool = False
) -> Round:
    held = rounds.read_rounds(connection, study_id)
    found = next((one for one in held if one.number == number), None)
    if found is None:
        raise RoundNotFound(slug=slug, round=number)
    blockers = planning_blockers(found, is_newest=found == held[-1], is_over=is_over, in_past=in_past)
    if blockers:
        raise ActionBlocked(blockers)
    return found
