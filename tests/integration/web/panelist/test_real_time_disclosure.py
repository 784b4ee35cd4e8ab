"""The attacker watches a real-time round on its pages, after each answer, and finds out nobody."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pytest

from app.domain.feedback import OVERALL, FeedbackPolicy
from app.domain.panel import Invitee
from app.domain.rating import RatingChange
from app.services.consent import choose_language, withdraw
from app.services.ratings import save_answers
from tests.integration.web.panelist.conftest import Guest, browser_of, enter
from tests.integration.web.panelist.watching import Page, first_difference, read
from tests.panel_study import CRITERION, PlayedStudy, panel_study, with_parts
from tests.property.disclosure.watcher import Act, found_out, play

K = 5
POINTS = 5
GROUPS = {"gardeners": 13, "neighbours": 7}
CODE = "S01"
PATHS = (f"/statements/{CODE}/feedback", "/topics/value")
SHOWING = [policy for policy in FeedbackPolicy if policy is not FeedbackPolicy.NONE]
LEAVES = 4
"""Who among the gardeners leaves half-way, and is erased: their answer is taken back if it still waits."""

Said = Sequence[tuple[str, Act]]
"""Who of which group answers what, in the order of the acts; people by their places in their groups."""


@dataclass
class Watcher:
    """A panelist who answers first, and then reads everything after each answer of anybody."""

    group: str
    guest: Guest
    pages: list[list[Page]] = field(default_factory=list)

    def look(self, paths: Sequence[str] = PATHS) -> None:
        self.pages.append(read(self.guest, paths))

    def states(self, group: str) -> list[tuple[int, ...]]:
        """A group's figure at each look; with nothing in it while none is shown."""
        return [self._state(pages, group) for pages in self.pages]

    def _state(self, pages: Sequence[Page], group: str) -> tuple[int, ...]:
        seen = {
            drawn.get(group, (0,) * POINTS)
            for page in pages
            for code, drawn, withheld in page.figures()
            if code == CODE and (drawn or withheld)
        }
        assert len(seen) == 1, "both pages show the same"
        return seen.pop()


def history(seed: int) -> Said:
    """The watchers answer first; then the others in any order; some change their minds.

    The first gardeners differ, and those who come after them are of one mind: theirs would be the next step.
    """
    chance = random.Random(seed)

    def place() -> int | None:
        return chance.choice((4, 4, 4, 3, 0, 1, None))

    people = [(group, n) for group, size in GROUPS.items() for n in range(1, size)]
    chance.shuffle(people)
    again = [(group, n) for group, n in chance.sample(people, 5) if (group, n) != ("gardeners", LEAVES)]
    first = iter(chance.sample((0, 0, 1, 4, 4), K))
    acts = [(group, Act(n, next(first, 4) if group == "gardeners" else place())) for group, n in people]
    acts += [(group, Act(n, place())) for group, n in again]
    return [*((group, Act(0, chance.choice((0, 4)))) for group in GROUPS), *acts]


def watch(app, clock, said: Said, policy: FeedbackPolicy, k: int) -> list[Watcher]:
    """Play a real-time round through the services, with a watcher in each group at the pages."""
    usual = panel_study("garden_real_time_study")
    rules = {"minimum_group_size": k, "feedback": {"policy": policy.value}, "withdrawal": "erase"}
    people = [(group, n) for group, size in GROUPS.items() for n in range(size)]
    invited = tuple(Invitee(f"{g} {n}", f"{g}{n}@example.org", g, "en") for g, n in people)
    asked = tuple(one for one in usual.statements if one.code == CODE)
    changed = replace(with_parts(usual, protocol=rules), panel=invited, statements=asked)
    study = PlayedStudy.begin(app.state.database, clock, changed)
    links = dict(zip(people, study.links, strict=True))
    study.open_round()
    visitors = {who: study.take_part(link) for who, link in links.items()}
    for visitor in visitors.values():
        choose_language(study.database, clock, visitor, "en")
    watchers = [Watcher(group, enter(browser_of(app), links[group, 0])) for group in GROUPS]
    versions: dict[tuple[str, int], int] = {}
    for position, (group, act) in enumerate(said):
        who = (group, act.panelist)
        point = None if act.place is None else act.place + 1
        known = versions.get(who, 0)
        if position and who == ("gardeners", LEAVES) and known:
            withdraw(study.database, clock, visitors[who])
        else:
            change = RatingChange(CODE, CRITERION, point, abstained=point is None, known_version=known)
            assert save_answers(study.database, clock, visitors[who], 1, [change], []).refusals == ()
        versions[who] = known + 1
        if position >= len(GROUPS) - 1:
            for watcher in watchers:
                watcher.look()
    study.close_round()
    study.release_feedback()
    for watcher in watchers:
        watcher.look(("/results?round=1&topic=value",))
    return watchers


def acts_of(said: Said, group: str) -> list[Act]:
    return [act for own, act in said if own == group]


def expected(said: Said, group: str, k: int) -> list[tuple[int, ...]]:
    """What the rule shows of a group at each look: from the last watcher's own answer on, and at the end."""
    after = play(acts_of(said, group), POINTS, k).states
    n_acts, states = 0, []
    for position, (own, _) in enumerate(said):
        n_acts += own == group
        if position >= len(GROUPS) - 1:
            states.append(after[n_acts - 1])
    return [*states, after[-1]]


def shown_groups(watcher: Watcher, policy: FeedbackPolicy) -> list[str]:
    return [watcher.group] if policy is FeedbackPolicy.OWN_GROUP else list(GROUPS)


def leaving(said: Said) -> Said:
    """The same with one who takes their answer back by leaving, after two thirds of the others have acted."""
    half = len(said) * 2 // 3
    first = next(at for at, (group, act) in enumerate(said) if (group, act.panelist) == ("gardeners", LEAVES))
    at = max(half, first + 1)
    return [*said[:at], ("gardeners", Act(LEAVES, None)), *said[at:]]


@pytest.mark.parametrize("policy", SHOWING)
def test_watching_the_pages_of_a_real_time_round_tells_on_nobody(new_app, clock, policy):
    said = leaving(history(SHOWING.index(policy)))
    watchers = watch(new_app(), clock, said, policy, K)
    n_shown = 0
    for watcher in watchers:
        for group in shown_groups(watcher, policy):
            assert watcher.states(group) == expected(said, group, K)
            me = 0 if group == watcher.group else -1
            assert found_out(acts_of(said, group), me, POINTS, K) == set()
            n_shown += len(set(watcher.states(group))) - 1
        if policy is FeedbackPolicy.ALL:
            parts = zip(*(watcher.states(group) for group in GROUPS), strict=True)
            assert watcher.states(OVERALL) == [
                tuple(sum(column) for column in zip(*rows, strict=True)) for rows in parts
            ]
    assert n_shown > 0


def without(state: tuple[int, ...], own: int | None) -> tuple[int, ...]:
    """The ratings of the others, where there are any."""
    return tuple(n - (bool(sum(state)) and place == own) for place, n in enumerate(state))


def steps(states: Sequence[tuple[int, ...]]) -> list[Mapping[int, int]]:
    """What came into a figure from one look to the next."""
    return [
        {place: new - old for place, (old, new) in enumerate(zip(before, after, strict=True)) if new != old}
        for before, after in pairwise(states)
    ]


@pytest.mark.parametrize("policy", SHOWING)
def test_watching_the_pages_tells_on_everybody_when_the_minimum_is_one(new_app, clock, policy):
    said = history(SHOWING.index(policy))
    for watcher in watch(new_app(), clock, said, policy, 1):
        for group in shown_groups(watcher, policy):
            looked = said[len(GROUPS) :]
            own_place = acts_of(said, group)[0].place if group == watcher.group else None
            others = [without(state, own_place) for state in watcher.states(group)]
            read_off = {
                (act.panelist, place)
                for (own, act), step in zip(looked, steps(others), strict=False)
                for place in step
                if own == group
            }
            first: dict[int, int] = {}
            for own, act in looked:
                if own == group and act.place is not None:
                    first.setdefault(act.panelist, act.place)
            assert read_off == set(first.items())


def test_pages_are_the_same_whatever_a_group_of_one_mind_has_chosen(new_app, clock):
    def said(place: int) -> Said:
        usual = history(1)
        return [(group, act if group == "gardeners" else Act(act.panelist, place)) for group, act in usual]

    read_in = []
    for place in (0, 3):
        first, _ = watch(new_app(), clock, said(place), FeedbackPolicy.ALL, K)
        read_in.append([page for pages in first.pages for page in pages])
    assert first_difference(*read_in) == ""
