"""Telling the panel what was decided, without telling how single people answered."""

from collections.abc import Mapping, Sequence

from app.domain.feedback import OVERALL, UNPROTECTED, FeedbackPolicy, visible_figures


def may_tell_decision(
    counts: Mapping[str, Sequence[int]],
    *,
    rests_on_everyone: bool,
    policies: Sequence[FeedbackPolicy],
    k: int,
) -> bool:
    """Whether everybody on the panel may learn what was decided on a statement and criterion.

    Parameters
    ----------
    counts
        Ratings per point (abstentions not counted) of each stakeholder group, in the study's order.
    rests_on_everyone
        Whether the rule looks at everyone together; else at each group.
    policies
        Every feedback policy that was in force: what they showed can be subtracted.
    k
        The largest minimum group size that was in force.

    Notes
    -----
    A decision is worked out from figures. Where each panelist may be shown all of these, it tells nothing
    more. Everyone together may be taken as one figure only where feedback never showed groups in another
    way; elsewhere each group must be one that may be shown.
    """
    if k == UNPROTECTED:
        return True
    rated = {group: row for group, row in counts.items() if sum(row)}
    needed = set(rated)
    policy = FeedbackPolicy.EVERY_GROUP
    if rests_on_everyone and set(policies) == {FeedbackPolicy.ALL}:
        needed, policy = {OVERALL}, FeedbackPolicy.ALL
    viewers = [(group, place) for group, row in rated.items() for place, n in enumerate(row) if n]
    return all(
        needed
        <= set(visible_figures(rated, viewer_group=group, viewer_place=place, policy=policy, k=k).shown)
        for group, place in viewers
    )
