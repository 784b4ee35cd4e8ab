"""What a consensus rule would decide on a few panels that everybody can picture, before anybody has rated."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from analysis.rules import Decision
from analysis.scale import Scale
from app.domain.protocol import Criterion, StakeholderGroup

if TYPE_CHECKING:
    from analysis.distribution import Distribution

USUAL_SIZE: Final = 10
"""How many panelists an example gives a group for which no target is set."""


class Example(StrEnum):
    """A panel that everybody can picture."""

    ALL_AGREE = "all_agree"
    MOST_AGREE = "most_agree"
    SMALL_MAJORITY = "small_majority"
    ONE_GROUP_AGAINST = "one_group_against"
    DIVIDED = "divided"
    UNDECIDED = "undecided"
    ALL_DISAGREE = "all_disagree"


_SHARES: Final[dict[Example, tuple[float, float, float]]] = {
    Example.ALL_AGREE: (0, 0, 1),
    Example.MOST_AGREE: (0.1, 0.1, 0.8),
    Example.SMALL_MAJORITY: (0.2, 0.2, 0.6),
    Example.ONE_GROUP_AGAINST: (0, 0.1, 0.9),
    Example.DIVIDED: (0.5, 0, 0.5),
    Example.UNDECIDED: (0.1, 0.8, 0.1),
    Example.ALL_DISAGREE: (1, 0, 0),
}
"""The shares that are against, neither, and in favour, in every group."""


@dataclass(frozen=True)
class ExampleDecision:
    """What the rule decides on an example, and the counts by point of all groups together."""

    example: Example
    decision: Decision
    counts: tuple[int, ...]


def examples_of(criterion: Criterion, groups: Sequence[StakeholderGroup]) -> tuple[ExampleDecision, ...]:
    """What a criterion's rule decides in round 1 on every example, in groups of the sizes aimed at.

    Examples that need a second group, or points that are neither for nor against, are left out without them.
    """
    impossible = set()
    if len(groups) == 1:
        impossible.add(Example.ONE_GROUP_AGAINST)
    if not criterion.scale.neutral:
        impossible.add(Example.UNDECIDED)
    return tuple(_decided(one, criterion, groups) for one in Example if one not in impossible)


def _decided(example: Example, criterion: Criterion, groups: Sequence[StakeholderGroup]) -> ExampleDecision:
    # Only who looks at examples waits for the library that decides on them.
    from analysis.consensus import decide_statement  # noqa: PLC0415

    shares = dict.fromkeys((group.code for group in groups), _SHARES[example])
    if example is Example.ONE_GROUP_AGAINST:
        against, neutral, favour = _SHARES[example]
        shares[groups[-1].code] = (favour, neutral, against)
    rated = {
        group.code: _distribution(criterion.scale, group.target or USUAL_SIZE, *shares[group.code][1:])
        for group in groups
    }
    counts = tuple(sum(column) for column in zip(*(one.counts for one in rated.values()), strict=True))
    return ExampleDecision(example, decide_statement(criterion.rule, rated, 1).decision, counts)


def _distribution(scale: Scale, n: int, neutral: float, favour: float) -> "Distribution":
    """Ratings on the outermost points of the two sides, and on the middle one of those between."""
    from analysis.distribution import Distribution  # noqa: PLC0415

    counts = dict.fromkeys(scale.points, 0)
    ends = (scale.points[0], scale.points[-1])
    lowest, highest = ends if scale.high_is_agreement else ends[::-1]
    counts[highest] = round(favour * n)
    middle = scale.neutral[len(scale.neutral) // 2] if scale.neutral else lowest
    counts[middle] += min(round(neutral * n), n - counts[highest])
    counts[lowest] += n - sum(counts.values())
    return Distribution(tuple(counts.values()), n_silent=0)
