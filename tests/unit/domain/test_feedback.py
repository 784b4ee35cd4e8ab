"""Which figures a panelist may see, so that nobody's rating can be found out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.feedback import FeedbackPolicy, Visibility, lies_far_from_group, visible_groups

SIZES = {"peers": 12, "professionals": 9, "patients": 6, "relatives": 5}


def seen(
    sizes: dict[str, int], policy: FeedbackPolicy, *, group: str = "peers", rated: bool = True
) -> Visibility:
    return visible_groups(sizes, viewer_group=group, viewer_rated=rated, policy=policy, k=5)


def test_without_feedback_nothing_is_shown() -> None:
    assert seen(SIZES, FeedbackPolicy.NONE) == Visibility((), (), overall=False)


def test_with_own_group_only_the_own_group_is_shown() -> None:
    assert seen(SIZES, FeedbackPolicy.OWN_GROUP) == Visibility(("peers",), (), overall=False)


def test_with_every_group_all_large_enough_groups_are_shown_in_the_studys_order() -> None:
    assert seen(SIZES, FeedbackPolicy.EVERY_GROUP) == Visibility(tuple(SIZES), (), overall=False)


def test_the_viewers_own_rating_does_not_count_towards_k() -> None:
    own = seen(SIZES, FeedbackPolicy.OWN_GROUP, group="relatives")
    assert own == Visibility((), ("relatives",), overall=False)
    abstained = seen(SIZES, FeedbackPolicy.OWN_GROUP, group="relatives", rated=False)
    assert abstained.groups == ("relatives",)


def test_everyone_together_stands_beside_the_groups_when_all_are_shown() -> None:
    assert seen(SIZES, FeedbackPolicy.ALL) == Visibility(tuple(SIZES), (), overall=True)


def test_a_second_group_is_withheld_where_subtraction_would_reveal_the_first() -> None:
    sizes = {"peers": 12, "professionals": 9, "patients": 6, "relatives": 2}
    assert seen(sizes, FeedbackPolicy.ALL) == Visibility(
        ("peers", "professionals"), ("patients", "relatives"), overall=True, shielding=("patients",)
    )


def test_a_group_in_which_nobody_rated_reveals_nothing_by_subtraction() -> None:
    sizes = {"peers": 12, "professionals": 9, "patients": 6, "relatives": 0}
    assert seen(sizes, FeedbackPolicy.ALL).groups == ("peers", "professionals", "patients")


def test_a_panel_too_small_as_a_whole_is_not_shown_at_all() -> None:
    assert seen({"peers": 3, "patients": 2}, FeedbackPolicy.ALL) == Visibility(
        (), ("peers", "patients"), overall=False
    )


@given(
    sizes=st.dictionaries(st.sampled_from(list(SIZES)), st.integers(0, 30), min_size=1),
    rated=st.booleans(),
    policy=st.sampled_from(list(FeedbackPolicy)),
    k=st.integers(1, 8),
    data=st.data(),
)
def test_whatever_is_shown_or_left_by_subtraction_rests_on_k_others_or_nobody(
    sizes: dict[str, int], rated: bool, policy: FeedbackPolicy, k: int, data: st.DataObject
) -> None:
    viewer = data.draw(st.sampled_from(list(sizes)))
    rated = rated and sizes[viewer] > 0
    others = {g: n - (rated and g == viewer) for g, n in sizes.items()}
    found = visible_groups(sizes, viewer_group=viewer, viewer_rated=rated, policy=policy, k=k)
    assert all(others[group] >= k for group in found.groups)
    if found.overall:
        left = sum(others.values()) - sum(others[group] for group in found.groups)
        assert left == 0 or left >= k


@pytest.mark.parametrize(("point", "far"), [(1, True), (2, False), (3, False), (4, False), (5, True)])
def test_a_rating_outside_the_middle_half_of_the_group_lies_far_from_it(point: int, far: bool) -> None:
    assert lies_far_from_group(point, 2, 4) is far
