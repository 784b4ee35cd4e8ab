"""The protective headers of every answer, added once and in the cheapest way: as plain ASGI."""

import secrets
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FIXED: Final = {
    # Personal links are addresses: nothing may carry them to another page or server.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_TWO_YEARS_OF_TLS: Final = "max-age=63072000"


class SecurityHeaders:
    """Gives every answer its headers, and every page a nonce for its content security policy.

    An answer that does not say otherwise is never stored: nearly every page here is personal.
    """

    def __init__(self, app: ASGIApp, *, over_tls: bool) -> None:
        self.app = app
        fixed = _FIXED | ({"Strict-Transport-Security": _TWO_YEARS_OF_TLS} if over_tls else {})
        self.fixed = [(name.lower().encode(), value.encode()) for name, value in fixed.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), *self.fixed]
                headers.append((b"content-security-policy", content_security_policy(nonce).encode()))
                if all(name != b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, send_protected)


def content_security_policy(nonce: str) -> str:
    """Everything from our own origin, no inline script or style but those that carry the nonce."""
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
        "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
