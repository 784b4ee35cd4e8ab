"""A real mail server on a free port of this machine, which answers as a test tells it to."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.serving import free_port

PATIENCE = 60
DIES = "the connection ends here"


class MailRoom:
    """What the server has taken in, and what it answers.

    ``answers`` holds by recipient what is said instead of "250 OK"; the answer ``DIES`` breaks the connection
    off in the middle of the message. ``refuses_sender`` is said to every sender.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.received: list[bytes] = []
        self.answers: dict[str, str] = {}
        self.refuses_sender = ""
        self.signed_in: list[str] = []
        self.connections = 0
        self._arrival = threading.Condition()

    @property
    def url(self) -> str:
        """The server's address, as a setting."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        """The messages taken in, in order."""
        return [message_from_bytes(raw, policy=default) for raw in self.received]

    @property
    def recipients(self) -> list[str]:
        """The addresses written to, in order."""
        return [message["To"].addresses[0].addr_spec for message in self.messages]

    @property
    def message_ids(self) -> list[str]:
        """The Message-IDs taken in, in order."""
        return [str(message["Message-ID"]) for message in self.messages]

    def wait_for(self, n_messages: int) -> bool:
        """Wait until so many messages have come, and return whether they have."""
        with self._arrival:
            return self._arrival.wait_for(lambda: len(self.received) >= n_messages, PATIENCE)

    def sign_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, who: Any
    ) -> AuthResult:
        """Let in who knows the password."""
        self.signed_in.append(who.login.decode())
        return AuthResult(success=who.password == b"p@ss word", handled=False)

    async def handle_EHLO(  # noqa: N802 - the server calls it by this name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, answer: list[str]
    ) -> list[str]:
        """Count those who come in."""
        session.host_name = hostname
        self.connections += 1
        return answer

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse a sender."""
        if not self.refuses_sender:
            envelope.mail_from = address
        return self.refuses_sender or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        answer = self.answers.get(address, "250 OK")
        if answer in {"250 OK", DIES}:
            envelope.rcpt_tos.append(address)
            return "250 OK"
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a message in, or die before saying so."""
        if self.answers.get(envelope.rcpt_tos[0]) == DIES:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "421 Dead"
        assert isinstance(envelope.original_content, bytes)
        with self._arrival:
            self.received.append(envelope.original_content)
            self._arrival.notify_all()
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[MailRoom]:
    """Run a mail server until the block ends."""
    listener = free_port()
    room = MailRoom(listener.getsockname()[1])
    loop = asyncio.new_event_loop()

    def answer() -> SMTP:
        return SMTP(
            room,
            hostname="mail.example.org",
            loop=loop,
            authenticator=room.sign_in,
            auth_require_tls=False,
        )

    server = loop.run_until_complete(loop.create_server(answer, sock=listener))
    thread = threading.Thread(target=loop.run_forever, name="mail server")
    thread.start()
    try:
        yield room
    finally:
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    await server.wait_closed()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
