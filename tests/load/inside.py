"""How long a page takes within the server: called as the web server calls it, without network and load."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Scope

from app.clock import SystemClock
from app.storage.database import Database
from app.storage.schema import upgrade_schema
from tests.load.bare import bare_app
from tests.load.bench_saves import quiet_app
from tests.load.servers import postgresql_that_keeps
from tests.page_of_ten import SLUG, play_to_round_2

WARM_UP, N_CALLS = 30, 200
GOAL_MS = 5
UPSERT = b'{"panelist": 1, "statement": 2, "point": 3}'


def print_inside() -> None:
    """Measure the page of ten statements and the bare endpoint in turn: a line for each database."""
    print("\nWithin the server, warm: that page, compressed, for somebody signed in; and one row upserted")
    print(f"({N_CALLS} calls each, one after another, in turn; median ms; goal: a page under {GOAL_MS} ms)\n")
    with tempfile.TemporaryDirectory() as directory:
        _measure("SQLite", f"sqlite:///{directory}/page.db", f"sqlite:///{directory}/row.db")
    with postgresql_that_keeps() as create_database:
        _measure("PostgreSQL", create_database(), create_database())


def _measure(name: str, real_url: str, bare_url: str) -> None:
    upgrade_schema(real_url)
    database = Database(real_url)
    page = play_to_round_2(database, SystemClock())[0]
    database.close()
    cookie = (b"cookie", f"castalia_panelist={page.session_token}".encode())
    see = _scope("GET", f"/s/{SLUG}/topics/{page.topics[0]}", [cookie, (b"accept-encoding", b"gzip")])
    upsert = _scope("POST", "/upsert", [(b"content-type", b"application/json")])
    took = asyncio.run(_in_turn((quiet_app(real_url), see, b""), (bare_app(bare_url), upsert, UPSERT)))
    page_ms, bare_ms = (1000 * statistics.median(each[WARM_UP:]) for each in took)
    print(f"{name:<12}page {page_ms:>6.2f} ms   bare {bare_ms:>6.2f} ms")


async def _in_turn(*calls: tuple[ASGIApp, Scope, bytes]) -> list[list[float]]:
    took: list[list[float]] = [[] for _ in calls]
    for _ in range(WARM_UP + N_CALLS):
        for each, (app, scope, body) in zip(took, calls, strict=True):
            began = time.perf_counter()
            await _call(app, scope, body)
            each.append(time.perf_counter() - began)
    return took


async def _call(app: ASGIApp, scope: Scope, body: bytes) -> None:
    """Send one request; anything but a success ends the measurement."""
    asked: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    answered: list[Message] = []

    async def receive() -> Message:
        return asked.pop() if asked else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        answered.append(message)

    await app({**scope, "state": {}}, receive, send)
    if answered[0]["status"] != 200:
        raise RuntimeError(f"{scope['path']} was answered {answered}")


def _scope(method: str, path: str, headers: Sequence[tuple[bytes, bytes]]) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": [(b"host", b"127.0.0.1"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
