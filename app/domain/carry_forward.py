"""Which statements the next round asks about again."""

from collections.abc import Iterable
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
