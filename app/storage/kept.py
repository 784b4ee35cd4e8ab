"""What never changes once it is written: read once, and kept."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")


class Itself:
    """A frozen thing as a part of a key: equal to nothing but itself, and held as long as the key is.

    For what cannot be hashed, or only slowly, and stays the same object as long as it is kept.
    """

    __slots__ = ("_thing",)

    def __init__(self, thing: object) -> None:
        self._thing = thing

    def __hash__(self) -> int:
        return id(self._thing)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Itself) and self._thing is other._thing


class Kept:
    """A number of things, each under the whole of what makes it what it is; the longest unused goes first.

    Parameters
    ----------
    most
        How many are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: OrderedDict[Hashable, Any] = OrderedDict()
        self._turn = Lock()

    def find(self, key: Hashable) -> Any:
        """What is kept under ``key``, or None."""
        with self._turn:
            if key in self._things:
                self._things.move_to_end(key)
                return self._things[key]
        return None

    def get(self, key: Hashable, read: Callable[[], T]) -> T:
        """Return what is kept under ``key``; the first time, and after it had to go, it is read."""
        with self._turn:
            if key in self._things:
                self._things.move_to_end(key)
                found: T = self._things[key]
                return found
        found = read()
        with self._turn:
            self._things[key] = found
            if len(self._things) > self._most:
                self._things.popitem(last=False)
        return found
