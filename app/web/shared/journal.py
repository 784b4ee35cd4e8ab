"""One line in the log for every request, and a kind page when something unexpected happens.

The log knows routes, never addresses: a personal link is an address. Of an unexpected error it knows the kind
and the places in the code, never the message or a value, since these may hold what somebody wrote.
"""

import time
import traceback
from collections.abc import Callable
from typing import Any, Final

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NO_ROUTE: Final = "(no such page)"

_log = structlog.get_logger("castalia.web")


class RequestJournal:
    """Logs each request once, by its route, and answers unexpected errors."""

    def __init__(self, app: ASGIApp, *, answer_unexpected: Callable[[Request], Response]) -> None:
        self.app = app
        self.answer_unexpected = answer_unexpected

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        except Exception as error:  # noqa: BLE001 - the last resort: everything foreseen is answered further in
            _log.error("unexpected_error", **_request_facts(scope), **_error_facts(error))
            # Once an answer has begun, no other can follow: the connection ends, and the browser tries again.
            if not status:
                await self.answer_unexpected(Request(scope, receive))(scope, receive, send_noting)
        finally:
            took = round((time.perf_counter() - began) * 1000, 1)
            _log.info("request", **_request_facts(scope), status=status, ms=took)


def _request_facts(scope: Scope) -> dict[str, Any]:
    route = getattr(scope.get("route"), "path", "")
    # Files are served by a mounted application, whose place is its root.
    return {"method": scope["method"], "route": route or scope.get("root_path") or NO_ROUTE}


def _error_facts(error: Exception) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": f"{type(error).__module__}.{type(error).__qualname__}",
        "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-6:]],
    }
