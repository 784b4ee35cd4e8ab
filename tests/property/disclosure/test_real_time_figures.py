"""Watching a real-time figure tells nobody's rating; with a minimum of one it tells everybody's."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.property.disclosure.watcher import Act, found_out, play, taken_in_alone

K = 5
LARGEST = 20


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Act], int]:
    """A group that mostly chooses one point, rates in any order, and now and then rates again."""
    n_points = draw(st.integers(2, 5))
    n_people = draw(st.integers(1, LARGEST))
    common = st.sampled_from([n_points - 1] * draw(st.sampled_from((1, 4, 12))) + [*range(n_points)])
    place = st.one_of(common, common, common, st.none()) if draw(st.booleans()) else common
    order = draw(st.permutations(range(n_people)))
    again = draw(st.lists(st.integers(0, n_people - 1), max_size=6))
    acts = [Act(panelist, draw(place)) for panelist in (*order, *again)]
    return acts, n_points


SEVENTH_TELLS = [Act(n, 1) for n in range(5)] + [Act(5, 0), Act(6, 0)]
ALONE_AMONG_THE_TRIED = [Act(0, 0)] + [Act(n, 1) for n in range(1, 10)] + [Act(10, 0), Act(11, 0)]
LATECOMERS_OF_ONE_MIND = [Act(n, 1) for n in range(11)] + [Act(n, 0) for n in range(11, 18)]


# The watcher chose otherwise when the figure tried to advance, and changed afterwards; then one more changed.
CHANGED_AFTER_THE_ATTEMPT = [
    *(Act(n, 2) for n in range(10)),
    *(Act(10, 0), Act(11, 1)),
    *(Act(10, 2), Act(0, None), Act(1, 1)),
]


@given(history=histories())
@example(history=(SEVENTH_TELLS, 2))
@example(history=(ALONE_AMONG_THE_TRIED, 2))
@example(history=(LATECOMERS_OF_ONE_MIND, 2))
@example(history=(CHANGED_AFTER_THE_ATTEMPT, 3))
@settings(max_examples=80, deadline=None, derandomize=True)
def test_nobody_is_found_out_by_watching(history: tuple[list[Act], int]) -> None:
    acts, n_points = history
    for watcher in {act.panelist for act in acts}:
        assert found_out(acts, watcher, n_points, K) == set()


@given(history=histories())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_everybody_is_found_out_by_watching_when_the_minimum_is_one(history: tuple[list[Act], int]) -> None:
    acts, n_points = history
    rated = {act.panelist for act in acts if act.place is not None}
    assert taken_in_alone(acts, n_points, 1) == rated


def test_a_figure_takes_in_a_group_that_differs_at_its_sixth_rating() -> None:
    acts = [Act(n, n % 2) for n in range(8)]
    assert play(acts, 2, K).states == ((0, 0),) * 5 + ((3, 3),) * 4


def test_a_figure_waits_while_nearly_all_choose_one_point_and_takes_them_in_together() -> None:
    acts = [Act(n, 1) for n in range(9)] + [Act(n, 0) for n in range(9, 12)]
    assert play(acts, 2, K).states == ((0, 0),) * 11 + ((3, 9),) * 2


def test_at_the_close_a_figure_takes_in_who_still_waits_where_that_reveals_nobody() -> None:
    assert play([Act(n, int(n > 1)) for n in range(8)], 2, K).states[-2:] == ((0, 0), (2, 6))
    assert play([Act(n, int(n > 0)) for n in range(8)], 2, K).states[-1] == (0, 0)
