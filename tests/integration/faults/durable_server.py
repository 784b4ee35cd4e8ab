"""A PostgreSQL server that keeps its promises to the disk, and that a test may kill."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import postgresql

DURABLE = {**postgresql.SERVER_SETTINGS, "fsync": "on", "full_page_writes": "on", "max_connections": "30"}


class DurableServer:
    """A server of one test."""

    def __init__(self, directory: Path, pipe: Path) -> None:
        self.directory = directory
        self.url = postgresql._start_server(directory, pipe, DURABLE)

    def kill(self) -> None:
        """Kill every process of the server at once, so that none can write or tidy up."""
        postmaster = int((self.directory / "cluster" / "postmaster.pid").read_text().split()[0])
        family = [postmaster, *_children(postmaster)]
        for process in family:
            os.kill(process, signal.SIGKILL)
        while any(_runs(process) for process in family):
            time.sleep(0.01)
        # A container may keep the dead in its list of processes; the server would think that it still runs.
        (self.directory / "cluster" / "postmaster.pid").unlink()
        for lock in self.directory.glob(".s.PGSQL.*.lock"):
            lock.unlink()

    def start_again(self) -> None:
        """Start the server on what was left on the disk."""
        owner = self.directory.stat()
        as_owner = {} if os.getuid() else {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
        pg_ctl = postgresql._binary("pg_ctl")
        postgresql._run_as_owner(
            self.directory, pg_ctl, "restart", "-w", "-D", "cluster", "-l", "log", **as_owner
        )


@contextmanager
def durable_server() -> Iterator[DurableServer]:
    """Start a server, and leave nothing of it behind."""
    place = Path(tempfile.mkdtemp(prefix="castalia-durable-"))
    place.chmod(0o711)
    os.mkfifo(place / "pipe")
    alive = os.open(place / "pipe", os.O_RDWR)
    try:
        yield DurableServer(place / "server", place / "pipe")
    finally:
        os.close(alive)
        if (place / "server").exists():
            postgresql.wait_until_stopped(place / "server")
        shutil.rmtree(place)


def _children(process: int) -> list[int]:
    return [int(n) for n in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
