"""Passwords are hashed at the costs promised, and only so many at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from app.services import passwords


@pytest.fixture(autouse=True)
def quick_passwords():
    """Here passwords cost what they cost."""


def test_hashes_are_argon2id_at_the_promised_costs():
    costs = extract_parameters(passwords.hash_password("correct horse battery"))
    assert (costs.type, costs.memory_cost, costs.time_cost, costs.parallelism) == (Type.ID, 19 * 1024, 2, 1)


def test_an_absent_account_is_held_against_a_hash_of_the_same_costs():
    assert not passwords.is_outdated(passwords._nobodys_hash())


def test_a_hash_of_other_costs_is_outdated():
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("correct horse battery")
    assert passwords.is_outdated(cheap)


def test_hashing_waits_its_turn(monkeypatch):
    at_once, most_at_once, counting = 0, 0, threading.Lock()

    class SlowHasher:
        def hash(self, _password):
            nonlocal at_once, most_at_once
            with counting:
                at_once += 1
                most_at_once = max(most_at_once, at_once)
            threading.Event().wait(0.01)
            with counting:
                at_once -= 1
            return ""

    monkeypatch.setattr(passwords, "_HASHER", SlowHasher())
    monkeypatch.setattr(passwords, "_TURNS", threading.BoundedSemaphore(2))
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(passwords.hash_password, ["password"] * 16))
    assert most_at_once == 2
