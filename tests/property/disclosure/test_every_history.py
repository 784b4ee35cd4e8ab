"""Whoever tries every history of a small real-time round finds out nobody, not even by the decision."""

import random

import pytest

from tests.property.disclosure.historian import Round, some_moments


def rounds(seed: int, n: int, n_people: int, n_again: int, n_points: int, k: int, *, keeps_back: bool = True):
    """Rounds in which anybody may act in any order; the watcher is one of the group, or of another."""
    chance = random.Random(seed)
    for _ in range(n):
        moments = some_moments(chance, n_people, n_again)
        yield Round(moments, chance.randint(-1, n_people - 1), n_points, k, keeps_back=keeps_back)


@pytest.mark.parametrize(
    ("n", "n_people", "n_again", "n_points", "k"),
    [
        (60, 6, 2, 2, 2),
        (20, 5, 4, 2, 2),
        (40, 8, 1, 2, 2),
        (3, 6, 2, 3, 2),
        (2, 12, 1, 2, 5),
        (1, 11, 2, 2, 5),
    ],
)
def test_nobody_is_found_out_by_trying_every_history(n, n_people, n_again, n_points, k):
    for one in rounds(1, n, n_people, n_again, n_points, k):
        assert one.n_found_out() == 0, one


def test_the_decision_would_tell_who_changed_last_if_it_were_always_told():
    found = [one.n_found_out() for one in rounds(1, 20, 6, 2, 2, 2, keeps_back=False)]
    assert any(found)


def test_somebody_is_found_out_in_every_round_when_the_minimum_is_one():
    assert all(one.n_found_out() for one in rounds(1, 10, 5, 2, 2, 1))
