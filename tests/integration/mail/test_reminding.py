"""Reminders, word of more time, and addresses that refuse mail."""

from datetime import timedelta

import pytest

from app.domain.errors import ActionBlocked, RoundNotFound
from app.domain.event import EventKind
from app.domain.link import person_sign
from app.domain.mail import CLAIM_LIFETIME
from app.domain.panel import Disowning
from app.domain.reminding import MOST_REMINDERS, REMINDER_PAUSE, PreviewOutdated, Remindable
from app.services.disowning import disown_link
from app.services.due_rounds import run_due_rounds
from app.services.extending import Extension, extend_deadline
from app.services.links import issue_links
from app.services.mailing import Outcome
from app.services.panel_correcting import read_person, renew_link, send_again
from app.services.panel_states import read_people
from app.services.planning import WantedOpening, plan_opening
from app.services.reminding import read_reminder_preview, send_reminders
from app.services.response import read_response
from app.storage.outbox import claim_message
from app.storage.response import Step
from app.storage.rounds import note_step
from tests.integration.mail.conftest import SECRET, SLUG, WritingStudy
from tests.integration.mail.test_delivering import EVERYBODY, events_of, outcomes, token_in
from tests.mail_server import DIES

ANA = "researcher:7"
ANN = person_sign(SECRET, 1, 1)


def preview(study: WritingStudy, *, sends_mail: bool = True):
    return read_reminder_preview(study.database, study.clock, SLUG, 1, sends_mail=sends_mail)


def remind(study: WritingStudy, n_seen: int, *, sends_mail: bool = True, number: int = 1) -> int:
    return send_reminders(
        study.database, study.clock, SLUG, ANA, number, n_seen=n_seen, sends_mail=sends_mail
    )


def hand_in(study: WritingStudy, panelist_id: int) -> None:
    with study.database.writing() as connection:
        note_step(connection, 1, 1, panelist_id, Step.SUBMITTED, study.clock.now())


@pytest.fixture
def written_to(study, mail_room, postman, clock):
    """The study after the first invitations, when the pause is over."""
    study.open(days=30)
    study.work(postman)
    clock.advance(REMINDER_PAUSE)
    mail_room.received.clear()
    return study


def test_only_those_who_have_not_handed_in_are_reminded_each_in_their_language(
    written_to, mail_room, postman, clock
):
    hand_in(written_to, 2)
    looked = preview(written_to)
    assert looked.n_due == 2
    assert looked.counted == {
        ("peers", "nl", Remindable.DUE): 1,
        ("relatives", "fr", Remindable.DUE): 1,
    }
    assert (looked.blockers, looked.last) == ((), None)
    assert mail_room.received == []
    assert remind(written_to, 2) == 2
    assert outcomes(written_to.work(postman)) == [Outcome.SENT] * 2
    assert sorted(mail_room.recipients) == ["ann@example.org", "eloi2@example.org"]
    for message in mail_room.messages:
        letter = looked.letters[message["Content-Language"]]
        assert str(message["Subject"]).split() == letter.subject.split()
        text = message.get_body(("plain",)).get_content()
        for paragraph in letter.before:
            assert paragraph in text
        assert token_in(message)
    (event,) = events_of(written_to, EventKind.REMINDERS_SENT)
    assert (event.actor, event.payload) == (ANA, {"round": 1, "n_panelists": 2})
    assert preview(written_to).last == (clock.now(), 2)


def test_nobody_is_reminded_twice_within_the_pause_nor_more_often_than_is_allowed(written_to, clock):
    for _ in range(MOST_REMINDERS):
        assert remind(written_to, 3) == 3
        assert preview(written_to).n_due == 0
        with pytest.raises(ActionBlocked, match="nobody to remind"):
            remind(written_to, 3)
        clock.advance(REMINDER_PAUSE)
    assert {standing for _, _, standing in preview(written_to).counted} == {Remindable.REMINDED_ENOUGH}
    with pytest.raises(ActionBlocked, match="nobody to remind"):
        remind(written_to, 3)


def test_a_preview_that_is_out_of_date_sends_nothing(written_to):
    hand_in(written_to, 2)
    with pytest.raises(PreviewOutdated, match="changed to 2"):
        remind(written_to, 3)
    with pytest.raises(RoundNotFound):
        remind(written_to, 3, number=9)
    assert {row.state for row in written_to.outbox().values()} == {"sent"}


def test_nobody_is_reminded_where_no_mail_goes_out_or_of_a_round_that_is_over(written_to, clock):
    with pytest.raises(ActionBlocked, match="No e-mail goes to this panel"):
        remind(written_to, 3, sends_mail=False)
    assert [str(one) for one in preview(written_to, sends_mail=False).blockers] == [
        "No e-mail goes to this panel from here."
    ]
    clock.advance(timedelta(days=30))
    with pytest.raises(ActionBlocked, match="takes no answers"):
        remind(written_to, 3)


def test_who_hands_in_before_the_reminder_is_sent_gets_none(written_to, mail_room, postman):
    remind(written_to, 3)
    hand_in(written_to, 1)
    assert sorted(outcomes(written_to.work(postman))) == [Outcome.NOT_NEEDED, Outcome.SENT, Outcome.SENT]
    assert "ann@example.org" not in mail_room.recipients


def test_a_reminder_whose_worker_died_is_never_sent_again(written_to, mail_room, postman, clock):
    remind(written_to, 3)
    with written_to.database.writing() as connection:
        claim_message(connection, clock.now())
    clock.advance(2 * CLAIM_LIFETIME)
    assert outcomes(written_to.work(postman)) == [Outcome.SENT] * 2
    assert len(set(mail_room.recipients)) == 2
    assert preview(written_to).n_due == 0


def test_a_reminder_that_a_broken_connection_leaves_in_doubt_is_not_sent_again(
    written_to, mail_room, postman, clock
):
    mail_room.answers["ann@example.org"] = DIES
    remind(written_to, 3)
    assert sorted(outcomes(written_to.work(postman))) == [Outcome.IN_DOUBT, Outcome.SENT, Outcome.SENT]
    mail_room.answers.clear()
    clock.advance(timedelta(hours=6))
    assert written_to.work(postman) == []
    assert sorted(mail_room.recipients) == EVERYBODY[1:]


def test_word_of_more_time_goes_to_those_who_have_not_handed_in(written_to, mail_room, postman, clock):
    hand_in(written_to, 1)
    later = clock.now() + timedelta(days=60)
    extend_deadline(written_to.database, clock, SLUG, ANA, 1, Extension(later, "A strike.", tells=True))
    assert outcomes(written_to.work(postman)) == [Outcome.SENT] * 2
    assert sorted(mail_room.recipients) == EVERYBODY[1:]
    assert "A strike" not in mail_room.messages[0].as_string()
    assert "plus de temps" in str(mail_room.messages[0]["Subject"])
    (event,) = events_of(written_to, EventKind.DEADLINE_EXTENDED)
    assert event.payload["n_told"] == 2
    assert preview(written_to).n_due == 0


def test_an_address_that_refuses_mail_is_known_counted_and_left_alone(study, mail_room, postman, clock):
    mail_room.answers["ann@example.org"] = "550 5.1.1 no such mailbox"
    study.open(days=30)
    study.work(postman)
    response = read_response(study.database, clock, SLUG, 1)
    counted = {row.group: (row.n_invited, row.n_reached, row.n_bounced) for row in response.flow}
    assert counted == {"peers": (1, 0, 1), "relatives": (2, 2, 0)}
    people = read_people(study.database, SLUG, SECRET, unreachable=True)
    assert [person.email for person in people.people.values()] == ["ann@example.org"]
    assert (people.n_people, people.n_unreachable) == (3, 1)
    clock.advance(REMINDER_PAUSE)
    assert preview(study).counted["peers", "nl", Remindable.UNREACHABLE] == 1
    assert preview(study).n_due == 2


def test_what_was_refused_is_sent_again_and_an_address_that_takes_it_is_reached(
    study, mail_room, postman, clock
):
    mail_room.answers["ann@example.org"] = "552 mailbox full"
    study.open(days=30)
    study.work(postman)
    mail_room.answers.clear()
    send_again(study.database, clock, SLUG, SECRET, ANN, ANA)
    study.work(postman)
    assert mail_room.recipients[-1] == "ann@example.org"
    assert read_person(study.database, SLUG, SECRET, ANN).bounced_at is None
    assert study.reached_at() == [clock.now()] * 3
    assert len(events_of(study, EventKind.MAIL_SENT_AGAIN)) == 1
    with pytest.raises(ActionBlocked, match="nothing to send again"):
        send_again(study.database, clock, SLUG, SECRET, ANN, ANA)


def test_between_rounds_a_refused_link_is_replaced_and_sent_again(study, mail_room, postman, clock):
    (old, *_) = issue_links(study.database, clock, SLUG, SECRET, "system")
    mail_room.answers["ann@example.org"] = "552 mailbox full"
    renew_link(study.database, clock, SLUG, SECRET, ANN, ANA)
    study.work(postman)
    mail_room.answers.clear()
    send_again(study.database, clock, SLUG, SECRET, ANN, ANA)
    study.work(postman)
    (message,) = mail_room.messages
    assert token_in(message) != old.token
    disown_link(study.database, clock, token_in(message), Disowning.WRONG_ADDRESS)
    with pytest.raises(ActionBlocked, match="nothing to send again"):
        send_again(study.database, clock, SLUG, SECRET, ANN, ANA)


def test_the_team_is_told_of_a_round_that_did_not_open(study, mail_room, postman, clock):
    wanted = WantedOpening(
        clock.now() + timedelta(hours=1), by_itself=True, closes_at=clock.now() + timedelta(hours=2)
    )
    plan_opening(study.database, clock, SLUG, ANA, 1, wanted)
    clock.advance(timedelta(hours=3))
    run_due_rounds(study.database, clock)
    study.work(postman)
    (message,) = mail_room.messages
    assert mail_room.recipients == ["team@example.org"]
    assert "Le tour 1 ne s’est pas ouvert" in str(message["Subject"])
    assert "/research/small-study/rounds" in message.get_body(("plain",)).get_content()
