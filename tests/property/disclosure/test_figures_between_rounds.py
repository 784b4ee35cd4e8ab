"""Three rounds of figures tell no panelist what another one chose; with a minimum of one, they tell many."""

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.feedback import FeedbackPolicy
from tests.property.disclosure.attacker import (
    Row,
    Rules,
    Table,
    Viewer,
    every_table,
    found_out,
    some_tables,
    view_of,
)

K = 5
GROUPS = ("peers", "professionals", "patients", "relatives")
POLICIES = st.sampled_from(list(FeedbackPolicy))


@dataclass(frozen=True)
class Panel:
    """Everybody's place on the scale in every round, by group; None: not rated in that round."""

    n_points: int
    rounds: tuple[dict[str, tuple[int | None, ...]], ...]

    def views(self) -> Iterator[tuple[Table, Viewer]]:
        """What the others chose, for every viewer in every round."""
        for answers in self.rounds:
            for group, places in answers.items():
                for position, place in enumerate(places):
                    yield self._others(answers, group, position), Viewer(group, place)

    def _others(self, answers: dict[str, tuple[int | None, ...]], group: str, position: int) -> Table:
        rest = {**answers, group: (*answers[group][:position], *answers[group][position + 1 :])}
        return {code: self._row(places) for code, places in rest.items()}

    def _row(self, places: tuple[int | None, ...]) -> Row:
        return tuple(places.count(place) for place in range(self.n_points))


def places(n_points: int) -> st.SearchStrategy[int | None]:
    """A rating, mostly at one of the ends, so that groups are often of one mind; sometimes none."""
    usual = st.sampled_from([n_points - 1] * 6 + [0])
    return st.one_of(usual, usual, usual, st.integers(0, n_points - 1), st.none())


@st.composite
def panels(draw: st.DrawFn, largest: int = 12, most_points: int = 5, most_groups: int = 4) -> Panel:
    """A panel of which some come to each round and some do not."""
    n_points = draw(st.integers(2, most_points))
    groups = GROUPS[: draw(st.integers(2, most_groups))]
    sizes = {group: draw(st.integers(0, largest)) for group in groups}
    one_mind = {group: draw(st.booleans()) for group in groups}

    def answers() -> dict[str, tuple[int | None, ...]]:
        found = {}
        for group, n in sizes.items():
            common = draw(st.integers(0, n_points - 1))
            one = st.sampled_from([common] * 7 + [None]) if one_mind[group] else places(n_points)
            found[group] = tuple(draw(st.lists(one, min_size=n, max_size=n)))
        return found

    return Panel(n_points, tuple(answers() for _ in range(3)))


@given(panel=panels(), policy=POLICIES)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_nobody_is_found_out_over_three_rounds(panel: Panel, policy: FeedbackPolicy) -> None:
    rules = Rules(policy, K)
    for others, viewer in panel.views():
        view = view_of(others, viewer, rules)
        assert found_out(view, some_tables(view, others)) == {}, view


@given(panel=panels(largest=3, most_points=3, most_groups=3), policy=POLICIES, k=st.integers(2, 3))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_nobody_is_found_out_by_trying_every_possible_table(
    panel: Panel, policy: FeedbackPolicy, k: int
) -> None:
    rules = Rules(policy, k)
    for view in {str(view_of(o, v, rules)): view_of(o, v, rules) for o, v in panel.views()}.values():
        assert found_out(view, every_table(view)) == {}, view


@given(panel=panels(largest=3, most_points=3, most_groups=3))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_the_attack_finds_whoever_stands_alone_when_the_minimum_is_one(panel: Panel) -> None:
    rules = Rules(FeedbackPolicy.EVERY_GROUP, 1)
    for others, viewer in panel.views():
        known = found_out(view_of(others, viewer, rules), every_table(view_of(others, viewer, rules)))
        alone = {group: row.index(1) for group, row in others.items() if sum(row) == 1}
        assert alone.items() <= known.items()


def test_the_attack_finds_a_group_of_one_mind_when_the_minimum_is_one() -> None:
    others = {"peers": (0, 0, 6), "patients": (2, 2, 2)}
    view = view_of(others, Viewer("patients", 0), Rules(FeedbackPolicy.ALL, 1))
    assert found_out(view, every_table(view)) == {"peers": 2}
