"""Places are given in the order in which they are asked for."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import pytest

from app.storage.turns import TurnNotReached, Turns

PATIENCE = 60


def test_whoever_asks_first_comes_first() -> None:
    turns, came = Turns(1, PATIENCE), list[int]()

    def come(n: int) -> None:
        with turns.turn():
            came.append(n)

    with ThreadPoolExecutor(20) as threads, turns.turn():
        for n in range(20):
            threads.submit(come, n)
            while len(turns._waiting) <= n:
                pass
    assert came == list(range(20))


def test_whoever_has_just_left_waits_behind_those_who_are_there() -> None:
    turns, came, start = Turns(1, PATIENCE), list[int](), Barrier(4)

    def come_again_and_again(n: int) -> None:
        start.wait()
        for _ in range(50):
            with turns.turn():
                came.append(n)
                while len(turns._waiting) < 3 and all(came.count(other) < 48 for other in range(4)):
                    pass

    with ThreadPoolExecutor(4) as threads:
        for n in range(4):
            threads.submit(come_again_and_again, n)
    halfway = came[:100]
    assert all(abs(halfway.count(n) - 25) <= 1 for n in range(4))


def test_as_many_come_in_as_there_are_places() -> None:
    turns = Turns(3, 0)
    with ExitStack() as inside:
        for _ in range(3):
            inside.enter_context(turns.turn())
        with pytest.raises(TurnNotReached), turns.turn():
            pass
    with turns.turn():
        pass


def test_a_place_is_given_back_when_the_work_fails() -> None:
    turns = Turns(1, 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), turns.turn():
            _ = 1 / 0


def test_whoever_gave_up_waiting_is_not_waited_for() -> None:
    turns = Turns(1, 0.01)
    with turns.turn(), ThreadPoolExecutor(1) as threads:
        late = threads.submit(turns._come_in)
        assert isinstance(late.exception(), TurnNotReached)
    with turns.turn():
        pass
