"""Before anybody is reminded: who and how many, in which words; and what the pages tell of mail."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.account import Role
from app.domain.link import person_sign
from app.domain.reminding import REMINDER_PAUSE
from app.settings import Settings
from app.storage.identities import note_bounce
from app.storage.tables.log import outbox
from tests.integration.web.researcher.conftest import words
from tests.panel_study import SECRET, PlayedStudy, panel_study
from tests.prepared import Prepared

WRITES_TO = Prepared(
    "panel-written-to",
    lambda database, clock: PlayedStudy.begin(database, clock, replace(panel_study(), synthetic=False)),
)
PERSON = f"/panel/people/{person_sign(SECRET.encode(), 1, 1)}"


@pytest.fixture
def prepared() -> Prepared:
    """The study with a panel that is written to."""
    return WRITES_TO


@pytest.fixture
def settings(database_url: str) -> Settings:
    """An installation with a mail server."""
    return Settings(
        database_url=database_url,
        secret=SECRET,
        smtp_url="smtp://127.0.0.1:1",
        mail_from="delphi@example.org",
    )


@pytest.fixture
def open_study(study, clock):
    """The study with a round that has been open for longer than the pause."""
    study.open_round()
    clock.advance(REMINDER_PAUSE)
    return study


def bounce(study) -> None:
    with study.database.writing() as connection:
        email = panel_study().panel[0].email
        note_bounce(connection, 1, 1, email, study.clock.now())


def test_a_reminder_is_looked_at_before_it_is_sent(open_study, owner):
    page = owner.get("/rounds/1/remind")
    said = words(page)
    assert "No reminder has gone out yet." in said
    assert "Gardeners" in said
    assert "Send the reminder to 12 people" in said
    for subject in ("Round 1 still waits for you", "Le tour 1 vous attend encore", "Ronde 1 wacht nog op u"):
        assert subject in said
    assert 'lang="fr"' in page.text
    answer = owner.send("/rounds/1/remind", {"n_seen": "12"})
    assert answer.headers["location"].endswith("/rounds/1?done=reminded")
    assert "The reminders are on their way." in words(owner.get("/rounds/1?done=reminded"))
    again = words(owner.get("/rounds/1/remind"))
    assert re.search(r"Reminders last went out on 5 Mar 2026 \d\d:\d\d, to 12 people\.", again)
    assert "There is nobody to remind now." in again
    assert "sent reminders of round 1 (12)" in words(owner.get("/log"))


def test_a_facilitator_reminds_without_learning_a_name(open_study, sign_in):
    facilitator = sign_in(Role.FACILITATOR)
    page = facilitator.get("/rounds/1/remind").text
    assert facilitator.send("/rounds/1/remind", {"n_seen": "12"}).status_code == 303
    for person in panel_study().panel:
        assert person.name not in page
        assert person.email not in page


@pytest.mark.parametrize("seen", ["", "11", "twelve"])
def test_what_was_not_looked_at_is_not_sent(open_study, owner, seen):
    answer = owner.send("/rounds/1/remind", {"n_seen": seen})
    assert answer.status_code == 409
    assert "would be reminded has changed to 12" in words(answer)
    with open_study.database.reading() as connection:
        kinds = {row.kind for row in connection.execute(outbox.select())}
    assert kinds == {"invitation"}


def test_after_the_close_nobody_is_reminded(open_study, owner):
    open_study.close_round()
    assert "takes no answers any more" in words(owner.get("/rounds/1/remind"))
    assert owner.send("/rounds/1/remind", {"n_seen": "12"}).status_code == 409
    assert owner.get("/rounds/9/remind").status_code == 404
    assert "Remind …" not in owner.get("/rounds/1").text


def test_who_may_not_run_rounds_is_offered_no_step_of_one(open_study, sign_in):
    page = words(sign_in(Role.ANALYST).get("/rounds/1"))
    assert [step for step in ("Remind …", "Set a deadline …", "Close the round …") if step in page] == []


def test_more_time_is_told_by_mail_if_that_is_wanted(open_study, owner):
    assert "Tell everybody who has not handed in" in words(owner.get("/rounds/1/extend"))
    later = {"day": "2026-03-20", "hour": "18:00", "reason": "A strike."}
    owner.send("/rounds/1/extend", later)
    owner.send("/rounds/1/extend", later | {"day": "2026-03-21", "tells": "yes"})
    log = words(owner.get("/log"))
    assert "put off the deadline of round 1 (e-mails: 12), because: A strike." in log
    assert "put off the deadline of round 1 (e-mails: 0), because: A strike." in log


def test_mail_that_was_refused_shows_in_numbers_and_to_those_who_see_names_by_name(
    open_study, owner, sign_in
):
    assert "No e-mail arrives" not in words(owner.get("/panel"))
    assert "No e-mail arrives" not in words(owner.get("/panel/people"))
    bounce(open_study)
    assert "1 refused" in words(owner.get("/rounds/1"))
    panel = words(owner.get("/panel"))
    assert "No e-mail arrives at the address of 1 panelist" in panel
    assert "How far round 1 has come" in panel
    listed = words(owner.get("/panel/people?reached=no"))
    assert "– refuses e-mail since 5 Mar" in listed
    names = [person.name for person in panel_study().panel]
    assert [name for name in names if name in listed] == names[:1]
    facilitator = sign_in(Role.FACILITATOR)
    seen = words(facilitator.get("/panel"))
    assert "Those who see the mail list can correct it." in seen
    assert names[0] not in seen
    assert facilitator.send(f"{PERSON}/send-again").status_code == 403


def test_what_was_refused_is_sent_again(open_study, owner):
    assert owner.send(f"{PERSON}/send-again").status_code == 409
    bounce(open_study)
    assert "The mail server refuses e-mails to this address" in words(owner.get(PERSON))
    answer = owner.send(f"{PERSON}/send-again")
    assert answer.headers["location"].endswith("?done=again")
    assert "The e-mail is on its way again." in words(owner.get("/panel/people?done=again"))
    assert "The mail server refuses" not in words(owner.get(PERSON))
    assert "sent an e-mail that had not arrived once more" in words(owner.get("/log"))


def test_a_round_without_a_deadline_gets_one_and_everything_that_is_missing_is_said_at_once(study, owner):
    study.open_round()
    page = words(owner.get("/rounds/1/extend"))
    assert "Why is there a deadline now?" in page
    assert "put off?" not in page
    refused = words(owner.send("/rounds/1/extend"))
    assert "Give the day and the hour until which the round stays open." in refused
    assert "Say why the deadline changes." in refused


@pytest.mark.parametrize("page", ["/rounds", "/rounds/1/plan"])
def test_a_browser_says_itself_that_a_day_is_typed_by_half(study, owner, page):
    """The server would get no day at all, and the round would open without a deadline."""
    form = owner.get(page).text.partition('<form method="post" action="/research/garden-study/rounds')[2]
    assert 'type="date"' in form.partition("</form>")[0]
    assert "novalidate" not in form.partition(">")[0]


def test_the_launch_checklist_leads_from_each_warning_to_where_it_is_mended(study, owner, sign_in):
    page = owner.get("/rounds")
    assert "Everybody gets an e-mail with a personal link" in words(page)
    assert "?reached=no" not in page.text
    bounce(study)
    page = owner.get("/rounds")
    assert "1 panelist has an address at which no e-mail arrives." in words(page)
    assert 'href="/research/garden-study/panel/people?reached=no"' in page.text
    facilitator = sign_in(Role.FACILITATOR).get("/rounds")
    assert "at which no e-mail arrives" in words(facilitator)
    assert "?reached=no" not in facilitator.text


def test_the_panel_against_its_targets_and_who_left_are_counted(open_study, owner, clock):
    open_study.take_part(open_study.links[0])
    clock.advance(timedelta(minutes=1))
    said = words(owner.get("/rounds/1"))
    assert "Reached by e-mail" in said
    assert "Left" in said
