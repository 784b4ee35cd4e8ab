"""What a page asks of the database does not grow with the study: no query runs in a loop."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.clock import FixedClock
from app.domain.rating import CommentChange, RatingChange
from app.services.entering import enter_by_link, find_panelist
from app.services.overview import read_overview
from app.services.own_answers import read_own_answers
from app.services.profile import read_profile
from app.services.questionnaire import read_questionnaire, read_topic
from app.services.ratings import save_answers
from app.services.response import read_response
from app.services.results import read_results
from app.services.rounds import close_round, open_round, release_feedback
from app.services.submitting import submit_questionnaire
from app.storage.database import Database
from tests.queries import counting
from tests.running_study import SESSION_HOURS, STATEMENTS, RunningStudy


@dataclass(frozen=True)
class Action:
    """Something people do all the time, and the most queries it may take, BEGIN and settings included."""

    name: str
    most: int
    do: Callable[[RunningStudy], Any]


def save_ten_answers(study: RunningStudy) -> None:
    codes = (*STATEMENTS, *(f"T{n:03}" for n in range(7)))
    changes = [RatingChange(code, "agreement", 2, False, 0) for code in codes]
    comments = [CommentChange(code, "Because.", 0) for code in codes]
    saved = save_answers(study.database, study.clock, study.visitor(0), 2, changes, comments)
    assert saved.refusals == ()


def come_in(study: RunningStudy) -> None:
    token = study.link(1).token
    entered = enter_by_link(study.database, study.clock, token, session_hours=SESSION_HOURS)
    find_panelist(study.database, study.clock, study.slug, entered.session_token)


def hand_in(study: RunningStudy) -> None:
    submit_questionnaire(study.database, study.clock, study.visitor(0), 2, "once")


ACTIONS = (
    Action("coming in", 20, come_in),
    Action("saving ten answers with comments", 14, save_ten_answers),
    Action("reading a topic", 20, lambda s: read_topic(s.database, s.clock, s.visitor(0), "pay")),
    Action("reading a questionnaire", 20, lambda s: read_questionnaire(s.database, s.clock, s.visitor(0))),
    Action("reading a profile", 8, lambda s: read_profile(s.database, s.visitor(0))),
    Action("handing in", 18, hand_in),
    Action("reading one's own answers", 16, lambda s: read_own_answers(s.database, s.visitor(0))),
    Action("the overview", 10, lambda s: read_overview(s.database, s.clock, s.slug)),
    Action("the response", 8, lambda s: read_response(s.database, s.clock, s.slug, 2)),
    Action("the results", 12, lambda s: read_results(s.database, s.slug, 1)),
    Action("closing", 38, lambda s: close_round(s.database, s.clock, s.slug, "system")),
    Action("releasing", 14, lambda s: release_feedback(s.database, s.clock, s.slug, "system")),
    Action("opening", 36, lambda s: open_round(s.database, s.clock, s.slug, "system")),
)


def in_round_two(database: Database, clock: FixedClock, folder: Path, *, scale: int) -> RunningStudy:
    """A study in its second round, ``scale`` times as large as the smallest."""
    study = RunningStudy(
        database,
        clock,
        folder,
        group_size=3 * scale,
        more_statements=7 * scale,
        carry_forward={"policy": "all"},
    )
    study.open()
    everything = (*STATEMENTS, *(f"T{n:03}" for n in range(7 * scale)))
    for n in range(2 * scale):
        study.rate(n, dict.fromkeys(everything, 3))
    study.close()
    study.release()
    study.open()
    # All but the ten that are saved below, so that the questionnaire can then be handed in.
    study.rate(0, dict.fromkeys(everything[10:], 3), round_number=2)
    return study


@pytest.mark.parametrize("scale", [1, 6], ids=["small", "large"])
def test_no_action_takes_more_queries_than_its_own_few(
    database: Database, clock: FixedClock, tmp_path: Path, scale: int
) -> None:
    study = in_round_two(database, clock, tmp_path, scale=scale)
    too_many = {}
    for action in ACTIONS:
        with counting() as sent:
            action.do(study)
        if len(sent) > action.most:
            too_many[action.name] = len(sent)
    assert too_many == {}
