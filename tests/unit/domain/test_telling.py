"""What was decided is told where the figures behind it may be shown, and nowhere else."""

import pytest

from app.domain.feedback import FeedbackPolicy
from app.domain.telling import may_tell_decision

ALL, EVERY_GROUP, OWN_GROUP = FeedbackPolicy.ALL, FeedbackPolicy.EVERY_GROUP, FeedbackPolicy.OWN_GROUP


def is_told(counts, *, by_everyone=False, policies=(ALL,), k=5) -> bool:
    return may_tell_decision(counts, rests_on_everyone=by_everyone, policies=policies, k=k)


def test_a_decision_of_large_groups_that_differ_within_is_told() -> None:
    assert is_told({"peers": [2, 2, 6], "relatives": [3, 2, 2]})


def test_a_group_that_needs_every_viewer_counts_without_the_viewer() -> None:
    assert is_told({"peers": [2, 2, 2]}), "six people: five others for each"
    assert not is_told({"peers": [2, 1, 2]}), "five people: four others for each"


def test_a_decision_that_rests_on_a_small_group_is_not_told() -> None:
    assert not is_told({"peers": [5, 5, 5], "relatives": [0, 0, 1]})
    assert not is_told({"peers": [5, 5, 5], "relatives": [1, 1, 2]})


def test_a_decision_that_rests_on_a_group_of_one_mind_is_not_told() -> None:
    assert not is_told({"peers": [5, 5, 5], "relatives": [0, 0, 9]})
    assert not is_told({"peers": [5, 5, 5], "relatives": [0, 1, 8]}), (
        "all others of the one who differs agree"
    )
    assert is_told({"peers": [5, 5, 5], "relatives": [0, 2, 7]})


def test_a_group_that_did_not_rate_hides_nobody() -> None:
    assert is_told({"peers": [3, 3, 3], "relatives": [0, 0, 0]})
    assert is_told({"peers": [0, 0, 0]}, by_everyone=True)


def test_a_decision_of_everyone_together_is_told_where_everyone_together_was_shown() -> None:
    counts = {"peers": [5, 5, 5], "relatives": [3, 2, 3], "patients": [0, 1, 1]}
    assert is_told(counts, by_everyone=True)
    assert not is_told(counts)


@pytest.mark.parametrize("policies", [(EVERY_GROUP,), (OWN_GROUP,), (ALL, EVERY_GROUP)])
def test_where_groups_were_shown_without_everyone_together_a_small_one_could_be_subtracted(policies) -> None:
    assert not is_told({"peers": [5, 5, 5], "relatives": [0, 0, 1]}, by_everyone=True, policies=policies)


def test_without_protection_everything_is_told() -> None:
    assert is_told({"peers": [0, 0, 1]}, k=1)
