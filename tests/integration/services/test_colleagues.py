"""Colleagues are invited, get another role, and leave; a study never loses its last owner."""

import pytest
from sqlalchemy import select

from app.domain.account import Part, Permission, Role
from app.domain.errors import (
    AddressNotValid,
    ColleagueAlready,
    InvitationNotValid,
    InvitationNotWaiting,
    InvitedAlready,
    LastOwnerStays,
    LiftingNeedsReason,
    NameMissing,
    NobodyBehindPseudonym,
    PanelistNotFound,
    PasswordTooWeak,
    ResearcherNotFound,
    StudyNotFound,
    TakesPartInTeam,
)
from app.domain.link import INVITATION_LIFETIME, invitation_token
from app.services.accepting import accept_invitation, accept_with_new_account, look_up_invitation
from app.services.access import require
from app.services.accounts import add_researcher, sign_in
from app.services.colleagues import (
    change_part,
    invite_colleague,
    read_colleagues,
    remove_colleague,
    withdraw_invitation,
)
from app.services.joining import join_study
from app.services.log import check_log, read_log
from app.services.unmasking import lift_pseudonym
from app.storage.tables.account import colleague_invitation
from app.storage.tables.log import outbox
from app.storage.tables.panel import identity
from tests.panel_study import SLUG, PlayedStudy

SECRET = b"a secret that is long enough for every test"
PASSWORD = "correct horse battery"
EDITOR = Part(Role.EDITOR)
FIRST = invitation_token(SECRET, 1, 1)


class Team:
    """The study's owner, and what she does with her colleagues."""

    def __init__(self, database, clock):
        self.database, self.clock = database, clock
        self.study = PlayedStudy.begin(database, clock)
        self.olga = self.account("olga@example.org", "Olga")
        join_study(database, clock, SLUG, self.olga.id, Role.OWNER, "system")

    def account(self, email, name):
        return add_researcher(self.database, self.clock, email=email, name=name, password=PASSWORD)

    def invite(self, email="ed@example.org", part=EDITOR):
        invite_colleague(
            self.database, self.clock, SLUG, SECRET, self.olga, email=email, part=part, language="nl"
        )

    def members(self):
        found = read_colleagues(self.database, self.clock, SLUG)
        return {member.name: member.part for member in found.members}

    def log(self):
        events = read_log(self.database, SLUG).events
        return [(event.kind, event.actor, event.payload) for event in events]


@pytest.fixture
def team(database, clock):
    return Team(database, clock)


def test_who_is_invited_makes_an_account_and_has_the_role(team, database, clock):
    team.invite(part=Part(Role.EDITOR, sees_mail_list=True))
    seen = look_up_invitation(database, clock, FIRST)
    assert (seen.invitation.invited_by, seen.study.slug, seen.has_account) == ("Olga", SLUG, False)
    ed = accept_with_new_account(database, clock, FIRST, name="Ed", password=PASSWORD, language="fr")
    assert (ed.email, ed.language) == ("ed@example.org", "fr")
    assert team.members() == {"Ed": Part(Role.EDITOR, sees_mail_list=True), "Olga": Part(Role.OWNER)}
    assert require(database, ed, SLUG, Permission.READ_IDENTITIES)[1].role is Role.EDITOR
    assert sign_in(database, clock, "ed@example.org", PASSWORD, session_hours=1).researcher == ed


def test_an_invitation_is_accepted_with_an_account_under_another_address(team, database, clock):
    ed = team.account("edward@example.org", "Ed")
    team.invite()
    accept_invitation(database, clock, FIRST, ed)
    assert team.members()["Ed"] == Part(Role.EDITOR)


def test_an_invitation_can_be_accepted_once(team, database, clock):
    team.invite()
    accept_with_new_account(database, clock, FIRST, name="Ed", password=PASSWORD, language="en")
    another = team.account("another@example.org", "Another")
    with pytest.raises(InvitationNotValid):
        accept_invitation(database, clock, FIRST, another)
    with pytest.raises(InvitationNotValid):
        look_up_invitation(database, clock, FIRST)
    assert "Another" not in team.members()


@pytest.mark.parametrize("token", ["", "made up", invitation_token(SECRET, 1, 2), "é" * 300])
def test_a_link_that_nobody_wrote_opens_nothing(team, database, clock, token):
    team.invite()
    with pytest.raises(InvitationNotValid):
        look_up_invitation(database, clock, token)


def test_an_invitation_ends_by_itself(team, database, clock):
    team.invite()
    clock.advance(INVITATION_LIFETIME)
    with pytest.raises(InvitationNotValid):
        accept_with_new_account(database, clock, FIRST, name="Ed", password=PASSWORD, language="en")
    assert read_colleagues(database, clock, SLUG).waiting == ()
    team.invite()
    assert len(read_colleagues(database, clock, SLUG).waiting) == 1


def test_a_withdrawn_invitation_opens_nothing_and_another_may_be_written(team, database, clock):
    team.invite()
    withdraw_invitation(database, clock, SLUG, 1, team.olga.actor)
    with pytest.raises(InvitationNotValid):
        look_up_invitation(database, clock, FIRST)
    with pytest.raises(InvitationNotWaiting):
        withdraw_invitation(database, clock, SLUG, 1, team.olga.actor)
    team.invite()
    assert [invitation.id for invitation in read_colleagues(database, clock, SLUG).waiting] == [2]


def test_only_hashes_of_links_are_stored_and_the_message_waits_without_address_or_link(team, database):
    team.invite()
    with database.reading() as connection:
        invited = str(connection.execute(select(colleague_invitation)).all())
        message = connection.execute(select(outbox).where(outbox.c.invitation_id == 1)).one()
    assert FIRST not in invited
    assert (message.kind, message.panelist_id) == ("colleague", None)
    assert "ed@example.org" not in str(message)


def test_nobody_is_invited_twice_or_when_they_are_there(team, database, clock):
    team.invite()
    with pytest.raises(InvitedAlready):
        team.invite(email=" ED@example.org ")
    with pytest.raises(ColleagueAlready):
        team.invite(email="olga@example.org")
    with pytest.raises(AddressNotValid):
        team.invite(email="ed")
    with pytest.raises(TakesPartInTeam):
        accept_invitation(database, clock, FIRST, team.olga)
    assert len(read_colleagues(database, clock, SLUG).waiting) == 1


@pytest.mark.parametrize(
    ("typed", "refusal"), [({"name": " "}, NameMissing), ({"password": "too short"}, PasswordTooWeak)]
)
def test_an_account_that_cannot_be_leaves_the_invitation_as_it_is(team, database, clock, typed, refusal):
    team.invite()
    with pytest.raises(refusal):
        accept_with_new_account(
            database, clock, FIRST, **({"name": "Ed", "password": PASSWORD, "language": "en"} | typed)
        )
    assert look_up_invitation(database, clock, FIRST).has_account is False


def test_the_last_owner_is_neither_lowered_nor_removed(team, database, clock):
    for becomes in (Role.EDITOR, Role.FACILITATOR, Role.ANALYST):
        with pytest.raises(LastOwnerStays, match="Olga is the only owner"):
            change_part(database, clock, SLUG, team.olga.id, Part(becomes), team.olga.actor)
    with pytest.raises(LastOwnerStays):
        remove_colleague(database, clock, SLUG, team.olga.id, team.olga.actor)
    ed = team.account("ed@example.org", "Ed")
    join_study(database, clock, SLUG, ed.id, Role.OWNER, "system")
    change_part(database, clock, SLUG, team.olga.id, Part(Role.ANALYST), ed.actor)
    with pytest.raises(LastOwnerStays):
        remove_colleague(database, clock, SLUG, ed.id, ed.actor)
    assert team.members() == {"Ed": Part(Role.OWNER), "Olga": Part(Role.ANALYST)}


def test_to_whom_a_study_is_taken_away_it_is_not_there_any_more(team, database, clock):
    ann = team.account("ann@example.org", "Ann")
    join_study(database, clock, SLUG, ann.id, Role.ANALYST, "system")
    remove_colleague(database, clock, SLUG, ann.id, team.olga.actor)
    with pytest.raises(StudyNotFound):
        require(database, ann, SLUG, Permission.READ_STUDY)
    with pytest.raises(ResearcherNotFound):
        change_part(database, clock, SLUG, ann.id, Part(Role.EDITOR), team.olga.actor)


def test_every_act_is_in_the_log_without_a_name_or_an_address(team, database, clock):
    team.invite(part=Part(Role.EDITOR, sees_mail_list=True))
    ed = accept_with_new_account(database, clock, FIRST, name="Ed", password=PASSWORD, language="en")
    change_part(database, clock, SLUG, ed.id, Part(Role.ANALYST), team.olga.actor)
    change_part(database, clock, SLUG, ed.id, Part(Role.ANALYST), team.olga.actor)
    remove_colleague(database, clock, SLUG, ed.id, team.olga.actor)
    team.invite("zoe@example.org")
    withdraw_invitation(database, clock, SLUG, 2, team.olga.actor)
    by_olga = team.olga.actor
    assert team.log()[:6] == [
        ("InvitationWithdrawn", by_olga, {"invitation": 2}),
        ("ColleagueInvited", by_olga, {"invitation": 2, "role": "editor"}),
        ("ColleagueRemoved", by_olga, {"researcher": ed.id, "role": "analyst"}),
        ("ResearcherJoined", by_olga, {"researcher": ed.id, "role": "analyst"}),
        (
            "InvitationAccepted",
            ed.actor,
            {"invitation": 1, "researcher": ed.id, "role": "editor", "sees_mail_list": True},
        ),
        ("ColleagueInvited", by_olga, {"invitation": 1, "role": "editor", "sees_mail_list": True}),
    ]
    assert check_log(database, SLUG).broken_at is None


def test_a_pseudonym_is_lifted_with_a_reason_that_the_log_keeps(team, database, clock):
    pseudonym = team.study.links[0].pseudonym
    for reason in ("", " \n"):
        with pytest.raises(LiftingNeedsReason):
            lift_pseudonym(database, clock, SLUG, pseudonym, team.olga.actor, reason)
    assert "PseudonymLifted" not in {kind for kind, _, _ in team.log()}
    found = lift_pseudonym(database, clock, SLUG, pseudonym, team.olga.actor, " Asked for her data. ")
    with database.reading() as connection:
        stored = {(row.name, row.email) for row in connection.execute(select(identity))}
    assert (found.name, found.email) in stored
    payload = {"panelist": pseudonym, "reason": "Asked for her data."}
    assert team.log()[0] == ("PseudonymLifted", team.olga.actor, payload)


def test_nobody_is_behind_a_pseudonym_unknown_or_erased(team, database, clock):
    with pytest.raises(PanelistNotFound):
        lift_pseudonym(database, clock, SLUG, "P-222222", team.olga.actor, "Why not.")
    with database.writing() as connection:
        connection.execute(identity.delete())
    with pytest.raises(NobodyBehindPseudonym):
        lift_pseudonym(database, clock, SLUG, team.study.links[0].pseudonym, team.olga.actor, "Why not.")
    assert "PseudonymLifted" not in {kind for kind, _, _ in team.log()}
