"""What became of the panel: who took part in which round, and whether leavers rated otherwise."""

from collections.abc import Mapping

from analysis.ratings import Ratings, RoundRatings
from analysis.results import OVERALL, GroupFlow, NotAssessable


def panel_flow(
    ratings: Ratings, groups: tuple[str, ...], invited: Mapping[tuple[int, str], int] | None = None
) -> tuple[GroupFlow, ...]:
    """Count each group's panelists per round, then ``overall``.

    Parameters
    ----------
    ratings : Ratings
        Somebody took part in a round who rated, or abstained from, at least one statement.
    groups : tuple of str
    invited : mapping of (round, group) to number of panelists, optional
        Without it the response rate is not assessable.
    """
    members = [_members(one, groups) for one in ratings.rounds]
    flow = []
    for place, one in enumerate(ratings.rounds):
        for group in (*groups, OVERALL):
            now = members[place][group]
            flow.append(
                _group_flow(
                    one.round,
                    group,
                    now,
                    first=members[0][group],
                    previous=members[place - 1][group] if place else now,
                    before=set().union(*(earlier[group] for earlier in members[:place])) if place else now,
                    asked=_asked(invited, one.round, group, groups),
                )
            )
    return tuple(flow)


def _members(ratings: RoundRatings, groups: tuple[str, ...]) -> dict[str, set[str]]:
    group_of = next(iter(ratings.matrices.values())).group_of.tolist()
    members: dict[str, set[str]] = {group: set() for group in groups}
    for panelist, place in zip(ratings.panelists, group_of, strict=True):
        members[groups[place]].add(panelist)
    return members | {OVERALL: set(ratings.panelists)}


def _asked(
    invited: Mapping[tuple[int, str], int] | None, number: int, group: str, groups: tuple[str, ...]
) -> int | None:
    if invited is None:
        return None
    if group == OVERALL:
        counts = [invited.get((number, code)) for code in groups]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None
    return invited.get((number, group))


def _group_flow(
    number: int,
    group: str,
    now: set[str],
    *,
    first: set[str],
    previous: set[str],
    before: set[str],
    asked: int | None,
) -> GroupFlow:
    stayed = len(now & first)
    return GroupFlow(
        round=number,
        group=group,
        invited=asked,
        took_part=len(now),
        stayed_from_first=stayed,
        newly_in=len(now - before),
        lost_since_previous=len(previous - now),
        response=len(now) / asked if asked else NotAssessable.because("invitations_unknown"),
        retention=stayed / len(first) if first else NotAssessable.because("nobody_in_first_round"),
    )
