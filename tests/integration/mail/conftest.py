"""A real study whose panel is written to, a mail server, and a worker between them."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.clock import FixedClock
from app.domain.panel import Invitee
from app.mail.delivery import Postman, read_server
from app.services.importing import import_study
from app.services.letters import Sender
from app.services.mailing import Delivery, deliver_all
from app.services.rounds import close_round, open_round, release_feedback
from app.storage.database import Database
from app.storage.tables.log import outbox
from app.storage.tables.panel import identity, panelist
from app.storage.tables.rounds import participation
from tests.mail_server import MailRoom, mail_server
from tests.small_study import Folder

SECRET = b"a secret for tests, of good length"
BASE_URL = "https://delphi.example.org"
SENDER = Sender(mail_from="Castalia <castalia@example.org>", base_url=BASE_URL, secret=SECRET)
SLUG = "small-study"


@dataclass(frozen=True)
class Queued:
    """A row of the outbox."""

    message_id: str
    state: str
    n_attempts: int
    due_at: datetime | None
    sent_at: datetime | None
    failure: str
    content: str


class WritingStudy:
    """A study with a panel of one peer and several relatives, none of whom has a link yet."""

    slug = SLUG

    def __init__(
        self,
        database: Database,
        clock: FixedClock,
        folder: Path,
        *,
        n_relatives: int = 2,
        synthetic: bool = False,
    ) -> None:
        self.database = database
        self.clock = clock
        folder.mkdir()
        panel = (
            Invitee("Ann Example", "ann@example.org", "peers", "nl"),
            *(
                Invitee(f"Éloi {n}", f"eloi{n}@example.org", "relatives", "fr")
                for n in range(1, n_relatives + 1)
            ),
        )
        import_study(database, clock, replace(Folder(folder).read(), panel=panel, synthetic=synthetic))

    def open(self, *, days: int | None = 7) -> None:
        """Open the next round, with a deadline in so many days or none."""
        closes_at = None if days is None else self.clock.now() + timedelta(days=days)
        open_round(self.database, self.clock, SLUG, "system", closes_at=closes_at)

    def close(self) -> None:
        """Close the open round."""
        close_round(self.database, self.clock, SLUG, "system")

    def release(self) -> None:
        """Release the closed round's feedback."""
        release_feedback(self.database, self.clock, SLUG, "system")

    def outbox(self) -> dict[str, Queued]:
        """The messages of the outbox, by the address they are for."""
        query = (
            select(outbox, identity.c.email)
            .join(
                identity,
                (identity.c.study_id == outbox.c.study_id) & (identity.c.panelist_id == outbox.c.panelist_id),
            )
            .order_by(outbox.c.id)
        )
        with self.database.reading() as connection:
            return {
                row.email: Queued(
                    row.message_id,
                    row.state,
                    row.n_attempts,
                    row.due_at,
                    row.sent_at,
                    row.failure,
                    row.content,
                )
                for row in connection.execute(query)
            }

    def pseudonym(self, email: str) -> str:
        """The pseudonym of who has this address."""
        query = (
            select(panelist.c.pseudonym)
            .join(
                identity,
                (identity.c.study_id == panelist.c.study_id) & (identity.c.panelist_id == panelist.c.id),
            )
            .where(identity.c.email == email)
        )
        with self.database.reading() as connection:
            return str(connection.scalar(query))

    def reached_at(self) -> list[datetime | None]:
        """When each invitation reached the mail server, in the order of the panel."""
        query = select(participation.c.reached_at).order_by(participation.c.panelist_id)
        with self.database.reading() as connection:
            return list(connection.scalars(query))

    def work(self, postman: Postman) -> list[Delivery]:
        """Let a worker send what is due."""
        return deliver_all(self.database, self.clock, SENDER, postman, lambda: False)


@pytest.fixture
def study(database: Database, clock: FixedClock, tmp_path: Path) -> WritingStudy:
    """A study of three panelists, with no round yet."""
    return WritingStudy(database, clock, tmp_path / "folder")


@pytest.fixture
def mail_room() -> Iterator[MailRoom]:
    """A mail server that takes every message."""
    with mail_server() as room:
        yield room


@pytest.fixture
def postman(mail_room: MailRoom) -> Postman:
    """Who carries messages to the mail server."""
    return Postman(read_server(mail_room.url))


@pytest.fixture
def other_database(database_url: str) -> Iterator[Database]:
    """The same database, as another process sees it."""
    with closing(Database(database_url)) as other:
        yield other
