"""OpenID Connect, as far as signing in needs it: discovery, the authorization code with PKCE, the ID token.

What a provider says is believed only where its signature, issuer, audience, time and nonce hold.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

TIMEOUT_SECONDS: Final = 10
MOST_BYTES: Final = 1_000_000

# Only signatures by a key pair: with a shared secret, whoever knows it could sign for the provider.
_ALGORITHMS: Final = ["RS256", "PS256", "ES256"]
_LEEWAY_SECONDS: Final = 60
_SCOPE: Final = "openid email"


class ProviderUnavailable(Exception):
    """The provider does not answer, or not as one does."""


class ProviderRefused(Exception):
    """The provider does not vouch for anybody, or what it says does not hold."""


@dataclass(frozen=True)
class Client:
    """Who Castalia is at a provider, and where the provider sends people back to."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True)
class Provider:
    """Where a provider does what, as it says itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    takes_basic: bool


@dataclass(frozen=True)
class Secrets:
    """What ties an answer to its question: state in the address, nonce in the token, verifier at the end."""

    state: str
    nonce: str
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Person:
    """Somebody for whom a provider vouches; ``email`` is empty unless the provider has verified it."""

    issuer: str
    subject: str
    email: str


def read_provider(issuer: str) -> Provider:
    """Read what a provider says of itself.

    Raises
    ------
    ProviderUnavailable
        It does not answer, or answers for another issuer.
    """
    found = _read_json(Request(f"{issuer.rstrip('/')}/.well-known/openid-configuration"))  # noqa: S310 - a setting
    if found.get("issuer") != issuer:
        raise ProviderUnavailable("It speaks for another issuer.")
    methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Provider(
        issuer=issuer,
        authorization_endpoint=_address(found, "authorization_endpoint", issuer),
        token_endpoint=_address(found, "token_endpoint", issuer),
        jwks_uri=_address(found, "jwks_uri", issuer),
        takes_basic="client_secret_basic" in methods,
    )


def authorization_address(provider: Provider, client: Client, secrets: Secrets) -> str:
    """Where to send a person, so that the provider asks who they are."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(secrets.verifier.encode()).digest()).rstrip(b"=")
    query = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": _SCOPE,
        "state": secrets.state,
        "nonce": secrets.nonce,
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }
    join = "&" if "?" in provider.authorization_endpoint else "?"
    return f"{provider.authorization_endpoint}{join}{urlencode(query)}"


def redeem_code(provider: Provider, client: Client, code: str, secrets: Secrets, now: datetime) -> Person:
    """Exchange the code that a person brought back for what the provider says of them.

    Raises
    ------
    ProviderUnavailable
        It does not answer, or not as one does.
    ProviderRefused
        The code or the token does not hold.
    """
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect_uri,
        "code_verifier": secrets.verifier,
    }
    headers = {"Accept": "application/json"}
    if provider.takes_basic:
        known = f"{quote(client.client_id, safe='')}:{quote(client.client_secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(known.encode()).decode()}"
    else:
        fields |= {"client_id": client.client_id, "client_secret": client.client_secret}
    request = Request(provider.token_endpoint, urlencode(fields).encode(), headers)  # noqa: S310 - checked
    token = _read_json(request).get("id_token")
    if not isinstance(token, str):
        raise ProviderRefused("There is no ID token.")
    return _person(provider, client, token, secrets.nonce, now)


def _person(provider: Provider, client: Client, token: str, nonce: str, now: datetime) -> Person:
    keys = _read_json(Request(provider.jwks_uri))  # noqa: S310 - checked
    rules = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=_LEEWAY_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": client.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = jwt.decode(token, KeySet.import_key_set(_key_set(keys)), algorithms=_ALGORITHMS).claims
        rules.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ProviderRefused(type(error).__name__) from None
    if isinstance(claims["aud"], list) and claims.get("azp", client.client_id) != client.client_id:
        raise ProviderRefused("The token is for another client.")
    is_verified = claims.get("email_verified") is True
    return Person(
        issuer=provider.issuer,
        subject=str(claims["sub"]),
        email=str(claims.get("email", "")).strip().lower() if is_verified else "",
    )


def _key_set(found: Mapping[str, Any]) -> Any:
    return {"keys": [key for key in found.get("keys", ()) if key.get("use", "sig") == "sig"]}


def _address(found: Mapping[str, Any], name: str, issuer: str) -> str:
    """An address that the provider names; as well protected as the issuer's own."""
    address = found.get(name)
    if not isinstance(address, str) or urlsplit(address).scheme != urlsplit(issuer).scheme:
        raise ProviderUnavailable(f"It has no {name}.")
    return address


def _read_json(request: Request) -> Mapping[str, Any]:
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - the scheme was checked
            content = json.loads(answer.read(MOST_BYTES))
    except HTTPError as error:
        if error.code in (400, 401, 403):
            raise ProviderRefused(f"It answered {error.code}.") from None
        raise ProviderUnavailable(f"It answered {error.code}.") from None
    except (OSError, ValueError, HTTPException) as error:
        raise ProviderUnavailable(type(error).__name__) from None
    if not isinstance(content, dict):
        raise ProviderUnavailable("It answered with something else.")
    return content
