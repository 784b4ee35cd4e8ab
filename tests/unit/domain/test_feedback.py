"""Which figures a panelist may see, so that nobody's rating can be found out."""

from collections.abc import Mapping, Sequence

import pytest

from app.domain.feedback import (
    OVERALL,
    FeedbackPolicy,
    Visibility,
    is_attempt_due,
    lies_far_from_group,
    may_advance,
    visible_figures,
)

COUNTS = {"peers": (2, 4, 6), "professionals": (3, 3, 3), "patients": (0, 1, 5), "relatives": (1, 0, 4)}
GROUPS = tuple(COUNTS)


def seen(
    counts: Mapping[str, Sequence[int]],
    policy: FeedbackPolicy = FeedbackPolicy.ALL,
    *,
    group: str = "peers",
    place: int | None = 2,
    k: int = 5,
) -> Visibility:
    return visible_figures(counts, viewer_group=group, viewer_place=place, policy=policy, k=k)


def test_without_feedback_nothing_is_shown_and_nothing_is_said_to_be_withheld() -> None:
    assert seen(COUNTS, FeedbackPolicy.NONE) == Visibility()


def test_with_own_group_only_the_own_group_is_shown() -> None:
    assert seen(COUNTS, FeedbackPolicy.OWN_GROUP) == Visibility(shown=("peers",))


def test_with_every_group_all_large_enough_groups_are_shown_in_the_studys_order() -> None:
    assert seen(COUNTS, FeedbackPolicy.EVERY_GROUP) == Visibility(shown=GROUPS)


def test_the_viewers_own_rating_does_not_count_towards_k() -> None:
    own = seen(COUNTS, FeedbackPolicy.OWN_GROUP, group="relatives")
    assert own == Visibility(withheld=("relatives",))
    unrated = seen(COUNTS, FeedbackPolicy.OWN_GROUP, group="relatives", place=None)
    assert unrated == Visibility(shown=("relatives",))


def test_everyone_together_stands_beside_the_groups_when_all_are_shown() -> None:
    assert seen(COUNTS) == Visibility(shown=(*GROUPS, OVERALL))


def test_a_second_group_is_withheld_where_subtraction_would_reveal_the_first() -> None:
    counts = {**COUNTS, "relatives": (1, 0, 1)}
    assert seen(counts) == Visibility(
        shown=("peers", "professionals", OVERALL), withheld=("patients", "relatives")
    )


def test_a_group_in_which_nobody_rated_reveals_nothing_by_subtraction() -> None:
    counts = {**COUNTS, "relatives": (0, 0, 0)}
    assert seen(counts).shown == ("peers", "professionals", "patients", OVERALL)


def test_a_panel_too_small_as_a_whole_is_not_shown_at_all() -> None:
    assert seen({"peers": (0, 2, 1), "patients": (1, 1, 0)}) == Visibility(
        withheld=("peers", "patients", OVERALL)
    )


@pytest.mark.parametrize("policy", [FeedbackPolicy.OWN_GROUP, FeedbackPolicy.EVERY_GROUP])
def test_a_group_in_which_all_others_chose_one_point_tells_what_each_chose(policy: FeedbackPolicy) -> None:
    counts = {**COUNTS, "peers": (0, 0, 7)}
    assert seen(counts, policy).withheld == ("peers",)


def test_who_alone_differs_from_the_own_group_does_not_see_it_and_the_others_do() -> None:
    counts = {**COUNTS, "peers": (1, 0, 7)}
    assert seen(counts, FeedbackPolicy.OWN_GROUP, place=0).withheld == ("peers",)
    assert seen(counts, FeedbackPolicy.OWN_GROUP, place=2).shown == ("peers",)


def test_with_a_group_of_one_mind_everyone_together_is_withheld_too() -> None:
    counts = {**COUNTS, "peers": (0, 0, 7)}
    assert seen(counts) == Visibility(
        shown=("professionals", "patients", "relatives"), withheld=("peers", OVERALL)
    )


def test_what_is_left_by_subtraction_must_hold_two_points_too() -> None:
    counts = {**COUNTS, "patients": (0, 0, 4), "relatives": (0, 0, 3)}
    assert seen(counts) == Visibility(
        shown=("peers", "professionals"), withheld=("patients", "relatives", OVERALL)
    )


def test_a_group_of_one_mind_is_withheld_as_one_that_is_too_small() -> None:
    small, of_one_mind = ({**COUNTS, "patients": row} for row in ((0, 1, 3), (0, 0, 6)))
    assert seen(small, FeedbackPolicy.EVERY_GROUP) == seen(of_one_mind, FeedbackPolicy.EVERY_GROUP)


def test_a_minimum_of_one_protects_nobody() -> None:
    counts = {"peers": (0, 0, 1), "patients": (1, 0, 0)}
    assert seen(counts, place=None, k=1) == Visibility(shown=("peers", "patients", OVERALL))


def test_an_own_rating_that_is_not_among_the_figures_takes_nothing_away() -> None:
    assert seen({"peers": (0, 3, 3)}, FeedbackPolicy.OWN_GROUP, place=0).shown == ("peers",)


@pytest.mark.parametrize(("point", "far"), [(1, True), (2, False), (3, False), (4, False), (5, True)])
def test_a_rating_outside_the_middle_half_of_the_group_lies_far_from_it(point: int, far: bool) -> None:
    assert lies_far_from_group(point, 2, 4) is far


def test_a_real_time_figure_tries_to_advance_each_time_that_more_than_k_wait() -> None:
    assert [n for n in range(20) if is_attempt_due(n, 0, k=5)] == list(range(6, 20))
    assert [n for n in range(20) if is_attempt_due(n, 1, k=5)] == list(range(12, 20))
    assert [n for n in range(3) if is_attempt_due(n, 0, k=1)] == [1, 2]


@pytest.mark.parametrize(
    ("pending", "n_attempts", "is_last", "advances"),
    [
        ((3, 3), 0, False, True),
        ((4, 2), 0, False, False),
        ((3, 2), 0, False, False),
        ((9, 3), 1, False, True),
        ((10, 2), 1, False, False),
        ((5, 7), 1, False, True),
        ((5, 4, 3), 1, False, False),
        ((11, 7), 2, False, False),
        ((4, 2), 0, True, True),
        ((5, 1), 0, True, False),
        ((3, 2), 0, True, False),
        ((7, 2), 1, True, True),
        ((6, 2), 1, True, True),
        ((5, 2), 1, True, False),
        ((), 0, False, False),
    ],
)
def test_a_real_time_figure_advances_by_more_than_k_people_who_differ(
    pending: tuple[int, ...], n_attempts: int, is_last: bool, advances: bool
) -> None:
    assert may_advance(pending, n_attempts, k=5, is_last=is_last) is advances


def test_a_real_time_figure_without_protection_follows_everybody_at_once() -> None:
    assert may_advance((0, 1), 3, k=1)
    assert not may_advance((0, 0), 0, k=1)
