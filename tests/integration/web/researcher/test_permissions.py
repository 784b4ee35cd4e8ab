"""Every route x part x state of the study x another study, and names that must appear nowhere."""

import io
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass, replace
from http import HTTPStatus

import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app.domain.account import Part, Permission, Researcher, Role, may
from app.domain.link import invitation_token, person_sign
from app.services.colleagues import invite_colleague
from app.services.importing import import_study
from app.services.reporting import ReportFormat
from app.services.sessions import start_session
from app.storage.accounts import insert_researcher
from app.storage.memberships import insert_part
from app.web.researcher.desk import COOKIE
from app.web.shared.csrf import csrf_token
from app.web.shared.permissions import ROUTES, Audience
from tests.integration.web.conftest import OWN_PAGE
from tests.integration.web.researcher.conftest import words
from tests.panel_study import SECRET, SLUG, STATEMENTS, PlayedStudy, panel_study

PARTS = {
    "owner": Part(Role.OWNER),
    "editor": Part(Role.EDITOR),
    "editor with the mail list": Part(Role.EDITOR, sees_mail_list=True),
    "facilitator": Part(Role.FACILITATOR),
    "analyst": Part(Role.ANALYST),
}
WITHOUT_NAMES = [name for name, part in PARTS.items() if not may(part, Permission.READ_IDENTITIES)]
STATES = ("draft", "open", "closed", "fed back", "concluded")
OTHER_STUDY = "another-garden"

WITH_CANARIES = replace(
    panel_study(),
    panel=tuple(
        replace(person, name=f"Kanarienvogel{n:02}", email=f"canary{n:02}@cage.example.org")
        for n, person in enumerate(panel_study().panel)
    ),
)
CANARIES = [text for person in WITH_CANARIES.panel for text in (person.name, person.email)]

STUDY_ROUTES = [
    (method, path, access.permission)
    for (method, path), access in ROUTES.items()
    if access.audience is Audience.RESEARCHER and "{slug}" in path
]


@dataclass
class AtDesk:
    """Somebody with a session at a browser of their own."""

    client: TestClient
    researcher: Researcher
    token: str

    def ask(self, method: str, address: str, **fields: str):
        if method == "GET":
            return self.client.get(address)
        form = {"csrf_token": self.token, **fields}
        answer = self.client.post(address, data=form)
        if answer.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:  # it takes files
            return self.client.post(address, data=form, files={"file": ("x.csv", b"code\n", "text/csv")})
        return answer


class House:
    """An installation with the study in one state, another one, and somebody for every part in the first."""

    def __init__(self, app, clock, state: str, file) -> None:
        self.app, self.clock, self.file = app, clock, file
        self.database = app.state.database
        self.study = PlayedStudy.begin(self.database, clock, WITH_CANARIES)
        import_study(self.database, clock, replace(panel_study(), slug=OTHER_STUDY))
        self.desks = {name: self.sit_down(name, part) for name, part in PARTS.items()}
        self.stranger = self.sit_down("stranger", Part(Role.OWNER), study_id=2)
        for slug, inviter in ((SLUG, self.desks["owner"]), (OTHER_STUDY, self.stranger)):
            for n in range(1 + (slug == OTHER_STUDY)):
                invite_colleague(
                    self.database,
                    clock,
                    slug,
                    SECRET.encode(),
                    inviter.researcher,
                    email=f"guest{n}@example.org",
                    part=PARTS["editor"],
                    language="en",
                )
        self.play(state)
        self.kept = file.with_name("kept.db")
        self.copy(self.file, self.kept)

    def sit_down(self, name: str, part: Part, study_id: int = 1) -> AtDesk:
        """Somebody with a part in a study, signed in without the work that a password takes."""
        with self.database.writing() as connection:
            researcher = insert_researcher(
                connection,
                email=f"{name.replace(' ', '.')}@example.org",
                name=f"The {name}",
                password_hash="none",
                language="en",
                at=self.clock.now(),
            )
            insert_part(connection, study_id, researcher.id, part, self.clock.now())
        session = start_session(self.database, self.clock, researcher, session_hours=12)
        client = TestClient(self.app, headers=OWN_PAGE, follow_redirects=False)
        client.cookies.set(COOKIE, session.session_token)
        return AtDesk(client, researcher, csrf_token(SECRET, session.session_token))

    def play(self, state: str) -> None:
        """Bring the study as far as that."""
        steps = STATES.index(state)
        if steps >= 1:
            self.study.open_round()
            for place, link in enumerate(self.study.links):
                points: dict[str, int | None] = dict.fromkeys(STATEMENTS, 4 + place % 2)
                self.study.rate(self.study.take_part(link), points, {"S02": f"Comment {place}"})
        for step in (self.study.close_round, self.study.release_feedback, self.study.conclude)[: steps - 1]:
            if steps >= 2:
                step()

    def copy(self, source, target) -> None:
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
            one.backup(other)

    def put_back(self) -> None:
        """Undo whatever a form has just changed."""
        self.copy(self.kept, self.file)

    def address(self, path: str, slug: str = SLUG) -> str:
        """A route's address, with things that the study has."""
        number = self.desks["analyst"].researcher.id if "/people/{number}" in path else 1
        filled = {
            "{slug}": slug,
            "{number}": str(number),
            "{code}": "S02",
            "{card}": "E01",
            "{format_}": "csv",
            "{person}": person_sign(SECRET.encode(), 1, 1),
            "{pseudonym}": self.study.links[0].pseudonym,
            "{part}": "groups",
        }
        for part, value in filled.items():
            path = path.replace(part, value)
        return path.replace("{", "").replace("}", "")


@pytest.fixture
def database_url(sqlite_url):
    """One kind of database is enough for what is decided before anything is asked of it."""
    return sqlite_url


@pytest.fixture
def house_in(app, clock, tmp_path):
    """The installation, with the study in a state."""
    return lambda state: House(app, clock, state, tmp_path / "castalia.db")


@pytest.mark.parametrize("state", STATES)
def test_every_part_gets_what_it_includes_in_every_state_and_nothing_else(house_in, state):
    house = house_in(state)
    for name, desk in house.desks.items():
        for method, path, permission in STUDY_ROUTES:
            assert permission is not None, f"{path} asks for no permission"
            answer = desk.ask(method, house.address(path))
            where = (name, state, method, path, answer.status_code)
            if not may(PARTS[name], permission):
                assert answer.status_code == 403, where
                assert "Your role does not include this" in answer.text, where
                continue
            assert answer.status_code not in (401, 403), where
            assert answer.status_code < 500, where
            if method == "POST":
                house.put_back()


@pytest.mark.parametrize("state", STATES)
def test_a_study_one_has_no_part_in_is_not_there_at_any_address(house_in, state):
    house = house_in(state)
    for method, path, _ in STUDY_ROUTES:
        for desk, slug in ((house.stranger, SLUG), (house.desks["owner"], OTHER_STUDY)):
            answer = desk.ask(method, house.address(path, slug))
            assert answer.status_code == 404, (method, path, slug)
            assert "A garden for everybody" not in answer.text


def test_what_belongs_to_another_study_is_not_there_under_ones_own(house_in):
    house = house_in("closed")
    owner = house.desks["owner"]
    with closing(sqlite3.connect(house.file)) as connection:
        (foreign,) = connection.execute("SELECT pseudonym FROM panelist WHERE study_id = 2").fetchone()
    stranger = house.stranger.researcher.id
    for method, page in (
        ("GET", f"/panel/{foreign}/unmask"),
        ("POST", f"/panel/{foreign}/unmask"),
        *(
            (method, f"/panel/people/{person_sign(SECRET.encode(), 2, 1)}{part}")
            for method, part in (("GET", ""), ("POST", ""), ("POST", "/new-link"), ("POST", "/revoke-link"))
        ),
        ("GET", f"/people/{stranger}"),
        ("POST", f"/people/{stranger}"),
        ("POST", f"/people/{stranger}/remove"),
        ("POST", "/people/invitations/2/withdraw"),
    ):
        answer = owner.ask(method, f"/research/{SLUG}{page}", reason="Why not.", role="analyst")
        assert answer.status_code == (200 if page.endswith("unmask") and method == "GET" else 404), page
        assert "example.org" not in answer.text.replace("garden@example.org", "")


def test_a_study_that_does_not_exist_answers_as_one_that_is_not_yours(house_in):
    house = house_in("draft")
    mine, nobodys = (house.stranger.ask("GET", f"/research/{slug}") for slug in (SLUG, "no-such-study"))
    assert (mine.status_code, nobodys.status_code) == (404, 404)
    assert words(mine).replace(SLUG, "") == words(nobodys).replace("no-such-study", "")


def readable(content: bytes) -> str:
    """Everything that can be read in a file: its raw text, the files packed in it, the pages of a PDF."""
    text = content.decode("utf-8", "replace")
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            text += "".join(name + readable(archive.read(name)) for name in archive.namelist())
    if content.startswith(b"%PDF"):
        pages = PdfReader(io.BytesIO(content))
        text += "".join(page.extract_text() for page in pages.pages) + str(pages.metadata)
    return text


def everything_said(house: House, desk: AtDesk) -> str:
    """All that the study's pages and files say to somebody: bodies, headers, refusals, and the log of it."""
    said = []
    with capture_logs() as lines:
        for method, path, _ in STUDY_ROUTES:
            answer = desk.ask(method, house.address(path))
            said.append(readable(answer.content) + str(answer.headers))
            if method == "POST":
                house.put_back()
        for format_ in ReportFormat:
            answer = desk.ask("POST", f"/research/{SLUG}/reports/{format_}")
            said.append(readable(answer.content) + str(answer.headers))
        for page in (
            "/nothing",
            "/rounds/999",
            "/results/1/S99",
            "/panel?group=nobody&page=99",
            "/log?before=3",
        ):
            answer = desk.ask("GET", f"/research/{SLUG}{page}")
            said.append(readable(answer.content) + str(answer.headers))
    return "".join(said) + str(lines)


@pytest.mark.parametrize("state", ["open", "concluded"])
def test_names_and_addresses_of_the_panel_appear_nowhere_for_those_who_may_not_know(house_in, state):
    house = house_in(state)
    for name in WITHOUT_NAMES:
        said = everything_said(house, house.desks[name])
        assert [canary for canary in CANARIES if canary in said] == [], name


def test_the_same_walk_finds_every_name_where_it_may_be_seen(house_in):
    house = house_in("closed")
    for name in ("owner", "editor with the mail list"):
        said = everything_said(house, house.desks[name])
        assert [canary for canary in CANARIES if canary not in said] == [], name


def test_an_invitation_is_no_way_to_the_names(house_in):
    house = house_in("closed")
    address = f"/research/join/{invitation_token(SECRET.encode(), 1, 1)}"
    page = TestClient(house.app, headers=OWN_PAGE).get(address)
    assert page.status_code == 200
    assert [canary for canary in CANARIES if canary in page.text] == []


def test_those_who_see_the_mail_list_never_see_it_beside_a_pseudonym(house_in):
    house = house_in("closed")
    pseudonyms = {link.pseudonym for link in house.study.links}
    names = {person.name for person in WITH_CANARIES.panel}
    for name in ("owner", "editor with the mail list"):
        people, panel = (
            house.desks[name].ask("GET", f"/research/{SLUG}{page}").text
            for page in ("/panel/people", "/panel")
        )
        assert all(f">{name}<" in people for name in names)
        assert not any(pseudonym in people for pseudonym in pseudonyms)
        assert all(f">{pseudonym}<" in panel for pseudonym in pseudonyms)
        assert not any(name in panel for name in names)


def test_pseudonyms_do_not_stand_in_the_order_of_the_panel_file(decided, owner):
    page = owner.get("/panel").text
    shown = sorted((page.index(link.pseudonym), link.pseudonym) for link in decided.links)
    assert [pseudonym for _, pseudonym in shown] == sorted(link.pseudonym for link in decided.links)


def test_an_analyst_sees_what_is_next_and_why_it_is_not_theirs_to_do(decided, sign_in):
    analyst = sign_in(Role.ANALYST)
    page = analyst.get("/rounds")
    assert "Your role in this study does not include running rounds." in page.text
    assert 'action="/research/garden-study/rounds' not in page.text
    assert "Release the feedback of round 1" in page.text
