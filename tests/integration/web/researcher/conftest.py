"""Researchers at a browser: signed in, each with a role in the study."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.domain.account import Researcher, Role
from app.services.accounts import add_researcher
from app.services.joining import join_study
from tests.integration.web.states import DECIDED, DECIDED_TWICE, DIVIDED, decide_again
from tests.panel_study import SLUG, PlayedStudy
from tests.prepared import Prepared

PASSWORD = "correct horse battery staple"

_FIELD = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class AtDesk:
    """A researcher at a browser of their own."""

    client: TestClient
    researcher: Researcher
    slug: str = SLUG

    def get(self, page: str = "", **headers: str) -> Response:
        """Ask for one of the study's pages."""
        return self.client.get(f"/research/{self.slug}{page}", headers=headers)

    def send(self, page: str, fields: dict[str, str] | None = None) -> Response:
        """Send a form as our pages would, with the token that they carry."""
        return self.client.post(
            f"/research/{self.slug}{page}", data={"csrf_token": self.token, **(fields or {})}
        )

    @property
    def token(self) -> str:
        """The token on this researcher's pages."""
        if not hasattr(self, "_token"):
            found = _FIELD.search(self.client.get("/research").text)
            assert found, "the page has no form of this session"
            self._token = unescape(found[1])
        return self._token


SignIn = Callable[..., AtDesk]


def words(page: str | Response) -> str:
    """What a page says, without its markup."""
    text = page if isinstance(page, str) else page.text
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


@pytest.fixture
def sign_in(study: PlayedStudy, browser) -> SignIn:
    """Let a new researcher sign in, with a role in the study or (None) without."""

    def sign_in(role: Role | None = Role.OWNER, *, language: str = "en") -> AtDesk:
        database, clock = study.database, study.clock
        name = str(role or "stranger")
        researcher = add_researcher(
            database,
            clock,
            email=f"{name}@example.org",
            name=f"{name.title()} of the study",
            password=PASSWORD,
            language=language,
        )
        if role is not None:
            join_study(database, clock, SLUG, researcher.id, role, "system")
        client = browser()
        answer = client.post("/research/sign-in", data={"email": researcher.email, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return AtDesk(client, researcher)

    return sign_in


@pytest.fixture
def owner(sign_in: SignIn) -> AtDesk:
    """The owner of the study, signed in."""
    return sign_in(Role.OWNER)


@pytest.fixture
def divided(study: PlayedStudy, prepared: Prepared | None) -> PlayedStudy:
    """The study with round 1 rated by everybody: on S02 gardeners disagree, on S03 one is unable to rate."""
    if prepared not in (DIVIDED, DECIDED, DECIDED_TWICE):
        study.divide()
    return study


@pytest.fixture
def decided(divided: PlayedStudy, prepared: Prepared | None) -> PlayedStudy:
    """The same after the close of round 1."""
    if prepared not in (DECIDED, DECIDED_TWICE):
        divided.close_round()
    return divided


@pytest.fixture
def decided_twice(decided: PlayedStudy, prepared: Prepared | None) -> PlayedStudy:
    """The same after the close of round 2, in which some gardeners came to agree on S02."""
    if prepared is not DECIDED_TWICE:
        decide_again(decided)
    return decided
