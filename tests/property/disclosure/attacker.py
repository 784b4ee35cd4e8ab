"""The attacker: a panelist who knows the rule, who answered, and the own ratings, and solves for the others'.

What a panelist sees of a statement leaves some tables of counts possible: those with the sizes known, which
add up to the figures shown, and for which the rule would have shown and withheld the same. Somebody is found
out when their whole group chose one point in every one of these tables.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations, product

from app.domain.feedback import OVERALL, FeedbackPolicy, Visibility, visible_figures

Row = tuple[int, ...]
Table = Mapping[str, Row]


@dataclass(frozen=True)
class Viewer:
    """A panelist: their group, and where their own rating stands on the scale (None: they have not rated)."""

    group: str
    place: int | None


@dataclass(frozen=True)
class Rules:
    """The feedback policy and the minimum group size."""

    policy: FeedbackPolicy
    k: int


@dataclass(frozen=True)
class View:
    """What a viewer knows of a statement: who answered, what is shown of the others, and what is withheld."""

    viewer: Viewer
    rules: Rules
    n_points: int
    sizes: Mapping[str, int]
    shown: Table
    everyone: Row | None
    visibility: Visibility

    @property
    def hidden(self) -> tuple[str, ...]:
        """The groups whose figures the viewer does not see."""
        return tuple(group for group in self.sizes if group not in self.shown)


def view_of(others: Table, viewer: Viewer, rules: Rules) -> View:
    """What the rule shows to a viewer of these ratings of the others."""
    visibility = visible_figures(
        {group: _with_own(row, viewer, group) for group, row in others.items()},
        viewer_group=viewer.group,
        viewer_place=viewer.place,
        policy=rules.policy,
        k=rules.k,
    )
    rows = list(others.values())
    return View(
        viewer=viewer,
        rules=rules,
        n_points=len(rows[0]),
        sizes={group: sum(row) for group, row in others.items()},
        shown={group: row for group, row in others.items() if group in visibility.shown},
        everyone=tuple(map(sum, zip(*rows, strict=True))) if OVERALL in visibility.shown else None,
        visibility=visibility,
    )


def found_out(view: View, tables: Iterable[Table]) -> dict[str, int]:
    """The groups all of whose others are known, each with the point's place: the same in every table."""
    possible: dict[str, set[int | None]] = {group: set() for group, n in view.sizes.items() if n}
    for table in tables:
        for group, places in possible.items():
            places.add(_one_mind(table[group]))
    return {
        group: place
        for group, places in possible.items()
        for place in places
        if len(places) == 1 and place is not None
    }


def every_table(view: View) -> Iterator[Table]:
    """Every table that fits what the viewer knows; for small panels."""
    choices = [
        [view.shown[group]] if group in view.shown else list(_rows(n, view.n_points))
        for group, n in view.sizes.items()
    ]
    for rows in product(*choices):
        table = dict(zip(view.sizes, rows, strict=True))
        if fits(view, table):
            yield table


def some_tables(view: View, truth: Table) -> Iterator[Table]:
    """Tables near the truth that fit what the viewer knows: enough of them show that nobody is found out.

    Two people of hidden groups change places, or all hidden groups stand at other points.
    """
    yield truth
    for table in (*_exchanged(view, truth), *_renamed(view, truth)):
        if fits(view, table):
            yield table


def fits(view: View, table: Table) -> bool:
    """Whether the rule would have shown and withheld the same, had these been the ratings of the others."""
    return view_of(table, view.viewer, view.rules) == view


def _with_own(row: Row, viewer: Viewer, group: str) -> Row:
    return tuple(n + (group == viewer.group and place == viewer.place) for place, n in enumerate(row))


def _one_mind(row: Row) -> int | None:
    return row.index(sum(row)) if max(row) == sum(row) else None


def _rows(n: int, n_points: int) -> Iterator[Row]:
    if n_points == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for rest in _rows(n - first, n_points - 1):
            yield (first, *rest)


def _exchanged(view: View, truth: Table) -> Iterator[Table]:
    for one, other in permutations(view.hidden, 2):
        for given, taken in permutations(range(view.n_points), 2):
            if truth[one][given] and truth[other][taken]:
                yield {
                    **truth,
                    one: _moved(truth[one], given, taken),
                    other: _moved(truth[other], taken, given),
                }


def _moved(row: Row, given: int, taken: int) -> Row:
    return tuple(n - (place == given) + (place == taken) for place, n in enumerate(row))


def _renamed(view: View, truth: Table) -> Iterator[Table]:
    for shift in range(1, view.n_points):
        yield {
            group: row if group in view.shown else (*row[shift:], *row[:shift])
            for group, row in truth.items()
        }
