"""Real-time rounds: the panel's figures appear after one's own first answer, and advance in steps only."""

from pathlib import Path
from typing import Any

import pytest

from app.clock import FixedClock
from app.domain.round import RoundMode
from app.reports.panel_edition import render_panel_edition
from app.services.consent import withdraw
from app.services.feedback import CriterionFeedback
from app.services.panel_report import read_panel_report
from app.services.questionnaire import read_questionnaire
from app.services.rounds import conclude_study
from app.storage import live_figures, ratings
from app.storage.database import Database
from app.storage.feedback import find_released_feedback
from app.storage.rounds import find_round
from tests.running_study import STATEMENTS, RunningStudy, small_study_after, small_study_prepared

K = 2
GROUP_SIZE = 9
FIRST = (3, 1, 2)
"""What six people of a group make of a figure that takes them in together."""


RULES: dict[str, Any] = {
    "group_size": GROUP_SIZE,
    "rounds": ["real_time", "rating"],
    "minimum_group_size": K,
    "carry_forward": {"policy": "all"},
}
BEGUN = small_study_prepared("small-real-time", **RULES)
LED_TO_BY = {"study": small_study_after(BEGUN, "small-real-time-open", RunningStudy.open, **RULES)}


@pytest.fixture
def study(begun: None, database: Database, clock: FixedClock, tmp_path: Path) -> RunningStudy:
    """A study of one real-time round, which is open; figures rest on two others."""
    return RunningStudy(database, clock, tmp_path, stands=True, **RULES)


def seen(study: RunningStudy, n: int, statement: str = "S01") -> CriterionFeedback | None:
    questionnaire = read_questionnaire(study.database, study.clock, study.visitor(n))
    assert questionnaire is not None
    (item,) = (one for one in questionnaire.statements if one.statement.code == statement)
    return item.feedback[0] if item.feedback else None


def counts_seen(study: RunningStudy, n: int, group: str = "peers") -> tuple[int, ...] | None:
    shown = seen(study, n)
    assert shown is not None
    return next((one.counts for one in shown.groups if one.group == group), None)


def rate_s01(study: RunningStudy, points: dict[int, int | None], *, known_version: int = 0) -> None:
    for n, point in points.items():
        assert study.rate(n, {"S01": point}, known_version=known_version).refusals == ()


def test_a_round_is_real_time_by_the_plan(study: RunningStudy) -> None:
    questionnaire = read_questionnaire(study.database, study.clock, study.visitor(0))
    assert questionnaire is not None
    assert questionnaire.round.mode is RoundMode.REAL_TIME


def test_figures_appear_after_an_own_first_answer_and_on_this_statement_only(study: RunningStudy) -> None:
    rate_s01(study, {1: 1, 2: 1, 3: 2, 4: 3, 5: 3, 6: 1})
    assert seen(study, 0) is None
    study.rate(0, {"S01": 3})
    assert counts_seen(study, 0) == FIRST
    assert seen(study, 0, "S02") is None


def test_unable_to_rate_is_an_answer_too(study: RunningStudy) -> None:
    rate_s01(study, {1: 1, 2: 1, 3: 2, 4: 3, 5: 3, 6: 1, 0: None})
    assert counts_seen(study, 0) == FIRST


def test_figures_wait_until_more_than_k_newcomers_who_differ_can_be_taken_in_together(
    study: RunningStudy,
) -> None:
    rate_s01(study, {0: 1, 1: 1, 2: 2})
    assert counts_seen(study, 0) is None
    rate_s01(study, {3: 3, 4: 3})
    assert counts_seen(study, 0) is None
    rate_s01(study, {5: 1})
    assert counts_seen(study, 0) == FIRST
    rate_s01(study, {6: 1, 7: 1})
    assert counts_seen(study, 0) == FIRST


def test_who_changes_while_waiting_comes_in_as_they_are_then(study: RunningStudy) -> None:
    rate_s01(study, {0: 1, 2: 1})
    rate_s01(study, {2: 2}, known_version=1)
    rate_s01(study, {1: 1, 3: 3, 4: 3, 5: 1})
    assert counts_seen(study, 0) == FIRST


def test_who_changes_after_a_try_comes_in_as_they_were_then(study: RunningStudy) -> None:
    rate_s01(study, {0: 1, 1: 1, 2: 1})
    rate_s01(study, {0: 3, 1: None}, known_version=1)
    rate_s01(study, {3: 2, 4: 3, 5: 3})
    assert counts_seen(study, 0) == FIRST


def test_who_becomes_unable_to_rate_while_waiting_waits_no_longer(study: RunningStudy) -> None:
    rate_s01(study, {0: 1, 2: 2})
    rate_s01(study, {2: None}, known_version=1)
    rate_s01(study, {1: 1, 3: 2, 4: 3, 5: 3})
    assert counts_seen(study, 0) is None
    rate_s01(study, {6: 1})
    assert counts_seen(study, 0) == FIRST


def test_a_change_after_that_stands_in_the_history_and_never_alone_in_a_figure(study: RunningStudy) -> None:
    rate_s01(study, {0: 1, 1: 1, 2: 2, 3: 1, 4: 3, 5: 3})
    before = counts_seen(study, 1)
    rate_s01(study, {0: 3}, known_version=1)
    assert counts_seen(study, 1) == before == FIRST
    study_id, panelist_id = study.visitor(0).study.id, study.visitor(0).panelist.id
    with study.database.reading() as connection:
        own = ratings.read_own_ratings(connection, study_id, 1, panelist_id)
        shown = live_figures.read_shown_points(connection, study_id, 1, panelist_id)
    assert own["S01", "agreement"].point == 3
    assert own["S01", "agreement"].version == 2
    assert shown == {("S01", "agreement"): 1}


def test_everyone_together_is_the_sum_of_the_groups(study: RunningStudy) -> None:
    people = [*range(6), *range(GROUP_SIZE, GROUP_SIZE + 6)]
    rate_s01(study, dict(zip(people, (1, 1, 2, 3, 3, 1) * 2, strict=True)))
    assert counts_seen(study, 0, "relatives") == FIRST
    assert counts_seen(study, 0, "overall") == (6, 2, 4)


def test_the_close_takes_in_whoever_still_waits_where_that_reveals_nobody(study: RunningStudy) -> None:
    rate_s01(study, {0: 1, 1: 1, 2: 2, 3: 1, 4: 3, 5: 3})
    rate_s01(study, {6: 1, 7: 1, 8: 2})
    rate_s01(study, {GROUP_SIZE + n: point for n, point in enumerate((1, 1, 1, 2, 3))})
    study.close()
    study_id = study.visitor(0).study.id
    with study.database.reading() as connection:
        shown = {
            (statement, group): counts
            for _, statement, group, counts in live_figures.read_live_counts(connection, study_id, 1)
        }
    assert shown["S01", "peers"] == FIRST
    assert shown["S01", "relatives"] == (3, 1, 1)


def test_what_is_released_is_what_the_panel_saw_last(study: RunningStudy) -> None:
    rate_s01(study, {0: 1, 1: 1, 2: 2, 3: 1, 4: 3, 5: 3, 6: 1})
    rate_s01(study, {0: 3}, known_version=1)
    study.close()
    study.release()
    with study.database.reading() as connection:
        study_id = study.visitor(0).study.id
        released = find_released_feedback(connection, study_id, find_round(connection, study_id, 1))
    assert released is not None
    figures = released.content["agreement"]["S01"]
    assert figures["peers"] == {"counts": [3, 1, 2], "median": 1.5, "q1": 1.0, "q3": 2.75}
    assert figures["relatives"]["median"] is None
    assert figures["overall"]["counts"] == [3, 1, 2]


def test_the_next_round_looks_back_on_the_figures_with_oneself_where_one_was_counted(
    study: RunningStudy,
) -> None:
    rate_s01(study, {0: 3, 1: 1, 2: 1, 3: 1, 4: 2, 5: 2})
    rate_s01(study, {0: 2}, known_version=1)
    study.close()
    study.release()
    study.open()
    questionnaire = read_questionnaire(study.database, study.clock, study.visitor(0))
    assert questionnaire is not None
    assert questionnaire.statements[0].previous["agreement"].point == 2
    assert counts_seen(study, 0) == (3, 2, 1)


@pytest.mark.parametrize(
    ("then", "is_told"),
    [
        ({}, True),
        ({0: 3}, False),
        ({0: None}, False),
        ({0: 2, 2: 1}, False),
        ({6: 1}, False),
    ],
    ids=["as shown", "changed", "unable", "changed places", "not taken in"],
)
def test_what_was_decided_on_ratings_that_nobody_was_shown_is_kept_from_the_panel(
    database: Database, clock: FixedClock, tmp_path: Path, then: dict[int, int | None], is_told: bool
) -> None:
    feedback = {"policy": "all", "report": True}
    study = RunningStudy(
        database,
        clock,
        tmp_path,
        group_size=GROUP_SIZE,
        rounds=["real_time"],
        minimum_group_size=K,
        feedback=feedback,
    )
    study.open()
    rate_s01(study, {0: 1, 1: 1, 2: 2, 3: 1, 4: 3, 5: 3})
    for n, point in then.items():
        rate_s01(study, {n: point}, known_version=1 if n < 6 else 0)
    study.close()
    study.release()
    conclude_study(database, clock, study.slug, "system", reason="Enough was asked.")
    report = read_panel_report(database, study.enter(1))
    assert report.left_behind == (frozenset() if is_told else {(1, "S01", "agreement")})
    about_s01 = render_panel_edition(report, "en").split('part-code">S01')[1].split("part-code")[0]
    assert ("No consensus" in about_s01) is is_told
    assert ("Not told here" in about_s01) is not is_told


@pytest.mark.parametrize("leaves", ["before the close", "after it"])
def test_who_was_counted_changed_and_is_erased_leaves_the_decision_untold(
    database: Database, clock: FixedClock, tmp_path: Path, leaves: str
) -> None:
    study = RunningStudy(
        database, clock, tmp_path, rounds=["real_time"], minimum_group_size=K, withdrawal="erase",
        feedback={"policy": "all", "report": True},
    )  # fmt: skip
    study.open()
    rate_s01(study, {0: 1, 1: 1, 2: 2, 3: 1, 4: 3, 5: 3})
    if leaves == "after it":
        rate_s01(study, {0: 3}, known_version=1)
        study.close()
    withdraw(database, clock, study.visitor(0))
    if leaves == "before the close":
        study.close()
    study.release()
    conclude_study(database, clock, study.slug, "system", reason="Enough was asked.")
    assert read_panel_report(database, study.enter(1)).left_behind == {(1, "S01", "agreement")}


def test_one_real_time_round_is_enough_for_a_study(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    study = RunningStudy(database, clock, tmp_path, group_size=6, rounds=["real_time"])
    study.open()
    for n in range(12):
        study.rate(n, dict.fromkeys(STATEMENTS, 3))
        study.submit(n)
    study.close()
    study.release()
    assert conclude_study(database, clock, study.slug, "system").concluded_at is not None
