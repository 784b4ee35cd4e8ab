"""The attacker reads the pages themselves: three rounds, every panelist, and nobody's rating is found out."""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import unescape

import pytest

from app.clock import Clock
from app.domain.feedback import OVERALL, FeedbackPolicy
from app.domain.protocol import protocol_from_tables
from app.services.consent import choose_language, withdraw
from app.services.links import IssuedLink
from app.services.questionnaire import read_questionnaire
from app.storage.database import Database
from tests.integration.web.panelist.conftest import Guest, enter
from tests.panel_study import PlayedStudy, panel_study
from tests.property.disclosure.attacker import Row, Rules, Table, Viewer, found_out, some_tables, view_of

NAMES = {"Gardeners": "gardeners", "Neighbours": "neighbours", "Everyone together": OVERALL}
POINTS = 5
_DRAWN = re.compile(r'aria-label="([^",]+), number of ratings by point: ([^"]+)"')
_WITHHELD = re.compile(r"We show no figures for ([^,<]+), to protect those who answered:")

Answers = dict[str, dict[str, int | None]]
Seen = tuple[IssuedLink, int, str]
"""Who saw of which round which page."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database: the rule does not depend on it, and the feedback is read from both elsewhere."""
    return sqlite_url


def begin(database: Database, clock: Clock, policy: FeedbackPolicy, k: int) -> PlayedStudy:
    """The garden study with other rules for its feedback, everything asked again in every round."""
    definition = panel_study()
    rules = {
        **definition.tables["protocol"],
        "minimum_group_size": k,
        "feedback": {"policy": policy.value},
        "carry_forward": {"policy": "all"},
    }
    tables = {**definition.tables, "protocol": rules}
    changed = replace(definition, tables=tables, protocol=protocol_from_tables(tables))
    return PlayedStudy.begin(database, clock, changed)


def play(study: PlayedStudy, guests: Mapping[IssuedLink, Guest]) -> tuple[list[Answers], list[Seen]]:
    """Three rounds, groups often of one mind; some are unable to rate, one leaves after round 1."""
    chance, gone = random.Random(20260101), study.links[4]
    played: list[Answers] = []
    seen: list[Seen] = []
    visitors = {link: study.take_part(link) for link in study.links}
    for visitor in visitors.values():
        choose_language(study.database, study.clock, visitor, "en")
    for number in (1, 2, 3):
        study.open_round()
        seen += [
            (link, number - 1, guest.get(f"/topics/{topic}").text)
            for link, guest in guests.items()
            for topic in ("value", "pay")
        ]
        answers: Answers = {}
        for link in study.links:
            if number > 1 and link == gone:
                continue
            asked = read_questionnaire(study.database, study.clock, visitors[link])
            assert asked is not None
            points = {
                item.statement.code: _point(chance, link, item.statement.code) for item in asked.statements
            }
            study.rate(visitors[link], points)
            answers[link.pseudonym] = points
        study.close_round()
        study.release_feedback()
        if number == 1:
            withdraw(study.database, study.clock, visitors[gone])
        played.append(answers)
    for link, guest in guests.items():
        seen += [(link, number, pages_of(guest, number)) for number in (1, 2, 3)]
    return played, seen


def _point(chance: random.Random, link: IssuedLink, code: str) -> int | None:
    if chance.random() < 0.04:
        return None
    if code in ("S01", "S04") or (code in ("S02", "S05") and link.group == "gardeners"):
        return 5
    return chance.choice((1, 2, 4, 4, 5))


def others(study: PlayedStudy, answers: Answers, reader: IssuedLink, code: str) -> Table:
    """How the others rated a statement, by group."""
    table: dict[str, Row] = {}
    for group in ("gardeners", "neighbours"):
        members = [link for link in study.links if link.group == group and link != reader]
        given = [answers.get(link.pseudonym, {}).get(code) for link in members]
        table[group] = tuple(given.count(point) for point in range(1, POINTS + 1))
    return table


def _with_own(row: Row, viewer: Viewer, group: str) -> Row:
    return tuple(n + (group == viewer.group and place == viewer.place) for place, n in enumerate(row))


def read_page(html: str) -> Iterator[tuple[str, Table, set[str]]]:
    """Every statement of a page: its code, the distributions drawn, and what is withheld."""
    for part in html.split('<article class="statement" id="statement-')[1:]:
        code, text = part[:3], unescape(part)
        drawn = {
            NAMES[name]: tuple(int(pair.split(": ")[1]) for pair in pairs.split(", "))
            for name, pairs in _DRAWN.findall(text)
        }
        yield code, drawn, {NAMES[name] for name in _WITHHELD.findall(text)}


def pages_of(guest: Guest, round_number: int) -> str:
    """Everything that the results of a round show."""
    return "".join(
        guest.get(f"/results?round={round_number}&topic={topic}").text for topic in ("value", "pay")
    )


@pytest.mark.parametrize("k", [5, 1])
@pytest.mark.parametrize("policy", list(FeedbackPolicy))
def test_the_pages_show_what_the_rule_allows_and_tell_on_nobody_unless_the_minimum_is_one(
    app, clock, browser, policy, k
):
    study = begin(app.state.database, clock, policy, k)
    played, seen = play(study, {link: enter(browser(), link) for link in study.links})
    n_seen, n_found = 0, 0
    for link, number, html in (one for one in seen if one[1]):
        for code, drawn, withheld in read_page(html):
            answers = played[number - 1]
            mine = answers.get(link.pseudonym, {}).get(code)
            viewer = Viewer(link.group, None if mine is None else mine - 1)
            table = others(study, answers, link, code)
            view = view_of(table, viewer, Rules(policy, k))
            assert set(drawn) == set(view.visibility.shown)
            assert withheld == set(view.visibility.withheld)
            for group, row in view.shown.items():
                assert drawn[group] == _with_own(row, viewer, group)
            n_seen += len(drawn)
            n_found += len(found_out(view, some_tables(view, table)))
    shows_figures = policy is not FeedbackPolicy.NONE
    assert (n_seen > 0) is shows_figures
    assert (n_found > 0) is (shows_figures and k == 1)
