"""A link asked for again goes to the panelist's own address, and to nobody who must not have it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.event import EventKind
from app.domain.mail import MessageKind
from app.domain.panel import Disowning
from app.services.consent import decline_consent, give_consent, withdraw
from app.services.disowning import disown_link
from app.services.entering import look_up_link
from app.services.links import issue_links, revoke_link
from app.services.lost_links import request_link
from app.services.mailing import Outcome
from app.storage.tables.log import outbox
from tests.integration.mail.conftest import SECRET, SLUG, WritingStudy
from tests.integration.mail.test_delivering import events_of, outcomes, token_in, visitor

ANN = "ann@example.org"


def kinds(study):
    with study.database.reading() as connection:
        return list(connection.scalars(select(outbox.c.kind).order_by(outbox.c.id)))


def test_the_link_in_force_is_sent_to_its_panelist(study, mail_room, postman, clock):
    (link, *_) = issue_links(study.database, clock, SLUG, SECRET, "system")
    request_link(study.database, clock, " Ann@Example.org")
    assert outcomes(study.work(postman)) == [Outcome.SENT]
    assert mail_room.recipients == [ANN]
    (message,) = mail_room.messages
    assert token_in(message) == link.token
    assert str(message["Subject"]) == "Uw persoonlijke link: Kleine studie"
    assert message["Content-Language"] == "nl"
    assert study.work(postman) == [], "the request is done with"


def test_before_any_round_and_without_any_link_one_is_issued(study, mail_room, postman, clock):
    request_link(study.database, clock, ANN)
    study.work(postman)
    assert look_up_link(study.database, clock, token_in(mail_room.messages[0])).language == "nl"
    (issued,) = events_of(study, EventKind.LINKS_ISSUED)
    assert issued.payload == {"panelists": [study.pseudonym(ANN)]}


@pytest.mark.parametrize("ended", ["revoked", "expired"])
def test_a_link_that_opens_no_more_is_followed_by_a_new_one(study, mail_room, postman, clock, ended):
    (old, *_) = issue_links(study.database, clock, SLUG, SECRET, "system")
    if ended == "revoked":
        revoke_link(study.database, clock, SLUG, old.pseudonym, "system")
    else:
        clock.advance(timedelta(days=366))
    request_link(study.database, clock, ANN)
    study.work(postman)
    token = token_in(mail_room.messages[0])
    assert token != old.token
    look_up_link(study.database, clock, token)


def test_an_address_on_no_panel_is_not_written_to(study, mail_room, postman, clock):
    request_link(study.database, clock, "nobody@example.org")
    assert study.work(postman) == []
    assert mail_room.received == []


def test_asking_often_before_the_worker_comes_brings_one_message(study, mail_room, postman, clock):
    for _ in range(3):
        request_link(study.database, clock, ANN)
    study.work(postman)
    assert mail_room.recipients == [ANN]


def test_who_declined_or_left_gets_none(study, mail_room, postman, clock):
    ann, eloi, _ = issue_links(study.database, clock, SLUG, SECRET, "system")
    decline_consent(study.database, clock, visitor(study, ann.token))
    give_consent(study.database, clock, visitor(study, eloi.token))
    withdraw(study.database, clock, visitor(study, eloi.token))
    for address in (ANN, "eloi1@example.org"):
        request_link(study.database, clock, address)
    assert study.work(postman) == []
    assert mail_room.received == []


def test_who_leaves_before_the_message_is_sent_gets_none(study, mail_room, postman, clock):
    (ann, *_) = issue_links(study.database, clock, SLUG, SECRET, "system")
    study.open()
    decline_consent(study.database, clock, visitor(study, ann.token))
    assert outcomes(study.work(postman)) == [Outcome.NOT_NEEDED, Outcome.SENT, Outcome.SENT]


def test_a_synthetic_study_sends_none(database, clock, tmp_path, mail_room, postman):
    study = WritingStudy(database, clock, tmp_path / "folder", synthetic=True)
    request_link(database, clock, ANN)
    assert study.work(postman) == []
    assert mail_room.received == []


def test_an_address_that_is_somebody_elses_is_never_written_to_again_and_the_team_is_told(
    study, mail_room, postman, clock
):
    (ann, *_) = issue_links(study.database, clock, SLUG, SECRET, "system")
    disown_link(study.database, clock, ann.token, Disowning.WRONG_ADDRESS)
    study.work(postman)
    assert mail_room.recipients == ["team@example.org"]
    notice = mail_room.messages[0]
    text = notice.get_body(("plain",)).get_content()
    assert "/research/small-study/panel/people" in text
    for private in ("Ann", ANN, ann.pseudonym, ann.token):
        assert private not in str(notice)
    request_link(study.database, clock, ANN)
    assert study.work(postman) == []
    study.open()
    assert outcomes(study.work(postman)) == [Outcome.NOT_NEEDED, Outcome.SENT, Outcome.SENT]
    assert ANN not in mail_room.recipients


def test_whose_link_was_passed_on_can_ask_for_a_new_one(study, mail_room, postman, clock):
    (ann, *_) = issue_links(study.database, clock, SLUG, SECRET, "system")
    disown_link(study.database, clock, ann.token, Disowning.PASSED_ON)
    request_link(study.database, clock, ANN)
    study.work(postman)
    assert mail_room.recipients == ["team@example.org", ANN]
    assert token_in(mail_room.messages[1]) != ann.token


def test_a_study_without_an_address_of_its_own_gets_no_notice(study, postman, clock):
    with study.database.writing() as connection:
        connection.exec_driver_sql("UPDATE study SET contact = 'the team in room 3'")
    (ann, *_) = issue_links(study.database, clock, SLUG, SECRET, "system")
    disown_link(study.database, clock, ann.token, Disowning.PASSED_ON)
    assert kinds(study) == []


def test_a_notice_is_not_needed_when_the_team_has_no_address_any_more(study, postman, clock):
    (ann, *_) = issue_links(study.database, clock, SLUG, SECRET, "system")
    disown_link(study.database, clock, ann.token, Disowning.PASSED_ON)
    assert kinds(study) == [MessageKind.LINK_DISOWNED]
    with study.database.writing() as connection:
        connection.exec_driver_sql("UPDATE study SET contact = 'the team in room 3'")
    assert outcomes(study.work(postman)) == [Outcome.NOT_NEEDED]
