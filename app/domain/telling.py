"""Telling the panel what was decided, without telling how single people answered."""

from collections.abc import Mapping, Sequence

from app.domain.feedback import UNPROTECTED, FeedbackPolicy, visible_figures


def may_tell_decision(counts: Mapping[str, Sequence[int]], *, k: int) -> bool:
    """Whether everybody on the panel may learn what was decided on a statement and criterion.

    Parameters
    ----------
    counts
        Ratings per point (abstentions not counted) of each stakeholder group, in the study's order.
    k
        The largest minimum group size that was in force.

    Notes
    -----
    A decision is worked out from the groups' figures. It is told where each of these could be shown to each
    panelist, whatever was in fact shown, and even where the rule looks at everyone together: otherwise that
    a decision is told, or is not, would itself tell something of a group that stays hidden.
    """
    if k == UNPROTECTED:
        return True
    rated = {group: row for group, row in counts.items() if sum(row)}
    viewers = [(group, place) for group, row in rated.items() for place, n in enumerate(row) if n]
    return all(
        set(rated)
        == set(
            visible_figures(
                rated, viewer_group=group, viewer_place=place, policy=FeedbackPolicy.EVERY_GROUP, k=k
            ).shown
        )
        for group, place in viewers
    )
