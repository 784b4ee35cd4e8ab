"""What is said to a mail server before a message: who one is, and that nobody listens."""

from dataclasses import replace
from email.message import EmailMessage

import pytest

from app.mail.delivery import MailServerUnavailable, MessageRefused, Postman, read_server


@pytest.fixture
def message():
    """A message to somebody."""
    message = EmailMessage()
    message["From"], message["To"] = "castalia@example.org", "ann@example.org"
    message.set_content("Good day.")
    return message


@pytest.fixture
def carry(mail_room, message):
    """Send the message with other settings of the server."""

    def carry_with(**settings):
        postman = Postman(replace(read_server(mail_room.url), **settings))
        try:
            postman.hand_over(message)
        finally:
            postman.rest()

    return carry_with


def test_who_has_a_password_signs_in(carry, mail_room):
    carry(user="team", password="p@ss word")
    assert mail_room.signed_in == ["team"]
    assert mail_room.recipients == ["ann@example.org"]


def test_a_wrong_password_is_the_fault_of_no_message(carry, mail_room):
    with pytest.raises(MailServerUnavailable, match="535"):
        carry(user="team", password="guessed")
    assert mail_room.received == []


def test_nothing_is_said_to_a_server_without_the_encryption_asked_for(carry, mail_room):
    with pytest.raises(MailServerUnavailable, match="STARTTLS"):
        carry(needs_starttls=True, user="team", password="p@ss word")
    assert mail_room.signed_in == []
    assert mail_room.received == []


def test_a_server_that_does_not_speak_tls_from_the_start_is_not_spoken_to(carry, mail_room):
    with pytest.raises(MailServerUnavailable):
        carry(over_tls=True)
    assert mail_room.received == []


def test_an_address_that_the_server_cannot_write_to_is_refused_for_good(carry, message, mail_room):
    del message["To"]
    message["To"] = "éloi@example.org"
    with pytest.raises(MessageRefused, match="SMTPUTF8"):
        carry()
    assert mail_room.received == []


def test_a_postman_at_rest_opens_a_new_connection_for_the_next_message(mail_room, message):
    postman = Postman(read_server(mail_room.url))
    for _ in range(2):
        postman.hand_over(message)
        postman.rest()
    postman.rest()
    assert mail_room.connections == 2
    assert len(mail_room.received) == 2
