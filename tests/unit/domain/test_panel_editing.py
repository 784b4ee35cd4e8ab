"""What is typed of a person on the panel: all that is wrong is said at once, each at its field."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import ActionBlocked, AddressNotValid, TextTooLong
from app.domain.panel import Invitee
from app.domain.panel_editing import (
    AddressOnPanel,
    GroupNotChosen,
    LanguageNotChosen,
    PersonAddressMissing,
    PersonKind,
    PersonNameMissing,
    checked_invitee,
    compare_people,
    group_stays,
    person_fingerprint,
    refuse_panel_changes,
    round_missed,
)
from app.domain.round import Round, RoundKind, RoundMode, RoundStatus
from app.domain.statement_editing import CharacterLost, FieldsRefused
from app.domain.study import StudyStatus

ANN = Invitee("Ann", "Ann@Example.org", "patients", "fr")


def check(**typed: str) -> Invitee:
    return checked_invitee(replace(ANN, **typed), {"patients"}, {"fr", "nl"}, {"bob@example.org"})


def test_an_address_is_kept_in_small_letters():
    assert check() == replace(ANN, email="ann@example.org")


@pytest.mark.parametrize(
    ("field", "typed", "problem"),
    [
        ("name", " ", PersonNameMissing),
        ("name", "A" * 1000, TextTooLong),
        ("email", "", PersonAddressMissing),
        ("email", "ann", AddressNotValid),
        ("email", "Bob@example.org", AddressOnPanel),
        ("group", "", GroupNotChosen),
        ("language", "de", LanguageNotChosen),
    ],
)
def test_what_is_wrong_is_said_at_its_field(field, typed, problem):
    with pytest.raises(FieldsRefused) as refused:
        check(**{field: typed})
    assert {name: type(found) for name, found in refused.value.problems.items()} == {field: problem}


def test_everything_that_is_wrong_is_said_at_once():
    with pytest.raises(FieldsRefused) as refused:
        check(name="", email="", group="", language="")
    assert set(refused.value.problems) == {"name", "email", "group", "language"}


def test_a_table_of_people_is_held_against_the_panel():
    bob, eve = replace(ANN, email="bob@example.org"), replace(ANN, email="eve@example.org")
    compared = compare_people([(2, ANN), (3, replace(bob, group="relatives")), (4, eve)], [ANN, bob])
    assert [(one.number, one.kind) for one in compared] == [
        (2, PersonKind.THERE),
        (3, PersonKind.DIFFERENT),
        (4, PersonKind.NEW),
    ]


def test_nobody_is_added_to_the_panel_of_a_study_that_has_ended():
    refuse_panel_changes(StudyStatus.RUNNING)
    with pytest.raises(ActionBlocked):
        refuse_panel_changes(StudyStatus.CONCLUDED)


def test_who_joins_while_a_round_is_open_misses_it_and_a_group_stays_from_the_next_one_on():
    opened = datetime(2026, 3, 2, 9, tzinfo=UTC)
    later = opened + timedelta(days=7)
    closed = Round(1, RoundKind.RATING, RoundMode.STANDARD, RoundStatus.FED_BACK, 1, opened_at=opened)
    open_ = Round(2, RoundKind.RATING, RoundMode.STANDARD, RoundStatus.OPEN, 1, opened_at=later)
    assert round_missed([closed]) is None
    assert round_missed([closed, open_]) == 2
    assert group_stays(opened, [closed])
    assert not group_stays(later + timedelta(hours=1), [closed, open_])


def test_a_name_that_lost_a_character_is_asked_for_again():
    with pytest.raises(FieldsRefused) as refused:
        checked_invitee(Invitee("Jos\ufffd", "jose@example.org", "peers", "fr"), ["peers"], ["fr"], ())
    assert isinstance(refused.value.problems["name"], CharacterLost)


def test_the_sign_of_a_person_changes_with_all_that_is_known_of_them():
    others = [replace(ANN, **{name: "x"}) for name in ("name", "email", "group", "language")]
    assert len({person_fingerprint(one) for one in (ANN, *others)}) == 5
    assert person_fingerprint(ANN) == person_fingerprint(replace(ANN))
