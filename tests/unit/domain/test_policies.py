"""Carrying statements forward, advice on stopping, and profile answers."""

import pytest

from analysis.rules import Decision
from app.domain.carry_forward import CarryForwardPolicy, is_carried_forward
from app.domain.errors import ProfileAnswerRefused, ProfileIncomplete
from app.domain.profile import ProfileOption, ProfileQuestion, QuestionKind, checked_answer
from app.domain.stopping import StoppingFacts, StoppingPolicy, advise_stopping

IN, OUT, NONE, UNKNOWN = (
    Decision.CONSENSUS_IN,
    Decision.CONSENSUS_OUT,
    Decision.NO_CONSENSUS,
    Decision.NOT_ASSESSABLE,
)


@pytest.mark.parametrize(
    ("policy", "decisions", "carried"),
    [
        (CarryForwardPolicy.UNDECIDED, [IN], False),
        (CarryForwardPolicy.UNDECIDED, [OUT], False),
        (CarryForwardPolicy.UNDECIDED, [NONE], True),
        (CarryForwardPolicy.UNDECIDED, [UNKNOWN], True),
        (CarryForwardPolicy.UNDECIDED, [IN, NONE], True),
        (CarryForwardPolicy.NOT_IN, [OUT], True),
        (CarryForwardPolicy.NOT_IN, [IN, IN], False),
        (CarryForwardPolicy.ALL, [IN], True),
    ],
)
def test_what_is_carried_forward_follows_the_policy(
    policy: CarryForwardPolicy, decisions: list[Decision], carried: bool
) -> None:
    assert is_carried_forward(decisions, policy) is carried


@pytest.mark.parametrize(
    ("policy", "facts", "conclude", "words"),
    [
        (StoppingPolicy.FIXED_ROUNDS, StoppingFacts(1, 3, 0, None), True, "Every statement has been decided"),
        (StoppingPolicy.FIXED_ROUNDS, StoppingFacts(3, 3, 14, 0.9), True, "The 3 rounds planned"),
        (
            StoppingPolicy.FIXED_ROUNDS,
            StoppingFacts(2, 3, 14, 1.0),
            False,
            "14 statements are still undecided",
        ),
        (StoppingPolicy.ALL_DECIDED, StoppingFacts(5, 3, 1, 1.0), False, "1 statement is still undecided"),
        (StoppingPolicy.ALL_DECIDED, StoppingFacts(5, 3, 2, 1.0), False, "2 statements are still undecided"),
        (StoppingPolicy.STABLE, StoppingFacts(2, 4, 9, 0.85), True, "85% of the ratings stayed the same"),
        (StoppingPolicy.STABLE, StoppingFacts(2, 4, 9, 0.84), False, "9 statements"),
        (StoppingPolicy.STABLE, StoppingFacts(1, 4, 9, None), False, "9 statements"),
        (StoppingPolicy.STABLE, StoppingFacts(4, 4, 9, 0.2), True, "The 4 rounds planned"),
    ],
)
def test_the_advice_on_stopping_follows_the_policy_and_says_why(
    policy: StoppingPolicy, facts: StoppingFacts, conclude: bool, words: str
) -> None:
    advice = advise_stopping(policy, facts)
    assert advice.conclude is conclude
    assert words in str(advice.reason)


def a_question(kind: QuestionKind, *, required: bool = False) -> ProfileQuestion:
    options = (ProfileOption("home", {"en": "At home"}), ProfileOption("clinic", {"en": "In a clinic"}))
    return ProfileQuestion("where", kind, required, {"en": "Where?"}, {}, options)


def test_a_single_choice_takes_one_listed_answer() -> None:
    assert checked_answer(a_question(QuestionKind.SINGLE), ["home"], "en").options == ("home",)


def test_a_multiple_choice_keeps_the_order_of_the_list_and_each_answer_once() -> None:
    answer = checked_answer(a_question(QuestionKind.MULTIPLE), ["clinic", "home", "clinic"], "en")
    assert answer.options == ("home", "clinic")


def test_texts_and_numbers_are_kept_as_typed() -> None:
    assert checked_answer(a_question(QuestionKind.TEXT), [" a few words "], "en").text == "a few words"
    assert checked_answer(a_question(QuestionKind.NUMBER), ["12,5"], "en").text == "12,5"


def test_an_optional_question_may_stay_empty_and_a_required_one_may_not() -> None:
    assert checked_answer(a_question(QuestionKind.TEXT), ["  "], "en").is_empty
    with pytest.raises(ProfileIncomplete, match="Where"):
        checked_answer(a_question(QuestionKind.TEXT, required=True), [], "en")


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        (QuestionKind.SINGLE, ["home", "clinic"], "one answer only"),
        (QuestionKind.SINGLE, ["moon"], "choose from the list"),
        (QuestionKind.MULTIPLE, ["home", "moon"], "choose from the list"),
        (QuestionKind.NUMBER, ["twelve"], "write a number"),
        (QuestionKind.NUMBER, ["1.2.3"], "write a number"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_the_question(
    kind: QuestionKind, typed: list[str], words: str
) -> None:
    with pytest.raises(ProfileAnswerRefused, match=words) as refusal:
        checked_answer(a_question(kind), typed, "en")
    assert "Where?" in str(refusal.value)
