"""What the next round asks: the rule, decisions against it with a reason, and when they can be made."""

import pytest

from analysis.rules import Decision
from app.domain.carry_forward import CarryForward, CarryForwardPolicy, CarryReason, Override, carry_forward
from app.domain.carry_override import (
    OverrideNeedsReason,
    OverrideNotNeeded,
    OverrideStandsAlready,
    checked_override,
    choosing_hindrance,
    reason_standing,
)
from app.domain.concluding import ConclusionNeedsReason, checked_conclusion
from app.domain.errors import TextTooLong
from app.domain.messages import Sentence
from app.domain.round import PlannedRound, Round, RoundKind, RoundMode, RoundStatus
from app.domain.statement_editing import FieldsRefused
from app.domain.stopping import StoppingAdvice
from app.domain.study import StudyStatus

IN, NONE = Decision.CONSENSUS_IN, Decision.NO_CONSENSUS
UNDECIDED, ALL = CarryForwardPolicy.UNDECIDED, CarryForwardPolicy.ALL
PLAN = (PlannedRound.RATING, PlannedRound.OPEN, PlannedRound.RATING)
ASK, LEAVE_OUT = Override("S01", asks=True, reason="So."), Override("S01", asks=False, reason="So.")


def a_round(number: int, status: RoundStatus) -> Round:
    return Round(number, RoundKind.RATING, RoundMode.STANDARD, status, protocol_version=1)


@pytest.mark.parametrize(
    ("decisions", "policy", "asks", "why"),
    [
        ([], UNDECIDED, True, CarryReason.NOT_RATED),
        ([IN], ALL, True, CarryReason.ASKS_ALL),
        ([IN, NONE], UNDECIDED, True, CarryReason.NOT_SETTLED),
        ([IN, IN], UNDECIDED, False, CarryReason.SETTLED),
    ],
)
def test_the_rule_says_why_it_asks_or_not(decisions, policy, asks, why):
    carry = carry_forward(decisions, policy)
    assert (carry.is_asked, carry.is_overridden, carry.why) == (asks, False, why)


def test_an_override_turns_what_the_rule_says_and_one_that_says_the_same_changes_nothing():
    assert carry_forward([IN], UNDECIDED, ASK).is_asked
    assert carry_forward([IN], UNDECIDED, ASK).is_overridden
    assert not carry_forward([NONE], UNDECIDED, LEAVE_OUT).is_asked
    for decisions, override in (([NONE], ASK), ([IN], LEAVE_OUT)):
        carry = carry_forward(decisions, UNDECIDED, override)
        assert not carry.is_overridden
        assert carry.is_asked is override.asks


def test_an_override_is_stored_with_its_reason_cleaned():
    carry = carry_forward([IN], UNDECIDED)
    wanted = Override("S01", asks=True, reason="  The wording was unclear.\r\n")
    assert checked_override(carry, wanted, known="").reason == "The wording was unclear."


@pytest.mark.parametrize(("reason", "problem"), [(" \n ", OverrideNeedsReason), ("x" * 1001, TextTooLong)])
def test_an_override_without_a_reason_that_can_be_kept_is_refused(reason, problem):
    with pytest.raises(FieldsRefused) as refusal:
        checked_override(carry_forward([IN], UNDECIDED), Override("S01", True, reason), known="")
    assert isinstance(refusal.value.problems["reason"], problem)


def test_what_the_rule_says_anyway_needs_no_override():
    with pytest.raises(OverrideNotNeeded, match="S01"):
        checked_override(carry_forward([NONE], UNDECIDED), ASK, known="")


def test_an_override_that_a_colleague_made_meanwhile_is_not_overwritten():
    carry = CarryForward(asks_by_rule=False, why=CarryReason.SETTLED, override=ASK)
    assert reason_standing(carry) == "So."
    with pytest.raises(OverrideStandsAlready):
        checked_override(carry, Override("S01", asks=True, reason="Mine."), known="")
    assert checked_override(carry, Override("S01", True, "Mine."), known="So.").reason == "Mine."


@pytest.mark.parametrize(
    ("status", "rounds", "words"),
    [
        (StudyStatus.CONCLUDED, [], "concluded"),
        (StudyStatus.RUNNING, [a_round(1, RoundStatus.OPEN)], "Round 1 is open"),
        (StudyStatus.RUNNING, [a_round(1, RoundStatus.CLOSED)], "Round 2 asks open questions"),
    ],
)
def test_what_the_next_round_asks_cannot_always_be_decided(status, rounds, words):
    assert words in str(choosing_hindrance(status, rounds, PLAN))


def test_what_the_next_round_asks_can_be_decided_before_the_first_and_between_two():
    assert choosing_hindrance(StudyStatus.DRAFT, [], PLAN) is None
    held = [a_round(1, RoundStatus.FED_BACK), a_round(2, RoundStatus.CLOSED)]
    assert choosing_hindrance(StudyStatus.RUNNING, held, PLAN) is None


GO_ON = StoppingAdvice(conclude=False, reason=Sentence("Undecided."))


def test_a_study_that_ends_as_its_rule_advises_needs_no_reason():
    for advice in (None, StoppingAdvice(conclude=True, reason=Sentence("Done."))):
        assert checked_conclusion(advice, "whatever") == ""


def test_a_study_that_ends_against_its_rule_says_why():
    assert checked_conclusion(GO_ON, " No money. ") == "No money."
    with pytest.raises(FieldsRefused) as refusal:
        checked_conclusion(GO_ON, " ")
    assert isinstance(refusal.value.problems["reason"], ConclusionNeedsReason)
    with pytest.raises(FieldsRefused) as refusal:
        checked_conclusion(GO_ON, "x" * 1001)
    assert isinstance(refusal.value.problems["reason"], TextTooLong)
