"""Panelists, their pseudonyms, addresses and personal links."""

from datetime import UTC, datetime

import pytest

from app.domain.link import (
    invitation_address,
    invitation_token,
    link_address,
    link_token,
    person_sign,
    token_hash,
)
from app.domain.panel import (
    Membership,
    Panelist,
    Participation,
    is_address,
    new_pseudonym,
    new_pseudonyms,
    participation_of,
)
from app.domain.study import in_language, is_code, is_slug, is_time_zone, misses_a_language

SECRET = b"s" * 32
NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


def test_a_panelist_is_undecided_then_consented_and_leaving_outweighs_consent() -> None:
    someone = Panelist(1, "P-ABCDEF", "peers", "fr")
    assert someone.membership is Membership.UNDECIDED
    assert Panelist(1, "P", "peers", "fr", consented_at=NOON).membership is Membership.CONSENTED
    assert Panelist(1, "P", "peers", "fr", declined_at=NOON).membership is Membership.DECLINED
    left = Panelist(1, "P", "peers", "fr", consented_at=NOON, withdrawn_at=NOON)
    assert left.membership is Membership.WITHDRAWN


def test_who_declined_or_withdrew_has_left_and_nobody_else() -> None:
    assert Panelist(1, "P", "peers", "fr", declined_at=NOON).has_left
    assert Panelist(1, "P", "peers", "fr", consented_at=NOON, withdrawn_at=NOON).has_left
    assert not Panelist(1, "P", "peers", "fr", consented_at=NOON).has_left
    assert not Panelist(1, "P", "peers", "fr").has_left


def test_who_declined_may_return_unless_it_was_for_good() -> None:
    assert Panelist(1, "P", "peers", "fr", declined_at=NOON).may_return
    assert not Panelist(1, "P", "peers", "fr", declined_at=NOON, declined_for_good_at=NOON).may_return
    assert not Panelist(1, "P", "peers", "fr").may_return
    assert not Panelist(1, "P", "peers", "fr", consented_at=NOON, withdrawn_at=NOON).may_return


@pytest.mark.parametrize(
    ("opened", "n_answered", "submitted", "expected"),
    [
        (False, 0, False, Participation.INVITED),
        (True, 0, False, Participation.OPENED),
        (True, 3, False, Participation.PARTIAL),
        (True, 52, True, Participation.SUBMITTED),
    ],
)
def test_participation_is_the_furthest_step_taken(
    opened: bool, n_answered: int, submitted: bool, expected: Participation
) -> None:
    assert participation_of(opened=opened, n_answered=n_answered, submitted=submitted) is expected


def test_pseudonyms_are_random_and_readable() -> None:
    drawn = {new_pseudonym() for _ in range(200)}
    assert len(drawn) == 200
    assert all(
        name.startswith("P-") and len(name) == 8 and not set("01IOU") & set(name[2:]) for name in drawn
    )


@pytest.mark.parametrize("good", ["a@b.be", "anne.o-neil+x@mail.example.org", "é@exemple.fr"])
def test_what_can_be_an_address_is_taken(good: str) -> None:
    assert is_address(good)


@pytest.mark.parametrize("bad", ["", "a", "a@b", "a b@c.be", "a@b..be", "@b.be", "a@.be\n", "a@b.be\x00"])
def test_what_cannot_be_an_address_is_not_taken(bad: str) -> None:
    assert not is_address(bad)


def test_a_link_token_depends_on_secret_study_panelist_and_issue_and_hides_them() -> None:
    base = link_token(b"s" * 32, 1, 2, 3)
    others = [
        link_token(b"t" * 32, 1, 2, 3),
        link_token(b"s" * 32, 2, 2, 3),
        link_token(b"s" * 32, 1, 3, 3),
        link_token(b"s" * 32, 1, 2, 4),
        link_token(b"s" * 32, 12, 3, 3),
    ]
    assert link_token(b"s" * 32, 1, 2, 3) == base
    assert len({base, *others}) == 6
    assert len(base) == 43
    assert base not in token_hash(base)
    assert token_hash(base) != token_hash(others[0])


def test_slugs_codes_and_zones_are_what_addresses_and_files_can_hold() -> None:
    assert is_slug("peer-support-2026")
    assert not any(is_slug(bad) for bad in ("", "-a", "a-", "A", "a b", "é", "a/b", "a" * 65, "sign-in"))
    assert is_code("S07")
    assert not any(is_code(bad) for bad in ("", "S 7", "-S", "S/7", "x" * 41))
    assert is_time_zone("Europe/Brussels")
    assert not is_time_zone("Europe/Atlantis")


def test_a_text_is_given_in_the_language_asked_for_or_the_first_there_is() -> None:
    assert in_language({"fr": "bonjour", "nl": "dag"}, "nl") == "dag"
    assert in_language({"fr": "bonjour"}, "de") == "bonjour"


def test_pseudonyms_drawn_together_differ_from_each_other_and_from_those_taken() -> None:
    taken = new_pseudonyms(50)
    drawn = new_pseudonyms(200, taken)
    assert len({*taken, *drawn}) == 250


def test_no_sign_of_a_person_and_no_invitation_is_a_link() -> None:
    derived = (link_token(SECRET, 1, 2, 1), person_sign(SECRET, 1, 2), invitation_token(SECRET, 1, 2))
    assert len({token[:22] for token in derived}) == 3
    assert person_sign(SECRET, 1, 2) == person_sign(SECRET, 1, 2) != person_sign(SECRET, 1, 3)
    assert invitation_token(SECRET, 1, 2) != invitation_token(SECRET, 2, 1)


def test_tokens_stand_in_the_addresses_that_people_open() -> None:
    base = "https://delphi.example.org"
    assert link_address(base, "abc") == f"{base}/p/abc"
    assert invitation_address(base, "abc") == f"{base}/research/join/abc"


def test_a_text_misses_a_language_in_which_it_is_empty() -> None:
    assert not misses_a_language({"fr": "bonjour", "nl": "dag"}, ["fr", "nl"])
    assert misses_a_language({"fr": "bonjour", "nl": ""}, ["fr", "nl"])
