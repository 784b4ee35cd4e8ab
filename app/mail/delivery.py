"""Handing messages to a mail server, and understanding what it answers."""

import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS: Final = 30

_SUBMISSION, _SUBMISSION_TLS = 587, 465
_CLOSING, _PERMANENT = 421, 500
_WORDS_LIMIT: Final = 500
# Servers quote what they refuse: addresses, links, and the secrets in them.
_PRIVATE: Final = re.compile(r"\S*(?:@|://)\S*|[\w-]{32,}")


class MailServerUnavailable(Exception):
    """No message can be sent now: the server is away, or does not accept this sender."""


class MessageDeferred(Exception):
    """The server did not accept this message now; later it may."""


class MessageInDoubt(MessageDeferred):
    """The conversation broke off, and nobody knows whether the server has taken the message."""


class MessageRefused(Exception):
    """The server will never accept this message."""


@dataclass(frozen=True)
class MailServer:
    """Where messages are handed over.

    ``over_tls``: encrypted from the first byte. Otherwise ``needs_starttls`` says whether to insist that the
    conversation becomes encrypted before anything private is said.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    over_tls: bool
    needs_starttls: bool


def read_server(url: str) -> MailServer:
    """Read ``smtp://``, ``smtps://`` or ``smtp+plain://``, each with ``USER:PASSWORD@`` or without.

    Only ``smtp+plain://``, and a server on this machine, may do without encryption: a message holds a link
    that opens somebody's answers.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    over_tls = parts.scheme == "smtps"
    return MailServer(
        host=host,
        port=parts.port or (_SUBMISSION_TLS if over_tls else _SUBMISSION),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        over_tls=over_tls,
        needs_starttls=parts.scheme == "smtp" and not _is_this_machine(host),
    )


class Postman:
    """Carries messages to a mail server over one connection, opened when needed and kept until ``rest``.

    Parameters
    ----------
    timeout
        Seconds after which a silent server counts as away.
    """

    def __init__(self, server: MailServer, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self._server = server
        self._timeout = timeout
        self._connection: smtplib.SMTP | None = None

    def hand_over(self, message: EmailMessage) -> None:
        """Return when the server has taken the message upon itself.

        Raises
        ------
        MailServerUnavailable, MessageDeferred, MessageInDoubt, MessageRefused
            Each with the server's words, without anything private.
        """
        connection = self._connection or self._connect()
        self._connection = connection
        try:
            connection.send_message(message)
        except smtplib.SMTPSenderRefused as error:
            self.rest()
            raise MailServerUnavailable(_words(error.smtp_code, error.smtp_error)) from None
        except smtplib.SMTPRecipientsRefused as error:
            raise self._refusal(*_first(error.recipients)) from None
        except smtplib.SMTPResponseException as error:
            raise self._refusal(error.smtp_code, error.smtp_error) from None
        except smtplib.SMTPNotSupportedError as error:
            raise MessageRefused(str(error)) from None
        except (smtplib.SMTPException, OSError) as error:
            self.rest()
            raise MessageInDoubt(_private_out(str(error))) from None

    def rest(self) -> None:
        """Close the connection; the next message opens another one."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        try:
            return self._open()
        except smtplib.SMTPResponseException as error:
            raise MailServerUnavailable(_words(error.smtp_code, error.smtp_error)) from None
        except (smtplib.SMTPException, OSError) as error:
            raise MailServerUnavailable(_private_out(str(error))) from None

    def _open(self) -> smtplib.SMTP:
        server = self._server
        if server.over_tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=self._timeout, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
        try:
            if server.needs_starttls:
                connection.starttls(context=ssl.create_default_context())
            connection.ehlo_or_helo_if_needed()
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _refusal(self, code: int, answer: bytes | str) -> MessageDeferred | MessageRefused:
        if code == _CLOSING:
            self.rest()
        kind = MessageRefused if code >= _PERMANENT else MessageDeferred
        return kind(_words(code, answer))


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _first(recipients: Mapping[str, tuple[int, bytes]]) -> tuple[int, bytes]:
    return next(iter(recipients.values()))


def _words(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {_private_out(text)}"


def _private_out(text: str) -> str:
    return _PRIVATE.sub("(...)", " ".join(text.split()))[:_WORDS_LIMIT]
