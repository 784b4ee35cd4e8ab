"""Researchers' accounts: made, signed in to, and changed by those whose they are."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.clock import Clock
from app.domain.account import PASSWORD_MINIMUM, Researcher
from app.domain.errors import (
    AddressNotValid,
    NameMissing,
    PasswordTooWeak,
    PasswordWrong,
    SignInRefused,
    TooManyAttempts,
)
from app.domain.link import token_hash
from app.domain.panel import is_address
from app.domain.rating import checked_text
from app.domain.study import Language
from app.services import passwords
from app.services.sessions import SignedIn, open_session
from app.storage import accounts, recoveries, sessions
from app.storage.accounts import Account
from app.storage.attempts import count_attempt, forget_attempts
from app.storage.database import Connection, Database

ATTEMPTS_ALLOWED: Final = 10
ATTEMPTS_WINDOW: Final = timedelta(minutes=15)
NAME_LIMIT: Final = 200


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


def has_accounts(database: Database) -> bool:
    """Whether anybody has an account here: before that nobody can sign in."""
    with database.reading() as connection:
        return accounts.has_accounts(connection)


def sign_in(
    database: Database, clock: Clock, email: str, password: str, *, session_hours: int, device: str = ""
) -> SignedIn:
    """Open a session for whoever knows the password of the account; a second factor is asked for after it.

    Whether an account exists cannot be told from the answer, nor from the time it takes.

    Raises
    ------
    SignInRefused
        The address or the password is not right, or the account is disabled.
    TooManyAttempts
        This address was tried too often of late; there need be no account.
    """
    now = clock.now()
    bucket = sign_in_bucket(email)
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
        return open_session(connection, researcher, now, hours=session_hours, device=device)


def change_password(
    database: Database, clock: Clock, researcher: Researcher, session_token: str, *, current: str, new: str
) -> None:
    """Set another password, and end every session but this one.

    Raises
    ------
    PasswordTooWeak
        The new one is too short.
    PasswordWrong, TooManyAttempts
        The current one is not right.
    """
    if len(new) < PASSWORD_MINIMUM:
        raise PasswordTooWeak(minimum=PASSWORD_MINIMUM)
    confirm_password(database, clock, researcher, current)
    password_hash = checked_password(new)
    now = clock.now()
    with database.writing() as connection:
        accounts.replace_password_hash(connection, researcher.id, password_hash)
        recoveries.use_up_links(connection, researcher.id, now)
        sessions.end_sessions(connection, researcher.id, now, keep=token_hash(session_token))


def confirm_password(database: Database, clock: Clock, researcher: Researcher, password: str) -> None:
    """Make sure that whoever is at the browser knows the password, before something that matters changes.

    Raises
    ------
    PasswordWrong, TooManyAttempts
    """
    now, bucket = clock.now(), sign_in_bucket(researcher.email)
    account = _find_account_once_more(database, researcher.email, bucket, now)
    if not passwords.matches(password, account.password_hash if account else None):
        raise PasswordWrong
    with database.writing() as connection:
        forget_attempts(connection, bucket, before=now - timedelta(days=1))


def change_name(database: Database, researcher: Researcher, name: str) -> None:
    """Keep another name for colleagues to see.

    Raises
    ------
    NameMissing, TextTooLong, TextNotReadable
    """
    kept_name = checked_text(name, NAME_LIMIT)
    if not kept_name:
        raise NameMissing
    with database.writing() as connection:
        accounts.set_name(connection, researcher.id, kept_name)


def choose_language(database: Database, researcher: Researcher, language: str) -> None:
    """Keep the language in which a researcher wants to read."""
    with database.writing() as connection:
        accounts.set_language(connection, researcher.id, Language(language))


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


def sign_in_bucket(email: str) -> str:
    """Name the count of an address without keeping the address, which may be nobody's or a slip."""
    digest = hashlib.sha256(_as_stored(email).encode("utf-8", "surrogatepass")).hexdigest()
    return f"sign-in:{digest}"
