"""When the next round opens: by itself at a moment, or by hand on a day that the panel is told."""

from dataclasses import dataclass
from datetime import datetime

from app.clock import Clock
from app.domain.errors import ActionBlocked, RoundNotFound
from app.domain.event import EventKind
from app.domain.messages import Sentence
from app.domain.round import Round
from app.domain.schedule import (
    PlannedOpening,
    moment_blockers,
    planning_blockers,
    refuse_closing_without_deadline,
)
from app.domain.study import Study, StudyStatus
from app.services.finding import get_study_of, hold_study_of
from app.storage import planned_openings, rounds
from app.storage.database import Connection, Database
from app.storage.events import append_event


@dataclass(frozen=True)
class OpeningPlan:
    """What is planned for a round that is still to come.

    ``told_at`` is what the panel reads; it reads nothing before round 1. ``planned`` says that the round
    opens by itself. ``blockers`` say why nothing can be planned.
    """

    round_number: int
    told_at: datetime | None
    planned: PlannedOpening | None
    blockers: tuple[Sentence, ...]


@dataclass(frozen=True)
class WantedOpening:
    """How a round is to open: by itself, or by hand on a day that the panel is told.

    ``opens_at`` None: not fixed any more. The deadline is that of a round which opens by itself.
    """

    opens_at: datetime | None
    by_itself: bool
    closes_at: datetime | None = None
    closes_itself: bool = False


def read_opening_plan(database: Database, slug: str) -> OpeningPlan:
    """What is planned for the round after the newest one.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        held = rounds.read_rounds(connection, study.id)
        number = len(held) + 1
        return OpeningPlan(
            round_number=number,
            told_at=held[-1].next_opens_at if held else None,
            planned=planned_openings.find_planned_opening(connection, study.id),
            blockers=planning_blockers(held, number, is_over=study.status is StudyStatus.CONCLUDED),
        )


def read_plannable_round(database: Database, slug: str, number: int) -> OpeningPlan:
    """The same for round ``number``, which must be the one that can be planned.

    Raises
    ------
    StudyNotFound, RoundNotFound
    ActionBlocked
        The round before it still runs, it was opened already, or the study is over.
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        _refuse_planning(connection, study, number)
    return read_opening_plan(database, slug)


def plan_opening(
    database: Database, clock: Clock, slug: str, actor: str, number: int, wanted: WantedOpening
) -> None:
    """Plan when round ``number`` opens, in place of whatever was planned; the panel is told of it.

    Raises
    ------
    StudyNotFound, RoundNotFound, ClosingNeedsDeadline
    ActionBlocked
        The round before it still runs, it was opened already, the study is over, or a moment lies wrong.
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        held = _refuse_planning(connection, study, number)
        now = clock.now()
        by_itself = wanted.opens_at is not None and wanted.by_itself
        closes_at = wanted.closes_at if by_itself else None
        blockers = moment_blockers(wanted.opens_at, closes_at, now)
        if blockers:
            raise ActionBlocked(blockers)
        planned_openings.cancel_opening(connection, study.id)
        if wanted.opens_at is not None and by_itself:
            refuse_closing_without_deadline(closes_at, closes_itself=wanted.closes_itself)
            planned = PlannedOpening(number, wanted.opens_at, closes_at, wanted.closes_itself, actor)
            planned_openings.plan_opening(connection, study.id, planned)
        if held:
            rounds.update_round(connection, study.id, held[-1].number, next_opens_at=wanted.opens_at)
        payload = {
            "round": number,
            "opens_at": _written(wanted.opens_at),
            "by_itself": by_itself,
            "closes_at": _written(closes_at),
        }
        append_event(connection, study.id, EventKind.NEXT_ROUND_PLANNED, actor, now, payload)


def _refuse_planning(connection: Connection, study: Study, number: int) -> tuple[Round, ...]:
    held = rounds.read_rounds(connection, study.id)
    if number > len(held) + 1:
        raise RoundNotFound(slug=study.slug, round=number)
    blockers = planning_blockers(held, number, is_over=study.status is StudyStatus.CONCLUDED)
    if blockers:
        raise ActionBlocked(blockers)
    return held


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
