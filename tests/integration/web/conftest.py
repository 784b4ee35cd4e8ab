"""The whole application on a database of its own, and a browser without a screen."""

from collections.abc import Callable, Iterator

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.clock import FixedClock
from app.main import create_app
from app.settings import Settings
from tests.integration.web.states import BEGUN, LED_TO_BY
from tests.panel_study import SECRET, PlayedStudy
from tests.prepared import Prepared

OWN_PAGE = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}

Browser = Callable[[], TestClient]


@pytest.fixture(scope="session", autouse=True)
def _one_event_loop() -> Iterator[None]:
    """Let one event loop answer every browser: one more for each request takes a quarter of its time."""
    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestClient, "portal", portal)
        yield


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages are the same on every database: what is behind them is tried on both in the tests of services.

    That every page and every form of a researcher works on PostgreSQL too is in test_both_databases.py, and
    how answers are saved there in test_rating.py.
    """
    return sqlite_url


@pytest.fixture
def prepared(request: pytest.FixtureRequest) -> Prepared | None:
    """The state to which all fixtures of the test together lead; a module may name states of its own."""
    asked = request.fixturenames
    if "begun" not in asked:
        return None
    led_to_by = {**getattr(request.module, "LED_TO_BY", {}), **LED_TO_BY}
    return next((state for name, state in led_to_by.items() if name in asked), BEGUN)


@pytest.fixture
def settings(database_url: str) -> Settings:
    """The settings of an installation on the test's database."""
    return Settings(database_url=database_url, secret=SECRET)


@pytest.fixture
def app(settings: Settings, clock: FixedClock) -> Iterator[FastAPI]:
    """The application."""
    app = create_app(settings, clock)
    yield app
    app.state.database.close()


@pytest.fixture
def study(begun: None, app: FastAPI, clock: FixedClock) -> PlayedStudy:
    """A study with a panel, before its first round unless another fixture leads further."""
    return PlayedStudy.standing(app.state.database, clock)


@pytest.fixture
def browser(app: FastAPI) -> Browser:
    """A new browser on each call: it keeps cookies, follows no redirect, and sends what our pages would."""
    return lambda: TestClient(app, headers=OWN_PAGE, follow_redirects=False)
