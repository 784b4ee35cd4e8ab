"""Telling the panel what was decided, without telling how single people answered."""

from collections.abc import Mapping, Sequence

from app.domain.feedback import UNPROTECTED, FeedbackPolicy, visible_figures


def may_tell_decision(counts: Mapping[str, Sequence[int]], *, k: int, is_as_shown: bool = True) -> bool:
    """Whether everybody on the panel may learn what was decided on a statement and criterion.

    Parameters
    ----------
    counts
        Ratings per point (abstentions not counted) of each stakeholder group, in the study's order.
    k
        The largest minimum group size that was in force.
    is_as_shown
        Whether the decision rests on the very ratings that stand in the released figures. After a real-time
        round it may not: somebody changed theirs since, or was never taken in.

    Notes
    -----
    A decision is worked out from the groups' figures. It is told where each of these could be shown to each
    panelist, whatever was in fact shown, and even where the rule looks at everyone together: otherwise that
    a decision is told, or is not, would itself tell something of a group that stays hidden.

    Where it rests on other ratings than the released figures, whoever knows these, and who answered last,
    could work out from the decision how that one did.
    """
    if k == UNPROTECTED:
        return True
    if not is_as_shown:
        return False
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
