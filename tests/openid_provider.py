"""A provider that vouches for people, as a process of its own: `python -m tests.openid_provider FD`.

Whoever comes says in the address who they are, and with ``twist`` how the provider is to lie; others would
ask. It holds clients to what the protocol asks of them: secret, redirect address and PKCE.
"""

import base64
import hashlib
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode
from urllib.request import urlopen

import uvicorn
from fastapi import FastAPI, Request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.responses import JSONResponse, RedirectResponse, Response

from tests.serving import address_of, free_port

CLIENT_ID, CLIENT_SECRET = "castalia", "a secret: of the provider & Castalia"
REDIRECT_URI = "https://delphi.example.org/research/sign-in/provider/back"
EXPECTED = {
    "response_type": "code",
    "client_id": CLIENT_ID,
    "redirect_uri": REDIRECT_URI,
    "code_challenge_method": "S256",
}
NO_ALGORITHM = b'{"alg":"none"}'
START_SECONDS = 30


class Provider:
    """What the provider answers; each code that it hands out is good once."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
        self.foreign_key = RSAKey.generate_key(2048, {"kid": "first"})
        self.asked: dict[str, dict[str, str]] = {}

    def describe(self) -> dict[str, Any]:
        """Say where it does what."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?tenant=1",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def show_keys(self) -> dict[str, Any]:
        """Say by which key it signs."""
        return {"keys": [self.key.as_dict(private=False)]}

    def authorize(self, request: Request) -> Response:
        """Send a person back with a code."""
        query = dict(request.query_params)
        if {name: query.get(name) for name in EXPECTED} != EXPECTED:
            return JSONResponse({"error": "invalid_request"}, 400)
        if query.get("twist") == "declined":
            back = {"error": "access_denied", "state": query["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self.asked[code] = query
            back = {"code": code, "state": query["state"]}
        return RedirectResponse(f"{REDIRECT_URI}?{urlencode(back)}", 302)

    async def redeem(self, request: Request) -> Response:
        """Give a client that knows its secret and the verifier a token for its code."""
        form = dict(parse_qsl((await request.body()).decode()))
        query = self.asked.pop(form.get("code", ""), None)
        known = base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        if query is None or challenge.rstrip(b"=").decode() != query["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        if [unquote(part) for part in known.split(":")] != [CLIENT_ID, CLIENT_SECRET]:
            return JSONResponse({"error": "invalid_client"}, 401)
        if query.get("twist") == "broken":
            return Response("<html>", 500)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": self.token(query)})

    def token(self, query: dict[str, str]) -> str:
        """What it says of a person, signed, or twisted."""
        claims, twist = self.claims(query), query.get("twist", "")
        if twist == "shared key":
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET))
        if twist == "unsigned":
            body = jwt.encode({"alg": "RS256"}, claims, self.key).split(".")[1]
            return f"{base64.urlsafe_b64encode(NO_ALGORITHM).rstrip(b'=').decode()}.{body}."
        signer = self.foreign_key if twist == "signature" else self.key
        return jwt.encode({"alg": "RS256", "kid": "first"}, claims, signer)

    def claims(self, query: dict[str, str]) -> dict[str, Any]:
        """What it says of a person."""
        now, twist = int(time.time()), query.get("twist", "")
        return {
            "iss": "https://evil.example.org" if twist == "issuer" else self.issuer,
            "aud": "somebody else" if twist == "audience" else CLIENT_ID,
            "sub": "" if twist == "nobody" else query.get("sub", "42"),
            "iat": now,
            "exp": now - 3600 if twist == "expired" else now + 300,
            "nonce": "another" if twist == "nonce" else query["nonce"],
            "email": query.get("email", ""),
            "email_verified": query.get("verified", "yes") == "yes",
        }


def make_provider(issuer: str) -> FastAPI:
    """Put the provider together; under ``/other`` it claims to be the same one."""
    app, provider = FastAPI(), Provider(issuer)
    for place in ("", "/other"):
        app.add_api_route(f"{place}/.well-known/openid-configuration", provider.describe)
    app.add_api_route("/keys", provider.show_keys)
    app.add_api_route("/authorize", provider.authorize)
    app.add_api_route("/token", provider.redeem, methods=["POST"])
    return app


@contextmanager
def provider_process() -> Iterator[str]:
    """Run the provider in a process of its own, and give its address."""
    listener = free_port()
    listener.listen()
    issuer = address_of(listener)
    command = [sys.executable, "-m", "tests.openid_provider", str(listener.fileno())]
    process = subprocess.Popen(command, pass_fds=[listener.fileno()], stderr=subprocess.DEVNULL)
    try:
        # The socket is open already, so the answer waits until the process can give it.
        with urlopen(f"{issuer}/.well-known/openid-configuration", timeout=START_SECONDS) as answer:
            assert answer.status == 200
        yield issuer
    finally:
        process.terminate()
        process.wait()
        listener.close()


def serve(fileno: int) -> None:
    """Serve on a socket that another process has opened."""
    listener = socket.socket(fileno=fileno)
    config = uvicorn.Config(make_provider(address_of(listener)), log_config=None, ws="none")
    uvicorn.Server(config).run([listener])


if __name__ == "__main__":
    serve(int(sys.argv[1]))
