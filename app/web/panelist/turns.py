"""Turns at work that takes long: few at once, while the others wait without holding anything up."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from typing import Final

from app.reports.typesetting import DocumentNotMade

AT_ONCE: Final = 2
LONGEST_WAIT_SECONDS: Final = 30.0

_LOOK_AGAIN_SECONDS: Final = 0.05
_turns = threading.BoundedSemaphore(AT_ONCE)


async def take_turn() -> AsyncIterator[None]:
    """Wait for one of few turns, and give it back; whoever waits keeps no thread from those who rate.

    Raises
    ------
    DocumentNotMade
        So many wait that it would take too long.
    """
    give_up_at = time.monotonic() + LONGEST_WAIT_SECONDS
    while not _turns.acquire(blocking=False):
        if time.monotonic() > give_up_at:
            raise DocumentNotMade
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    try:
        yield
    finally:
        _turns.release()
