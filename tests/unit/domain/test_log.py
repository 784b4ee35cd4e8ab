"""The chain of the log: every edit, deletion, insertion, reordering and cut is found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.event import (
    EMPTY_CHAIN,
    SUBJECTS,
    Event,
    EventKind,
    canonical_json,
    chain_hash,
    first_broken_link,
)

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


def a_log(n: int) -> list[Event]:
    events, previous = [], EMPTY_CHAIN
    for sequence in range(1, n + 1):
        said = {
            "sequence": sequence,
            "kind": EventKind.RATINGS_SAVED,
            "actor": "panelist:P-ABCDEF",
            "occurred_at": NOON + timedelta(minutes=sequence),
            "payload": {"round": 1, "n": sequence},
        }
        written = chain_hash(previous, **said)  # type: ignore[arg-type]
        events.append(Event(**said, previous_hash=previous, hash=written))  # type: ignore[arg-type]
        previous = written
    return events


LOG = a_log(5)
HEAD = LOG[-1].hash


def test_an_untouched_log_is_whole() -> None:
    assert first_broken_link(LOG, HEAD, 5) is None


def test_an_empty_log_is_whole() -> None:
    assert first_broken_link([], EMPTY_CHAIN, 0) is None


@pytest.mark.parametrize(
    "change",
    [
        {"payload": {"round": 1, "n": 99}},
        {"actor": "panelist:P-OTHER2"},
        {"kind": "SomethingElse"},
        {"occurred_at": NOON},
        {"previous_hash": EMPTY_CHAIN},
        {"hash": "f" * 64},
    ],
)
def test_an_edited_event_is_found_where_it_stands(change: dict[str, object]) -> None:
    edited = [*LOG[:2], replace(LOG[2], **change), *LOG[3:]]  # type: ignore[arg-type]
    assert first_broken_link(edited, HEAD, 5) == 3


def test_a_deleted_event_is_found() -> None:
    assert first_broken_link([*LOG[:2], *LOG[3:]], HEAD, 5) == 3


def test_reordered_events_are_found() -> None:
    assert first_broken_link([LOG[0], LOG[2], LOG[1], *LOG[3:]], HEAD, 5) == 2


def test_an_event_put_in_twice_is_found() -> None:
    assert first_broken_link([*LOG[:2], LOG[1], *LOG[2:]], HEAD, 5) == 3


def test_a_log_cut_short_is_found_at_the_first_missing_event() -> None:
    assert first_broken_link(LOG[:3], HEAD, 5) == 4


def test_a_log_that_is_longer_than_its_head_says_is_found() -> None:
    assert first_broken_link(LOG, LOG[2].hash, 3) == 4


def test_a_head_that_is_not_the_last_hash_is_found() -> None:
    assert first_broken_link(LOG, "f" * 64, 5) == 5


def test_canonical_json_is_one_text_whatever_the_order_of_keys() -> None:
    assert canonical_json({"b": 1, "a": "é"}) == canonical_json({"a": "é", "b": 1}) == '{"a":"é","b":1}'


def test_every_kind_of_event_is_about_something() -> None:
    assert set(SUBJECTS) == set(EventKind)
