"""Asking for a link again tells nobody who is on a panel: neither by the answer nor by the work it takes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from app.domain.errors import AddressNotValid, TooManyAttempts
from app.services.asking_by_mail import REQUESTS_ALLOWED, REQUESTS_WINDOW
from app.services.lost_links import holds_synthetic_study, queue_requested_links, request_link
from app.storage.tables.account import attempt
from app.storage.tables.panel import link_request

PRESENT, ABSENT = "peers0@example.org", "nobody@example.org"


def waiting(study):
    with study.database.reading() as connection:
        return list(connection.scalars(select(link_request.c.email).order_by(link_request.c.email)))


def statements_of(study, email):
    said = []

    def note(connection, cursor, statement, parameters, context, executemany):
        said.append(statement)

    engine = study.database._writer
    event.listen(engine, "before_cursor_execute", note)
    try:
        request_link(study.database, study.clock, email)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return said


def test_a_request_does_the_same_work_for_an_address_on_a_panel_and_for_any_other(study):
    assert statements_of(study, PRESENT) == statements_of(study, ABSENT)
    assert waiting(study) == [ABSENT, PRESENT]


def test_an_address_may_be_typed_in_capitals_and_with_spaces(study):
    request_link(study.database, study.clock, f"  {PRESENT.upper()} ")
    assert waiting(study) == [PRESENT]


@pytest.mark.parametrize("typed", ["", "peers0", "a@b", "peers 0@example.org", "x" * 300 + "@example.org"])
def test_what_cannot_be_an_address_is_refused_and_not_kept(study, typed):
    with pytest.raises(AddressNotValid):
        request_link(study.database, study.clock, typed)
    assert waiting(study) == []


@pytest.mark.parametrize("email", [PRESENT, ABSENT])
def test_an_address_is_asked_for_only_so_often_whether_it_is_on_a_panel_or_not(study, clock, email):
    for _ in range(REQUESTS_ALLOWED):
        request_link(study.database, clock, email)
    queue_requested_links(study.database, clock)
    with pytest.raises(TooManyAttempts) as refusal:
        request_link(study.database, clock, email)
    assert refusal.value.params == {"minutes": 60}
    assert waiting(study) == []
    request_link(study.database, clock, f"another-{email}")
    clock.advance(REQUESTS_WINDOW)
    request_link(study.database, clock, email)
    assert waiting(study) == sorted([email, f"another-{email}"])


def test_twenty_requests_at_once_are_one(study):
    def ask(_):
        try:
            request_link(study.database, study.clock, PRESENT)
        except TooManyAttempts:
            return False
        return True

    with ThreadPoolExecutor(8) as people:
        noted = list(people.map(ask, range(20)))
    assert noted.count(True) == REQUESTS_ALLOWED
    assert waiting(study) == [PRESENT]


def test_what_no_worker_looked_at_for_a_day_is_forgotten_and_so_is_its_count(study, clock):
    request_link(study.database, clock, ABSENT)
    clock.advance(timedelta(days=1, seconds=1))
    request_link(study.database, clock, PRESENT)
    assert waiting(study) == [PRESENT]
    with study.database.reading() as connection:
        buckets = connection.execute(select(attempt.c.bucket)).scalars().all()
    assert len(buckets) == 1
    assert PRESENT not in buckets[0]


def test_two_workers_take_different_requests(study):
    for n in range(6):
        request_link(study.database, study.clock, f"peers{n}@example.org")
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(lambda _: queue_requested_links(study.database, study.clock), range(2)))
    assert waiting(study) == []


def test_whether_a_study_is_invented_can_be_told(study):
    assert holds_synthetic_study(study.database)
    with study.database.writing() as connection:
        connection.exec_driver_sql("UPDATE study SET synthetic = (1 = 0)")
    assert not holds_synthetic_study(study.database)
    with study.database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(link_request)) == 0
