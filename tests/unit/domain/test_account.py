"""What each role in a study includes, as the promises say, and that a study keeps an owner."""

import pytest

from app.domain.account import PERMISSIONS, Part, Permission, Researcher, Role, is_last_owner, may, part_with

EVERYBODY = {"read_study", "read_results", "code_material"}
RUNNING = EVERYBODY | {"run_rounds", "moderate_comments"}
DESIGNING = RUNNING | {"design_study"}
MAIL_LIST = {"read_identities", "manage_panel"}
SINGLE_RATINGS = {"read_ratings"}
OWNING = DESIGNING | SINGLE_RATINGS | MAIL_LIST | {"lift_pseudonyms", "manage_colleagues"}


@pytest.mark.parametrize(
    ("part", "included"),
    [
        (Part(Role.OWNER), OWNING),
        (Part(Role.EDITOR), DESIGNING),
        (Part(Role.EDITOR, sees_mail_list=True), DESIGNING | MAIL_LIST),
        (Part(Role.FACILITATOR), RUNNING),
        (Part(Role.ANALYST), EVERYBODY | SINGLE_RATINGS),
    ],
)
def test_a_part_includes_just_what_the_promises_say(part, included):
    assert {permission.value for permission in Permission if may(part, permission)} == included


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.ANALYST])
def test_the_mail_list_cannot_be_granted_to_those_who_work_without_identities(role):
    part = Part(role, sees_mail_list=True)
    assert {permission for permission in Permission if may(part, permission)} == PERMISSIONS[role]


def test_only_an_owner_lifts_a_pseudonym_or_gives_roles():
    for permission in (Permission.LIFT_PSEUDONYMS, Permission.MANAGE_COLLEAGUES):
        may_do = [
            (role, seen) for role in Role for seen in (False, True) if may(Part(role, seen), permission)
        ]
        assert may_do == [(Role.OWNER, False), (Role.OWNER, True)]


@pytest.mark.parametrize(
    ("roles", "is_last"),
    [
        ([Role.OWNER], True),
        ([Role.OWNER, Role.EDITOR, Role.ANALYST], True),
        ([Role.OWNER, Role.OWNER], False),
        ([Role.EDITOR, Role.OWNER], False),
        ([Role.ANALYST], False),
    ],
)
def test_the_last_owner_is_known(roles, is_last):
    parts = {number: Part(role) for number, role in enumerate(roles, start=1)}
    assert is_last_owner(parts, 1) is is_last


def test_the_log_names_a_researcher_by_number():
    assert Researcher(7, "ann@example.org", "Ann", "en").actor == "researcher:7"


def test_the_mail_list_is_given_only_to_roles_that_can_have_it():
    assert part_with(Role.EDITOR, mail_list=True).sees_mail_list
    assert not part_with(Role.EDITOR, mail_list=False).sees_mail_list
    assert not part_with(Role.ANALYST, mail_list=True).sees_mail_list
