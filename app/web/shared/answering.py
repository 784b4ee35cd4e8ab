"""Who computes the answers that are asked for most, and when what was sent is stored.

PostgreSQL computes while others ask: there every call gets a thread. SQLite computes in the thread that asks,
and a second thread would only be handed Python's turn, back and forth, at every row. So the event loop itself
answers, as long as nothing is to be waited for. What was sent meanwhile is stored in one transaction, so that
the disk, which takes as long as a page to compute, is waited for once for all of it.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Final

from starlette.responses import Response

from app.storage.database import LOOK_AGAIN_SECONDS, Database, MustWait

HURRIED_SECONDS: Final = 0.1
"""How long what was sent is tried to be stored without a thread; then it takes its turn, as all who write."""

Call = Callable[[], Response]
_Outcome = Response | Exception
_Waiting = list[tuple[Call, asyncio.Future[Response]]]


class Answering:
    """Answers short calls out of the event loop.

    Parameters
    ----------
    database
        The one that the calls ask.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[asyncio.AbstractEventLoop, _Waiting] = {}

    async def show(self, call: Call) -> Response:
        """Answer a call that reads."""
        if self._database.is_sqlite:
            try:
                with self._database.at_once():
                    return call()
            except MustWait:
                pass
        return await _in_a_thread(self._database.threads_to_read, call)

    async def store(self, call: Call) -> Response:
        """Answer a call that writes; the answer comes when what it wrote is committed."""
        if not self._database.is_sqlite:
            return await _in_a_thread(self._database.threads_to_write, call)
        loop = asyncio.get_running_loop()
        if loop not in self._waiting:
            self._waiting[loop] = []
            loop.call_soon(self._store_waiting, loop, loop.time() + HURRIED_SECONDS)
        answer: asyncio.Future[Response] = loop.create_future()
        self._waiting[loop].append((call, answer))
        return await answer

    def _store_waiting(self, loop: asyncio.AbstractEventLoop, hurried_until: float) -> None:
        waiting = self._waiting[loop]
        try:
            outcomes = self._store_together(waiting, waits=False)
        except MustWait:
            if loop.time() < hurried_until:
                # Whoever asks for a page is answered meanwhile, and whoever sends something comes along.
                loop.call_later(LOOK_AGAIN_SECONDS, self._store_waiting, loop, hurried_until)
                return
            in_turn = partial(self._store_together, waiting, waits=True)
            stored = loop.run_in_executor(self._database.threads_to_write, in_turn)
            stored.add_done_callback(lambda stored: _tell(waiting, stored.result()))
        else:
            _tell(waiting, outcomes)
        del self._waiting[loop]

    def _store_together(self, waiting: _Waiting, *, waits: bool) -> list[_Outcome]:
        """What came of each call, once that is committed; if it cannot be, nothing came of any."""
        try:
            with self._database.together(waits=waits):
                return [_outcome(call) for call, _ in waiting]
        except MustWait:
            raise
        except Exception as error:  # noqa: BLE001 - told to everybody whose answers it took along
            return [error] * len(waiting)


async def _in_a_thread(threads: Executor, call: Call) -> Response:
    return await asyncio.get_running_loop().run_in_executor(threads, call)


def _outcome(call: Call) -> _Outcome:
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - told to whoever called, and to nobody else
        return error


def _tell(waiting: _Waiting, outcomes: list[_Outcome]) -> None:
    for (_, answer), outcome in zip(waiting, outcomes, strict=True):
        if answer.done():  # whoever asked has gone
            continue
        if isinstance(outcome, Exception):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome)
