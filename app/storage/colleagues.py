"""Invitations to colleagues: to which study, in which role, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from app.domain.account import Part, Role
from app.domain.link import INVITATION_LIFETIME
from app.storage.tables.account import colleague_invitation, researcher


@dataclass(frozen=True)
class ColleagueInvitation:
    """An invitation to have a part in a study; ``invited_by`` is the name of who wrote it."""

    study_id: int
    id: int
    email: str
    language: str
    part: Part
    invited_by: str
    invited_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None

    def waits(self, now: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at


_INVITATIONS = select(colleague_invitation, researcher.c.name.label("inviter")).join(
    researcher, researcher.c.id == colleague_invitation.c.invited_by
)
_OF_STUDY = _INVITATIONS.where(colleague_invitation.c.study_id == bindparam("study")).order_by(
    colleague_invitation.c.id
)
_BY_ID = _INVITATIONS.where(
    colleague_invitation.c.study_id == bindparam("study"), colleague_invitation.c.id == bindparam("id")
)
_BY_TOKEN = _INVITATIONS.where(colleague_invitation.c.token_hash == bindparam("hash"))


def next_invitation_id(connection: Connection, study_id: int) -> int:
    """The number of the study's next invitation; the caller holds the study."""
    newest = select(func.max(colleague_invitation.c.id)).where(colleague_invitation.c.study_id == study_id)
    return (connection.scalar(newest) or 0) + 1


def insert_invitation(
    connection: Connection,
    key: tuple[int, int],
    *,
    email: str,
    language: str,
    part: Part,
    token_hash: str,
    invited_by: int,
    at: datetime,
) -> None:
    """Store an invitation under its study and number."""
    study_id, invitation_id = key
    row = {
        "study_id": study_id,
        "id": invitation_id,
        "email": email,
        "language": language,
        "role": part.role,
        "sees_mail_list": part.sees_mail_list,
        "token_hash": token_hash,
        "invited_by": invited_by,
        "invited_at": at,
        "expires_at": at + INVITATION_LIFETIME,
    }
    connection.execute(insert(colleague_invitation), row)


def read_invitations(connection: Connection, study_id: int) -> Sequence[ColleagueInvitation]:
    """Every invitation to a study, the oldest first."""
    return [_invitation(row) for row in connection.execute(_OF_STUDY, {"study": study_id})]


def find_invitation(connection: Connection, study_id: int, invitation_id: int) -> ColleagueInvitation | None:
    """The invitation of this number to a study."""
    row = connection.execute(_BY_ID, {"study": study_id, "id": invitation_id}).one_or_none()
    return None if row is None else _invitation(row)


def find_invitation_by_token(connection: Connection, token_hash: str) -> ColleagueInvitation | None:
    """The invitation that a token opens."""
    row = connection.execute(_BY_TOKEN, {"hash": token_hash}).one_or_none()
    return None if row is None else _invitation(row)


def mark_accepted(connection: Connection, invitation: ColleagueInvitation, at: datetime) -> None:
    """Somebody has accepted the invitation."""
    _update(connection, invitation, accepted_at=at)


def mark_withdrawn(connection: Connection, invitation: ColleagueInvitation, at: datetime) -> None:
    """The invitation was taken back."""
    _update(connection, invitation, withdrawn_at=at)


def _update(connection: Connection, invitation: ColleagueInvitation, **moments: datetime) -> None:
    connection.execute(
        update(colleague_invitation)
        .where(
            colleague_invitation.c.study_id == invitation.study_id,
            colleague_invitation.c.id == invitation.id,
        )
        .values(**moments)
    )


def _invitation(row: Row[*tuple[Any, ...]]) -> ColleagueInvitation:
    return ColleagueInvitation(
        study_id=row.study_id,
        id=row.id,
        email=row.email,
        language=row.language,
        part=Part(Role(row.role), row.sees_mail_list),
        invited_by=row.inviter,
        invited_at=row.invited_at,
        expires_at=row.expires_at,
        accepted_at=row.accepted_at,
        withdrawn_at=row.withdrawn_at,
    )
