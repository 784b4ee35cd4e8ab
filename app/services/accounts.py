"""Researchers' accounts: made, signed in to, signed out of."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.clock import Clock
from app.domain.account import PASSWORD_MINIMUM, Researcher
from app.domain.errors import (
    AddressNotValid,
    PasswordTooWeak,
    ResearcherSignedOut,
    SignInRefused,
    TooManyAttempts,
)
from app.domain.link import token_hash
from app.domain.panel import is_address
from app.domain.rating import checked_text
from app.domain.study import Language
from app.services import passwords
from app.storage import accounts
from app.storage.accounts import Account
from app.storage.attempts import count_attempt, forget_attempts
from app.storage.database import Connection, Database

ATTEMPTS_ALLOWED: Final = 10
ATTEMPTS_WINDOW: Final = timedelta(minutes=15)
NAME_LIMIT: Final = 200


@dataclass(frozen=True)
class SignedIn:
    """A session just opened; the token goes into a cookie and is kept nowhere else."""

    session_token: str
    researcher: Researcher


@dataclass(frozen=True)
class NewAccount:
    """What an account is made of, as it was typed."""

    email: str
    name: str
    password: str
    language: str


@dataclass(frozen=True)
class CheckedAccount:
    """An account that can be stored; of the password only the hash is left."""

    email: str
    name: str
    password_hash: str
    language: Language


def add_researcher(
    database: Database, clock: Clock, *, email: str, name: str, password: str, language: str = "en"
) -> Researcher:
    """Make an account.

    Raises
    ------
    AddressNotValid, PasswordTooWeak, TextTooLong, TextNotReadable, AccountExists
    """
    checked = check_account(NewAccount(email, name, password, language))
    with database.writing() as connection:
        return store_account(connection, checked, clock.now())


def check_account(typed: NewAccount) -> CheckedAccount:
    """Hold what was typed against the rules for accounts, and hash the password.

    Raises
    ------
    AddressNotValid, PasswordTooWeak, TextTooLong, TextNotReadable
    """
    address = _as_stored(typed.email)
    if not is_address(address):
        raise AddressNotValid(email=typed.email)
    name = checked_text(typed.name, NAME_LIMIT)
    return CheckedAccount(address, name, checked_password(typed.password), Language(typed.language))


def checked_password(password: str) -> str:
    """Hash a password that is long enough.

    Raises
    ------
    PasswordTooWeak
    """
    if len(password) < PASSWORD_MINIMUM:
        raise PasswordTooWeak(minimum=PASSWORD_MINIMUM)
    return passwords.hash_password(password)


def store_account(connection: Connection, checked: CheckedAccount, at: datetime) -> Researcher:
    """Store an account within a transaction.

    Raises
    ------
    AccountExists
        The address has one; nothing more can be done in this transaction.
    """
    return accounts.insert_researcher(
        connection,
        email=checked.email,
        name=checked.name,
        password_hash=checked.password_hash,
        language=checked.language,
        at=at,
    )


def sign_in(database: Database, clock: Clock, email: str, password: str, *, session_hours: int) -> SignedIn:
    """Open a session for whoever knows the password of the account.

    Whether an account exists cannot be told from the answer, nor from the time it takes.

    Raises
    ------
    SignInRefused
        The address or the password is not right, or the account is disabled.
    TooManyAttempts
        This address was tried too often of late; there need be no account.
    """
    now = clock.now()
    bucket = _bucket(email)
    # The attempt is stored before the password is looked at, so that a crowd of guesses cannot overtake the
    # count; and the password is held against the hash between two transactions, since it takes its time.
    account = _find_account_once_more(database, email, bucket, now)
    password_hash = None if account is None else account.password_hash
    if not passwords.matches(password, password_hash) or account is None:
        raise SignInRefused
    renewed = passwords.hash_password(password) if passwords.is_outdated(account.password_hash) else None
    researcher = account.researcher
    with database.writing() as connection:
        forget_attempts(connection, bucket, before=now - timedelta(days=1))
        if renewed is not None:
            accounts.replace_password_hash(connection, researcher.id, renewed)
        return _start_session(connection, researcher, now, session_hours)


def start_session(
    database: Database, clock: Clock, researcher: Researcher, *, session_hours: int
) -> SignedIn:
    """Open a session for somebody who has just proven who they are in another way than by the password."""
    with database.writing() as connection:
        return _start_session(connection, researcher, clock.now(), session_hours)


def find_researcher(database: Database, clock: Clock, session_token: str) -> Researcher:
    """Find who has signed in with this session.

    Raises
    ------
    ResearcherSignedOut
        The session is unknown, has ended or is over, or the account was disabled.
    """
    with database.reading() as connection:
        researcher = accounts.find_signed_in(connection, token_hash(session_token), clock.now())
    if researcher is None:
        raise ResearcherSignedOut
    return researcher


def sign_out(database: Database, clock: Clock, session_token: str) -> None:
    """End a session; doing so twice, or with a session unknown, is harmless."""
    with database.writing() as connection:
        accounts.end_session(connection, token_hash(session_token), clock.now())


def choose_language(database: Database, researcher: Researcher, language: str) -> None:
    """Keep the language in which a researcher wants to read."""
    with database.writing() as connection:
        accounts.set_language(connection, researcher.id, Language(language))


def _start_session(
    connection: Connection, researcher: Researcher, now: datetime, session_hours: int
) -> SignedIn:
    token = secrets.token_urlsafe(32)
    accounts.insert_session(
        connection, researcher.id, token_hash(token), at=now, expires_at=now + timedelta(hours=session_hours)
    )
    return SignedIn(token, researcher)


def _find_account_once_more(database: Database, email: str, bucket: str, now: datetime) -> Account | None:
    address = _as_stored(email)
    with database.writing() as connection:
        attempts = count_attempt(connection, bucket, now, ATTEMPTS_WINDOW)
        account = accounts.find_account(connection, address) if is_address(address) else None
    if attempts.n > ATTEMPTS_ALLOWED:
        raise TooManyAttempts(minutes=attempts.minutes_left(now, ATTEMPTS_WINDOW))
    return account


def _as_stored(email: str) -> str:
    return email.strip().lower()


def _bucket(email: str) -> str:
    """Name the count of an address without keeping the address, which may be nobody's or a slip."""
    digest = hashlib.sha256(_as_stored(email).encode("utf-8", "surrogatepass")).hexdigest()
    return f"sign-in:{digest}"
