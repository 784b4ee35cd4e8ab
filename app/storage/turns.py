"""Turns at something that only so many can use at once: first come, first served."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class TurnNotReached(Exception):
    """So many were there before that the wait became too long."""


class MustWait(Exception):
    """Somebody is there, and whoever asked has no time to wait; nothing was done."""


class Turns:
    """A number of places, given in the order in which they are asked for.

    A pool or a plain lock lets whoever has just left in again before those who wait; while many come back at
    once, some would wait for as long as that lasts.

    Parameters
    ----------
    places
        How many may be inside at once.
    patience
        How many seconds to wait for a place at most.
    """

    def __init__(self, places: int, patience: float) -> None:
        self._free = places
        self._patience = patience
        self._waiting: deque[Lock] = deque()
        self._counter = Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a place and keep it for the block.

        Raises
        ------
        TurnNotReached
        """
        self._come_in()
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def turn_at_once(self) -> Iterator[None]:
        """Take a place that is free for the block.

        Raises
        ------
        MustWait
            None is.
        """
        with self._counter:
            if not self._free:
                raise MustWait
            self._free -= 1
        try:
            yield
        finally:
            self._leave()

    def _come_in(self) -> None:
        with self._counter:
            if self._free:
                self._free -= 1
                return
            door = Lock()
            door.acquire()
            self._waiting.append(door)
        if not door.acquire(timeout=self._patience):
            self._give_up(door)

    def _give_up(self, door: Lock) -> None:
        with self._counter:
            # No longer in the queue: the place was handed over at the last moment and is ours.
            if door in self._waiting:
                self._waiting.remove(door)
                raise TurnNotReached(f"no place came free within {self._patience} seconds")

    def _leave(self) -> None:
        with self._counter:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1
