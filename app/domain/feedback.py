"""Feedback: what of the group's view a panelist may see, and what must stay hidden.

The rule protects single people from a reader who knows the rule, who answered, and their own rating. Behind
every figure shown, and behind whatever is left when figures are subtracted from each other, stand at least
``k`` others who did not all choose the same point: a distribution in which everybody agrees tells what each
of them chose. ``k = 1`` asks for no protection.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

OVERALL = "overall"
"""Stands for everyone together beside the codes of the groups."""

UNPROTECTED = 1
"""The minimum group size that asks for no protection."""


class FeedbackPolicy(StrEnum):
    """Whose distributions are fed back."""

    NONE = "none"
    OWN_GROUP = "own_group"
    EVERY_GROUP = "every_group"
    ALL = "all"


@dataclass(frozen=True)
class Visibility:
    """Which of the figures that the policy feeds back on one statement and criterion a viewer may see.

    Codes of groups in the study's order, then :data:`OVERALL`. ``withheld`` are those that stay hidden.
    Why is not told of any of them: that enough people stand behind a hidden figure would tell that they all
    agreed.
    """

    shown: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


def visible_figures(
    counts: Mapping[str, Sequence[int]],
    *,
    viewer_group: str,
    viewer_place: int | None,
    policy: FeedbackPolicy,
    k: int,
) -> Visibility:
    """Which figures on one statement and criterion a viewer may see.

    Parameters
    ----------
    counts
        Ratings per point (abstentions not counted) of each stakeholder group, in the study's order.
    viewer_group
        The viewer's own group.
    viewer_place
        Where on the scale the viewer's own rating stands among the counts of the own group, from 0; None when
        none of them is theirs.
    policy
        Whose figures the protocol feeds back.
    k
        The protocol's minimum group size.

    Notes
    -----
    Everyone together is shown only beside groups that are all shown, but for those that sizes alone keep
    back: the smallest, and with them the next smallest until what is left by subtraction rests on ``k``
    others. That choice looks at sizes only, so it tells nothing of the ratings. What is left is then any
    sharing of known ratings among known people, and two different points in it leave everybody open. Where
    everyone together is not shown, what is withheld could as well lie at any other point of the scale.
    """
    others = {group: _without(row, viewer_place, group == viewer_group) for group, row in counts.items()}
    if policy is FeedbackPolicy.NONE:
        return Visibility()
    if policy is FeedbackPolicy.OWN_GROUP:
        return _sorted_out({viewer_group: others[viewer_group]}, k)
    if policy is FeedbackPolicy.EVERY_GROUP:
        return _sorted_out(others, k)
    return _with_overall(others, k)


def lies_far_from_group(point: int, q1: float, q3: float) -> bool:
    """Whether a rating lies outside the middle half of the group's ratings.

    The quartiles are the group's fed-back ones; a rating on a quartile is inside.
    """
    return point < q1 or point > q3


def is_attempt_due(n_pending: int, n_attempts: int, *, k: int) -> bool:
    """Whether a real-time figure should try to advance: each time that ``k + 1`` more people wait.

    ``n_pending`` people have rated and are not in the figure yet; ``n_attempts`` tries have failed since it
    last advanced. The moment depends on numbers of people alone, so it tells nothing of the ratings.
    """
    if k == UNPROTECTED:
        return n_pending > 0
    return n_pending >= (n_attempts + 1) * (k + 1)


def may_advance(pending: Sequence[int], n_attempts: int, *, k: int, is_last: bool = False) -> bool:
    """Whether a group's real-time figure may take in everybody who waits, at a due attempt.

    A real-time figure is watched: subtracting one state from the next gives the ratings of those who were
    taken in between, and a failed attempt tells that they nearly all chose one point. So they are taken in
    together, more than ``k`` of them, each with what they answered when they were first tried, and stay in
    the figure so: what somebody changes later is not shown, since the change would stand alone. Nor is it
    tried in place of what was: who knows a failed attempt, and what became of all who were in it but one,
    would know what that one had answered.

    Parameters
    ----------
    pending
        The ratings, per point, of those who have rated and are not in the figure yet: as they were at their
        first attempt, or are at this one.
    n_attempts
        How many attempts have failed since the figure last advanced.
    k
        The protocol's minimum group size.
    is_last
        When the round closes: whoever waits is taken in now or never, whether or not an attempt is due.

    Notes
    -----
    Three people off the commonest point are needed, at the last attempt two: a panelist who is one of them
    and remembers the attempts that failed still finds two different points among the others. The commonest
    point must hold as many as had been tried before: then those of the failed attempts may all have chosen
    it, or all but one, and those who came later fit to both.
    """
    n_pending, commonest = sum(pending), max(pending, default=0)
    if k == UNPROTECTED:
        return n_pending > 0
    differ = n_pending - commonest >= (2 if is_last else 3)
    return n_pending > k and differ and commonest >= n_attempts * (k + 1)


def _without(row: Sequence[int], place: int | None, is_own: bool) -> list[int]:
    """The ratings of the others; a rating of the viewer's that is not among the counts takes nothing away."""
    return [max(0, n - (is_own and i == place)) for i, n in enumerate(row)]


def _is_safe(others: Sequence[int], k: int) -> bool:
    return sum(others) >= k and (k == UNPROTECTED or max(others) < sum(others))


def _sorted_out(others: Mapping[str, Sequence[int]], k: int) -> Visibility:
    return Visibility(
        shown=tuple(group for group, row in others.items() if _is_safe(row, k)),
        withheld=tuple(group for group, row in others.items() if not _is_safe(row, k)),
    )


def _with_overall(others: Mapping[str, Sequence[int]], k: int) -> Visibility:
    kept_back = _kept_back_for_size(others, k)
    alone = _sorted_out({group: row for group, row in others.items() if group not in kept_back}, k)
    withheld = tuple(group for group in others if group not in alone.shown)
    left = _sum([others[group] for group in kept_back])
    are_few = sum(sum(row) for row in others.values()) < k
    if are_few or alone.withheld or (sum(left) and not _is_safe(left, k)):
        return Visibility(alone.shown, (*withheld, OVERALL))
    return Visibility((*alone.shown, OVERALL), withheld)


def _kept_back_for_size(others: Mapping[str, Sequence[int]], k: int) -> list[str]:
    """The groups too small to be shown, and the next smallest until together they are large enough."""
    by_size = sorted(others, key=lambda group: sum(others[group]))
    kept_back = [group for group in by_size if sum(others[group]) < k]
    n_left = sum(sum(others[group]) for group in kept_back)
    for group in by_size[len(kept_back) :]:
        if n_left == 0 or n_left >= k:
            break
        kept_back.append(group)
        n_left += sum(others[group])
    return kept_back


def _sum(rows: Sequence[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]
