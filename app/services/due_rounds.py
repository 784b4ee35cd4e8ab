"""Rounds at their moments: opened as planned, closed at their deadline, with nobody there."""

from typing import Final

import structlog

from app.clock import Clock
from app.domain.errors import ActionBlocked, DomainError, RoundTransitionError
from app.domain.event import EventKind
from app.domain.schedule import PlannedOpening, is_to_close
from app.domain.study import Study
from app.services.analysing import analyse_closed_round
from app.services.finding import get_study_of, hold_study_of
from app.services.mail_queue import queue_hindered_opening
from app.services.rounds import close_held_round, open_next_round
from app.storage import planned_openings, rounds
from app.storage.database import Connection, Database
from app.storage.events import append_event

ACTOR: Final = "system"
"""Who opens and closes, in a study's log."""

_log = structlog.get_logger("castalia.worker")


def run_due_rounds(database: Database, clock: Clock) -> None:
    """Close every round whose deadline closes it, and open every round that is planned for now.

    Several workers may do so at once: what one has done, the others find done.
    """
    with database.reading() as connection:
        to_close = rounds.find_rounds_to_close(connection, clock.now())
        to_open = planned_openings.find_due_studies(connection, clock.now())
    for slug, number in to_close:
        _close(database, clock, slug, number)
    for slug in to_open:
        _open(database, clock, slug)


def _close(database: Database, clock: Clock, slug: str, number: int) -> None:
    with database.writing() as connection:
        study = get_study_of(connection, slug)
        round_ = rounds.hold_round(connection, study.id, number)
        now = clock.now()
        # While this waited, the deadline may have been put off, or somebody have closed the round.
        if round_ is None or not is_to_close(round_, now):
            return
        closed = close_held_round(connection, study, round_, ACTOR, now)
    _log.info("round_closed", study=slug, round=number)
    if closed.asks_open_questions:
        return
    try:
        analyse_closed_round(database, clock, slug, ACTOR)
    except DomainError as refusal:
        # The page of the rounds offers to compute the figures, and says then what is wrong.
        _log.warning("round_not_analysed", study=slug, round=number, reason=str(refusal))


def _open(database: Database, clock: Clock, slug: str) -> None:
    try:
        with database.writing() as connection:
            _open_if_due(connection, clock, slug)
    except (ActionBlocked, RoundTransitionError) as refusal:
        _log.warning("round_not_opened", study=slug, reason=str(refusal))
        with database.writing() as connection:
            _note_hindrance(connection, clock, slug)


def _open_if_due(connection: Connection, clock: Clock, slug: str) -> None:
    study = hold_study_of(connection, slug)
    planned = _due(connection, clock, study)
    if planned is None:
        return
    opened = open_next_round(
        connection,
        study,
        ACTOR,
        clock.now(),
        closes_at=planned.closes_at,
        closes_itself=planned.closes_itself,
        planned_by=planned.planned_by,
    )
    _log.info("round_opened", study=slug, round=opened.number)


def _note_hindrance(connection: Connection, clock: Clock, slug: str) -> None:
    study = hold_study_of(connection, slug)
    planned = _due(connection, clock, study)
    if planned is None:
        return
    now = clock.now()
    planned_openings.mark_hindered(connection, study.id, now)
    queue_hindered_opening(connection, study, planned.round_number, now)
    payload = {"round": planned.round_number, "planned_by": planned.planned_by}
    append_event(connection, study.id, EventKind.OPENING_HINDERED, ACTOR, now, payload)


def _due(connection: Connection, clock: Clock, study: Study) -> PlannedOpening | None:
    planned = planned_openings.find_planned_opening(connection, study.id)
    return planned if planned is not None and planned.is_due(clock.now()) else None
