"""The panel on the researcher's pages: people added by hand and imported, corrected, given new links."""

import re
from datetime import timedelta

import pytest
from httpx2 import Response
from sqlalchemy import select, update

from app.domain.account import Role
from app.services.joining import join_study
from app.storage.database import Database
from app.storage.panel import read_panel
from app.storage.panel_changes import read_invitees
from app.storage.tables.rounds import participation
from app.storage.tables.statement import import_preview
from tests.integration.web.researcher.conftest import AtDesk, words
from tests.panel_study import SLUG
from tests.workbooks import workbook

NEW = {"name": "Nora New", "email": "Nora@Example.org", "group": "gardeners", "language": "nl"}
HEADING = "name,email,group,language"
GOOD = (
    "Nora New,nora@example.org,gardeners,nl",
    "Omar Other,omar@example.org,neighbours,fr",
    "Person 0,person0@example.org,gardeners,en",
    "Person One,person1@example.org,gardeners,fr",
)


def as_csv(*rows: str) -> bytes:
    return "\n".join([HEADING, *rows, ""]).encode()


def uploaded(desk: AtDesk, content: bytes, name: str = "people.csv"):
    """Send a file as the form would."""
    return desk.client.post(
        f"/research/{SLUG}/panel-import",
        data={"csrf_token": desk.token},
        files={"file": (name, content)},
    )


def waiting(answer: Response) -> str:
    """The page of the preview that an upload led to."""
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix(f"/research/{SLUG}")


def people(database: Database) -> set[str]:
    """The addresses on the panel."""
    with database.reading() as connection:
        return {one.email for one in read_invitees(connection, 1)}


def test_somebody_is_put_on_the_panel_by_hand(study, owner):
    assert "new-panelist" in owner.get("/panel").text
    answer = owner.send("/new-panelist", NEW)
    assert answer.headers["location"].endswith("/panel/people?done=added")
    page = words(owner.get("/panel/people?done=added"))
    assert "The panelist is on the panel." in page
    assert "Nora New nora@example.org Gardeners Dutch" in page
    with study.database.reading() as connection:
        *others, new = read_panel(connection, 1)
    assert re.fullmatch("P-[2-9A-Z]{6}", new.pseudonym)
    assert new.pseudonym not in {one.pseudonym for one in others}
    log = words(owner.get("/log"))
    assert "put people on the panel (1)" in log
    assert "nora" not in log.lower()
    assert new.pseudonym not in log


def test_what_cannot_be_kept_of_a_person_is_said_at_its_field_and_stays_typed(study, owner):
    typed = {"name": " ", "email": "nora@nowhere", "group": "friends", "language": "de"}
    answer = owner.send("/new-panelist", typed)
    assert answer.status_code == 422
    for name in typed:
        assert f'href="#field-{name}"' in answer.text
        assert f'id="field-{name}-error"' in answer.text
    assert 'value="nora@nowhere"' in answer.text
    taken = owner.send("/new-panelist", NEW | {"email": "PERSON3@example.org"})
    assert "“person3@example.org” is on the panel already." in words(taken)
    assert "Write the e-mail address" in words(owner.send("/new-panelist", NEW | {"email": ""}))
    assert owner.send("/new-panelist", NEW | {"name": "x" * 201}).status_code == 422
    assert owner.send("/new-panelist", NEW | {"name": "a\x00b"}).status_code == 422
    assert len(people(study.database)) == 12


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_is_looked_at_first_and_then_stored_whole(study, owner, kind):
    rows = [HEADING.split(","), *(row.split(",") for row in GOOD)]
    content = as_csv(*GOOD) if kind == "csv" else workbook(rows)
    address = waiting(uploaded(owner, content, f"people.{kind}"))
    page = words(owner.get(address))
    assert "Nothing is stored yet. New: 2. On the panel already: 2." in page
    assert "3 Omar Other omar@example.org Neighbours French" in page
    assert "1 person is on the panel with another name, group or language" in page
    assert "5 Person One person1@example.org" in page
    assert "Person 0" not in page
    assert len(people(study.database)) == 12
    assert owner.send(address).headers["location"].endswith("/panel/people?done=imported")
    assert people(study.database) >= {"nora@example.org", "omar@example.org"}
    assert len(people(study.database)) == 14
    assert "put people on the panel (2)" in words(owner.get("/log"))
    assert "Person One" not in words(owner.get("/panel/people"))
    assert owner.send(address).status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Its first row must name the columns name, email, group, language."),
        (b"name,email,group\nA,a@example.org,gardeners\n", "language is missing."),
        (as_csv(), "has a heading, but no row under it."),
        (as_csv(GOOD[0], "B,b@example.org,friends,en"), "3 group “friends” is not a group of this study."),
        (as_csv("B,b@example.org,gardeners,de"), "2 language “de” is not a language of this study."),
        (as_csv("B,nowhere,gardeners,en"), "2 email “nowhere” does not look like an e-mail address."),
        (as_csv(",b@example.org,gardeners,en"), "2 name is empty; an invitation needs a name."),
        (as_csv(GOOD[0], "B,NORA@example.org,gardeners,en"), "3 email “nora@example.org” stands in row 2"),
        (as_csv("B,b@example.org,gardeners"), "2 – has 3 cells where the heading has 4."),
        (b"\x00\x01\x02", "Nothing was stored"),
    ],
)
def test_each_fault_of_a_file_is_named_with_row_and_column_and_nobody_is_added(study, owner, content, said):
    answer = uploaded(owner, content)
    assert answer.status_code == 422
    assert said in words(answer)
    assert len(people(study.database)) == 12


def test_a_file_that_is_too_long_is_refused(study, owner, monkeypatch):
    monkeypatch.setattr("app.interchange.panel_table.MOST_PEOPLE", 3)
    answer = uploaded(owner, as_csv(*GOOD))
    assert "5 – is more than the 3 people that can be read at once." in words(answer)


def test_a_form_without_a_file_is_refused(study, owner):
    assert "Choose a file first." in words(uploaded(owner, b"", ""))


def test_a_file_that_adds_nobody_says_so(study, owner):
    address = waiting(uploaded(owner, as_csv(GOOD[2])))
    page = owner.get(address)
    assert "New: 0. On the panel already: 1." in words(page)
    assert "to the panel" not in page.text
    refused = owner.send(address)
    assert refused.status_code == 422
    assert "There is nothing to store." in words(refused)


def test_a_preview_is_there_for_whoever_uploaded_the_file_and_not_for_long(study, owner, sign_in, clock):
    address = waiting(uploaded(owner, as_csv(*GOOD)))
    other = sign_in(None)
    join_study(study.database, clock, SLUG, other.researcher.id, Role.OWNER, "system")
    assert other.get(address).status_code == 404
    clock.advance(timedelta(hours=2, minutes=1))
    assert owner.get(address).status_code == 404
    assert owner.send(address).status_code == 404
    assert len(people(study.database)) == 12


def test_a_group_taken_away_meanwhile_stops_the_whole_file(study, owner):
    address = waiting(uploaded(owner, as_csv(*GOOD)))
    with study.database.writing() as connection:
        kept = connection.scalar(select(import_preview.c.content))
        connection.execute(
            update(import_preview).values(content=kept.replace("neighbours", "a-group-before"))
        )
    refused = owner.send(address)
    assert refused.status_code == 409
    assert "The groups or the languages of the study were changed" in words(refused)
    assert len(people(study.database)) == 12


def test_whoever_joins_while_a_round_is_open_is_asked_from_the_next_one_on(divided, owner, begin_round_2):
    assert "is not asked in it, and is invited to the next round" in words(owner.get("/new-panelist"))
    assert owner.send("/new-panelist", NEW).status_code == 303
    assert _asked_in(divided.database, 1) == 12
    begin_round_2()
    assert _asked_in(divided.database, 2) == 13


def test_nobody_joins_a_study_that_is_concluded(decided, owner):
    address = waiting(uploaded(owner, as_csv(*GOOD)))
    decided.release_feedback()
    decided.conclude()
    assert "new-panelist" not in owner.get("/panel").text
    assert "Nobody can join the panel now." in words(owner.get(address))
    for page in ("/new-panelist", "/panel-import"):
        assert owner.get(page).status_code == 409
    assert owner.send("/new-panelist", NEW).status_code == 409
    assert uploaded(owner, as_csv(*GOOD)).status_code == 409
    assert owner.send(address).status_code == 409
    assert len(people(decided.database)) == 12


def test_who_may_not_see_the_mail_list_finds_no_way_to_change_it(study, sign_in):
    editor = sign_in(Role.EDITOR)
    assert "new-panelist" not in editor.get("/panel").text
    assert uploaded(editor, as_csv(*GOOD)).status_code == 403


@pytest.fixture
def begin_round_2(divided):
    """Bring the study from its open round to the next."""

    def begin() -> None:
        divided.close_round()
        divided.release_feedback()
        divided.open_round()

    return begin


def _asked_in(database: Database, number: int) -> int:
    with database.reading() as connection:
        return len(
            connection.execute(select(participation).where(participation.c.round_number == number)).all()
        )
