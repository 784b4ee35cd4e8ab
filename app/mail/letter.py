"""A letter to one person, written once and sent as plain text and as simple HTML."""

from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

TEMPLATE_DIRECTORY = Path(__file__).parent / "templates"


class AddressNotWritable(Exception):
    """The recipient's address can stand in no message."""


@dataclass(frozen=True)
class Letter:
    """What somebody is told, in their language: paragraphs around the one link that opens something."""

    language: str
    subject: str
    greeting: str
    before: tuple[str, ...]
    link_words: str
    link: str
    after: tuple[str, ...]
    closing: tuple[str, ...]


@dataclass(frozen=True)
class Envelope:
    """Who writes to whom; the same ``message_id`` at every attempt lets a mailbox see that two are one.

    ``sender`` may carry a name (``Castalia <delphi@example.org>``). Answers go to ``reply_to``; where that is
    None, to the sender.
    """

    sender: str
    name: str
    email: str
    reply_to: str | None
    message_id: str


def write_message(letter: Letter, envelope: Envelope, at: datetime) -> EmailMessage:
    """Put a letter into its envelope, ready to be handed to a mail server.

    Parameters
    ----------
    at
        The date that the message shows.

    Raises
    ------
    AddressNotWritable
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = one_line(envelope.sender)
    message["To"] = _recipient(envelope)
    if envelope.reply_to is not None:
        message["Reply-To"] = one_line(envelope.reply_to)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = envelope.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_plain_text(letter), cte="quoted-printable")
    message.add_alternative(_template().render(letter=letter), subtype="html", cte="quoted-printable")
    message["Content-Language"] = letter.language
    return message


def one_line(text: str) -> str:
    """Return ``text`` as a header can carry it: without line breaks or other control characters."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _recipient(envelope: Envelope) -> Address:
    try:
        return Address(one_line(envelope.name), addr_spec=envelope.email)
    except (ValueError, IndexError, MessageError):
        raise AddressNotWritable from None


def _plain_text(letter: Letter) -> str:
    blocks = [letter.greeting, *letter.before, f"{letter.link_words}\n{letter.link}", *letter.after]
    return "\n\n".join([*blocks, "\n".join(letter.closing)]) + "\n"


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE_DIRECTORY),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("letter.html")
