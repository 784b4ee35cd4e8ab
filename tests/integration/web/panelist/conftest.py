"""A panelist at a browser: entered, taking part, in an open round."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from app.main import create_app
from app.services.links import IssuedLink
from app.settings import Settings
from tests.integration.web.conftest import OWN_PAGE
from tests.integration.web.states import ONE_TAKES_PART, take_part
from tests.panel_study import SECRET, SLUG, PlayedStudy
from tests.prepared import Prepared

_FIELD = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Guest:
    """A panelist at a browser of their own."""

    client: TestClient
    link: IssuedLink

    def get(self, page: str = "", **headers: str) -> Response:
        """Ask for one of the panelist's pages."""
        return self.client.get(f"/s/{SLUG}{page}", headers=headers)

    def send(self, page: str, fields: dict[str, str] | None = None, **headers: str) -> Response:
        """Send a form as our pages would, with the token that they carry."""
        filled = {"csrf_token": self.token, **(fields or {})}
        return self.client.post(f"/s/{SLUG}{page}", data=filled, headers=headers)

    def autosave(self, round_number: int = 1, **answer: object) -> Response:
        """Send one answer as the script would."""
        whole = {
            "statement": "S01",
            "criterion": "agreement",
            "point": None,
            "abstained": False,
            "version": 0,
        }
        return self.client.post(
            f"/s/{SLUG}/autosave?round={round_number}",
            json=whole | answer,
            headers={"X-CSRF-Token": self.token, "Accept": "application/json"},
        )

    def rate(self, topic: str, points: Mapping[str, object], **more: str) -> Response:
        """Send a topic's form."""
        fields = {f"{code}.agreement": str(point) for code, point in points.items()}
        return self.send(f"/topics/{topic}", {"round": "1", **fields, **more})

    @property
    def token(self) -> str:
        """The token on this panelist's pages."""
        if not hasattr(self, "_token"):
            found = _FIELD.search(self.get("/study").text)
            self._token = unescape(found[1]) if found else ""
        return self._token


def enter(client: TestClient, link: IssuedLink) -> Guest:
    """Press the button behind a personal link."""
    answer = client.post(f"/p/{link.token}", data={"shared_device": ""})
    assert answer.status_code == 303, answer.text
    return Guest(client, link)


@pytest.fixture
def newcomer(study: PlayedStudy, browser) -> Guest:
    """A panelist who has just entered, and has said neither yes nor no."""
    return enter(browser(), study.link())


@pytest.fixture
def guest(study: PlayedStudy, prepared: Prepared | None, browser) -> Guest:
    """A panelist who takes part, in round 1."""
    if prepared is not ONE_TAKES_PART:
        take_part(study)
    return enter(browser(), study.link())


def browser_of(app: FastAPI) -> TestClient:
    """A new browser for one of several applications."""
    return TestClient(app, headers=OWN_PAGE, follow_redirects=False)


@pytest.fixture
def new_app(run, tmp_path, clock) -> Iterator[Callable[[], FastAPI]]:
    """A new application, on an empty SQLite database of its own, on each call."""
    made: list[FastAPI] = []

    def make() -> FastAPI:
        file = shutil.copy(run.sqlite_in(None), tmp_path / f"world-{len(made)}.db")
        made.append(create_app(Settings(database_url=f"sqlite:///{file}", secret=SECRET), clock))
        return made[-1]

    yield make
    for app in made:
        app.state.database.close()
