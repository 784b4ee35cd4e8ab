"""The attacker reads the pages themselves: random panels, three rounds, and nobody's rating is found out."""

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pytest
from fastapi import FastAPI

from app.domain.feedback import FeedbackPolicy
from app.domain.panel import Invitee
from app.domain.study_definition import StudyDefinition
from app.domain.telling import may_tell_decision
from app.services.consent import choose_language, withdraw
from tests.integration.web.panelist.conftest import browser_of, enter
from tests.integration.web.panelist.watching import (
    NAMES,
    Page,
    first_difference,
    paths_of_results,
    paths_while_open,
    read,
    with_names,
)
from tests.panel_study import PlayedStudy, panel_study, with_parts
from tests.property.disclosure.attacker import (
    Row,
    Rules,
    Table,
    View,
    Viewer,
    fits,
    found_out,
    some_tables,
    view_of,
)

K = 5
POINTS = 5
AGREE_PERCENT = 70
GROUPS = ("gardeners", "neighbours", "visitors")
TOPICS = {"value": ("S01", "S02"), "pay": ("S04", "S05")}
CODES = ("S01", "S02", "S04", "S05")
ROUNDS = (1, 2, 3)

_DECISION = re.compile(
    r'part-code">(S\d\d)</span>.*?entry-kind">\s*<span class="[^"]+">(?:<svg.*?</svg>)?([^<]+)</span>',
    re.DOTALL,
)

Answers = Mapping[str, int | None]
Read = dict[int, list[tuple[int, Page]]]
"""Who read which pages, and of which round each speaks."""


@dataclass(frozen=True)
class World:
    """A panel, people by their places in it, and what each answers in the rounds to which they come."""

    groups: tuple[str, ...]
    rounds: tuple[Mapping[int, Answers], ...]
    watchers: tuple[int, ...]
    leaver: int

    def others(self, watcher: int, number: int, code: str) -> Table:
        """How the others rated a statement in a round, by group."""
        table: dict[str, Row] = {}
        for group in GROUPS:
            given = [self.rounds[number - 1][n][code] for n in self.raters(watcher, number, code, group)]
            table[group] = tuple(given.count(point) for point in range(1, POINTS + 1))
        return table

    def raters(self, watcher: int, number: int, code: str, group: str) -> list[int]:
        """Who else of a group rated a statement in a round."""
        came = self.rounds[number - 1]
        return [
            n
            for n, own in enumerate(self.groups)
            if own == group and n != watcher and n in came and came[n][code] is not None
        ]

    def view(self, watcher: int, number: int, code: str, rules: Rules) -> View:
        """What the rule shows a watcher of a statement."""
        own = self.rounds[number - 1].get(watcher, {}).get(code)
        viewer = Viewer(self.groups[watcher], None if own is None else own - 1)
        return view_of(self.others(watcher, number, code), viewer, rules)


def random_world(seed: int, *, n_more: int = 0) -> World:
    """Three groups, of k, of k + 1, and of 4 or 9; one is of one mind, and somebody skips round 2.

    The group of k has its last member from round 2 on only, and the group of k + 1 loses one after round 1.
    With so many more in each group the report tells some decisions.
    """
    chance = random.Random(seed)
    sizes = [n + n_more for n in chance.sample([K, K + 1, chance.choice((4, 9))], 3)]
    groups = tuple(group for group, n in zip(GROUPS, sizes, strict=True) for _ in range(n))
    start = {group: groups.index(group) for group in GROUPS}
    by_size = sorted(GROUPS, key=groups.count)
    exactly = {groups.count(group): group for group in GROUPS}
    late, leaver = start[exactly[K + n_more]] + 1, start[exactly[K + 1 + n_more]] + 1
    skipper = start[by_size[-1]] + 2
    away = {1: {late}, 2: {leaver, skipper}, 3: {leaver}}
    one_mind, its_point = chance.choice(GROUPS), chance.choice((1, 5))

    def point(n: int, code: str) -> int | None:
        if chance.random() < 0.05:
            return None
        if code == "S01" or (groups[n] == one_mind and code != "S04"):
            return its_point
        return chance.choice((1, 2, 4, 4, 5))

    rounds = tuple(
        {n: {code: point(n, code) for code in CODES} for n in range(len(groups)) if n not in away[number]}
        for number in ROUNDS
    )
    return World(groups, rounds, (start[by_size[0]], start[by_size[-1]], skipper), leaver)


def same_to(watcher: int, world: World, rules: Rules) -> World:
    """A world that the watcher must not tell from this one: whoever is hidden from them chose otherwise."""
    rounds = []
    for number in ROUNDS:
        answers = {n: dict(points) for n, points in world.rounds[number - 1].items()}
        for code in CODES:
            truth = world.others(watcher, number, code)
            view = world.view(watcher, number, code, rules)
            tables = same_at_the_end(view, truth, number, _other_tables(view, truth))
            for group, row in next((table for table in tables if table != truth), truth).items():
                points = [place + 1 for place, n in enumerate(row) for _ in range(n)]
                for n, chosen in zip(world.raters(watcher, number, code, group), points, strict=True):
                    answers[n][code] = chosen if group in view.hidden else answers[n][code]
        rounds.append(answers)
    return replace(world, rounds=tuple(rounds))


def _other_tables(view: View, truth: Table) -> Iterator[Table]:
    for shift in range(1, POINTS):
        for group in view.hidden:
            table = {**truth, group: (*truth[group][shift:], *truth[group][:shift])}
            if fits(view, table):
                yield table
    yield from some_tables(view, truth)


def same_at_the_end(view: View, truth: Table, number: int, tables: Iterable[Table]) -> Iterator[Table]:
    """Those tables of which the report at the end would say the same: what the last round decided."""
    for table in tables:
        if number != ROUNDS[-1] or told(view, table) == told(view, truth):
            yield table


def told(view: View, others: Table) -> str:
    """What the panel's report says of a statement that was rated so."""
    rows = {group: with_own(row, view.viewer, group) for group, row in others.items()}
    if not may_tell_decision(rows, k=view.rules.k):
        return "Not told here, to protect single people"
    rated = [row for row in rows.values() if sum(row)]
    if all(100 * sum(row[3:]) >= AGREE_PERCENT * sum(row) for row in rated):
        return "Accepted by consensus"
    if all(100 * sum(row[:2]) >= AGREE_PERCENT * sum(row) for row in rated):
        return "Rejected by consensus"
    return "No consensus"


def definition(world: World, seed: int, rules: Rules) -> StudyDefinition:
    """The garden study for this panel: who leaves is erased or stays by turns, pages are long or short."""
    usual = panel_study()
    study = with_parts(
        usual,
        group=with_names(NAMES),
        protocol={
            "minimum_group_size": rules.k,
            "feedback": {"policy": rules.policy.value, "report": True},
            "carry_forward": {"policy": "all"},
            "withdrawal": "erase" if seed % 2 else "stop",
            "statements_per_page": "one" if seed % 3 == 2 else "topic",
        },
    )
    people = (
        Invitee(f"Person {n}", f"person{n}@example.org", group, "en") for n, group in enumerate(world.groups)
    )
    asked = tuple(one for one in usual.statements if one.code in CODES)
    return replace(study, panel=tuple(people), statements=asked)


def play(app: FastAPI, clock, world: World, seed: int, rules: Rules) -> Read:
    """Three rounds, played through the services, while the watchers open every page."""
    study = PlayedStudy.begin(app.state.database, clock, definition(world, seed, rules))
    assert tuple(link.group for link in study.links) == world.groups
    visitors = [study.take_part(link) for link in study.links]
    for visitor in visitors:
        choose_language(study.database, study.clock, visitor, "en")
    guests = {n: enter(browser_of(app), study.links[n]) for n in world.watchers}
    pages: Read = {n: [] for n in guests}

    def look(of_round: int, paths: list[str]) -> None:
        for n, guest in guests.items():
            pages[n] += [(of_round, page) for page in read(guest, paths)]

    for number, answers in zip(ROUNDS, world.rounds, strict=True):
        study.open_round()
        look(number - 1, paths_while_open(TOPICS, CODES))
        for n, points in answers.items():
            assert study.rate(visitors[n], points).refusals == ()
        look(number - 1, [f"/statements/{code}/feedback" for code in CODES])
        study.close_round()
        if number == 1:
            withdraw(study.database, study.clock, visitors[world.leaver])
        look(number - 1, ["", "/results"])
        study.release_feedback()
        look(number, ["", *paths_of_results(TOPICS, number)])
    study.conclude()
    for number in ROUNDS:
        look(number, paths_of_results(TOPICS, number))
    look(0, ["", "/overview", "/report", "/answers.csv", "/answers.pdf"])
    return pages


def seen_of(pages: list[tuple[int, Page]]) -> dict[tuple[int, str], tuple[Table, frozenset[str]]]:
    """What a watcher knows of each statement of each round from all pages: they all say the same."""
    seen: dict[tuple[int, str], tuple[Table, frozenset[str]]] = {}
    for number, page in pages:
        for code, drawn, withheld in page.figures():
            if drawn or withheld:
                assert number, page.path
                assert seen.setdefault((number, code), (drawn, withheld)) == (drawn, withheld), page.path
    return seen


def decisions_in(read_pages: list[tuple[int, Page]]) -> dict[str, str]:
    """What the report at the end tells of each statement."""
    (*_, report) = (page for _, page in read_pages if page.path == "/report")
    return dict(_DECISION.findall(report.text))


def decisions_told(pages: Read) -> set[str]:
    return {word for read_pages in pages.values() for word in decisions_in(read_pages).values()}


def with_own(row: Row, viewer: Viewer, group: str) -> Row:
    return tuple(n + (group == viewer.group and place == viewer.place) for place, n in enumerate(row))


def attack(world: World, pages: Read, rules: Rules) -> tuple[int, int]:
    """How many figures the watchers saw, and how many groups they found out."""
    n_seen, n_found = 0, 0
    for watcher, read_pages in pages.items():
        seen = seen_of(read_pages)
        decisions = decisions_in(read_pages)
        for number in ROUNDS:
            for code in CODES:
                view = world.view(watcher, number, code, rules)
                drawn, withheld = seen.get((number, code), ({}, frozenset()))
                assert set(drawn) == set(view.visibility.shown)
                assert withheld == set(view.visibility.withheld)
                for group, row in view.shown.items():
                    assert drawn[group] == with_own(row, view.viewer, group)
                truth = world.others(watcher, number, code)
                n_seen += len(drawn)
                tables = same_at_the_end(view, truth, number, some_tables(view, truth))
                n_found += len(found_out(view, tables))
            assert decisions == {
                code: told(
                    world.view(watcher, ROUNDS[-1], code, rules), world.others(watcher, ROUNDS[-1], code)
                )
                for code in CODES
            }
    return n_seen, n_found


PROTECTED = [
    (FeedbackPolicy.NONE, 1),
    (FeedbackPolicy.OWN_GROUP, 2),
    (FeedbackPolicy.EVERY_GROUP, 4),
    (FeedbackPolicy.ALL, 5),
]


@pytest.mark.parametrize(("policy", "seed"), PROTECTED)
def test_every_page_tells_on_nobody_and_would_be_the_same_had_the_hidden_chosen_otherwise(
    new_app, clock, policy, seed
):
    shows_figures = policy is not FeedbackPolicy.NONE
    rules = Rules(policy, K)
    world = random_world(seed, n_more=0 if shows_figures else 4)
    pages = play(new_app(), clock, world, seed, rules)
    n_seen, n_found = attack(world, pages, rules)
    assert (n_seen > 0) is shows_figures
    assert ("No consensus" in decisions_told(pages)) is not shows_figures
    assert n_found == 0
    watcher = world.watchers[seed % len(world.watchers)]
    other = replace(same_to(watcher, world, rules), watchers=(watcher,))
    assert other.rounds != world.rounds
    read_there = play(new_app(), clock, other, seed, rules)
    assert first_difference(*([page for _, page in one[watcher]] for one in (pages, read_there))) == ""


def test_the_pages_tell_on_many_when_the_minimum_is_one(new_app, clock):
    rules, world = Rules(FeedbackPolicy.ALL, 1), random_world(3)
    _, n_found = attack(world, play(new_app(), clock, world, 3, rules), rules)
    assert n_found > 0
