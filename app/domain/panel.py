"""The panel: panelists under random pseudonyms, their identities apart, and where they stand in a round."""

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

ADDRESS_LIMIT = 254
NAME_LIMIT = 200

SHARED_DEVICE_IDLE = timedelta(minutes=20)
"""How long a session lasts without a step on a device that other people use too."""

_CHARACTER = r"[^@\s\x00-\x1f\x7f\ud800-\udfff]"
_ADDRESS = re.compile(rf"{_CHARACTER}{{1,64}}@{_CHARACTER}{{1,190}}\.(?:(?!\.){_CHARACTER}){{2,}}")
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class Participation(StrEnum):
    """How far a panelist has come in one round, in this order."""

    INVITED = "invited"
    OPENED = "opened"
    PARTIAL = "partial"
    SUBMITTED = "submitted"


class WithdrawalMode(StrEnum):
    """What withdrawing does to ratings already given; declared at consent."""

    STOP = "stop"
    ERASE = "erase"


class Disowning(StrEnum):
    """Why somebody at a panelist's page says that they are not this panelist."""

    WRONG_ADDRESS = "wrong_address"
    PASSED_ON = "passed_on"
    SHARED_DEVICE = "shared_device"


class Membership(StrEnum):
    """Where a panelist stands in the study as a whole."""

    UNDECIDED = "undecided"
    CONSENTED = "consented"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Panelist:
    """Somebody who rates, as analysts know them: a pseudonym, a group and a language.

    Declining can be taken back until the panelist makes it final (``declined_for_good_at``).
    """

    id: int
    pseudonym: str
    group: str
    language: str
    consented_at: datetime | None = None
    declined_at: datetime | None = None
    withdrawn_at: datetime | None = None
    declined_for_good_at: datetime | None = None

    @property
    def membership(self) -> Membership:
        """Where the panelist stands in the study."""
        if self.withdrawn_at is not None:
            return Membership.WITHDRAWN
        if self.declined_at is not None:
            return Membership.DECLINED
        return Membership.CONSENTED if self.consented_at is not None else Membership.UNDECIDED

    @property
    def has_left(self) -> bool:
        """Whether the panelist declined or withdrew: nothing more is asked of them or sent to them."""
        return self.membership in (Membership.DECLINED, Membership.WITHDRAWN)

    @property
    def may_return(self) -> bool:
        """Whether the panelist declined, and can still say that they take part after all."""
        return self.membership is Membership.DECLINED and self.declined_for_good_at is None


@dataclass(frozen=True)
class Invitee:
    """A line of the panel file: a person to be invited."""

    name: str
    email: str
    group: str
    language: str


def new_pseudonym() -> str:
    """A random pseudonym that tells nothing of the person or of the order of invitation."""
    return "P-" + "".join(secrets.choice(_ALPHABET) for _ in range(6))


def new_pseudonyms(n: int, taken: Collection[str] = ()) -> list[str]:
    """Draw as many different pseudonyms as asked for; in a large panel two draws may well be alike."""
    drawn: set[str] = set()
    while len(drawn) < n:
        drawn.add(new_pseudonym())
        drawn.difference_update(taken)
    return list(drawn)


def is_address(text: str) -> bool:
    """Whether ``text`` can be an e-mail address; the mail server has the last word."""
    return len(text) <= ADDRESS_LIMIT and _ADDRESS.fullmatch(text) is not None and ".." not in text


def participation_of(*, opened: bool, n_answered: int, submitted: bool) -> Participation:
    """How far somebody who was invited to a round has come in it."""
    if submitted:
        return Participation.SUBMITTED
    if n_answered:
        return Participation.PARTIAL
    return Participation.OPENED if opened else Participation.INVITED
