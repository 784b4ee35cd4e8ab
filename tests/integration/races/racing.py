"""People who act at once: threads that begin together or cross at a chosen place, and what came of each."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from threading import Barrier, Event
from typing import Any

import pytest

from app.domain.errors import DomainError
from app.domain.event import Event as LogEntry
from app.domain.event import first_broken_link
from app.services.entering import Visitor
from app.storage import panel, studies
from app.storage.database import Connection, Database
from app.storage.events import read_chain_head, read_events
from tests.running_study import RunningStudy

PATIENCE = 60
"""Seconds after which something that must happen is said not to have happened."""

MOMENT = 0.3
"""Seconds given to somebody who must not come through, to try."""


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Begin all calls at one instant, and return what each gave: its result or its refusal."""
    start = Barrier(len(calls))

    def begin(call: Callable[[], Any]) -> Any:
        start.wait(PATIENCE)
        return outcome(call)

    with ThreadPoolExecutor(len(calls)) as threads:
        begun = [threads.submit(begin, call) for call in calls]
    return [future.result() for future in begun]


def outcome(call: Callable[[], Any]) -> Any:
    """What a call gives, or the refusal it meets; anything else it raises goes on."""
    try:
        return call()
    except DomainError as refusal:
        return refusal


class Crossing:
    """A function at which the first to come waits until another has passed, or has had time to try."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, function: str, patience: float = MOMENT) -> None:
        self._reached, self._passed = Event(), Event()
        self._patience = patience
        module, name = function.rsplit(".", 1)
        original = getattr(import_module(module), name)

        def held(*args: Any, **kwargs: Any) -> Any:
            if not self._reached.is_set():
                self._reached.set()
                self._passed.wait(self._patience)
            return original(*args, **kwargs)

        monkeypatch.setattr(function, held)

    def wait_for_the_first(self) -> None:
        """Wait until somebody stands at the crossing."""
        assert self._reached.wait(PATIENCE), "the first never came to the crossing"

    def let_the_first_go(self) -> None:
        """Say that the other has passed."""
        self._passed.set()

    def run(self, first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Any, Any]:
        """Let ``second`` begin and, if nothing holds it, end while ``first`` waits; return both outcomes."""
        with ThreadPoolExecutor(2) as threads:
            ahead: Future[Any] = threads.submit(outcome, first)
            self.wait_for_the_first()
            behind: Future[Any] = threads.submit(outcome, second)
            behind.add_done_callback(lambda _: self.let_the_first_go())
        return ahead.result(), behind.result()


def n_waiting(database: Database) -> int:
    """How many wait for somebody else's transaction to end."""
    if database.is_sqlite:
        return len(database._writers._waiting)
    waiting = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with database.reading() as connection:
        return int(connection.exec_driver_sql(waiting).scalar_one())


def everybody(study: RunningStudy) -> tuple[Visitor, ...]:
    """The whole panel, consenting: in one transaction, where the services would take hundreds."""
    with study.database.writing() as connection:
        id_ = study_id(connection, study)
        for panelist in panel.read_panel(connection, id_):
            panel.mark_consent(connection, id_, panelist.id, study.clock.now())
        found = studies.get_study(connection, id_)
        protocol = studies.protocol_in_force(connection, id_).protocol
        return tuple(Visitor(found, protocol, p) for p in panel.read_panel(connection, id_))


def study_id(connection: Connection, study: RunningStudy) -> int:
    """The internal id of the study."""
    found = studies.find_study(connection, study.slug)
    assert found is not None
    return found.id


def read_log(study: RunningStudy) -> list[LogEntry]:
    """All events, once their chain has been found whole and without a gap."""
    with study.database.reading() as connection:
        id_ = study_id(connection, study)
        n_events, head = read_chain_head(connection, id_)
        events = list(read_events(connection, id_))
    assert first_broken_link(events, head, n_events) is None
    assert [event.sequence for event in events] == list(range(1, n_events + 1))
    return events


def count_events(study: RunningStudy, kind: str) -> int:
    """How often something happened."""
    return sum(event.kind == kind for event in read_log(study))
