"""A client that keeps connections busy: small enough not to be what is measured, and told apart from it.

It runs on the cores of the server, which no browser does.
"""

import asyncio
import re
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from uvicorn.loops.auto import auto_loop_factory

from tests.load.servers import Served

Call = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r")


@dataclass(frozen=True)
class Answer:
    """What a server answered: the lines before the body, and the body as it was packed."""

    head: bytes
    body: bytes

    @property
    def status(self) -> int:
        """The status that its first line tells."""
        return int(self.head.split(b" ", 2)[1])

    def tells(self, name: str, value: str) -> bool:
        """Whether one of its headers says this."""
        return f"\r\n{name}: {value}\r\n".encode() in self.head


@dataclass(frozen=True)
class Measured:
    """What a stretch of load came to: calls a second, and milliseconds per call.

    ``cpu_ms`` is what the server computed for each call, ``system_ms`` as much of it as the kernel did,
    ``client_ms`` what we computed beside it. They say the same on a machine that others use too.
    """

    per_second: float
    median_ms: float
    p99_ms: float
    cpu_ms: float
    system_ms: float
    client_ms: float


def head_of(method: str, path: str, headers: Sequence[tuple[str, str]] = ()) -> bytes:
    """The lines of a request, but for the length of what it sends."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers)]
    return "".join(f"{line}\r\n" for line in lines).encode()


async def exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes, body: bytes = b""
) -> Answer:
    """Send one request on an open connection and return the answer."""
    writer.write(b"%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body))
    told = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(told)
    if length is None:
        raise RuntimeError(f"No length is told: {told!r}")
    return Answer(told, await reader.readexactly(int(length[1])))


def press(served: Served, callers: Sequence[Call], seconds: float) -> Measured:
    """Let each caller send one request after another on a connection of its own, for so many seconds."""
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        return runner.run(_press(served, callers, seconds))


async def _press(served: Served, callers: Sequence[Call], seconds: float) -> Measured:
    cpu_before, ours_before = served.cpu_seconds(), time.process_time()
    until = time.perf_counter() + seconds
    began = time.perf_counter()
    took = await asyncio.gather(*(_call_until(served.port, call, until) for call in callers))
    lasted = time.perf_counter() - began
    user, system = (after - before for after, before in zip(served.cpu_seconds(), cpu_before, strict=True))
    every = sorted(one for each in took for one in each)
    return Measured(
        per_second=len(every) / lasted,
        median_ms=1000 * statistics.median(every),
        p99_ms=1000 * every[int(0.99 * len(every))],
        cpu_ms=1000 * (user + system) / len(every),
        system_ms=1000 * system / len(every),
        client_ms=1000 * (time.process_time() - ours_before) / len(every),
    )


async def _call_until(port: int, call: Call, until: float) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    took = []
    while (began := time.perf_counter()) < until:
        await call(reader, writer)
        took.append(time.perf_counter() - began)
    writer.close()
    await writer.wait_closed()
    return took
