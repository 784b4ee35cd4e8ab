"""A round's lifecycle: which step is possible when, and what stands in its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.errors import RoundTransitionError
from app.domain.messages import N_, Sentence


class RoundKind(StrEnum):
    """What a round asks of its panel."""

    OPEN = "open"
    RATING = "rating"


class RoundMode(StrEnum):
    """When feedback appears: after the round, or after one's own first answer."""

    STANDARD = "standard"
    REAL_TIME = "real_time"


class PlannedRound(StrEnum):
    """A round in the protocol's plan, in one word."""

    OPEN = "open"
    RATING = "rating"
    REAL_TIME = "real_time"

    @property
    def kind(self) -> RoundKind:
        """What the round asks."""
        return RoundKind.OPEN if self is PlannedRound.OPEN else RoundKind.RATING

    @property
    def mode(self) -> RoundMode:
        """When its feedback appears."""
        return RoundMode.REAL_TIME if self is PlannedRound.REAL_TIME else RoundMode.STANDARD


class RoundStatus(StrEnum):
    """Where a round stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    FED_BACK = "fed_back"


class RoundAction(StrEnum):
    """A step of the lifecycle."""

    OPEN = "open"
    CLOSE = "close"
    RELEASE_FEEDBACK = "release_feedback"


TRANSITIONS: dict[tuple[RoundStatus, RoundAction], RoundStatus] = {
    (RoundStatus.DRAFT, RoundAction.OPEN): RoundStatus.OPEN,
    (RoundStatus.OPEN, RoundAction.CLOSE): RoundStatus.CLOSED,
    (RoundStatus.CLOSED, RoundAction.RELEASE_FEEDBACK): RoundStatus.FED_BACK,
}

STATUS_WORDS: dict[RoundStatus, str] = {
    RoundStatus.DRAFT: N_("being prepared"),
    RoundStatus.OPEN: N_("open"),
    RoundStatus.CLOSED: N_("closed"),
    RoundStatus.FED_BACK: N_("fed back"),
}

ACTION_WORDS: dict[RoundAction, str] = {
    RoundAction.OPEN: N_("opened"),
    RoundAction.CLOSE: N_("closed"),
    RoundAction.RELEASE_FEEDBACK: N_("fed back"),
}


@dataclass(frozen=True)
class Round:
    """One cycle of a study: open, close, analyse, feed back.

    ``closes_at`` is the deadline told to the panel; ``closed_at`` is when the round was in fact closed.
    ``closes_itself`` says that it closes at its deadline without anybody doing so. ``next_opens_at`` is when
    the round after it is planned to open, as the panel is told.
    """

    number: int
    kind: RoundKind
    mode: RoundMode
    status: RoundStatus
    protocol_version: int
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    closed_at: datetime | None = None
    fed_back_at: datetime | None = None
    next_opens_at: datetime | None = None
    closes_itself: bool = False

    @property
    def asks_open_questions(self) -> bool:
        """Whether it asks open questions, and nothing is rated."""
        return self.kind is RoundKind.OPEN

    @property
    def is_real_time(self) -> bool:
        """Whether feedback appears while it is open."""
        return self.mode is RoundMode.REAL_TIME

    @property
    def in_one_word(self) -> PlannedRound:
        """What it is, as a protocol's plan calls it."""
        if self.asks_open_questions:
            return PlannedRound.OPEN
        return PlannedRound.REAL_TIME if self.is_real_time else PlannedRound.RATING


def next_status(round_: Round, action: RoundAction) -> RoundStatus:
    """The status after ``action``.

    Raises
    ------
    RoundTransitionError
        When the lifecycle has no such step from the round's status.
    """
    try:
        return TRANSITIONS[round_.status, action]
    except KeyError:
        raise RoundTransitionError(
            round=round_.number,
            status=Sentence(STATUS_WORDS[round_.status]),
            action=Sentence(ACTION_WORDS[action]),
        ) from None


def planned_round(plan: Sequence[PlannedRound], number: int) -> PlannedRound:
    """What round ``number`` is by the protocol's plan; beyond the plan the last rating round comes again."""
    if number <= len(plan):
        return plan[number - 1]
    return [one for one in plan if one is not PlannedRound.OPEN][-1]


def last_rating_round(rounds: Sequence[Round], before: int) -> Round | None:
    """The last rating round before round ``before``: its answers and its feedback are looked back on."""
    earlier = [one for one in rounds if one.number < before and not one.asks_open_questions]
    return earlier[-1] if earlier else None


def accepts_ratings(round_: Round, now: datetime) -> bool:
    """Whether a rating given at ``now`` counts: the round is open and its deadline has not passed."""
    return round_.status is RoundStatus.OPEN and (round_.closes_at is None or now < round_.closes_at)
