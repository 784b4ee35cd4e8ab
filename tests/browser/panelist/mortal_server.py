"""The application in a process of its own that a test can kill, and start again on the same port."""

import multiprocessing
import socket
import time
from datetime import datetime

import uvicorn

from app.clock import FixedClock
from app.main import create_app
from app.settings import Settings
from tests.panel_study import SECRET
from tests.serving import START_SECONDS

# Its processes are forked from one that has loaded the application, and no browser.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__])


class MortalServer:
    """A server on a database that outlives it."""

    def __init__(self, url: str, now: datetime) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._url, self._now = url, now

    @property
    def address(self) -> str:
        """Where the application is served."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._process = _PROCESSES.Process(target=_serve, args=(self._url, self._now, self.port), daemon=True)
        self._process.start()
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if not self._process.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("The application did not start.")
            time.sleep(0.01)

    def kill(self) -> None:
        """Kill it as the system does when memory runs out."""
        self._process.kill()
        self._process.join()

    def _answers(self) -> bool:
        with socket.socket() as knock:
            return knock.connect_ex(("127.0.0.1", self.port)) == 0


def _serve(url: str, now: datetime, port: int) -> None:
    app = create_app(Settings(database_url=url, secret=SECRET), FixedClock(now))
    uvicorn.run(app, port=port, log_config=None, ws="none")
