"""An installation to walk through: one study in a state, another one, and somebody with every part."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path

from anyio.from_thread import start_blocking_portal
from argon2 import PasswordHasher
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from app.clock import Clock
from app.domain.account import Part, Permission, Researcher, Role, may
from app.domain.link import invitation_token, person_sign
from app.domain.theme import ThemeDraft
from app.services.colleagues import invite_colleague
from app.services.experience import bring_in_texts
from app.services.experience_import import preview_texts
from app.services.importing import import_study
from app.services.moderating import release_pending_comments
from app.services.panel_adding import preview_panel
from app.services.sessions import start_session
from app.services.statement_import import preview_statements
from app.services.themes import add_theme
from app.storage.accounts import insert_researcher
from app.storage.database import Database
from app.storage.memberships import insert_part
from app.storage.tables.account import researcher as accounts
from app.storage.tables.statement import import_preview
from app.web.researcher.desk import COOKIE
from app.web.shared.csrf import csrf_token
from tests.forms import Fields, form_to
from tests.integration.web.conftest import OWN_PAGE
from tests.integration.web.researcher.route_cases import CASES, Case, Values
from tests.panel_study import ACTOR, SECRET, SLUG, STATEMENTS, PlayedStudy, panel_study
from tests.prepared import Prepared

PARTS = {
    "owner": Part(Role.OWNER),
    "editor": Part(Role.EDITOR),
    "editor with the mail list": Part(Role.EDITOR, sees_mail_list=True),
    "facilitator": Part(Role.FACILITATOR),
    "analyst": Part(Role.ANALYST),
}
STRANGER = "stranger"
PutBack = Callable[[], None]
Keep = Callable[[], AbstractContextManager[PutBack]]
OTHER_STUDY = "another-garden"
PASSWORD = "correct horse battery staple"

WITH_CANARIES = replace(
    panel_study(),
    panel=tuple(
        replace(person, name=f"Kanarienvogel {n:02} d’Été & “Söhne”", email=f"canary{n:02}@cage.example.org")
        for n, person in enumerate(panel_study().panel)
    ),
)
"""The study with a panel whose names and addresses are found wherever they turn up."""
UPLOADED_STATEMENTS = b"code,topic,text_en,text_fr,text_nl\nS09,pay,Rain is free.,La pluie.,De regen.\n"
UPLOADED_LETTERS = b"text,source,language\nRain is free.,Letters,en\n"
UPLOADED_PEOPLE = (
    "name,email,group,language\n"
    + "".join(f"{one.name},{one.email},{one.group},{one.language}\n" for one in WITH_CANARIES.panel[:3])
    + "Kanarienvogel 99,canary99@cage.example.org,gardeners,nl\n"
).encode()


def furnish(database: Database, clock: Clock) -> None:
    """Bring both studies, everybody who works on them, who is invited, and tables that were looked at."""
    PlayedStudy.begin(database, clock, WITH_CANARIES)
    import_study(database, clock, replace(panel_study(), slug=OTHER_STUDY))
    for name in ("Hope", "Time"):
        add_theme(database, clock, SLUG, ACTOR, ThemeDraft(name))
    bring_in_texts(database, clock, SLUG, ACTOR, pasted="A letter.", source="Letters", language="en")
    for name, part in PARTS.items():
        researcher = _employ(database, clock, name, part, study_id=1)
        _upload(database, clock, researcher, part)
        if name == "owner":
            _invite(database, clock, SLUG, researcher, ["guest0"])
    stranger = _employ(database, clock, STRANGER, Part(Role.OWNER), study_id=2)
    _invite(database, clock, OTHER_STUDY, stranger, ["guest0", "guest1"])


def _open_and_answer(database: Database, clock: Clock) -> None:
    study = PlayedStudy.standing(database, clock)
    study.open_round()
    for place, link in enumerate(study.links):
        points: dict[str, int | None] = dict.fromkeys(STATEMENTS, 4 + place % 2)
        study.rate(study.take_part(link), points, {"S02": f"Comment {place}"})


def _close(database: Database, clock: Clock) -> None:
    PlayedStudy.standing(database, clock).close_round()


def _feed_back(database: Database, clock: Clock) -> None:
    release_pending_comments(database, clock, SLUG, ACTOR, 1)
    PlayedStudy.standing(database, clock).release_feedback()


def _conclude(database: Database, clock: Clock) -> None:
    PlayedStudy.standing(database, clock).conclude()


STATES: dict[str, Prepared] = {}
for _state, _step in {
    "draft": furnish,
    "open": _open_and_answer,
    "closed": _close,
    "fed_back": _feed_back,
    "concluded": _conclude,
}.items():
    STATES[_state] = Prepared(f"house-{_state}", _step, after=next(reversed(STATES.values()), None))


def _employ(database: Database, clock: Clock, name: str, part: Part, *, study_id: int) -> Researcher:
    """Give somebody an account and a part in a study."""
    with database.writing() as connection:
        researcher = insert_researcher(
            connection,
            email=_address_of(name),
            name=f"The {name}",
            password_hash=_quick_hash(),
            language="en",
            at=clock.now(),
        )
        insert_part(connection, study_id, researcher.id, part, clock.now())
    return researcher


def _address_of(name: str) -> str:
    return f"{name.replace(' ', '.')}@example.org"


@cache
def _quick_hash() -> str:
    """The hash of the password, which costs nothing to try."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def _invite(database: Database, clock: Clock, slug: str, inviter: Researcher, names: Iterable[str]) -> None:
    for name in names:
        invite_colleague(
            database,
            clock,
            slug,
            SECRET.encode(),
            inviter,
            email=f"{name}@example.org",
            part=PARTS["editor"],
            language="en",
        )


def _upload(database: Database, clock: Clock, researcher: Researcher, part: Part) -> None:
    """Let somebody look at tables whose previews then wait, if they may."""
    if may(part, Permission.DESIGN_STUDY):
        preview_statements(database, clock, SLUG, researcher, "statements.csv", UPLOADED_STATEMENTS)
    if may(part, Permission.CODE_MATERIAL):
        preview_texts(database, clock, SLUG, researcher, "letters.csv", UPLOADED_LETTERS)
    if may(part, Permission.MANAGE_PANEL):
        preview_panel(database, clock, SLUG, researcher, "people.csv", UPLOADED_PEOPLE)


@dataclass
class AtDesk:
    """Somebody with a session at a browser of their own.

    ``previews`` are the tokens of the tables that they have uploaded, by what stands in them.
    """

    client: TestClient
    researcher: Researcher
    token: str
    previews: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, address: str, case: Case, fields: Mapping[str, Values]) -> Response:
        """Ask for an address, or send a form, or one with a file, as the case says."""
        if method == "GET":
            return self.client.get(address)
        form = {**fields, "csrf_token": self.token}
        return self.client.post(address, data=form, files={"file": case.file} if case.file else None)


class House:
    """The installation, with everything in it to which an address can lead.

    While its door is open ``put_back`` undoes whatever a form has changed; ``keep`` says how.
    """

    def __init__(self, app: FastAPI, clock: Clock, keep: Keep) -> None:
        self.app, self.clock, self._keep = app, clock, keep
        self.database = app.state.database
        self.study = PlayedStudy.standing(self.database, clock)
        self.desks = {name: self._sit_down(name) for name in PARTS}
        self.stranger = self._sit_down(STRANGER)
        self._forms: dict[str, Fields] = {}
        self.put_back: PutBack

    @contextmanager
    def open(self) -> Iterator["House"]:
        """Keep the door open: one loop for all that is asked, instead of one each time."""
        with start_blocking_portal() as portal, self._keep() as self.put_back:
            for desk in (*self.desks.values(), self.stranger):
                desk.client.portal = portal
            yield self

    def answer(self, method: str, address: str, case: Case, desk: AtDesk) -> Response:
        """What somebody is answered who sends what their pages hold, after whatever must have been sent."""
        if case.after:
            before = CASES["POST", case.after]
            self.answer("POST", next(self.addresses(case.after, before, desk)), before, desk)
        return desk.ask(method, address, case, self.fields(address, case, desk))

    def addresses(self, path: str, case: Case, desk: AtDesk, slug: str = SLUG) -> Iterator[str]:
        """The addresses of a route that a case is about, of things that the study has."""
        here = {
            "slug": slug,
            "number": "1",
            "code": "S02",
            "card": "E01",
            "person": person_sign(SECRET.encode(), 1, 1),
            "pseudonym": self.study.links[0].pseudonym,
            "colleague": str(self.desks["analyst"].researcher.id),
            "invitation": invitation_token(SECRET.encode(), 1, 1),
            **self.desks["owner"].previews,
            **desk.previews,
        }
        for places in case.each_place():
            filled = {name: value.format_map(here) for name, value in places.items()}
            yield path.format_map(here | filled) + case.query

    def fields(self, address: str, case: Case, desk: AtDesk) -> Mapping[str, Values]:
        """What the case sends, and whatever else the form of its page holds, read once in this state."""
        if not case.page:
            return case.sends
        if address not in self._forms:
            page = case.page.replace("{this}", address).format(slug=SLUG)
            form = form_to(desk.client.get(page).text, address)
            self._forms[address] = form.fields if form else {}
        return {**self._forms[address], **case.sends}

    def _sit_down(self, name: str) -> AtDesk:
        """Let somebody sign in, without the work that a password takes."""
        numbers = select(accounts.c.id).where(accounts.c.email == _address_of(name))
        uploaded = select(import_preview.c.kind, import_preview.c.token)
        with self.database.reading() as connection:
            number = connection.scalars(numbers).one()
            rows = connection.execute(uploaded.where(import_preview.c.researcher_id == number))
            previews = {row.kind: row.token for row in rows}
        somebody = Researcher(number, _address_of(name), f"The {name}", "en")
        session = start_session(self.database, self.clock, somebody, session_hours=12)
        client = TestClient(self.app, headers=OWN_PAGE, follow_redirects=False)
        client.cookies.set(COOKIE, session.session_token)
        return AtDesk(client, somebody, csrf_token(SECRET, session.session_token), previews)


def house_of(app: FastAPI, clock: Clock, database_url: str) -> House:
    """The house in the SQLite file of a test that begins with one of ``STATES``."""
    return House(app, clock, partial(_keep, Path(database_url.removeprefix("sqlite:///"))))


@contextmanager
def _keep(file: Path) -> Iterator[PutBack]:
    """Keep a file as it is; it is put back only where something was stored since."""
    with closing(sqlite3.connect(":memory:")) as kept, closing(sqlite3.connect(file)) as live:
        live.backup(kept)
        seen = _last_change(live)

        def put_back() -> None:
            nonlocal seen
            if _last_change(live) != seen:
                kept.backup(live)
                seen = _last_change(live)

        yield put_back


def _last_change(live: sqlite3.Connection) -> int:
    """A number that is another one once anybody else has stored something."""
    (version,) = live.execute("PRAGMA data_version").fetchone()
    return int(version)
