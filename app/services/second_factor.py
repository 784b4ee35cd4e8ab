"""The second factor of an account: set up, asked for at the sign-in, and switched off."""

import hmac
from datetime import datetime, timedelta
from typing import Final

import pyotp

from app.clock import Clock
from app.domain.account import Researcher
from app.domain.errors import CodeWrong, ResearcherSignedOut, SecondFactorAlready, TooManyAttempts
from app.domain.link import token_hash
from app.domain.second_factor import (
    DRIFT_STEPS,
    N_RECOVERY_CODES,
    STEP_SECONDS,
    as_compared,
    new_recovery_code,
    recovery_code_hash,
    shared_secret,
)
from app.services.accounts import confirm_password
from app.services.sessions import SignedIn, open_session
from app.storage import second_factors, sessions
from app.storage.attempts import count_attempt, forget_attempts
from app.storage.database import Connection, Database

CODES_ALLOWED: Final = 5
CODES_WINDOW: Final = timedelta(minutes=15)
ISSUER: Final = "Castalia"


def count_codes_left(database: Database, researcher: Researcher) -> int | None:
    """How many recovery codes are left; None where the second factor is switched off."""
    with database.reading() as connection:
        if second_factors.find_salt(connection, researcher.id) is None:
            return None
        return second_factors.count_recovery_codes(connection, researcher.id)


def secret_address(server_secret: bytes, researcher: Researcher, salt: str) -> str:
    """What a device reads from the drawn code to share the secret."""
    totp = pyotp.TOTP(shared_secret(server_secret, researcher.id, salt), interval=STEP_SECONDS)
    return totp.provisioning_uri(name=researcher.email, issuer_name=ISSUER)


def switch_on(
    database: Database, clock: Clock, researcher: Researcher, server_secret: bytes, salt: str, code: str
) -> tuple[str, ...]:
    """Switch the second factor on, once a device has shown that it shares the secret.

    Returns
    -------
    tuple of str
        The recovery codes, which are shown now and never again.

    Raises
    ------
    CodeWrong, TooManyAttempts
    SecondFactorAlready
        It was switched on in the meantime.
    """
    now = clock.now()
    _count_code(database, researcher, now)
    step = _step_of(server_secret, researcher, salt, code, now)
    if step is None:
        raise CodeWrong
    codes = _new_codes()
    with database.writing() as connection:
        if second_factors.find_salt(connection, researcher.id) is not None:
            raise SecondFactorAlready
        second_factors.insert_second_factor(connection, researcher.id, salt, step=step, at=now)
        _store_codes(connection, researcher, server_secret, codes)
        _forget_codes(connection, researcher, now)
    return codes


def renew_recovery_codes(
    database: Database, clock: Clock, researcher: Researcher, server_secret: bytes, password: str
) -> tuple[str, ...]:
    """Replace the recovery codes; those before open nothing any more.

    Raises
    ------
    PasswordWrong, TooManyAttempts
    """
    confirm_password(database, clock, researcher, password)
    codes = _new_codes()
    with database.writing() as connection:
        _store_codes(connection, researcher, server_secret, codes)
    return codes


def switch_off(database: Database, clock: Clock, researcher: Researcher, password: str) -> None:
    """Switch the second factor off.

    Raises
    ------
    PasswordWrong, TooManyAttempts
    """
    confirm_password(database, clock, researcher, password)
    with database.writing() as connection:
        second_factors.delete_second_factor(connection, researcher.id)


def finish_sign_in(
    database: Database,
    clock: Clock,
    waiting_token: str,
    code: str,
    server_secret: bytes,
    *,
    session_hours: int,
    device: str = "",
) -> SignedIn:
    """Open the session of a sign-in that waits for its code: one of the device, or a recovery code.

    Each code is good once. The session has a token of its own, and nothing waits any more.

    Raises
    ------
    ResearcherSignedOut
        No sign-in waits, or it has waited too long.
    CodeWrong, TooManyAttempts
    """
    now = clock.now()
    with database.reading() as connection:
        researcher = sessions.find_signing_in(connection, token_hash(waiting_token), now)
    if researcher is None:
        raise ResearcherSignedOut
    _count_code(database, researcher, now)
    with database.writing() as connection:
        if not _use_up(connection, researcher, server_secret, code, now):
            raise CodeWrong
        _forget_codes(connection, researcher, now)
        sessions.end_session(connection, token_hash(waiting_token), now)
        return open_session(connection, researcher, now, hours=session_hours, device=device, code_given=True)


def _use_up(
    connection: Connection, researcher: Researcher, server_secret: bytes, code: str, now: datetime
) -> bool:
    salt = second_factors.find_salt(connection, researcher.id)
    step = None if salt is None else _step_of(server_secret, researcher, salt, code, now)
    if step is not None:
        return second_factors.use_up_step(connection, researcher.id, step)
    code_hash = recovery_code_hash(server_secret, researcher.id, code)
    return second_factors.use_up_recovery_code(connection, researcher.id, code_hash, now)


def _step_of(server_secret: bytes, researcher: Researcher, salt: str, code: str, now: datetime) -> int | None:
    """The step whose code this is, of those near now; a device's clock may be a little off."""
    totp = pyotp.TOTP(shared_secret(server_secret, researcher.id, salt), interval=STEP_SECONDS)
    typed = as_compared(code).encode("utf-8", "surrogatepass")
    current = int(now.timestamp()) // STEP_SECONDS
    steps = range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1)
    return next(
        (step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), typed)), None
    )


def _new_codes() -> tuple[str, ...]:
    return tuple(new_recovery_code() for _ in range(N_RECOVERY_CODES))


def _store_codes(
    connection: Connection, researcher: Researcher, server_secret: bytes, codes: tuple[str, ...]
) -> None:
    hashes = [recovery_code_hash(server_secret, researcher.id, code) for code in codes]
    second_factors.replace_recovery_codes(connection, researcher.id, hashes)


def _count_code(database: Database, researcher: Researcher, now: datetime) -> None:
    with database.writing() as connection:
        attempts = count_attempt(connection, _bucket(researcher), now, CODES_WINDOW)
    if attempts.n > CODES_ALLOWED:
        raise TooManyAttempts(minutes=attempts.minutes_left(now, CODES_WINDOW))


def _forget_codes(connection: Connection, researcher: Researcher, now: datetime) -> None:
    forget_attempts(connection, _bucket(researcher), before=now - timedelta(days=1))


def _bucket(researcher: Researcher) -> str:
    return f"code:{researcher.id}"
