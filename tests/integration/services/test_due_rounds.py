"""Rounds that open and close at their moments with nobody there, however late the worker comes."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest

from app.domain.errors import ActionBlocked, RoundNotFound, RoundNotOpen
from app.domain.event import EventKind
from app.domain.round import RoundKind, RoundStatus
from app.domain.schedule import ClosingNeedsDeadline, ExtensionNeedsMoment, ExtensionNeedsReason
from app.services.due_rounds import run_due_rounds
from app.services.extending import Extension, extend_deadline, read_extendable_round
from app.services.planning import WantedOpening, plan_opening, read_opening_plan, read_plannable_round
from app.services.rounds import close_round, open_round
from app.storage.database import Database
from app.storage.events import read_events
from app.storage.rounds import find_analysis, find_round, update_round
from tests.running_study import RunningStudy

ANA = "researcher:7"
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def round_of(study: RunningStudy, number: int = 1):
    with study.database.reading() as connection:
        return find_round(connection, 1, number)


def events_of(study: RunningStudy, kind: EventKind):
    with study.database.reading() as connection:
        return [event for event in read_events(connection, 1) if event.kind == kind]


def work(study: RunningStudy) -> None:
    run_due_rounds(study.database, study.clock)


def plan(study: RunningStudy, number: int = 1, *, by_itself: bool = True, **more: object):
    opens_at = study.clock.now() + HOUR
    wanted = WantedOpening(opens_at, by_itself, **more)  # type: ignore[arg-type]
    plan_opening(study.database, study.clock, study.slug, ANA, number, wanted)
    return opens_at


def test_a_planned_round_opens_at_its_moment_with_its_deadline_and_the_log_says_who_planned_it(study):
    opens_at = plan(study, closes_at=study.clock.now() + 24 * HOUR, closes_itself=True)
    study.clock.advance(HOUR - SECOND)
    work(study)
    assert round_of(study) is None
    study.clock.advance(SECOND)
    work(study)
    opened = round_of(study)
    assert (opened.status, opened.opened_at) == (RoundStatus.OPEN, opens_at)
    assert (opened.closes_at, opened.closes_itself) == (opens_at + 23 * HOUR, True)
    assert read_opening_plan(study.database, study.slug).planned is None
    (planned,) = events_of(study, EventKind.NEXT_ROUND_PLANNED)
    assert (planned.actor, planned.payload["by_itself"]) == (ANA, True)
    (event,) = events_of(study, EventKind.ROUND_OPENED)
    assert (event.actor, event.payload["planned_by"]) == ("system", ANA)
    work(study)
    assert len(events_of(study, EventKind.ROUND_OPENED)) == 1


def test_two_workers_open_and_close_a_round_once(study, database_url):
    closes_at = study.clock.now() + 2 * HOUR
    plan(study, closes_at=closes_at, closes_itself=True)
    with closing(Database(database_url)) as other, ThreadPoolExecutor(2) as workers:
        for _ in range(2):
            study.clock.advance(HOUR)
            done = [workers.submit(run_due_rounds, at, study.clock) for at in (study.database, other)]
            assert [one.result() for one in done] == [None, None]
    assert round_of(study).status is RoundStatus.CLOSED
    for kind in (EventKind.ROUND_OPENED, EventKind.ROUND_CLOSED, EventKind.ROUND_ANALYSED):
        assert len(events_of(study, kind)) == 1, kind


def test_a_round_that_something_stands_in_the_way_of_stays_closed_and_is_not_tried_again(study):
    plan(study, closes_at=study.clock.now() + 2 * HOUR)
    study.clock.advance(3 * HOUR)
    work(study)
    work(study)
    assert round_of(study) is None
    planned = read_opening_plan(study.database, study.slug).planned
    assert planned is not None
    assert planned.hindered_at == study.clock.now()
    (event,) = events_of(study, EventKind.OPENING_HINDERED)
    assert event.payload == {"round": 1, "planned_by": ANA}
    study.open()
    assert read_opening_plan(study.database, study.slug).planned is None


def test_a_round_does_not_open_over_one_whose_feedback_waits(study):
    study.open()
    study.close()
    plan(study, 2)
    study.clock.advance(HOUR)
    work(study)
    assert round_of(study, 2) is None
    assert len(events_of(study, EventKind.OPENING_HINDERED)) == 1


def test_a_day_that_is_only_told_opens_nothing_and_a_plan_that_is_taken_back_neither(study):
    study.open()
    study.close()
    study.release()
    opens_at = plan(study, 2, by_itself=False)
    assert round_of(study).next_opens_at == opens_at
    plan(study, 2)
    plan_opening(study.database, study.clock, study.slug, ANA, 2, WantedOpening(None, by_itself=True))
    assert round_of(study).next_opens_at is None
    study.clock.advance(2 * HOUR)
    work(study)
    assert round_of(study, 2) is None
    told = [event.payload["opens_at"] for event in events_of(study, EventKind.NEXT_ROUND_PLANNED)]
    assert told == [opens_at.isoformat(), opens_at.isoformat(), None]


def test_a_round_that_cannot_be_planned_is_refused(study):
    with pytest.raises(ActionBlocked, match="lies in the past"):
        plan_opening(
            study.database, study.clock, study.slug, ANA, 1, WantedOpening(study.clock.now(), by_itself=True)
        )
    with pytest.raises(ClosingNeedsDeadline):
        plan(study, closes_itself=True)
    with pytest.raises(RoundNotFound):
        plan(study, 2)
    with pytest.raises(RoundNotFound):
        read_plannable_round(study.database, study.slug, 3)
    study.open()
    with pytest.raises(ActionBlocked, match="opened already"):
        read_plannable_round(study.database, study.slug, 1)
    assert events_of(study, EventKind.NEXT_ROUND_PLANNED) == []


def test_a_round_closes_at_its_deadline_and_is_analysed_and_what_comes_late_never_counts(study):
    closes_at = study.clock.now() + HOUR
    open_round(study.database, study.clock, study.slug, ANA, closes_at=closes_at, closes_itself=True)
    study.rate(0, {"S01": 3})
    study.clock.advance(HOUR - SECOND)
    work(study)
    study.rate(1, {"S01": 3})
    study.clock.advance(6 * HOUR)
    with pytest.raises(RoundNotOpen):
        study.rate(2, {"S01": 1})
    work(study)
    closed = round_of(study)
    assert (closed.status, closed.closed_at) == (RoundStatus.CLOSED, study.clock.now())
    (event,) = events_of(study, EventKind.ROUND_CLOSED)
    assert event.actor == "system"
    with study.database.reading() as connection:
        found = find_analysis(connection, 1, 1)
    assert found is not None
    rated = [entry for entry in found.result["statements"] if entry["statement"] == "S01"]
    assert sum(sum(figures["counts"]) for figures in rated[0]["groups"] if figures["group"] == "peers") == 2
    work(study)
    assert len(events_of(study, EventKind.ROUND_CLOSED)) == 1


def test_a_round_that_closes_by_hand_waits_for_it(study):
    study.open(days=1)
    study.clock.advance(48 * HOUR)
    work(study)
    assert round_of(study).status is RoundStatus.OPEN
    close_round(study.database, study.clock, study.slug, ANA)
    with pytest.raises(ClosingNeedsDeadline):
        open_round(study.database, study.clock, study.slug, ANA, closes_itself=True)


def test_an_open_round_closes_by_itself_without_figures(study):
    closes_at = study.clock.now() + HOUR
    open_round(study.database, study.clock, study.slug, ANA, closes_at=closes_at, closes_itself=True)
    with study.database.writing() as connection:
        update_round(connection, 1, 1, kind=RoundKind.OPEN)
    study.clock.advance(HOUR)
    work(study)
    assert round_of(study).status is RoundStatus.CLOSED
    assert events_of(study, EventKind.ROUND_ANALYSED) == []


def test_figures_that_cannot_be_computed_leave_the_round_closed_and_the_worker_at_work(study, monkeypatch):
    closes_at = study.clock.now() + HOUR
    open_round(study.database, study.clock, study.slug, ANA, closes_at=closes_at, closes_itself=True)
    study.clock.advance(HOUR)

    def refuse(*_: object) -> None:
        raise RoundNotFound(slug=study.slug, round=1)

    monkeypatch.setattr("app.services.due_rounds.analyse_closed_round", refuse)
    work(study)
    assert round_of(study).status is RoundStatus.CLOSED


def test_a_deadline_that_is_put_off_keeps_the_round_open_and_stands_in_the_log_with_its_reason(study):
    closes_at = study.clock.now() + HOUR
    open_round(study.database, study.clock, study.slug, ANA, closes_at=closes_at, closes_itself=True)
    study.clock.advance(2 * HOUR)
    assert read_extendable_round(study.database, study.clock, study.slug, 1).closes_itself
    later = closes_at + 24 * HOUR
    told = extend_deadline(
        study.database,
        study.clock,
        study.slug,
        ANA,
        1,
        Extension(later, " A strike. ", closes_itself=True, tells=True),
    )
    assert told == 0  # the panel is invented, and nobody is written to
    work(study)
    study.rate(0, {"S01": 3})
    assert round_of(study).closes_at == later
    (event,) = events_of(study, EventKind.DEADLINE_EXTENDED)
    assert event.payload["reason"] == "A strike."
    assert (event.payload["from"], event.payload["closes_at"]) == (closes_at.isoformat(), later.isoformat())
    study.clock.set(later)
    work(study)
    assert round_of(study).status is RoundStatus.CLOSED


def test_a_deadline_is_not_put_off_without_a_moment_or_a_reason_nor_in_a_round_that_is_not_open(study):
    study.open(days=1)
    later = study.clock.now() + 48 * HOUR

    def extend(*what: object, number: int = 1) -> None:
        extend_deadline(study.database, study.clock, study.slug, ANA, number, Extension(*what))  # type: ignore[arg-type]

    with pytest.raises(ExtensionNeedsMoment):
        extend(None, "Why")
    with pytest.raises(ExtensionNeedsReason):
        extend(later, "  ")
    with pytest.raises(RoundNotFound):
        extend(later, "Why", number=2)
    with pytest.raises(ActionBlocked, match="can only be put off"):
        extend(study.clock.now() + HOUR, "Why")
    study.close()
    with pytest.raises(ActionBlocked, match="Round 1 is not open"):
        extend(later, "Why")
    assert events_of(study, EventKind.DEADLINE_EXTENDED) == []
