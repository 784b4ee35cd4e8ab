"""The lifecycle of a round, and what stands in the way of its steps."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import ActionBlocked, RoundTransitionError
from app.domain.round import (
    TRANSITIONS,
    PlannedRound,
    Round,
    RoundAction,
    RoundFacts,
    RoundKind,
    RoundMode,
    RoundStatus,
    accepts_ratings,
    blockers,
    last_rating_round,
    next_status,
    planned_round,
    planning_blockers,
    refuse_if_blocked,
)

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
READY = RoundFacts(n_statements=52, n_invited=70)


def a_round(status: RoundStatus, closes_at: datetime | None = None) -> Round:
    return Round(1, RoundKind.RATING, RoundMode.STANDARD, status, 1, closes_at=closes_at)


def test_a_round_goes_from_draft_to_open_to_closed_to_fed_back() -> None:
    status = RoundStatus.DRAFT
    for action in (RoundAction.OPEN, RoundAction.CLOSE, RoundAction.RELEASE_FEEDBACK):
        status = next_status(a_round(status), action)
    assert status is RoundStatus.FED_BACK


@pytest.mark.parametrize(
    ("status", "action"),
    [(s, a) for s in RoundStatus for a in RoundAction if (s, a) not in TRANSITIONS],
)
def test_every_other_step_is_refused_and_named(status: RoundStatus, action: RoundAction) -> None:
    with pytest.raises(RoundTransitionError, match="Round 1 is"):
        next_status(a_round(status), action)


def test_an_open_round_accepts_ratings_until_its_deadline_and_not_at_it() -> None:
    round_ = a_round(RoundStatus.OPEN, closes_at=NOON)
    assert accepts_ratings(round_, NOON - timedelta(microseconds=1))
    assert not accepts_ratings(round_, NOON)


def test_an_open_round_without_a_deadline_accepts_ratings_until_it_is_closed() -> None:
    assert accepts_ratings(a_round(RoundStatus.OPEN), NOON)


@pytest.mark.parametrize("status", [s for s in RoundStatus if s is not RoundStatus.OPEN])
def test_a_round_that_is_not_open_accepts_no_rating(status: RoundStatus) -> None:
    assert not accepts_ratings(a_round(status), NOON)


def test_a_ready_round_has_no_blocker() -> None:
    assert blockers(RoundAction.OPEN, READY) == ()
    refuse_if_blocked(RoundAction.OPEN, READY)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (RoundFacts(0, 70), "No statement is left"),
        (RoundFacts(52, 0), "nobody who can be asked"),
        (RoundFacts(52, 70, empty_groups=("peers",)), "no panelist: peers"),
        (RoundFacts(52, 70, untranslated=("S07", "S09")), "miss a translation: S07, S09"),
        (RoundFacts(52, 70, deadline_in_past=True), "deadline lies in the past"),
        (RoundFacts(52, 70, study_concluded=True), "is concluded"),
        (RoundFacts(0, 70, kind=RoundKind.OPEN), "no open question to ask"),
    ],
)
def test_what_is_missing_for_opening_is_named(facts: RoundFacts, words: str) -> None:
    with pytest.raises(ActionBlocked, match=words) as refusal:
        refuse_if_blocked(RoundAction.OPEN, facts)
    assert len(refusal.value.blockers) == 1


def test_an_open_round_needs_questions_and_no_statements() -> None:
    assert blockers(RoundAction.OPEN, RoundFacts(0, 70, kind=RoundKind.OPEN, n_questions=2)) == ()


def test_everything_that_is_missing_is_named_at_once() -> None:
    facts = RoundFacts(0, 0, ("peers",), ("S07",), deadline_in_past=True, study_concluded=True)
    assert len(blockers(RoundAction.OPEN, facts)) == 6


def test_feedback_waits_for_the_figures_and_closing_for_nothing() -> None:
    assert "no figures yet" in str(blockers(RoundAction.RELEASE_FEEDBACK, READY)[0])
    assert blockers(RoundAction.RELEASE_FEEDBACK, RoundFacts(1, 1, is_analysed=True)) == ()
    assert blockers(RoundAction.RELEASE_FEEDBACK, RoundFacts(0, 1, kind=RoundKind.OPEN)) == ()
    assert blockers(RoundAction.CLOSE, RoundFacts(0, 0)) == ()


def test_a_round_is_what_the_plan_says_and_beyond_it_the_last_rating_round_comes_again() -> None:
    plan = (PlannedRound.OPEN, PlannedRound.REAL_TIME, PlannedRound.OPEN)
    planned = [planned_round(plan, number) for number in (1, 2, 3, 4)]
    assert planned == [*plan, PlannedRound.REAL_TIME]
    assert [one.kind for one in planned] == [
        RoundKind.OPEN,
        RoundKind.RATING,
        RoundKind.OPEN,
        RoundKind.RATING,
    ]
    assert [one.mode for one in planned] == [
        RoundMode.STANDARD,
        RoundMode.REAL_TIME,
        RoundMode.STANDARD,
        RoundMode.REAL_TIME,
    ]


def test_the_rating_round_looked_back_on_skips_open_rounds() -> None:
    kinds = (RoundKind.OPEN, RoundKind.RATING, RoundKind.OPEN, RoundKind.RATING)
    rounds = [
        Round(number, kind, RoundMode.STANDARD, RoundStatus.FED_BACK, 1)
        for number, kind in enumerate(kinds, start=1)
    ]
    assert last_rating_round(rounds, before=2) is None
    assert last_rating_round(rounds, before=4) == rounds[1]
    assert rounds[0].asks_open_questions
    assert not rounds[1].asks_open_questions
    assert not rounds[1].is_real_time


@pytest.mark.parametrize("planned", PlannedRound)
def test_a_round_is_called_in_one_word_as_in_the_plan(planned: PlannedRound) -> None:
    assert Round(1, planned.kind, planned.mode, RoundStatus.OPEN, 1).in_one_word is planned


@pytest.mark.parametrize(
    ("status", "circumstances", "reason"),
    [
        (RoundStatus.CLOSED, {}, None),
        (RoundStatus.FED_BACK, {}, None),
        (RoundStatus.OPEN, {}, "Round %(round)s is not closed yet."),
        (RoundStatus.FED_BACK, {"is_newest": False}, "The round after round %(round)s is there already."),
        (RoundStatus.FED_BACK, {"is_over": True}, "The study is concluded."),
        (RoundStatus.CLOSED, {"in_past": True}, "This moment lies in the past. Choose a later one."),
    ],
)
def test_the_next_round_is_planned_after_the_newest_one_and_for_the_future(
    status: RoundStatus, circumstances: dict[str, bool], reason: str | None
) -> None:
    found = planning_blockers(a_round(status), **({"is_newest": True, "is_over": False} | circumstances))
    assert [sentence.message for sentence in found] == ([reason] if reason else [])
