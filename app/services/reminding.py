"""Reminding those who have not handed in: looked at first, sent then, and never twice within the pause."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.clock import Clock
from app.domain.errors import ActionBlocked, RoundNotFound
from app.domain.event import EventKind
from app.domain.messages import Sentence
from app.domain.protocol import Protocol
from app.domain.reminding import PreviewOutdated, Remindable, Unfinished, remindable, reminder_blockers
from app.domain.round import Round
from app.domain.study import Study, in_language
from app.mail.letter import Letter
from app.mail.still_open import StillOpen, write_reminder
from app.services.finding import get_study_of, hold_study_of
from app.services.mail_queue import queue_reminders
from app.storage import reminders, rounds, studies
from app.storage.database import Connection, Database
from app.storage.events import append_event

NAME_PLACE: Final = "…"
"""What stands in a previewed letter where everybody's own name will stand."""


@dataclass(frozen=True)
class ReminderPreview:
    """Who would be reminded of a round, counted, and what they would read.

    ``counted`` counts by group, language and whether somebody is reminded; ``letters`` by language, with a
    sign in place of the name and no link. ``last`` is when reminders last went out, and to how many.
    """

    study: Study
    protocol: Protocol
    round: Round
    counted: Counter[tuple[str, str, Remindable]]
    letters: dict[str, Letter]
    last: tuple[datetime, int] | None
    blockers: tuple[Sentence, ...]

    @property
    def n_due(self) -> int:
        """How many would be reminded."""
        return sum(n for (_, _, standing), n in self.counted.items() if standing is Remindable.DUE)


def read_reminder_preview(
    database: Database, clock: Clock, slug: str, number: int, *, sends_mail: bool
) -> ReminderPreview:
    """Look at a reminder before it is sent.

    Parameters
    ----------
    sends_mail
        Whether there is a mail server here.

    Raises
    ------
    StudyNotFound, RoundNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        round_ = _get_round(connection, study, number)
        unfinished, now = reminders.read_unfinished(connection, study.id, number), clock.now()
        due = _due(unfinished, now)
        writes = sends_mail and not study.synthetic
        return ReminderPreview(
            study=study,
            protocol=studies.protocol_in_force(connection, study.id).protocol,
            round=round_,
            counted=Counter((one.group, one.language, remindable(one, now)) for one in unfinished),
            letters={language: _letter(study, round_, language) for language in study.languages},
            last=reminders.last_reminded(connection, study.id, number),
            blockers=reminder_blockers(round_, now, n_due=len(due), writes=writes),
        )


def send_reminders(
    database: Database,
    clock: Clock,
    slug: str,
    actor: str,
    number: int,
    *,
    n_seen: int,
    sends_mail: bool,
) -> int:
    """Queue the reminders that were looked at, ``n_seen`` of them; return how many.

    Raises
    ------
    StudyNotFound, RoundNotFound
    ActionBlocked
        The round takes no answers, nobody is written to from here, or there is nobody to remind.
    PreviewOutdated
        Other people would be reminded by now.
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        round_ = _get_round(connection, study, number)
        now = clock.now()
        due = _due(reminders.read_unfinished(connection, study.id, number), now)
        blockers = reminder_blockers(round_, now, n_due=len(due), writes=sends_mail and not study.synthetic)
        if blockers:
            raise ActionBlocked(blockers)
        if len(due) != n_seen:
            raise PreviewOutdated(n=len(due))
        queue_reminders(connection, study, number, [one.panelist_id for one in due], now)
        payload = {"round": number, "n_panelists": len(due)}
        append_event(connection, study.id, EventKind.REMINDERS_SENT, actor, now, payload)
        return len(due)


def _due(unfinished: tuple[Unfinished, ...], now: datetime) -> list[Unfinished]:
    return [one for one in unfinished if remindable(one, now) is Remindable.DUE]


def _letter(study: Study, round_: Round, language: str) -> Letter:
    return write_reminder(
        StillOpen(
            language=language,
            name=NAME_PLACE,
            title=in_language(study.texts.title, language),
            round_number=round_.number,
            closes_at=round_.closes_at,
            time_zone=study.time_zone,
            contact=study.contact,
            link="",
        )
    )


def _get_round(connection: Connection, study: Study, number: int) -> Round:
    found = rounds.find_round(connection, study.id, number)
    if found is None:
        raise RoundNotFound(slug=study.slug, round=number)
    return found
