"""The group's view as one panelist may see it: released figures behind the rule that protects the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.domain.feedback import visible_figures
from app.domain.protocol import Criterion, Protocol
from app.domain.rating import Rating
from app.domain.round import Round
from app.services.entering import Visitor
from app.storage.database import Connection
from app.storage.feedback import ReleasedFeedback
from app.storage.live_figures import read_shown_points


@dataclass(frozen=True)
class GroupFeedback:
    """One group's released distribution on a statement: ratings per point, and what they come to.

    ``group`` is a group's code, or ``overall`` for everyone together. ``counts`` follow the scale's points.
    """

    group: str
    is_own: bool
    counts: tuple[int, ...]
    n: int
    median: float
    q1: float
    q3: float


@dataclass(frozen=True)
class CriterionFeedback:
    """What a panelist may see of a round on one criterion of a statement.

    ``withheld`` is what stays hidden, as :class:`app.domain.feedback.Visibility` says.
    """

    criterion: str
    groups: tuple[GroupFeedback, ...]
    withheld: tuple[str, ...] = ()

    @property
    def own_group(self) -> GroupFeedback | None:
        """The distribution of the viewer's own group, when it is shown."""
        return next((group for group in self.groups if group.is_own), None)


FeedbackOn = Callable[[str], tuple[CriterionFeedback, ...]]
"""By a statement's code, what a panelist may see of it."""


def feedback_on(
    connection: Connection,
    visitor: Visitor,
    round_: Round | None,
    released: ReleasedFeedback | None,
    own: Mapping[tuple[str, str], Rating],
) -> FeedbackOn:
    """What a panelist may see of what was released of a round; ``own`` are the own ratings in it."""
    if round_ is None or released is None:
        return lambda _: ()
    counted = {key: rating.point for key, rating in own.items() if rating.point is not None}
    if round_.is_real_time:
        counted = read_shown_points(connection, visitor.study.id, round_.number, visitor.panelist.id)
    group = visitor.panelist.group
    return lambda code: _seen(
        released,
        code,
        group,
        tuple((c, point) for (statement, c), point in counted.items() if statement == code),
    )


# What was released stays as it is, and many look at it from the same place.
@lru_cache(maxsize=4096)
def _seen(
    released: ReleasedFeedback, code: str, group: str, own: tuple[tuple[str, int], ...]
) -> tuple[CriterionFeedback, ...]:
    return statement_feedback(released.content, code, protocol=released.protocol, group=group, own=dict(own))


def statement_feedback(
    released: Mapping[str, Any], statement: str, *, protocol: Protocol, group: str, own: Mapping[str, int]
) -> tuple[CriterionFeedback, ...]:
    """What a panelist may see of released figures on one statement, by criterion.

    Parameters
    ----------
    released
        The frozen feedback of a round.
    protocol
        The one that was in force when it was released: a later feedback policy must not show beside what was
        seen before what it would have kept back.
    group
        The panelist's stakeholder group.
    own
        Where the panelist's own ratings on the statement stand among those figures: points by criterion.
    """
    found = []
    for criterion in protocol.criteria:
        figures = released.get(criterion.code, {}).get(statement)
        if figures is None:
            continue
        visible = visible_figures(
            {code: figures[code]["counts"] for code in protocol.group_codes},
            viewer_group=group,
            viewer_place=_place(criterion, own.get(criterion.code)),
            policy=protocol.feedback.policy,
            k=protocol.minimum_group_size,
        )
        shown = tuple(_group_feedback(code, figures[code], group) for code in visible.shown)
        found.append(CriterionFeedback(criterion.code, shown, visible.withheld))
    return tuple(found)


def _place(criterion: Criterion, point: int | None) -> int | None:
    return None if point is None else criterion.scale.points.index(point)


def _group_feedback(code: str, figures: Mapping[str, Any], own_group: str) -> GroupFeedback:
    counts = tuple(figures["counts"])
    return GroupFeedback(
        group=code,
        is_own=code == own_group,
        counts=counts,
        n=sum(counts),
        median=figures["median"],
        q1=figures["q1"],
        q3=figures["q3"],
    )
