"""A colleague accepts an invitation: with the account they have, or with one made for it."""

from dataclasses import dataclass

from app.clock import Clock
from app.domain.account import Researcher
from app.domain.errors import InvitationNotValid, NameMissing, TakesPartInTeam
from app.domain.event import EventKind
from app.domain.link import token_hash
from app.domain.study import Study
from app.services.accounts import NewAccount, check_account, store_account
from app.services.colleagues import part_payload
from app.storage import accounts, colleagues, memberships, studies
from app.storage.colleagues import ColleagueInvitation
from app.storage.database import Connection, Database
from app.storage.events import append_event


@dataclass(frozen=True)
class Invited:
    """What an invitation opens; ``has_account`` says that its address has an account already."""

    invitation: ColleagueInvitation
    study: Study
    has_account: bool


def look_up_invitation(database: Database, clock: Clock, token: str) -> Invited:
    """Read what a link invites to; looking changes nothing.

    Raises
    ------
    InvitationNotValid
    """
    with database.reading() as connection:
        invitation = _get_waiting(connection, clock, token)
        return Invited(
            invitation=invitation,
            study=studies.get_study(connection, invitation.study_id),
            has_account=accounts.find_account(connection, invitation.email) is not None,
        )


def accept_invitation(database: Database, clock: Clock, token: str, researcher: Researcher) -> Study:
    """Give whoever is signed in the part that the invitation names; its link is used up.

    Raises
    ------
    InvitationNotValid
    TakesPartInTeam
        They have a part in the study already; the invitation still waits.
    """
    with database.writing() as connection:
        return _accept(connection, clock, token, researcher)


def accept_with_new_account(
    database: Database, clock: Clock, token: str, *, name: str, password: str, language: str
) -> Researcher:
    """Make an account for the invited address, which reading its mail has proven, and accept with it.

    Raises
    ------
    InvitationNotValid
    AccountExists
        The address has an account: its owner signs in instead.
    NameMissing, TextTooLong, TextNotReadable, PasswordTooWeak
    """
    invited = look_up_invitation(database, clock, token)
    if not name.strip():
        raise NameMissing
    account = check_account(NewAccount(invited.invitation.email, name, password, language))
    with database.writing() as connection:
        researcher = store_account(connection, account, clock.now())
        _accept(connection, clock, token, researcher)
    return researcher


def _accept(connection: Connection, clock: Clock, token: str, researcher: Researcher) -> Study:
    now = clock.now()
    # Two who accept at once with the same link come here one after the other, and the second finds it used.
    studies.lock_study(connection, _get_waiting(connection, clock, token).study_id)
    invitation = _get_waiting(connection, clock, token)
    if memberships.find_part(connection, invitation.study_id, researcher.id) is not None:
        raise TakesPartInTeam
    memberships.insert_part(connection, invitation.study_id, researcher.id, invitation.part, now)
    colleagues.mark_accepted(connection, invitation, now)
    payload = {"invitation": invitation.id, "researcher": researcher.id} | part_payload(invitation.part)
    append_event(
        connection, invitation.study_id, EventKind.INVITATION_ACCEPTED, researcher.actor, now, payload
    )
    return studies.get_study(connection, invitation.study_id)


def _get_waiting(connection: Connection, clock: Clock, token: str) -> ColleagueInvitation:
    invitation = colleagues.find_invitation_by_token(connection, token_hash(token))
    if invitation is None or not invitation.waits(clock.now()):
        raise InvitationNotValid
    return invitation
