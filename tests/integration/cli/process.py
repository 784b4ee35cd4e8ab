"""A castalia command that serves pages, in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.serving import free_port

PATIENCE_SECONDS = 180


@dataclass
class Served:
    """A running command, and what it had said by its end."""

    port: int
    process: subprocess.Popen[str]
    said: str = ""
    complained: str = ""

    def status_of(self, path: str) -> int:
        """Return the status of a page, however long the command takes to start; 0 when it ended instead."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
            try:
                connection.request("GET", path)
                return connection.getresponse().status
            except ConnectionRefusedError:
                time.sleep(0.05)
            finally:
                connection.close()
        return 0


@contextmanager
def served_by(*words: str, directory: Path, database_url: str) -> Iterator[Served]:
    """Run a command on a free port, in a directory and on a database; interrupt it when the block ends."""
    with free_port() as listener:
        port = listener.getsockname()[1]
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("castalia")), *words],
        cwd=directory,
        env=os.environ | {"CASTALIA_DATABASE_URL": database_url, "CASTALIA_PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        served = Served(port, process)
        try:
            yield served
        finally:
            process.send_signal(signal.SIGINT)
            served.said, served.complained = process.communicate(timeout=PATIENCE_SECONDS)
