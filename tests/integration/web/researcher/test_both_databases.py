"""Pages are tried on SQLite; here every one of them, and every form, does its work on PostgreSQL too."""

from contextlib import contextmanager
from functools import partial

import pytest

from tests.integration.web.researcher.house import PARTS, STATES, House
from tests.integration.web.researcher.route_cases import CASES
from tests.integration.web.researcher.test_permissions import (
    AS_A_SCRIPT,
    RESEARCHERS,
    WALKED,
    is_allowed,
    is_as_expected,
)


@pytest.fixture
def database_url(postgresql_url):
    """What all other tests of pages do not ask."""
    return postgresql_url


@pytest.fixture
def state(prepared):
    """How far the study is."""
    return next(name for name, one in STATES.items() if one is prepared)


@pytest.fixture
def house(app, clock, database_url, postgresql):
    """The installation, in the state that the test names."""

    @contextmanager
    def keep():
        app.state.database._writer.dispose()  # a database is copied while nobody uses it
        kept = postgresql.create_database(template=database_url)
        yield partial(put_back, kept)
        postgresql.drop_database(kept)

    def put_back(kept):
        app.state.database._writer.dispose()
        postgresql.put_back(database_url, kept)

    with House(app, clock, keep).open() as house:
        yield house


def somebody_who_may(house, route):
    """The first at a desk to whom a route is allowed; a refusal says its own name to them."""
    desk = next(desk for name, desk in house.desks.items() if is_allowed(PARTS[name], RESEARCHERS[route]))
    desk.client.headers |= AS_A_SCRIPT
    return desk


def is_sent_in(case, state):
    """Whether this is the first state in which a form does something."""
    answers = {name: case.answer_in(name) for name in STATES}
    does_something = [name for name, answer in answers.items() if isinstance(answer, int) and answer < 400]
    return state in does_something[:1]


@pytest.mark.parametrize("prepared", STATES.values(), ids=STATES)
def test_every_page_is_shown_in_every_state_and_every_form_does_its_work_once(house, state):
    surprises = []
    for method, path in WALKED:
        case, desk = CASES[method, path], somebody_who_may(house, (method, path))
        if method == "POST" and not is_sent_in(case, state):
            continue
        for address in house.addresses(path, case, desk):
            answer = house.answer(method, address, case, desk)
            if not is_as_expected(answer, case.answer_in(state)):
                surprises.append(f"{method} {address}: {answer.status_code}")
            if method == "POST" or case.after:
                house.put_back()
    assert surprises == []
