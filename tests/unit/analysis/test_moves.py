"""What panelists did between two rounds, counted one by one."""

import random
import statistics

import numpy as np
import pytest

from analysis.stability import change


@pytest.mark.parametrize("seed", range(20))
def test_moves_are_those_of_the_panelists_one_by_one(seed):
    generator = random.Random(seed)
    k, n = generator.choice((2, 3, 5, 9)), generator.randint(1, 25)
    before = [generator.randrange(k) for _ in range(n)]
    after = [rating if generator.random() < 0.4 else generator.randrange(k) for rating in before]
    moved = np.zeros((k, k), np.int64)
    np.add.at(moved, (before, after), 1)
    median = statistics.median(before)
    pairs = list(zip(before, after, strict=True))
    found = change(moved)
    assert found.unchanged == pytest.approx(sum(a == b for a, b in pairs) / n)
    assert found.up == pytest.approx(sum(b > a for a, b in pairs) / n)
    assert found.down == pytest.approx(sum(b < a for a, b in pairs) / n)
    assert found.towards == pytest.approx(sum(abs(b - median) < abs(a - median) for a, b in pairs) / n)
    assert found.away == pytest.approx(sum(abs(b - median) > abs(a - median) for a, b in pairs) / n)
    differences = (abs(before.count(point) - after.count(point)) for point in range(k))
    assert found.net_change == pytest.approx(sum(differences) / 2 / n)


def test_many_groups_are_described_at_once_and_one_without_panelists_by_zeros():
    moved = np.zeros((2, 3, 3), np.int64)
    moved[0, 0, 2] = moved[0, 1, 1] = 1
    found = change(moved)
    assert found.unchanged.tolist() == [0.5, 0.0]
    assert found.up.tolist() == [0.5, 0.0]
    assert found.net_change.tolist() == [0.5, 0.0]
