"""The colleagues of a study: who has which part in it, invited, changed and removed by its owners."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.clock import Clock
from app.domain.account import Part, Researcher, Role, is_last_owner
from app.domain.errors import (
    AddressNotValid,
    ColleagueAlready,
    InvitationNotWaiting,
    InvitedAlready,
    LastOwnerStays,
    ResearcherNotFound,
)
from app.domain.event import EventKind
from app.domain.link import invitation_token, token_hash
from app.domain.panel import is_address
from app.domain.study import Language, Study
from app.services.finding import get_study_of, hold_study_of
from app.services.mail_queue import queue_colleague_invitation
from app.storage import colleagues, memberships
from app.storage.colleagues import ColleagueInvitation
from app.storage.database import Connection, Database
from app.storage.events import append_event
from app.storage.memberships import Member


@dataclass(frozen=True)
class Colleagues:
    """Who has a part in a study, and who was asked to have one and has not answered yet."""

    members: tuple[Member, ...]
    waiting: tuple[ColleagueInvitation, ...]


def read_colleagues(database: Database, clock: Clock, slug: str) -> Colleagues:
    """Who works on a study.

    Raises
    ------
    StudyNotFound
    """
    now = clock.now()
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        invited = colleagues.read_invitations(connection, study.id)
        return Colleagues(
            members=memberships.read_members(connection, study.id),
            waiting=tuple(invitation for invitation in invited if invitation.waits(now)),
        )


def get_colleague(database: Database, slug: str, researcher_id: int) -> tuple[Member, bool]:
    """One colleague, and whether they are the only owner of the study.

    Raises
    ------
    StudyNotFound
    ResearcherNotFound
        Nobody of this number has a part in the study.
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        members = _members(connection, study)
    return _of(members, researcher_id), is_last_owner(_parts(members), researcher_id)


def invite_colleague(
    database: Database,
    clock: Clock,
    slug: str,
    secret: bytes,
    inviter: Researcher,
    *,
    email: str,
    part: Part,
    language: str,
) -> None:
    """Ask somebody to have a part in a study, by an e-mail with a link that can be used once.

    Raises
    ------
    StudyNotFound
    AddressNotValid
        It cannot be an address.
    ColleagueAlready, InvitedAlready
        Whoever has this address works on the study, or was asked to.
    """
    address = email.strip().lower()
    if not is_address(address):
        raise AddressNotValid(email=email.strip())
    now = clock.now()
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        if any(member.email == address for member in memberships.read_members(connection, study.id)):
            raise ColleagueAlready(email=address)
        invited = colleagues.read_invitations(connection, study.id)
        if any(invitation.email == address and invitation.waits(now) for invitation in invited):
            raise InvitedAlready(email=address)
        number = colleagues.next_invitation_id(connection, study.id)
        colleagues.insert_invitation(
            connection,
            (study.id, number),
            email=address,
            language=Language(language),
            part=part,
            token_hash=token_hash(invitation_token(secret, study.id, number)),
            invited_by=inviter.id,
            at=now,
        )
        queue_colleague_invitation(connection, study, number, now)
        payload = {"invitation": number} | part_payload(part)
        append_event(connection, study.id, EventKind.COLLEAGUE_INVITED, inviter.actor, now, payload)


def withdraw_invitation(
    database: Database, clock: Clock, slug: str, invitation_id: int, actor: str
) -> ColleagueInvitation:
    """Take an invitation back, so that its link opens nothing any more.

    Raises
    ------
    StudyNotFound
    InvitationNotWaiting
        The study has no such invitation, or it was accepted or withdrawn.
    """
    now = clock.now()
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        invitation = colleagues.find_invitation(connection, study.id, invitation_id)
        if invitation is None or not invitation.waits(now):
            raise InvitationNotWaiting
        colleagues.mark_withdrawn(connection, invitation, now)
        payload = {"invitation": invitation_id}
        append_event(connection, study.id, EventKind.INVITATION_WITHDRAWN, actor, now, payload)
    return invitation


def change_part(
    database: Database, clock: Clock, slug: str, researcher_id: int, part: Part, actor: str
) -> Member:
    """Give a colleague another part; the same one again changes nothing.

    Raises
    ------
    StudyNotFound
    ResearcherNotFound
        Nobody of this number has a part in the study.
    LastOwnerStays
        The study would have no owner.
    """
    now = clock.now()
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        members = _members(connection, study)
        member = _of(members, researcher_id)
        if member.part == part:
            return member
        if part.role is not Role.OWNER:
            _keep_an_owner(members, member)
        memberships.replace_part(connection, study.id, researcher_id, part)
        payload = {"researcher": researcher_id} | part_payload(part)
        append_event(connection, study.id, EventKind.RESEARCHER_JOINED, actor, now, payload)
    return member


def remove_colleague(database: Database, clock: Clock, slug: str, researcher_id: int, actor: str) -> Member:
    """Take a colleague's part away; the study is then no longer there for them.

    Raises
    ------
    StudyNotFound
    ResearcherNotFound
        Nobody of this number has a part in the study.
    LastOwnerStays
        The study would have no owner.
    """
    now = clock.now()
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        members = _members(connection, study)
        member = _of(members, researcher_id)
        _keep_an_owner(members, member)
        memberships.delete_part(connection, study.id, researcher_id)
        payload = {"researcher": researcher_id, "role": member.part.role}
        append_event(connection, study.id, EventKind.COLLEAGUE_REMOVED, actor, now, payload)
    return member


def part_payload(part: Part) -> dict[str, object]:
    """What the log says of a part; the mail list is named only where it was granted."""
    granted = {"sees_mail_list": True} if part.sees_mail_list else {}
    return {"role": part.role, **granted}


def _keep_an_owner(members: Mapping[int, Member], member: Member) -> None:
    if is_last_owner(_parts(members), member.researcher_id):
        raise LastOwnerStays(name=member.name)


def _members(connection: Connection, study: Study) -> dict[int, Member]:
    return {member.researcher_id: member for member in memberships.read_members(connection, study.id)}


def _parts(members: Mapping[int, Member]) -> dict[int, Part]:
    return {number: member.part for number, member in members.items()}


def _of(members: Mapping[int, Member], researcher_id: int) -> Member:
    if researcher_id not in members:
        raise ResearcherNotFound(name=researcher_id)
    return members[researcher_id]
