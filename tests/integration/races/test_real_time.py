"""Savers at once in a real-time round: a figure is exactly the ratings in it, and grows by many at a time."""

import json
from collections import Counter, defaultdict
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from app.clock import FixedClock
from app.domain.rating import RatingChange
from app.services.entering import Visitor
from app.services.questionnaire import read_questionnaire
from app.services.ratings import save_answers
from app.storage.database import Database
from tests.integration.races.racing import everybody, read_log, together
from tests.running_study import STATEMENTS, RunningStudy

POINTS = (1, 2, 3)
K = 5
GROUP_SIZE = 12
N_SAVES = 6

FIGURES = "SELECT statement_id, group_id, counts FROM live_figure"
SHOWN = "SELECT statement_id, group_id, point FROM live_rating WHERE is_shown"
RATED = "SELECT panelist_id, statement_id, point FROM rating"
WAITING = "SELECT panelist_id, statement_id, point FROM live_rating WHERE NOT is_shown AND NOT is_tried"


@pytest.fixture
def study(database: Database, clock: FixedClock, tmp_path: Path) -> RunningStudy:
    """A study in an open real-time round."""
    study = RunningStudy(
        database, clock, tmp_path, group_size=GROUP_SIZE, rounds=["real_time"], minimum_group_size=K
    )
    study.open()
    return study


def rate_and_watch(study: RunningStudy, visitor: Visitor, seed: int) -> list[dict[str, tuple[int, ...]]]:
    """Rate all statements in an order and with points of chance, some twice; what was seen after each."""
    chance = Random(seed)
    versions = dict.fromkeys(STATEMENTS, 0)
    views = []
    for _ in range(N_SAVES):
        codes = chance.sample(STATEMENTS, k=chance.choice([1, 2, 3]))
        changes = [
            RatingChange(code, "agreement", chance.choice(POINTS), False, versions[code]) for code in codes
        ]
        saved = save_answers(study.database, study.clock, visitor, 1, changes)
        assert saved.refusals == ()
        versions |= {code: saved.versions[code, "agreement"] for code in codes}
        questionnaire = read_questionnaire(study.database, study.clock, visitor)
        assert questionnaire is not None
        views.append(
            {
                f"{item.statement.code} {group.group}": group.counts
                for item in questionnaire.statements
                for figures in item.feedback
                for group in figures.groups
            }
        )
    return views


def test_whoever_saves_at_once_every_figure_is_the_ratings_in_it_and_only_ever_grows_by_more_than_k(
    study: RunningStudy,
) -> None:
    panel = everybody(study)
    views = together(*(partial(rate_and_watch, study, visitor, seed) for seed, visitor in enumerate(panel)))
    with study.database.reading() as connection:
        figures = {
            (statement, group): Counter(dict(zip(POINTS, json.loads(counts), strict=True)))
            for statement, group, counts in connection.execute(text(FIGURES))
        }
        shown: dict[tuple[int, int], Counter[int]] = defaultdict(Counter)
        for statement, group, point in connection.execute(text(SHOWN)):
            shown[statement, group][point] += 1
        rated = {(person, statement): point for person, statement, point in connection.execute(text(RATED))}
        waiting = {(person, s): point for person, s, point in connection.execute(text(WAITING))}
    assert {key: +counts for key, counts in figures.items()} == {key: shown[key] for key in figures}
    assert any(sum(counts.values()) > K for counts in figures.values())
    assert waiting.items() <= rated.items()
    read_log(study)
    for seen in views:
        for before, after in pairwise(seen):
            for figure in before.keys() & after.keys():
                steps = [now - then for then, now in zip(before[figure], after[figure], strict=True)]
                assert all(step >= 0 for step in steps)
                assert sum(steps) == 0 or sum(steps) > K
