"""Invitations are queued when a round opens and sent once, whatever the mail server, or a worker, does."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from sqlalchemy import select

from app.domain.event import EventKind
from app.domain.mail import CLAIM_LIFETIME
from app.mail.delivery import MailServerUnavailable, Postman, read_server
from app.services.consent import decline_consent, give_consent, withdraw
from app.services.entering import enter_by_link, find_panelist, look_up_link
from app.services.links import issue_links, revoke_link
from app.services.mailing import Outcome, deliver_all
from app.services.working import Mail, keep_working
from app.storage.database import Database
from app.storage.events import read_events
from app.storage.outbox import claim_message
from app.storage.tables import metadata
from tests.integration.mail.conftest import BASE_URL, SECRET, SENDER, SLUG, WritingStudy
from tests.mail_server import DIES
from tests.serving import free_port

EVERYBODY = ["ann@example.org", "eloi1@example.org", "eloi2@example.org"]
LINK = re.compile(rf"{re.escape(BASE_URL)}/p/([\w-]+)")


def token_in(message):
    (token,) = LINK.findall(message.get_body(("plain",)).get_content())
    return token


def tokens_by_address(room):
    return {
        address: token_in(message) for address, message in zip(room.recipients, room.messages, strict=True)
    }


def outcomes(deliveries):
    return [delivery.outcome for delivery in deliveries]


def events_of(study, kind):
    with study.database.reading() as connection:
        return [event for event in read_events(connection, 1) if event.kind == kind]


def visitor(study, token):
    entered = enter_by_link(study.database, study.clock, token, session_hours=1)
    return find_panelist(study.database, study.clock, SLUG, entered.session_token)


def test_opening_a_round_queues_one_invitation_for_everybody_and_sends_nothing(study, mail_room):
    study.open()
    queued = study.outbox()
    assert list(queued) == EVERYBODY
    assert {row.state for row in queued.values()} == {"queued"}
    assert len({row.message_id for row in queued.values()}) == 3
    assert all(re.fullmatch(r"<[0-9a-f]{32}@example\.org>", row.message_id) for row in queued.values())
    assert mail_room.received == []


def test_a_refused_opening_queues_nothing(study, clock):
    with pytest.raises(Exception, match="deadline lies in the past"):
        study.open(days=-1)
    assert study.outbox() == {}


def test_a_synthetic_study_writes_to_nobody(database, clock, tmp_path, mail_room, postman):
    study = WritingStudy(database, clock, tmp_path / "folder", synthetic=True)
    study.open()
    assert study.outbox() == {}
    assert study.work(postman) == []
    assert mail_room.received == []


def test_everybody_gets_one_message_with_a_link_that_opens_the_study(study, mail_room, postman, clock):
    study.open()
    queued = study.outbox()
    assert outcomes(study.work(postman)) == [Outcome.SENT] * 3
    assert mail_room.recipients == EVERYBODY
    assert mail_room.message_ids == [row.message_id for row in queued.values()]
    assert mail_room.connections == 1
    for message in mail_room.messages:
        assert str(message["From"]) == "Castalia <castalia@example.org>"
        assert str(message["Reply-To"]) == "team@example.org"
        link = look_up_link(study.database, clock, token_in(message))
        assert link.language == message["Content-Language"]
    in_dutch = mail_room.messages[0].get_body(("plain",)).get_content()
    assert "In deze ronde beoordeelt u stellingen op een schaal." in in_dutch
    assert [row.state for row in study.outbox().values()] == ["sent"] * 3
    assert [row.sent_at for row in study.outbox().values()] == [clock.now()] * 3
    assert study.reached_at() == [clock.now()] * 3
    assert study.work(postman) == []


def test_a_link_is_issued_only_to_who_has_none_in_force(study, mail_room, postman, clock):
    issued = issue_links(study.database, clock, SLUG, SECRET, "system")
    revoked = study.pseudonym("eloi2@example.org")
    revoke_link(study.database, clock, SLUG, revoked, "system")
    study.open()
    study.work(postman)
    tokens = tokens_by_address(mail_room)
    assert [tokens["ann@example.org"], tokens["eloi1@example.org"]] == [link.token for link in issued[:2]]
    assert tokens["eloi2@example.org"] != issued[2].token
    look_up_link(study.database, clock, tokens["eloi2@example.org"])
    first, second = events_of(study, EventKind.LINKS_ISSUED)
    assert len(first.payload["panelists"]) == 3
    assert second.payload == {"panelists": [revoked]}


def test_the_next_round_brings_the_same_link_again(study, mail_room, postman):
    for _ in range(2):
        study.open()
        study.work(postman)
        study.close()
        study.release()
    assert mail_room.recipients == EVERYBODY * 2
    assert len(set(mail_room.message_ids)) == 6
    tokens = [token_in(message) for message in mail_room.messages]
    assert tokens[:3] == tokens[3:]


def test_a_link_that_would_end_before_the_round_is_followed_by_one_that_does_not(
    study, mail_room, postman, clock
):
    old = issue_links(study.database, clock, SLUG, SECRET, "system")
    clock.advance(timedelta(days=360))
    study.open(days=7)
    study.work(postman)
    clock.advance(timedelta(days=6))
    for message in mail_room.messages:
        assert token_in(message) not in {link.token for link in old}
        look_up_link(study.database, clock, token_in(message))


def test_links_of_an_earlier_secret_still_open_but_others_are_sent(study, mail_room, postman, clock):
    old = issue_links(study.database, clock, SLUG, b"the secret of another installation", "system")
    study.open()
    study.work(postman)
    for message, link in zip(mail_room.messages, old, strict=True):
        assert token_in(message) != link.token
        look_up_link(study.database, clock, token_in(message))
        look_up_link(study.database, clock, link.token)


def test_what_the_server_refuses_for_good_fails_with_its_words_and_no_address(study, mail_room, postman):
    mail_room.answers["eloi1@example.org"] = "550 5.1.1 <eloi1@example.org>: no such mailbox"
    study.open()
    assert outcomes(study.work(postman)) == [Outcome.SENT, Outcome.REFUSED, Outcome.SENT]
    failed = study.outbox()["eloi1@example.org"]
    assert (failed.state, failed.failure) == ("failed", "550 5.1.1 (...) no such mailbox")
    assert study.reached_at()[1] is None
    study.clock.advance(timedelta(days=1))
    assert study.work(postman) == []


def test_what_the_server_puts_off_is_tried_again_later_and_later(study, mail_room, postman, clock):
    mail_room.answers["ann@example.org"] = "451 4.7.1 come back later"
    study.open()
    message_id = study.outbox()["ann@example.org"].message_id
    assert outcomes(study.work(postman)) == [Outcome.DEFERRED, Outcome.SENT, Outcome.SENT]
    for minutes in (1, 2, 4):
        waiting = study.outbox()["ann@example.org"]
        assert (waiting.state, waiting.failure) == ("queued", "451 4.7.1 come back later")
        assert waiting.due_at == clock.now() + timedelta(minutes=minutes)
        assert study.work(postman) == []
        clock.advance(timedelta(minutes=minutes))
        assert outcomes(study.work(postman)) == [Outcome.DEFERRED]
    mail_room.answers.clear()
    clock.advance(timedelta(hours=1))
    assert outcomes(study.work(postman)) == [Outcome.SENT]
    assert mail_room.message_ids[-1] == message_id
    sent = study.outbox()["ann@example.org"]
    assert (sent.state, sent.failure, sent.n_attempts) == ("sent", "", 5)


def test_a_connection_that_breaks_in_a_message_puts_off_that_message_alone(study, mail_room, postman, clock):
    mail_room.answers["eloi1@example.org"] = DIES
    study.open()
    assert outcomes(study.work(postman)) == [Outcome.SENT, Outcome.DEFERRED, Outcome.SENT]
    mail_room.answers.clear()
    clock.advance(timedelta(minutes=1))
    assert outcomes(study.work(postman)) == [Outcome.SENT]
    assert sorted(mail_room.recipients) == EVERYBODY


def test_a_server_that_shuts_down_is_asked_again_over_a_new_connection(study, mail_room, postman):
    mail_room.answers["ann@example.org"] = "421 4.3.2 shutting down"
    study.open()
    assert outcomes(study.work(postman)) == [Outcome.DEFERRED, Outcome.SENT, Outcome.SENT]
    assert mail_room.connections == 2


def test_a_server_that_is_away_costs_no_message_anything(study, postman, mail_room):
    study.open()
    with closing(free_port()) as nobody:
        away = Postman(read_server(f"smtp://127.0.0.1:{nobody.getsockname()[1]}"))
        assert outcomes(study.work(away)) == [Outcome.NO_SERVER]
    assert {row.state for row in study.outbox().values()} == {"queued"}
    assert outcomes(study.work(postman)) == [Outcome.SENT] * 3


def test_a_sender_that_the_server_refuses_fails_no_message(study, mail_room, postman):
    mail_room.refuses_sender = "553 5.7.1 <castalia@example.org>: sender not allowed"
    study.open()
    (delivery,) = study.work(postman)
    assert delivery.outcome is Outcome.NO_SERVER
    assert delivery.reason == "553 5.7.1 (...) sender not allowed"
    mail_room.refuses_sender = ""
    assert outcomes(study.work(postman)) == [Outcome.SENT] * 3


def test_who_declined_or_withdrew_after_the_opening_gets_nothing(study, mail_room, postman, clock):
    ann, eloi, _ = (link.token for link in issue_links(study.database, clock, SLUG, SECRET, "system"))
    study.open()
    decline_consent(study.database, clock, visitor(study, ann))
    give_consent(study.database, clock, visitor(study, eloi))
    withdraw(study.database, clock, visitor(study, eloi))
    assert outcomes(study.work(postman)) == [Outcome.NOT_NEEDED, Outcome.NOT_NEEDED, Outcome.SENT]
    assert mail_room.recipients == ["eloi2@example.org"]
    assert study.outbox()["ann@example.org"].failure == "The panelist has left the study."


@pytest.mark.parametrize("how", ["closed by hand", "past its deadline"])
def test_nobody_is_invited_to_a_round_that_takes_no_ratings_any_more(study, mail_room, postman, how):
    study.open(days=1)
    if how == "closed by hand":
        study.close()
    else:
        study.clock.advance(timedelta(days=1))
    assert outcomes(study.work(postman)) == [Outcome.NOT_NEEDED] * 3
    assert {row.failure for row in study.outbox().values()} == {"The round is closed."}
    assert mail_room.received == []


def test_two_workers_send_every_message_once(database, other_database, clock, tmp_path, mail_room):
    study = WritingStudy(database, clock, tmp_path / "folder", n_relatives=29)
    study.open()
    start = Barrier(2)

    def work(database: Database) -> int:
        postman = Postman(read_server(mail_room.url))
        start.wait(60)
        return len(deliver_all(database, clock, SENDER, postman, lambda: False))

    with ThreadPoolExecutor(2) as threads:
        shares = list(threads.map(work, (database, other_database)))
    assert sum(shares) == 30
    assert min(shares) > 0
    assert sorted(mail_room.message_ids) == sorted(row.message_id for row in study.outbox().values())
    assert {row.state for row in study.outbox().values()} == {"sent"}


def test_a_claimed_message_is_left_to_its_worker(study, mail_room, postman, clock):
    study.open()
    with study.database.writing() as connection:
        claim_message(connection, clock.now())
    assert outcomes(study.work(postman)) == [Outcome.SENT] * 2
    assert mail_room.recipients == EVERYBODY[1:]


class Killed(BaseException):
    """The worker's process ends."""


@pytest.mark.parametrize("at", ["before the server has the message", "after the server has the message"])
def test_what_a_killed_worker_held_is_sent_by_the_next_one_with_the_same_message_id(
    study, mail_room, postman, clock, at
):
    class Mortal(Postman):
        def hand_over(self, message):
            if at.startswith("after"):
                super().hand_over(message)
            raise Killed

    study.open()
    message_id = study.outbox()["ann@example.org"].message_id
    with pytest.raises(Killed):
        study.work(Mortal(read_server(mail_room.url)))
    n_before = len(mail_room.received)
    assert n_before == (1 if at.startswith("after") else 0)
    clock.advance(CLAIM_LIFETIME - timedelta(seconds=1))
    assert outcomes(study.work(postman)) == [Outcome.SENT] * 2
    clock.advance(timedelta(seconds=1))
    assert outcomes(study.work(postman)) == [Outcome.SENT]
    assert mail_room.message_ids.count(message_id) == n_before + 1
    assert sorted(set(mail_room.recipients)) == EVERYBODY


def test_a_worker_that_was_too_slow_changes_nothing_that_another_one_has_sent(
    study, mail_room, postman, clock
):
    class Slow(Postman):
        def hand_over(self, message):
            clock.advance(CLAIM_LIFETIME)
            study.work(postman)
            raise MailServerUnavailable("timed out")

    study.open()
    study.work(Slow(read_server(mail_room.url)))
    assert sorted(mail_room.recipients) == EVERYBODY
    assert {row.state for row in study.outbox().values()} == {"sent"}


def test_no_token_stands_in_any_table_or_log_and_no_address_in_the_outbox(study, mail_room, postman, capsys):
    mail_room.answers["ann@example.org"] = f"451 4.7.1 <ann@example.org> see {BASE_URL}/p/abc"
    study.open()
    study.work(postman)
    mail_room.answers.clear()
    study.clock.advance(timedelta(hours=1))
    study.work(postman)
    logged = "".join(capsys.readouterr())
    with study.database.reading() as connection:
        tables = {
            table.name: json.dumps([list(row) for row in connection.execute(select(table))], default=str)
            for table in metadata.sorted_tables
        }
    tokens = [token_in(message) for message in mail_room.messages]
    assert len(set(tokens)) == 3
    assert logged.count("sent") >= 3
    for token in tokens:
        assert token not in logged
        assert not [name for name, content in tables.items() if token in content]
    for place in (logged, tables["outbox"], tables["event"]):
        assert not [address for address in EVERYBODY if address in place]


def test_a_worker_goes_on_until_it_is_asked_to_stop(study, mail_room, postman):
    waited = []

    def wait(seconds):
        waited.append(seconds)
        assert len(waited) < 20
        if seconds and not study.outbox():
            study.open()
        return waited.count(5) == 2

    keep_working(study.database, study.clock, Mail(SENDER, postman), wait, every=5)
    assert mail_room.recipients == EVERYBODY
    assert [seconds for seconds in waited if seconds] == [5, 5]


def test_a_worker_stops_between_two_messages(study, mail_room, postman):
    study.open()
    deliver_all(study.database, study.clock, SENDER, postman, lambda: len(mail_room.received) == 1)
    assert [row.state for row in study.outbox().values()] == ["sent", "queued", "queued"]


def test_a_mail_server_that_stays_away_is_asked_more_and_more_seldom(study, clock, monkeypatch):
    study.open()
    asked = []
    monkeypatch.setattr(Postman, "rest", lambda _: asked.append(clock.now()))

    def wait(seconds):
        clock.advance(timedelta(seconds=seconds))
        return len(asked) == 7

    with closing(free_port()) as nobody:
        away = Postman(read_server(f"smtp://127.0.0.1:{nobody.getsockname()[1]}"))
        keep_working(study.database, study.clock, Mail(SENDER, away), wait, every=5)
    pauses = [(later - earlier).total_seconds() for earlier, later in pairwise(asked)]
    assert pauses == [60, 120, 240, 480, 600, 600]
