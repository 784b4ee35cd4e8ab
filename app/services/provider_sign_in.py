"""Signing in through a provider that vouches for people; it opens accounts, and makes none."""

import hmac
from dataclasses import dataclass
from typing import Final

from app.clock import Clock
from app.domain.account import Researcher
from app.domain.errors import NotKnownHere, ProviderAway, SignInNotFinished
from app.domain.panel import is_address
from app.interchange.openid import (
    Client,
    Person,
    ProviderRefused,
    ProviderUnavailable,
    Secrets,
    authorization_address,
    read_provider,
    redeem_code,
)
from app.services.sessions import SignedIn, open_session
from app.storage import accounts, provider_accounts
from app.storage.database import Connection, Database

_SUBJECT_LIMIT: Final = 255


@dataclass(frozen=True)
class Returned:
    """What a browser brings back: its own ``seed``, and the provider's answer."""

    seed: str
    state: str
    code: str


def begin_at_provider(client: Client, server_secret: bytes, seed: str) -> str:
    """Where to send somebody to sign in; ``seed`` is what their browser keeps until they come back.

    Raises
    ------
    ProviderAway
    """
    try:
        return authorization_address(read_provider(client.issuer), client, _secrets(server_secret, seed))
    except (ProviderUnavailable, ProviderRefused) as error:
        raise ProviderAway from error


def finish_at_provider(
    database: Database,
    clock: Clock,
    client: Client,
    server_secret: bytes,
    returned: Returned,
    *,
    session_hours: int,
    device: str = "",
) -> SignedIn:
    """Open a session for whom the provider vouches; a second factor is asked for as after a password.

    An account is known by the person's subject, or, the first time, by an address that the provider has
    verified.

    Raises
    ------
    SignInNotFinished
        The answer belongs to another question, or what the provider says does not hold.
    ProviderAway
    NotKnownHere
        The provider vouches for somebody who has no account.
    """
    secrets = _secrets(server_secret, returned.seed)
    is_answer = hmac.compare_digest(secrets.state.encode(), returned.state.encode())
    if not (is_answer and returned.seed and returned.code):
        raise SignInNotFinished
    now = clock.now()
    try:
        person = redeem_code(read_provider(client.issuer), client, returned.code, secrets, now)
    except ProviderUnavailable as error:
        raise ProviderAway from error
    except ProviderRefused as error:
        raise SignInNotFinished from error
    with database.writing() as connection:
        researcher = _find(connection, person)
        if researcher is None:
            raise NotKnownHere
        provider_accounts.link_account(connection, person.issuer, person.subject, researcher.id, now)
        return open_session(connection, researcher, now, hours=session_hours, device=device)


def _find(connection: Connection, person: Person) -> Researcher | None:
    if not 0 < len(person.subject) <= _SUBJECT_LIMIT or "\0" in person.subject:
        return None
    known = provider_accounts.find_by_subject(connection, person.issuer, person.subject)
    if known is not None or not is_address(person.email):
        return known
    account = accounts.find_account(connection, person.email)
    return None if account is None else account.researcher


def _secrets(server_secret: bytes, seed: str) -> Secrets:
    """Derived, so that the browser's cookie tells neither nonce nor verifier, and nothing is stored."""
    state, nonce, verifier = (
        hmac.digest(server_secret, f"castalia-provider-{what}:{seed}".encode(), "sha256").hex()
        for what in ("state", "nonce", "verifier")
    )
    return Secrets(state, nonce, verifier)
