"""What became of the panel: who took part in which round, and whether leavers rated otherwise."""

from collections.abc import Mapping

import numpy as np

from analysis.counts import Counts, Floats, Integers, oriented_positions
from analysis.descriptives import mean_and_sd
from analysis.divergence_tests import PairTests, pair_tests
from analysis.ratings import RatingMatrix, Ratings, RoundRatings
from analysis.results import OVERALL, GroupFlow, LeaverComparison, NotAssessable
from analysis.uncertainty import benjamini_hochberg

STAYERS, LEAVERS = 0, 1
FEWEST_TO_COMPARE = 2


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


def compare_leavers(
    before: RoundRatings, after: RoundRatings, *, n_permutations: int, seed: int
) -> tuple[LeaverComparison, ...]:
    """Hold those who did not come back against those who did, on the round both rated.

    A difference in favour of one side means that the loss itself moves later figures. Standardised mean
    difference, and the Brunner-Munzel permutation test, corrected over the criterion's statements.

    Parameters
    ----------
    before, after : RoundRatings
        Two rounds, one after the other.
    n_permutations, seed : int
    """
    came_back = set(after.panelists)
    left = np.array([panelist not in came_back for panelist in before.panelists], dtype=np.int64)
    return tuple(
        comparison
        for criterion, matrix in before.matrices.items()
        for comparison in _compare(before.round, criterion, matrix, left, n_permutations, seed)
    )


def _compare(
    number: int, criterion: str, matrix: RatingMatrix, left: Integers, n_permutations: int, seed: int
) -> list[LeaverComparison]:
    oriented = oriented_positions(matrix.positions, matrix.scale)
    counts = Counts.from_positions(matrix.scale, matrix.statements, ("stayers", "leavers"), oriented, left)
    tests = pair_tests(
        oriented, counts.rated, left, (LEAVERS, STAYERS), n_permutations=n_permutations, seed=seed
    )
    enough = (counts.n >= FEWEST_TO_COMPARE).all(axis=1)
    corrected = np.ones(len(matrix.statements))
    corrected[enough] = benjamini_hochberg(tests.p[enough])
    difference, known = _standardised_difference(counts)
    return [
        _comparison(
            number, criterion, counts, place, difference[place] if known[place] else None, tests, corrected
        )
        for place in range(len(matrix.statements))
    ]


def _standardised_difference(counts: Counts) -> tuple[Floats, Integers]:
    """Leavers' mean less stayers' over their pooled SD, and where it is defined."""
    n = counts.n
    mean, sd = mean_and_sd(counts.rated, np.arange(counts.rated.shape[-1]))
    freedom = (n - 1).clip(min=0).sum(axis=1)
    pooled = np.sqrt(((n - 1).clip(min=0) * sd**2).sum(axis=1) / np.maximum(freedom, 1))
    known = (n >= FEWEST_TO_COMPARE).all(axis=1) & (pooled > 0)
    return (mean[:, LEAVERS] - mean[:, STAYERS]) / np.where(pooled > 0, pooled, 1), known


def _comparison(
    number: int,
    criterion: str,
    counts: Counts,
    place: int,
    difference: float | None,
    tests: PairTests,
    corrected: Floats,
) -> LeaverComparison:
    n_stayers, n_leavers = counts.n[place].tolist()
    few = NotAssessable.because("needs_two_ratings")
    enough = min(n_stayers, n_leavers) >= FEWEST_TO_COMPARE
    undefined = NotAssessable.because("nothing_to_compare") if enough else few
    return LeaverComparison(
        round=number,
        statement=counts.statements[place],
        criterion=criterion,
        n_leavers=n_leavers,
        n_stayers=n_stayers,
        difference=undefined if difference is None else float(difference),
        p=float(tests.p[place]) if enough else few,
        p_fdr=float(corrected[place]) if enough else few,
    )
