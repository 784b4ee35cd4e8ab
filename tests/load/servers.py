"""Servers for measurements: applications in processes of their own, and a PostgreSQL that is durable."""

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from tests.postgresql import SERVER_SETTINGS, Server, find_server, wait_until_stopped
from tests.serving import START_SECONDS, free_port

DURABLE = {**SERVER_SETTINGS, "fsync": "on", "full_page_writes": "on"}


@contextmanager
def serving_apart(make_app: Callable[[], ASGIApp]) -> Iterator[int]:
    """Serve an application from a process of its own until the block ends, and give its port."""
    listener = free_port()
    listener.listen(256)
    context = multiprocessing.get_context("fork")
    ready = context.Event()

    def serve() -> None:
        config = uvicorn.Config(make_app(), log_config=None, access_log=False, ws="none")
        ready.set()
        uvicorn.Server(config).run([listener])

    process = context.Process(target=serve)
    process.start()
    try:
        if not ready.wait(START_SECONDS):
            raise RuntimeError("The application did not start.")
        yield listener.getsockname()[1]
    finally:
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
