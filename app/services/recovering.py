"""A password forgotten: a link by e-mail, used once, sets a new one; nothing tells who has an account.

A request only notes the address. Whether there is an account is found out later, by the worker.
"""

import secrets
from datetime import datetime, timedelta
from typing import Final

from app.clock import Clock
from app.domain.account import Researcher
from app.domain.errors import RecoveryNotValid
from app.domain.link import token_hash
from app.domain.mail import new_message_id
from app.mail.letter import Envelope
from app.mail.recovery import Recovery, write_recovery
from app.services.accounts import checked_password, sign_in_bucket
from app.services.asking_by_mail import KEPT_FOR, Asked, note_request
from app.services.letters import Sender, WrittenLetter
from app.storage import accounts, recoveries, sessions
from app.storage.attempts import forget_attempts
from app.storage.database import Connection, Database
from app.storage.recoveries import RecoveryRequest

LINK_LIFETIME: Final = timedelta(hours=1)


def request_recovery(database: Database, clock: Clock, email: str) -> None:
    """Note that somebody has forgotten the password of an address; there need be no account.

    Raises
    ------
    AddressNotValid, TooManyAttempts
    """
    note_request(database, clock, email, _RECOVERY)


def write_recovery_letter(
    connection: Connection, request: RecoveryRequest, sender: Sender, now: datetime
) -> WrittenLetter | str:
    """Write to whoever has the account of the address, with a new link; or say that nobody has one."""
    account = accounts.find_account(connection, request.email)
    if account is None:
        return "There is no account."
    researcher, token = account.researcher, secrets.token_urlsafe(32)
    recoveries.insert_link(
        connection, researcher.id, token_hash(token), at=now, expires_at=now + LINK_LIFETIME
    )
    letter = write_recovery(
        Recovery(
            language=researcher.language,
            name=researcher.name,
            minutes=LINK_LIFETIME // timedelta(minutes=1),
            link=f"{sender.base_url}/research/recover/{token}",
        )
    )
    envelope = Envelope(
        sender=sender.mail_from,
        name=researcher.name,
        email=researcher.email,
        reply_to=None,
        message_id=request.message_id,
    )
    return WrittenLetter(letter, envelope)


def look_up_recovery(database: Database, clock: Clock, token: str) -> Researcher:
    """Find whose password a link may set; looking changes nothing.

    Raises
    ------
    RecoveryNotValid
    """
    with database.reading() as connection:
        return _get_researcher(connection, token, clock.now())


def set_new_password(database: Database, clock: Clock, token: str, password: str) -> Researcher:
    """Set a new password and end all sessions; the second factor stays, and is asked for at the next sign-in.

    Raises
    ------
    RecoveryNotValid
    PasswordTooWeak
        The link can still be used.
    """
    look_up_recovery(database, clock, token)
    password_hash = checked_password(password)
    now = clock.now()
    with database.writing() as connection:
        researcher = _get_researcher(connection, token, now)
        if not recoveries.use_up_link(connection, token_hash(token), now):
            raise RecoveryNotValid
        accounts.replace_password_hash(connection, researcher.id, password_hash)
        recoveries.use_up_links(connection, researcher.id, now)
        sessions.end_sessions(connection, researcher.id, now)
        forget_attempts(connection, sign_in_bucket(researcher.email), before=now - KEPT_FOR)
    return researcher


def _get_researcher(connection: Connection, token: str, now: datetime) -> Researcher:
    researcher = recoveries.find_by_token(connection, token_hash(token), now)
    if researcher is None:
        raise RecoveryNotValid
    return researcher


def _keep_request(connection: Connection, address: str, now: datetime) -> None:
    recoveries.keep_request(connection, address, new_message_id(""), now)


_RECOVERY: Final = Asked("recovery", _keep_request, recoveries.forget_old_requests)
