"""Mail to the panel: names of messages, and delays."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.link import LINK_LIFETIME, link_address, must_open_until
from app.domain.mail import absence_delay, new_message_id, retry_delay

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("contact", "host"),
    [
        ("team@example.org", "example.org"),
        ("Team@Health.Example.ORG", "health.example.org"),
        ("team@exämple.org", "castalia.invalid"),
        ("team@localhost", "castalia.invalid"),
        ("call 02 123 45 67", "castalia.invalid"),
        ("team@example.org:25", "castalia.invalid"),
    ],
)
def test_a_message_id_is_unique_and_ends_in_a_plain_domain(contact, host):
    first, second = new_message_id(contact), new_message_id(contact)
    assert first != second
    assert re.fullmatch(rf"<[0-9a-f]{{32}}@{re.escape(host)}>", first)


def test_a_message_waits_twice_as_long_after_each_attempt_up_to_four_hours():
    assert [retry_delay(n).total_seconds() / 60 for n in (1, 2, 3, 8, 9, 1000)] == [1, 2, 4, 128, 240, 240]


def test_a_server_that_is_away_is_asked_again_after_ten_minutes_at_most():
    assert [absence_delay(n).total_seconds() / 60 for n in (0, 1, 2, 5, 1000)] == [0, 1, 2, 10, 10]


def test_a_link_must_open_until_the_round_closes_but_at_most_half_its_lifetime():
    assert must_open_until(NOW, None) == NOW
    assert must_open_until(NOW, NOW + timedelta(days=7)) == NOW + timedelta(days=7)
    assert must_open_until(NOW, NOW + timedelta(days=3650)) == NOW + LINK_LIFETIME / 2


def test_a_link_is_the_address_of_the_installation_and_the_token():
    assert link_address("https://delphi.example.org", "abc") == "https://delphi.example.org/p/abc"
