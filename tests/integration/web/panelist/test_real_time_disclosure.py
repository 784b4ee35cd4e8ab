"""The attacker watches a real-time round of two criteria, after each answer, and finds out nobody."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pytest

from app.domain.feedback import OVERALL, FeedbackPolicy
from app.domain.panel import Invitee
from app.domain.rating import RatingChange
from app.domain.study_definition import StudyDefinition
from app.services.consent import choose_language, withdraw
from app.services.entering import Visitor
from app.services.questionnaire import read_statement
from app.services.ratings import save_answers
from tests.integration.web.panelist.conftest import Guest, browser_of, enter
from tests.integration.web.panelist.watching import Page, first_difference, read
from tests.panel_study import PlayedStudy, panel_study, with_parts
from tests.property.disclosure.attacker import Row
from tests.property.disclosure.watcher import Act, found_out, play

K = 5
POINTS = 5
GROUPS = {"gardeners": 13, "neighbours": 7}
CRITERIA = {"agreement": "Agreement", "importance": "Importance"}
CODE = "S01"
PATHS = (f"/statements/{CODE}/feedback", "/topics/value")
SHOWING = [policy for policy in FeedbackPolicy if policy is not FeedbackPolicy.NONE]
LEAVES = 4
"""Who among the gardeners leaves half-way, and is erased: their answer is taken back if it still waits."""
PAGES_EVERY = 12
"""After so many answers the watchers open the pages; what these are made of is read after each."""

Look = Mapping[tuple[str, str], Row]
"""The figures of the groups on each criterion."""


@dataclass(frozen=True)
class Said:
    """Somebody of a group answers on a criterion; people by their places in their groups."""

    group: str
    criterion: str
    act: Act


@dataclass
class Watcher:
    """A panelist who answers first, and then looks after each answer of anybody."""

    group: str
    guest: Guest
    visitor: Visitor
    looks: list[Look] = field(default_factory=list)
    pages: list[list[Page]] = field(default_factory=list)

    def look(self, study: PlayedStudy) -> None:
        """See what the pages are made of at this moment."""
        questionnaire = read_statement(study.database, study.clock, self.visitor, CODE)
        assert questionnaire is not None
        self.looks.append(
            {
                (figures.criterion, group.group): group.counts
                for figures in questionnaire.statements[0].feedback
                for group in figures.groups
            }
        )

    def open(self, paths: Sequence[str] = PATHS) -> None:
        """Open pages: they show just what they are made of."""
        self.pages.append(read(self.guest, paths))
        for criterion, name in CRITERIA.items():
            seen = {group: row for (on, group), row in self.looks[-1].items() if on == criterion}
            for page in self.pages[-1]:
                assert [drawn for code, drawn, _ in page.figures_on(name) if code == CODE] == [seen], (
                    page.path
                )

    def states(self, criterion: str, group: str) -> list[Row]:
        """A group's figure at each look; with nothing in it while none is shown."""
        return [look.get((criterion, group), (0,) * POINTS) for look in self.looks]


def history(seed: int) -> list[Said]:
    """The watchers answer first; then the others in any order; some change their minds.

    The first gardeners differ, and those who come after them are of one mind: theirs would be the next step.
    """
    chance = random.Random(seed)

    def place() -> int | None:
        return chance.choice((4, 4, 4, 3, 0, 1, None))

    people = [(group, n) for group, size in GROUPS.items() for n in range(1, size)]
    said = [Said(group, on, Act(0, chance.choice((0, 4)))) for group in GROUPS for on in CRITERIA]
    others: list[Said] = []
    for criterion in CRITERIA:
        order = chance.sample(people, len(people))
        again = [one for one in chance.sample(people, 5) if one != ("gardeners", LEAVES)]
        first = iter(chance.sample((0, 0, 1, 4, 4), K))
        acts = [(group, Act(n, next(first, 4) if group == "gardeners" else place())) for group, n in order]
        acts += [(group, Act(n, place())) for group, n in again]
        others += [Said(group, criterion, act) for group, act in acts]
    turns = chance.sample([*CRITERIA] * (len(others) // 2), len(others) // 2 * 2)
    waiting = {criterion: [one for one in others if one.criterion == criterion] for criterion in CRITERIA}
    said += [waiting[criterion].pop(0) for criterion in turns if waiting[criterion]]
    return [*said, *(one for left in waiting.values() for one in left)]


def leaving(said: Sequence[Said]) -> list[Said]:
    """The same with one who leaves after two thirds of the others have acted, and says no more."""
    at = len(said) * 2 // 3
    gone = [Said("gardeners", criterion, Act(LEAVES, None, leaves=True)) for criterion in CRITERIA]
    rest = [one for one in said[at:] if (one.group, one.act.panelist) != ("gardeners", LEAVES)]
    return [*said[:at], *gone, *rest]


def definition(policy: FeedbackPolicy, k: int) -> StudyDefinition:
    """The garden study with a second criterion, one statement, and this policy."""
    usual = panel_study("garden_real_time_study")
    (agreement,) = usual.tables["criterion"]
    names = dict.fromkeys(usual.languages, CRITERIA["importance"])
    study = with_parts(
        usual,
        protocol={"minimum_group_size": k, "feedback": {"policy": policy.value}, "withdrawal": "erase"},
        criterion=[agreement, {**agreement, "code": "importance", "name": names}],
    )
    people = [(group, n) for group, size in GROUPS.items() for n in range(size)]
    invited = tuple(Invitee(f"{g} {n}", f"{g}{n}@example.org", g, "en") for g, n in people)
    return replace(
        study, panel=invited, statements=tuple(one for one in usual.statements if one.code == CODE)
    )


def watch(app, clock, said: Sequence[Said], policy: FeedbackPolicy, k: int) -> list[Watcher]:
    """Play a real-time round through the services, with a watcher in each group."""
    study = PlayedStudy.begin(app.state.database, clock, definition(policy, k))
    people = [(group, n) for group, size in GROUPS.items() for n in range(size)]
    links = dict(zip(people, study.links, strict=True))
    study.open_round()
    visitors = {who: study.take_part(link) for who, link in links.items()}
    for visitor in visitors.values():
        choose_language(study.database, clock, visitor, "en")
    watchers = [
        Watcher(group, enter(browser_of(app), links[group, 0]), visitors[group, 0]) for group in GROUPS
    ]
    versions: dict[tuple[str, int, str], int] = {}
    for position, one in enumerate(said):
        who, act = (one.group, one.act.panelist), one.act
        if act.leaves:
            withdraw(study.database, clock, visitors[who])
        else:
            point = None if act.place is None else act.place + 1
            known = versions.get((*who, one.criterion), 0)
            change = RatingChange(CODE, one.criterion, point, abstained=point is None, known_version=known)
            saved = save_answers(study.database, clock, visitors[who], 1, [change], [])
            assert saved.refusals == ()
            versions[*who, one.criterion] = saved.versions[CODE, one.criterion]
        if position >= n_first() - 1:
            for watcher in watchers:
                watcher.look(study)
                if position % PAGES_EVERY == 0 or one is said[-1]:
                    watcher.open()
    study.close_round()
    for watcher in watchers:
        watcher.look(study)
    study.release_feedback()
    for watcher in watchers:
        watcher.open(("/results?round=1&topic=value",))
    return watchers


def n_first() -> int:
    """How many answers the watchers give before anybody else."""
    return len(GROUPS) * len(CRITERIA)


def acts_of(said: Sequence[Said], group: str, criterion: str) -> list[Act]:
    return [one.act for one in said if (one.group, one.criterion) == (group, criterion)]


def expected(said: Sequence[Said], group: str, criterion: str, k: int) -> list[Row]:
    """What the rule shows of a group at each look: from the last watcher's own answer on, and at the end."""
    after = play(acts_of(said, group, criterion), POINTS, k).states
    n_acts, states = 0, []
    for position, one in enumerate(said):
        n_acts += (one.group, one.criterion) == (group, criterion)
        if position >= n_first() - 1:
            states.append(after[n_acts - 1])
    return [*states, after[-1]]


def shown_groups(watcher: Watcher, policy: FeedbackPolicy) -> list[str]:
    return [watcher.group] if policy is FeedbackPolicy.OWN_GROUP else list(GROUPS)


@pytest.mark.parametrize("policy", SHOWING)
def test_watching_a_real_time_round_and_its_pages_tells_on_nobody(new_app, clock, policy):
    said = leaving(history(SHOWING.index(policy)))
    n_shown = 0
    for watcher in watch(new_app(), clock, said, policy, K):
        for criterion in CRITERIA:
            for group in shown_groups(watcher, policy):
                states = watcher.states(criterion, group)
                assert states == expected(said, group, criterion, K)
                me = 0 if group == watcher.group else -1
                assert found_out(acts_of(said, group, criterion), me, POINTS, K) == set()
                n_shown += len(set(states)) - 1
            if policy is FeedbackPolicy.ALL:
                parts = zip(*(watcher.states(criterion, group) for group in GROUPS), strict=True)
                together = [tuple(sum(column) for column in zip(*rows, strict=True)) for rows in parts]
                assert watcher.states(criterion, OVERALL) == together
    assert n_shown > 0


def without(state: Row, own: int | None) -> Row:
    """The ratings of the others, where there are any."""
    return tuple(n - (bool(sum(state)) and place == own) for place, n in enumerate(state))


def steps(states: Sequence[Row]) -> list[Mapping[int, int]]:
    """What came into a figure from one look to the next."""
    return [
        {place: new - old for place, (old, new) in enumerate(zip(before, after, strict=True)) if new != old}
        for before, after in pairwise(states)
    ]


def test_watching_the_pages_tells_on_everybody_when_the_minimum_is_one(new_app, clock):
    said = history(2)
    for watcher in watch(new_app(), clock, said, FeedbackPolicy.ALL, 1):
        for criterion in CRITERIA:
            for group in GROUPS:
                looked = said[n_first() :]
                mine = acts_of(said, group, criterion)[0].place if group == watcher.group else None
                others = [without(state, mine) for state in watcher.states(criterion, group)]
                read_off = {
                    (one.act.panelist, place)
                    for one, step in zip(looked, steps(others), strict=False)
                    for place in step
                    if (one.group, one.criterion) == (group, criterion)
                }
                first: dict[int, int] = {}
                for one in looked:
                    if (one.group, one.criterion) == (group, criterion) and one.act.place is not None:
                        first.setdefault(one.act.panelist, one.act.place)
                assert read_off == set(first.items())


def test_pages_are_the_same_whatever_a_group_of_one_mind_has_chosen(new_app, clock):
    def said(place: int) -> list[Said]:
        return [
            one if one.group == "gardeners" else replace(one, act=replace(one.act, place=place))
            for one in history(1)
        ]

    read_in = []
    for place in (0, 3):
        first, _ = watch(new_app(), clock, said(place), FeedbackPolicy.ALL, K)
        read_in.append([page for pages in first.pages for page in pages])
    assert first_difference(*read_in) == ""
