"""The worker: it opens and closes rounds at their moments, and sends the mail that waits in the outbox."""

import os
import select
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer

from app.cli.place import open_database
from app.clock import SystemClock
from app.journal import set_up_journal
from app.services.mailing import Delivery, Outcome
from app.services.working import keep_working, mail_of, work_once
from app.settings import Settings

_OUTCOMES: Final = {
    Outcome.SENT: "sent",
    Outcome.DEFERRED: "to be tried again",
    Outcome.IN_DOUBT: "broken off",
    Outcome.REFUSED: "refused for good",
    Outcome.NOT_NEEDED: "not needed any more",
}

_WITHOUT_MAIL: Final = (
    "castalia: Mail is switched off, so rounds open and close at their moments and nobody is written to. To "
    "send mail, set CASTALIA_SMTP_URL to your mail server, such as "
    "smtp://USER:PASSWORD@mail.example.org:587, and CASTALIA_MAIL_FROM to the sender, such as "
    "delphi@example.org. Without a mail server, `castalia study links` lists the links instead."
)


class StopRequest:
    """Remembers that somebody asked this process to stop (Ctrl+C, or SIGTERM)."""

    def __init__(self) -> None:
        # A pipe: unlike a lock, a signal's handler may write to it at any moment.
        self._read, self._write = os.pipe()

    def note(self, *_: object) -> None:
        """Remember a signal."""
        os.write(self._write, b".")

    def wait(self, seconds: float) -> bool:
        """Wait so long at most, and return whether to stop."""
        return bool(select.select([self._read], [], [], seconds)[0])

    def forget(self) -> None:
        """Give the pipe back."""
        os.close(self._read)
        os.close(self._write)


def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and stop.")] = False,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds between two looks at what is due.")] = 5,
) -> None:
    """Open and close rounds at their moments and send the mail that waits, until interrupted.

    A message in hand is finished first. Several workers may run at once. Mail needs CASTALIA_SMTP_URL and
    CASTALIA_MAIL_FROM; without them rounds are looked after all the same.

    Example: `CASTALIA_SMTP_URL=smtp://localhost CASTALIA_MAIL_FROM=delphi@example.org castalia worker`
    """
    settings = Settings()
    mail = mail_of(settings)
    if mail is None:
        typer.echo(_WITHOUT_MAIL, err=True)
    set_up_journal(settings.log_level, for_programs=settings.environment == "production")
    clock = SystemClock()
    with open_database() as database, stop_request() as stop:
        if once:
            _tell(work_once(database, clock, mail, lambda: stop.wait(0)))
        else:
            typer.echo("The worker does what becomes due (Ctrl+C stops it).", err=True)
            keep_working(database, clock, mail, stop.wait, every=every)


def _tell(deliveries: list[Delivery]) -> None:
    counted = Counter(delivery.outcome for delivery in deliveries)
    said = [f"{counted[outcome]} {words}" for outcome, words in _OUTCOMES.items() if counted[outcome]]
    typer.echo(f"Messages: {', '.join(said)}." if said else "No message was due.")
    if counted[Outcome.NO_SERVER]:
        raise typer.TyperException(
            f"The mail server takes no message now: {deliveries[-1].reason}. The others wait. "
            "Is CASTALIA_SMTP_URL right, and does the server accept CASTALIA_MAIL_FROM?"
        )


@contextmanager
def stop_request() -> Iterator[StopRequest]:
    """Listen for Ctrl+C and SIGTERM during the block, instead of ending at once."""
    stop = StopRequest()
    before = {which: signal.signal(which, stop.note) for which in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)
        stop.forget()
