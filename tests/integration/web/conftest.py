"""The whole application on a database of its own, and a browser without a screen."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.clock import FixedClock
from app.main import create_app
from app.settings import Settings
from app.storage.database import Database
from tests.panel_study import SECRET, PlayedStudy

OWN_PAGE = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}

Browser = Callable[[], TestClient]


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
def study(app: FastAPI, clock: FixedClock) -> PlayedStudy:
    """A study with a panel, before its first round."""
    database: Database = app.state.database
    return PlayedStudy.begin(database, clock)


@pytest.fixture
def browser(app: FastAPI) -> Browser:
    """A new browser on each call: it keeps cookies, follows no redirect, and sends what our pages would."""
    return lambda: TestClient(app, headers=OWN_PAGE, follow_redirects=False)
