"""Putting off the deadline of an open round."""

from dataclasses import dataclass
from datetime import datetime

from app.clock import Clock
from app.domain.errors import ActionBlocked, RoundNotFound
from app.domain.event import EventKind
from app.domain.rating import REASON_LIMIT, checked_text
from app.domain.round import Round
from app.domain.schedule import ExtensionNeedsMoment, ExtensionNeedsReason, extension_blockers
from app.services.finding import get_study_of, hold_study_of
from app.services.mail_queue import queue_extensions
from app.storage import reminders, rounds
from app.storage.database import Connection, Database
from app.storage.events import append_event


def read_extendable_round(database: Database, clock: Clock, slug: str, number: int) -> Round:
    """The round whose deadline can be put off.

    Raises
    ------
    StudyNotFound, RoundNotFound
    ActionBlocked
        The round is not open.
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        return _checked(rounds.find_round(connection, study.id, number), slug, number, clock.now())


@dataclass(frozen=True)
class Extension:
    """Until when a round stays open and why, and whether it then closes by itself.

    ``tells``: everybody who has not handed in is written to.
    """

    closes_at: datetime | None
    reason: str
    closes_itself: bool = False
    tells: bool = False


def extend_deadline(
    database: Database, clock: Clock, slug: str, actor: str, number: int, wanted: Extension
) -> int:
    """Put the deadline of an open round off; return to how many people word of it is on its way.

    Raises
    ------
    StudyNotFound, RoundNotFound, ExtensionNeedsMoment, ExtensionNeedsReason, TextTooLong, TextNotReadable
    ActionBlocked
        The round is not open, or the moment is no later one.
    """
    closes_at = wanted.closes_at
    if closes_at is None:
        raise ExtensionNeedsMoment
    why = checked_text(wanted.reason, REASON_LIMIT)
    if not why:
        raise ExtensionNeedsReason
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        # Whoever is saving a rating has asked for the round before, and is judged by the deadline that was.
        round_ = _checked(
            rounds.hold_round(connection, study.id, number), slug, number, clock.now(), closes_at
        )
        now = clock.now()
        rounds.update_round(
            connection, study.id, number, closes_at=closes_at, closes_itself=wanted.closes_itself
        )
        told = _to_tell(connection, study.id, number) if wanted.tells and not study.synthetic else []
        queue_extensions(connection, study, number, told, now)
        payload = {
            "round": number,
            "from": None if round_.closes_at is None else round_.closes_at.isoformat(),
            "closes_at": closes_at.isoformat(),
            "closes_itself": wanted.closes_itself,
            "reason": why,
            "n_told": len(told),
        }
        append_event(connection, study.id, EventKind.DEADLINE_EXTENDED, actor, now, payload)
        return len(told)


def _to_tell(connection: Connection, study_id: int, number: int) -> list[int]:
    unfinished = reminders.read_unfinished(connection, study_id, number)
    return [one.panelist_id for one in unfinished if one.is_reachable]


def _checked(
    round_: Round | None, slug: str, number: int, now: datetime, closes_at: datetime | None = None
) -> Round:
    if round_ is None:
        raise RoundNotFound(slug=slug, round=number)
    blockers = extension_blockers(round_, now, closes_at)
    if blockers:
        raise ActionBlocked(blockers)
    return round_
