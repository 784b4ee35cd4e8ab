"""Researchers' accounts and what their role in a study lets them do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

PASSWORD_MINIMUM = 12


class Role(StrEnum):
    """A researcher's role in one study."""

    OWNER = "owner"
    EDITOR = "editor"
    FACILITATOR = "facilitator"
    ANALYST = "analyst"


class Permission(StrEnum):
    """What a page or an action asks of a role."""

    READ_STUDY = "read_study"
    READ_RESULTS = "read_results"
    DESIGN_STUDY = "design_study"
    RUN_ROUNDS = "run_rounds"
    CODE_MATERIAL = "code_material"
    READ_RATINGS = "read_ratings"
    MODERATE_COMMENTS = "moderate_comments"
    READ_IDENTITIES = "read_identities"
    MANAGE_PANEL = "manage_panel"
    LIFT_PSEUDONYMS = "lift_pseudonyms"
    MANAGE_COLLEAGUES = "manage_colleagues"


_EVERYBODY = frozenset({Permission.READ_STUDY, Permission.READ_RESULTS, Permission.CODE_MATERIAL})
_RUNNING = _EVERYBODY | {Permission.RUN_ROUNDS, Permission.MODERATE_COMMENTS}
_MAIL_LIST = frozenset({Permission.READ_IDENTITIES, Permission.MANAGE_PANEL})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.EDITOR: _RUNNING | {Permission.DESIGN_STUDY},
    Role.FACILITATOR: _RUNNING,
    Role.ANALYST: _EVERYBODY | {Permission.READ_RATINGS},
}
"""What each role includes of itself. Names and addresses are the owner's; the rest works with pseudonyms.

Single ratings, of nobody known, are for the owner and for analysts; editors and facilitators read counts.
"""

WITH_MAIL_LIST: dict[Role, frozenset[Permission]] = {Role.EDITOR: _MAIL_LIST}
"""What seeing the mail list adds, by the roles to which an owner can grant it."""


@dataclass(frozen=True)
class Part:
    """The part that somebody has in one study: a role, and whether an owner let them see the mail list."""

    role: Role
    sees_mail_list: bool = False


@dataclass(frozen=True)
class Researcher:
    """Somebody with an account who runs studies."""

    id: int
    email: str
    name: str
    language: str

    @property
    def actor(self) -> str:
        """How the log names the researcher."""
        return f"researcher:{self.id}"


def part_with(role: Role, *, mail_list: bool) -> Part:
    """The part of a role, with the mail list if that is wanted and the role can have it."""
    return Part(role, sees_mail_list=mail_list and role in WITH_MAIL_LIST)


def may(part: Part, permission: Permission) -> bool:
    """Whether somebody's part in a study includes a permission."""
    granted = WITH_MAIL_LIST.get(part.role, frozenset()) if part.sees_mail_list else frozenset()
    return permission in PERMISSIONS[part.role] | granted


def is_last_owner(parts: Mapping[int, Part], researcher_id: int) -> bool:
    """Whether a study, with these ``parts`` by researcher, would have no owner without this one."""
    return [number for number, part in parts.items() if part.role is Role.OWNER] == [researcher_id]
