"""The lifecycle of a round, and what stands in the way of its steps."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import ActionBlocked, RoundTransitionError
from app.domain.round import (
    TRANSITIONS,
    Round,
    RoundAction,
    RoundFacts,
    RoundKind,
    RoundMode,
    RoundStatus,
    accepts_ratings,
    blockers,
    next_status,
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
    ],
)
def test_what_is_missing_for_opening_is_named(facts: RoundFacts, words: str) -> None:
    with pytest.raises(ActionBlocked, match=words) as refusal:
        refuse_if_blocked(RoundAction.OPEN, facts)
    assert len(refusal.value.blockers) == 1


def test_everything_that_is_missing_is_named_at_once() -> None:
    facts = RoundFacts(0, 0, ("peers",), ("S07",), deadline_in_past=True, study_concluded=True)
    assert len(blockers(RoundAction.OPEN, facts)) == 6


def test_feedback_waits_for_the_figures_and_closing_for_nothing() -> None:
    assert "no figures yet" in str(blockers(RoundAction.RELEASE_FEEDBACK, READY)[0])
    assert blockers(RoundAction.RELEASE_FEEDBACK, RoundFacts(1, 1, is_analysed=True)) == ()
    assert blockers(RoundAction.CLOSE, RoundFacts(0, 0)) == ()
