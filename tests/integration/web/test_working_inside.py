"""On SQLite the one web process does what a worker does, as long as it is served; elsewhere it does not."""

import time
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.domain.round import RoundStatus
from app.main import create_app, create_app_from_settings
from app.services.planning import WantedOpening, plan_opening
from app.settings import Settings
from app.storage.database import Database
from app.storage.rounds import find_round
from tests.panel_study import SECRET, SLUG, PlayedStudy

PATIENCE = 60


def is_open(database: Database) -> bool:
    with database.reading() as connection:
        found = find_round(connection, 1, 1)
    return found is not None and found.status is RoundStatus.OPEN


def test_a_server_that_works_opens_a_round_at_its_moment_and_ends_when_it_is_asked_to(
    begun, database_url, clock
):
    app = create_app(Settings(database_url=database_url, secret=SECRET), clock, works=True)
    study = PlayedStudy.standing(app.state.database, clock)
    wanted = WantedOpening(clock.now() + timedelta(hours=1), by_itself=True)
    plan_opening(study.database, clock, SLUG, "researcher:1", 1, wanted)
    clock.advance(timedelta(hours=1))
    with TestClient(app) as client:
        deadline = time.monotonic() + PATIENCE
        while not is_open(study.database) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert is_open(study.database)
        assert client.get("/livez").status_code == 200


@pytest.mark.parametrize(
    ("variables", "works"),
    [
        ({}, True),
        ({"CASTALIA_WORKER_INSIDE": "false"}, False),
        ({"CASTALIA_DATABASE_URL": "postgresql://nobody@127.0.0.1/castalia"}, False),
        (
            {
                "CASTALIA_DATABASE_URL": "postgresql://nobody@127.0.0.1/castalia",
                "CASTALIA_WORKER_INSIDE": "true",
            },
            True,
        ),
    ],
)
def test_the_settings_say_whether_the_server_works(monkeypatch, database_url, variables, works):
    asked = []
    monkeypatch.setattr("app.main.create_app", lambda _, works: asked.append(works))
    for name, value in (
        {"CASTALIA_DATABASE_URL": database_url, "CASTALIA_SECRET": SECRET} | variables
    ).items():
        monkeypatch.setenv(name, value)
    create_app_from_settings()
    assert asked == [works]
