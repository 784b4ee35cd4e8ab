"""Which statements the next round asks about again: what the rule says, and what is decided against it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from analysis.rules import Decision


class CarryForwardPolicy(StrEnum):
    """The protocol's rule for carrying statements to the next round."""

    UNDECIDED = "undecided"
    NOT_IN = "not_in"
    ALL = "all"


def is_carried_forward(decisions: Iterable[Decision], policy: CarryForwardPolicy) -> bool:
    """Whether a statement with these decisions (one per criterion) is rated again.

    ``undecided``: some criterion is neither in nor out. ``not_in``: some criterion is not in.
    """
    settled = {
        CarryForwardPolicy.UNDECIDED: {Decision.CONSENSUS_IN, Decision.CONSENSUS_OUT},
        CarryForwardPolicy.NOT_IN: {Decision.CONSENSUS_IN},
        CarryForwardPolicy.ALL: set[Decision](),
    }[policy]
    return any(decision not in settled for decision in decisions)


class CarryReason(StrEnum):
    """Why the rule asks about a statement, or does not."""

    NOT_RATED = "not_rated"
    ASKS_ALL = "asks_all"
    NOT_SETTLED = "not_settled"
    SETTLED = "settled"


@dataclass(frozen=True)
class Override:
    """What is decided against the rule for one round: to ask about a statement, or to leave it out."""

    statement: str
    asks: bool
    reason: str


@dataclass(frozen=True)
class CarryForward:
    """Whether the next round asks about a statement: what the rule says, why, and what stands against it."""

    asks_by_rule: bool
    why: CarryReason
    override: Override | None = None

    @property
    def is_overridden(self) -> bool:
        """Whether the rule says something else; an override that says the same changes nothing."""
        return self.override is not None and self.override.asks is not self.asks_by_rule

    @property
    def is_asked(self) -> bool:
        """Whether the next round asks about it."""
        return self.asks_by_rule is not self.is_overridden


def carry_forward(
    decisions: Collection[Decision], policy: CarryForwardPolicy, override: Override | None = None
) -> CarryForward:
    """Whether the next round asks about a statement.

    Parameters
    ----------
    decisions
        The last one on each criterion; none of a statement that was never rated, which is always asked.
    policy
        The protocol's rule.
    override
        What researchers decided for this round, if anything.
    """
    if not decisions:
        return CarryForward(True, CarryReason.NOT_RATED, override)
    if policy is CarryForwardPolicy.ALL:
        return CarryForward(True, CarryReason.ASKS_ALL, override)
    if is_carried_forward(decisions, policy):
        return CarryForward(True, CarryReason.NOT_SETTLED, override)
    return CarryForward(False, CarryReason.SETTLED, override)
