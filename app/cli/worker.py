"""The worker, which sends the mail that waits in the outbox."""

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
from app.mail.delivery import Postman, read_server
from app.services.letters import Sender
from app.services.mailing import Delivery, Outcome, deliver_all, keep_delivering
from app.settings import SettingMissing, Settings

_OUTCOMES: Final = {
    Outcome.SENT: "sent",
    Outcome.DEFERRED: "to be tried again",
    Outcome.REFUSED: "refused for good",
    Outcome.NOT_NEEDED: "not needed any more",
}


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
    once: Annotated[bool, typer.Option("--once", help="Send what waits now, and stop.")] = False,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds between two looks at the outbox.")] = 5,
) -> None:
    """Send the invitations that wait, and go on until interrupted; a message in hand is finished first.

    Several workers may run at once. Mail needs CASTALIA_SMTP_URL and CASTALIA_MAIL_FROM.

    Example: `CASTALIA_SMTP_URL=smtp://localhost CASTALIA_MAIL_FROM=delphi@example.org castalia worker`
    """
    settings = Settings()
    sender, postman = _mail_of(settings)
    set_up_journal(settings.log_level, for_programs=settings.environment == "production")
    clock = SystemClock()
    with open_database() as database, stop_request() as stop:
        if once:
            _tell(deliver_all(database, clock, sender, postman, lambda: stop.wait(0)))
        else:
            typer.echo("The worker sends what waits in the outbox (Ctrl+C stops it).", err=True)
            keep_delivering(database, clock, sender, postman, stop.wait, every=every)


def _mail_of(settings: Settings) -> tuple[Sender, Postman]:
    if settings.smtp_url is None or settings.mail_from is None:
        raise SettingMissing(
            "Mail is switched off. To send mail, set CASTALIA_SMTP_URL to your mail server, such as "
            "smtp://USER:PASSWORD@mail.example.org:587, and CASTALIA_MAIL_FROM to the sender, such as "
            "delphi@example.org. Without a mail server, `castalia study links` lists the links instead."
        )
    sender = Sender(
        mail_from=settings.mail_from,
        base_url=settings.base_url,
        secret=settings.secret.get_secret_value().encode(),
    )
    return sender, Postman(read_server(settings.smtp_url.get_secret_value()))


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
