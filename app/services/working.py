"""What goes on without anybody asking for it: rounds at their moments, and the mail that waits."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from app.clock import Clock
from app.domain.mail import absence_delay
from app.mail.delivery import Postman, read_server
from app.services.due_rounds import run_due_rounds
from app.services.kept_uploads import forget_old_uploads
from app.services.letters import Sender
from app.services.mailing import Delivery, Outcome, deliver_all
from app.settings import Settings
from app.storage.database import Database, DatabaseUnavailable

_log = structlog.get_logger("castalia.worker")


@dataclass(frozen=True)
class Mail:
    """Who writes, and who carries it to the mail server."""

    sender: Sender
    postman: Postman


def mail_of(settings: Settings) -> Mail | None:
    """What mail is sent with; None where mail is switched off."""
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    sender = Sender(
        mail_from=settings.mail_from,
        base_url=settings.base_url,
        secret=settings.secret.get_secret_value().encode(),
    )
    return Mail(sender, Postman(read_server(settings.smtp_url.get_secret_value())))


def work_once(
    database: Database, clock: Clock, mail: Mail | None, asked_to_stop: Callable[[], bool]
) -> list[Delivery]:
    """Open and close the rounds whose moment has come, then send what is due; return what became of it.

    Names that somebody uploaded to look at, and did not store in time, are forgotten on the way.
    """
    run_due_rounds(database, clock)
    forget_old_uploads(database, clock)
    if mail is None:
        return []
    return deliver_all(database, clock, mail.sender, mail.postman, asked_to_stop)


def keep_working(
    database: Database, clock: Clock, mail: Mail | None, wait: Callable[[float], bool], *, every: float
) -> None:
    """Do what becomes due until asked to stop; a message in hand is finished first.

    While the mail server is away, it is asked more and more seldom, and rounds are looked after all the same.

    Parameters
    ----------
    wait
        Waits so many seconds at most, and says whether to stop.
    every
        Seconds between two looks.
    """
    n_absences, rests_until = 0, clock.now()
    while True:
        is_resting = clock.now() < rests_until
        try:
            deliveries = work_once(database, clock, None if is_resting else mail, lambda: wait(0))
        except DatabaseUnavailable:
            _log.warning("database_unavailable")
            deliveries = []
        if not is_resting:
            is_absent = bool(deliveries) and deliveries[-1].outcome is Outcome.NO_SERVER
            n_absences = n_absences + 1 if is_absent else 0
            rests_until = clock.now() + absence_delay(n_absences)
        if wait(every):
            return
