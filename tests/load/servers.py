"""Servers for measurements: applications in processes of their own, and a PostgreSQL that is durable."""

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from tests.postgresql import SERVER_SETTINGS, Server, find_server, wait_until_stopped
from tests.serving import START_SECONDS, free_port

DURABLE = {**SERVER_SETTINGS, "fsync": "on", "full_page_writes": "on"}


@dataclass(frozen=True)
class Served:
    """An application that runs in processes of its own."""

    port: int
    processes: tuple[int, ...]

    def cpu_seconds(self) -> tuple[float, float]:
        """How long its processes have used a processor so far, and the kernel for them, as it counts it."""
        user, system = zip(*map(_cpu_seconds, self.processes), strict=True)
        return sum(user), sum(system)


def _cpu_seconds(process: int) -> tuple[float, float]:
    after_name = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    user, system = (int(ticks) / os.sysconf("SC_CLK_TCK") for ticks in after_name[11:13])
    return user, system


@contextmanager
def serving_apart(make_app: Callable[[], ASGIApp], processes: int = 1) -> Iterator[Served]:
    """Serve an application from processes of its own until the block ends."""
    listener = free_port()
    listener.listen(256)
    context = multiprocessing.get_context("fork")
    ready = [context.Event() for _ in range(processes)]

    def serve(place: int) -> None:
        config = uvicorn.Config(make_app(), log_config=None, access_log=False, ws="none")
        ready[place].set()
        uvicorn.Server(config).run([listener])

    started = [context.Process(target=serve, args=(place,)) for place in range(processes)]
    for process in started:
        process.start()
    try:
        if not all(one.wait(START_SECONDS) for one in ready):
            raise RuntimeError("The application did not start.")
        yield Served(listener.getsockname()[1], tuple(one.pid for one in started if one.pid))
    finally:
        for process in started:
            process.terminate()
            process.join()
        listener.close()


@contextmanager
def postgresql_that_keeps() -> Iterator[Callable[[], str]]:
    """Run PostgreSQL with the durability it has in use, and give a function that makes a database on it."""
    with tempfile.TemporaryDirectory(prefix="castalia-load-") as name:
        directory = Path(name)
        directory.chmod(0o711)
        os.mkfifo(directory / "pipe")
        alive = os.open(directory / "pipe", os.O_RDWR)
        url = find_server(directory / "server", directory / "pipe", DURABLE)
        try:
            yield Server(url, "castalia_load").create_database
        finally:
            os.close(alive)
            if (directory / "server").exists():
                wait_until_stopped(directory / "server")
