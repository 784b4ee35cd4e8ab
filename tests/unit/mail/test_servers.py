"""The address of a mail server says how private the conversation with it must be."""

import pytest

from app.mail.delivery import MailServer, read_server


@pytest.mark.parametrize(
    ("url", "port", "over_tls", "needs_starttls"),
    [
        ("smtp://mail.example.org", 587, False, True),
        ("smtp://mail.example.org:25", 25, False, True),
        ("smtp://localhost:25", 25, False, False),
        ("smtp://127.0.0.1", 587, False, False),
        ("smtp://[::1]:1025", 1025, False, False),
        ("smtps://mail.example.org", 465, True, False),
        ("smtps://localhost:4650", 4650, True, False),
        ("smtp+plain://relay:25", 25, False, False),
    ],
)
def test_a_conversation_that_leaves_this_machine_is_encrypted_unless_told_otherwise(
    url, port, over_tls, needs_starttls
):
    server = read_server(url)
    assert (server.port, server.over_tls, server.needs_starttls) == (port, over_tls, needs_starttls)


def test_user_and_password_may_have_any_sign():
    server = read_server("smtp://team%40example.org:p%40ss%2Fw%3Ard@mail.example.org")
    assert (server.user, server.password) == ("team@example.org", "p@ss/w:rd")
    assert server.host == "mail.example.org"


def test_the_password_is_never_printed():
    assert "secret" not in repr(read_server("smtp://team:secret@mail.example.org"))
    assert isinstance(read_server("smtp://mail.example.org"), MailServer)
