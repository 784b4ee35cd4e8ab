"""The panel on the researcher's pages: people added by hand and imported, corrected, given new links."""

import re
from datetime import timedelta

import pytest
from httpx2 import Response
from sqlalchemy import select, update

from app.domain.account import Role
from app.domain.errors import LinkNotValid
from app.domain.event import EventKind
from app.domain.link import person_sign
from app.domain.panel import Disowning
from app.services.disowning import disown_link
from app.services.entering import look_up_link
from app.services.joining import join_study
from app.services.kept_uploads import forget_old_uploads
from app.storage.database import Database
from app.storage.events import read_events
from app.storage.panel import read_panel
from app.storage.panel_changes import read_invitees
from app.storage.tables.rounds import participation
from app.storage.tables.statement import import_preview
from tests.integration.web.researcher.conftest import AtDesk, words
from tests.panel_study import SECRET, SLUG
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


def test_each_fault_of_a_file_is_named_with_row_and_column_and_nobody_is_added(study, owner):
    answer = uploaded(owner, as_csv(GOOD[0], "B,NORA@example.org,friends,en"))
    assert answer.status_code == 422
    assert "Nothing was stored: people.csv has 2 faults." in words(answer)
    assert "3 group “friends” is not a group of this study." in words(answer)
    assert "3 email “nora@example.org” stands in row 2" in words(answer)
    assert len(people(study.database)) == 12


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


def test_names_that_were_only_looked_at_are_forgotten_after_two_hours_without_a_further_upload(
    study, owner, clock
):
    def n_waiting() -> int:
        with study.database.reading() as connection:
            return len(connection.execute(select(import_preview)).all())

    uploaded(owner, as_csv(*GOOD))
    forget_old_uploads(study.database, clock)
    assert n_waiting() == 1
    clock.advance(timedelta(hours=2, minutes=1))
    forget_old_uploads(study.database, clock)
    assert n_waiting() == 0


def test_a_file_of_people_in_an_unnamed_encoding_is_read_and_the_preview_says_as_what(study, owner):
    answer = uploaded(owner, as_csv("Zoé Élève,zoe@example.org,gardeners,fr").decode().encode("cp1252"))
    page = words(owner.client.get(answer.headers["location"]))
    assert "The file was read as Windows-1252." in page
    assert "Zoé Élève" in page


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


def at(email: str, part: str = "") -> str:
    """Where somebody of the mail list is corrected; the panel file names person 0 first."""
    number = int(email.removeprefix("person").partition("@")[0]) + 1
    return f"/panel/people/{person_sign(SECRET.encode(), 1, number)}{part}"


ZERO = {"name": "Person 0", "email": "person0@example.org", "language": "en", "group": "gardeners"}


def corrected(desk: AtDesk, typed: dict[str, str], email: str = "person0@example.org"):
    """Open the form of somebody, and send it with what is typed."""
    seen = re.search(r'name="known" value="([^"]*)"', desk.get(at(email)).text)
    assert seen
    return desk.send(at(email), typed | {"known": seen[1]})


def test_somebody_is_corrected_by_name_and_the_log_does_not_say_who(study, owner):
    link = study.links[0]
    assert f'href="/research/{SLUG}{at("person0@example.org")}"' in owner.get("/panel/people").text
    page = owner.get(at("person0@example.org"))
    assert 'value="person0@example.org"' in page.text
    assert link.pseudonym not in page.text
    answer = corrected(owner, ZERO | {"name": "Pia Zero", "language": "nl", "group": "neighbours"})
    assert answer.headers["location"].endswith("/panel/people?done=corrected")
    listed = words(owner.get("/panel/people?done=corrected"))
    assert "The correction is stored." in listed
    assert "Pia Zero person0@example.org Neighbours Dutch" in listed
    with study.database.reading() as connection:
        panelist = read_panel(connection, 1)[0]
        events = list(read_events(connection, 1))
    assert (panelist.group, panelist.language) == ("neighbours", "nl")
    assert events[-1].kind == EventKind.PANELIST_CORRECTED
    assert events[-1].payload == {"changed": ["name", "group", "language"]}
    assert "corrected somebody on the mail list" in words(owner.get("/log"))
    look_up_link(study.database, study.clock, link.token)


def test_with_another_address_the_old_link_opens_nothing_and_the_list_says_so(divided, owner):
    link, address = divided.links[0], at("person0@example.org")
    disown_link(divided.database, divided.clock, divided.links[0].token, Disowning.WRONG_ADDRESS)
    assert "Correct the address; or, if you have asked" in words(owner.get(address))
    answer = corrected(owner, ZERO | {"email": "Pia@Example.org", "group": ""})
    assert answer.headers["location"].endswith("?done=sent")
    listed = words(owner.get("/panel/people?done=sent"))
    assert "The old personal link opens nothing any more. Whoever runs this installation hands" in listed
    assert "Person 0 pia@example.org Gardeners" in listed
    assert "somebody else" not in listed
    with pytest.raises(LinkNotValid):
        look_up_link(divided.database, divided.clock, link.token)


def test_nothing_is_logged_where_nothing_was_changed(study, owner):
    assert corrected(owner, ZERO).headers["location"].endswith("?done=corrected")
    assert "corrected somebody" not in words(owner.get("/log"))
    look_up_link(study.database, study.clock, study.links[0].token)


def test_whoever_corrects_second_sees_what_is_stored_and_nothing_is_overwritten_or_sent(
    divided, owner, sign_in
):
    link, address = divided.links[0], at("person0@example.org")
    colleague = sign_in(None)
    join_study(divided.database, divided.clock, SLUG, colleague.researcher.id, Role.OWNER, "system")
    seen = re.search(r'name="known" value="([^"]*)"', colleague.get(address).text)
    assert seen
    assert corrected(owner, ZERO | {"email": "right@example.org", "name": "Pia"}).status_code == 303
    late = colleague.send(address, ZERO | {"language": "nl", "known": seen[1]})
    assert late.status_code == 409
    assert "Somebody else was faster. Nothing was overwritten." in words(late)
    assert re.search(r"Name\W+Stored now: Pia", words(late))
    assert re.search(r"E-mail address\W+Stored now: right@example\.org", words(late))
    assert re.search(r"Language\W+Stored now: English", words(late))
    assert 'value="person0@example.org"' in late.text
    assert "right@example.org" in people(divided.database)
    with pytest.raises(LinkNotValid):
        look_up_link(divided.database, divided.clock, link.token)
    # Having seen both, the colleague sends it once more.
    again = re.search(r'name="known" value="([^"]*)"', late.text)
    assert again
    typed = ZERO | {"email": "right@example.org", "language": "nl", "known": again[1]}
    assert colleague.send(address, typed).headers["location"].endswith("?done=corrected")


def test_a_correction_that_cannot_be_kept_is_said_at_its_field(divided, owner):
    wrong = {"name": "", "email": "person1@example.org", "language": "", "group": "neighbours"}
    answer = corrected(owner, wrong)
    assert answer.status_code == 422
    for name in wrong:
        assert f'href="#field-{name}"' in answer.text
        assert f'id="field-{name}"' in answer.text
    said = words(answer)
    assert "“person1@example.org” is on the panel already." in said
    assert "The group stays: a round has been opened since this person joined the panel." in said


def test_a_personal_link_is_renewed_or_revoked_for_one_person(divided, owner):
    database, clock = divided.database, divided.clock
    answer = owner.send(at("person0@example.org", "/new-link"))
    assert answer.headers["location"].endswith("?done=renewed")
    assert "The personal link is replaced." in words(owner.get("/panel/people?done=renewed"))
    answer = owner.send(at("person1@example.org", "/revoke-link"))
    assert answer.headers["location"].endswith("?done=revoked")
    assert "The personal link is revoked." in words(owner.get("/panel/people?done=revoked"))
    for link in divided.links[:2]:
        with pytest.raises(LinkNotValid):
            look_up_link(database, clock, link.token)
    look_up_link(database, clock, divided.links[2].token)
    page = owner.get(at("person1@example.org"))
    assert "No personal link opens the questionnaire now." in words(page)
    assert "/revoke-link" not in page.text
    log = words(owner.get("/log"))
    assert "sent somebody a new personal link in place of the old one" in log
    assert "revoked somebody’s personal link" in log
    with database.reading() as connection:
        assert [event.payload for event in list(read_events(connection, 1))[-2:]] == [{}, {}]


def test_who_has_had_no_link_yet_gets_it_with_the_first_invitation(study, owner):
    owner.send("/new-panelist", NEW)
    address = f"/panel/people/{person_sign(SECRET.encode(), 1, 13)}"
    assert "It goes out with the first invitation." in words(owner.get(address))
    for part in ("/new-link", "/revoke-link"):
        refused = owner.send(address + part)
        assert refused.status_code == 409
        assert "No personal link has been issued yet." in words(refused)
    seen = re.search(r'name="known" value="([^"]*)"', owner.get(address).text)
    assert seen
    typed = NEW | {"email": "n@example.org", "known": seen[1]}
    assert owner.send(address, typed).headers["location"].endswith("corrected")


def test_nobody_is_found_under_another_sign_and_nothing_changes_after_the_end(decided, owner):
    assert owner.get("/panel/people/nobody").status_code == 404
    assert "Nobody on the mail list" in words(owner.send("/panel/people/nöbody", ZERO))
    decided.release_feedback()
    decided.conclude()
    assert at("person0@example.org") not in owner.get("/panel/people").text
    assert owner.get(at("person0@example.org")).status_code == 409
    for part in ("", "/new-link", "/revoke-link"):
        assert owner.send(at("person0@example.org", part), ZERO).status_code == 409


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
