"""Who computes the answers that are asked for most, and when what was sent is stored.

PostgreSQL computes while others ask: there every call gets a thread. SQLite computes in the thread that asks,
and a second thread would only be handed Python's turn, back and forth, at every row. So the event loop itself
answers, as long as nothing is to be waited for. What was sent meanwhile is stored in one transaction, so that
the disk, which takes as long as a page to compute, is waited for once for all of it.
"""

import asyncio
from collections.abc import Callable

from starlette.responses import Response

from app.storage.database import BUSY_SECONDS, LOOK_AGAIN_SECONDS, Database, DatabaseUnavailable, MustWait

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
        return await self._in_a_thread(call)

    async def store(self, call: Call) -> Response:
        """Answer a call that writes; the answer comes when what it wrote is committed."""
        if not self._database.is_sqlite:
            return await self._in_a_thread(call)
        loop = asyncio.get_running_loop()
        if loop not in self._waiting:
            self._waiting[loop] = []
            loop.call_soon(self._store_waiting, loop, loop.time() + BUSY_SECONDS)
        answer: asyncio.Future[Response] = loop.create_future()
        self._waiting[loop].append((call, answer))
        return await answer

    async def _in_a_thread(self, call: Call) -> Response:
        return await asyncio.get_running_loop().run_in_executor(self._database.threads, call)

    def _store_waiting(self, loop: asyncio.AbstractEventLoop, give_up_at: float) -> None:
        waiting = self._waiting[loop]
        try:
            outcomes = self._store_together([call for call, _ in waiting])
        except MustWait as error:
            if loop.time() < give_up_at:
                # Whoever asks for a page is answered meanwhile, and whoever sends something comes along.
                loop.call_later(LOOK_AGAIN_SECONDS, self._store_waiting, loop, give_up_at)
                return
            outcomes = [DatabaseUnavailable(str(error))] * len(waiting)
        del self._waiting[loop]
        for (_, answer), outcome in zip(waiting, outcomes, strict=True):
            _tell(answer, outcome)

    def _store_together(self, calls: list[Call]) -> list[_Outcome]:
        """What came of each call, once that is committed; if it cannot be, nothing came of any."""
        try:
            with self._database.together():
                return [_outcome(call) for call in calls]
        except MustWait:
            raise
        except Exception as error:  # noqa: BLE001 - told to everybody whose answers it took along
            return [error] * len(calls)


def _outcome(call: Call) -> _Outcome:
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - told to whoever called, and to nobody else
        return error


def _tell(answer: "asyncio.Future[Response]", outcome: _Outcome) -> None:
    if answer.done():  # whoever asked has gone
        return
    if isinstance(outcome, Exception):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)
