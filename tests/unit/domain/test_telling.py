"""What was decided is told where the figures behind it may be shown, and nowhere else."""

from collections import defaultdict
from itertools import product

import pytest

from app.domain.feedback import OVERALL, FeedbackPolicy, visible_figures
from app.domain.telling import may_tell_decision

POINTS = 3
K = 2


def test_a_decision_of_large_groups_that_differ_within_is_told() -> None:
    assert may_tell_decision({"peers": [2, 2, 6], "relatives": [3, 2, 2]}, k=5)


def test_a_group_counts_without_the_viewer() -> None:
    assert may_tell_decision({"peers": [2, 2, 2]}, k=5), "six people: five others for each"
    assert not may_tell_decision({"peers": [2, 1, 2]}, k=5), "five people: four others for each"


def test_a_decision_beside_a_small_group_is_not_told() -> None:
    assert not may_tell_decision({"peers": [5, 5, 5], "relatives": [0, 0, 1]}, k=5)
    assert not may_tell_decision({"peers": [5, 5, 5], "relatives": [1, 1, 2]}, k=5)


def test_a_decision_beside_a_group_of_one_mind_is_not_told() -> None:
    assert not may_tell_decision({"peers": [5, 5, 5], "relatives": [0, 0, 9]}, k=5)
    assert not may_tell_decision({"peers": [5, 5, 5], "relatives": [0, 1, 8]}, k=5), "one sees eight agree"
    assert may_tell_decision({"peers": [5, 5, 5], "relatives": [0, 2, 7]}, k=5)


def test_a_group_that_did_not_rate_hides_nobody() -> None:
    assert may_tell_decision({"peers": [3, 3, 3], "relatives": [0, 0, 0]}, k=5)
    assert may_tell_decision({"peers": [0, 0, 0]}, k=5)


def test_a_decision_on_other_ratings_than_the_panel_was_shown_is_not_told() -> None:
    assert not may_tell_decision({"peers": [2, 2, 6]}, k=5, is_as_shown=False)


def test_without_protection_everything_is_told() -> None:
    assert may_tell_decision({"peers": [0, 0, 1]}, k=1)
    assert may_tell_decision({"peers": [0, 0, 1]}, k=1, is_as_shown=False)


def decision(counts: dict[str, list[int]], *, by_everyone: bool) -> str:
    rows = (
        [[sum(column) for column in zip(*counts.values(), strict=True)]] if by_everyone else counts.values()
    )
    for word, place in (("in", POINTS - 1), ("out", 0)):
        if all(row[place] >= 0.7 * sum(row) for row in rows):
            return word
    return "open"


def n_given_away(
    sizes: tuple[int, ...], policy: FeedbackPolicy, *, by_everyone: bool, keeps_back: bool
) -> int:
    """How many views of a panelist, over every panel of these sizes, fix another one's rating.

    A view holds the own rating, the figures that feedback shows, and the decision where it is told.
    """
    group_of = [str(group) for group, size in enumerate(sizes) for _ in range(size)]
    panels = defaultdict(list)
    for ratings in product(range(POINTS), repeat=len(group_of)):
        counts = {group: [0] * POINTS for group in dict.fromkeys(group_of)}
        for group, place in zip(group_of, ratings, strict=True):
            counts[group][place] += 1
        is_told = may_tell_decision(counts, k=K) or not keeps_back
        told = decision(counts, by_everyone=by_everyone) if is_told else ""
        everyone = tuple(sum(column) for column in zip(*counts.values(), strict=True))
        for viewer in (group_of.index(group) for group in counts):
            seen = visible_figures(
                counts, viewer_group=group_of[viewer], viewer_place=ratings[viewer], policy=policy, k=K
            )
            figures = tuple(everyone if code == OVERALL else tuple(counts[code]) for code in seen.shown)
            panels[viewer, ratings[viewer], seen, figures, told].append(ratings)
    return sum(
        any(
            len({ratings[other] for ratings in like}) == 1
            for other in range(len(group_of))
            if other != view[0]
        )
        for view, like in panels.items()
    )


@pytest.mark.parametrize("by_everyone", [False, True])
@pytest.mark.parametrize("policy", FeedbackPolicy)
@pytest.mark.parametrize("sizes", [(4, 3), (3, 2, 1)])
def test_whoever_tries_every_panel_learns_nobodys_rating_from_what_is_told(
    sizes, policy, by_everyone
) -> None:
    assert n_given_away(sizes, policy, by_everyone=by_everyone, keeps_back=True) == 0


def test_were_every_decision_told_somebodys_rating_would_be_given_away() -> None:
    assert n_given_away((4, 1), FeedbackPolicy.ALL, by_everyone=False, keeps_back=False) > 0
