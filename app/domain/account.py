"""Researchers' accounts and what their role in a study lets them do."""

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
    RUN_ROUNDS = "run_rounds"
    MODERATE_COMMENTS = "moderate_comments"
    READ_IDENTITIES = "read_identities"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.EDITOR: frozenset(Permission) - {Permission.READ_IDENTITIES},
    Role.FACILITATOR: frozenset(Permission) - {Permission.READ_IDENTITIES},
    Role.ANALYST: frozenset({Permission.READ_STUDY, Permission.READ_RESULTS}),
}


@dataclass(frozen=True)
class Researcher:
    """Somebody with an account who runs studies."""

    id: int
    email: str
    name: str
    language: str


def may(role: Role, permission: Permission) -> bool:
    """Whether a role includes a permission."""
    return permission in PERMISSIONS[role]
