"""Feedback: what of the group's view a panelist may see, and what must stay hidden.

The rule protects single people: a figure appears only when at least ``k`` others stand behind it, and when
nothing smaller can be found out by subtracting one figure from another.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class FeedbackPolicy(StrEnum):
    """Whose distributions are fed back."""

    NONE = "none"
    OWN_GROUP = "own_group"
    EVERY_GROUP = "every_group"
    ALL = "all"


@dataclass(frozen=True)
class Visibility:
    """Which figures on one statement a viewer may see.

    ``groups`` are shown, ``withheld`` are not. Of these, ``shielding`` are large enough themselves and hidden
    only because subtracting them would reveal a smaller group; in the others too few answered. ``overall``
    says whether the figure of everyone together is shown.
    """

    groups: tuple[str, ...]
    withheld: tuple[str, ...]
    overall: bool
    shielding: tuple[str, ...] = ()


def visible_groups(
    n_ratings: Mapping[str, int], *, viewer_group: str, viewer_rated: bool, policy: FeedbackPolicy, k: int
) -> Visibility:
    """Which groups' figures on one statement and criterion a viewer may see.

    Parameters
    ----------
    n_ratings
        Ratings (abstentions not counted) per stakeholder group, in the study's order.
    viewer_group
        The viewer's own group.
    viewer_rated
        Whether one of the own group's ratings is the viewer's.
    policy
        Whose figures the protocol feeds back.
    k
        The protocol's minimum group size.

    Notes
    -----
    A group is shown with at least ``k`` ratings by others than the viewer. Where everyone together is shown
    beside the groups, what is left after subtracting the shown groups is a figure too: it must rest on at
    least ``k`` others or on nobody, else the next smallest group is withheld with it.
    """
    others = {g: n - (viewer_rated and g == viewer_group) for g, n in n_ratings.items()}
    large_enough = [g for g in n_ratings if others[g] >= k]
    if policy is FeedbackPolicy.NONE:
        return Visibility((), (), overall=False)
    if policy is FeedbackPolicy.OWN_GROUP:
        return _without_overall(n_ratings, large_enough, asked=(viewer_group,))
    if policy is FeedbackPolicy.EVERY_GROUP:
        return _without_overall(n_ratings, large_enough, asked=tuple(n_ratings))
    return _with_overall(n_ratings, others, large_enough, k)


def lies_far_from_group(point: int, q1: float, q3: float) -> bool:
    """Whether a rating lies outside the middle half of the group's ratings.

    The quartiles are the group's fed-back ones; a rating on a quartile is inside.
    """
    return point < q1 or point > q3


def _without_overall(n_ratings: Iterable[str], large_enough: list[str], asked: tuple[str, ...]) -> Visibility:
    shown = tuple(g for g in n_ratings if g in asked and g in large_enough)
    return Visibility(shown, tuple(g for g in asked if g not in shown), overall=False)


def _with_overall(
    n_ratings: Mapping[str, int], others: Mapping[str, int], large_enough: list[str], k: int
) -> Visibility:
    shown = sorted(large_enough, key=lambda g: others[g])
    hidden_others = sum(others[g] for g in n_ratings if g not in shown)
    while 0 < hidden_others < k and shown:
        hidden_others += others[shown.pop(0)]
    return Visibility(
        groups=tuple(g for g in n_ratings if g in shown),
        withheld=tuple(g for g in n_ratings if g not in shown),
        overall=sum(others.values()) >= k,
        shielding=tuple(g for g in large_enough if g not in shown),
    )
