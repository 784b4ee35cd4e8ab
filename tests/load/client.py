"""A client that keeps connections busy: small enough not to be what is measured."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from tests.load.servers import Served

Call = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Answer:
    """What a server answered, where it sends the browser, and how the body is packed; empty for neither."""

    status: int
    body: bytes
    location: str
    coding: str


@dataclass(frozen=True)
class Measured:
    """What a stretch of load came to: calls a second, and milliseconds per call.

    ``cpu_ms`` is what the server computed for each call. It says the same on a machine that others use too.
    """

    per_second: float
    median_ms: float
    p99_ms: float
    cpu_ms: float


async def exchange(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    method: str,
    path: str,
    headers: Sequence[tuple[str, str]] = (),
    body: bytes = b"",
) -> Answer:
    """Send one request on an open connection and return the answer."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    await writer.drain()
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status_line, *lines = head.split("\r\n")
    told = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Answer(
        status=int(status_line.split(" ", 2)[1]),
        body=await reader.readexactly(int(told["content-length"])),
        location=told.get("location", ""),
        coding=told.get("content-encoding", ""),
    )


def press(served: Served, callers: Sequence[Call], seconds: float) -> Measured:
    """Let each caller send one request after another on a connection of its own, for so many seconds."""
    return asyncio.run(_press(served, callers, seconds))


async def _press(served: Served, callers: Sequence[Call], seconds: float) -> Measured:
    cpu_before = served.cpu_seconds()
    until = time.perf_counter() + seconds
    began = time.perf_counter()
    took = await asyncio.gather(*(_call_until(served.port, call, until) for call in callers))
    lasted = time.perf_counter() - began
    every = sorted(one for each in took for one in each)
    return Measured(
        per_second=len(every) / lasted,
        median_ms=1000 * statistics.median(every),
        p99_ms=1000 * every[int(0.99 * len(every))],
        cpu_ms=1000 * (served.cpu_seconds() - cpu_before) / len(every),
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
