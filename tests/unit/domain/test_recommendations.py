"""What a recommendation must have: an audience, words, and something that it rests on."""

import pytest

from app.domain.errors import TextTooLong
from app.domain.recommendation import (
    Audience,
    AudienceInUse,
    AudienceNameMissing,
    AudienceNotChosen,
    Basis,
    CardsUnknown,
    Findings,
    Recommendation,
    ReservationMissing,
    RestsOnNothing,
    StatementsNotRated,
    ThemesUnknown,
    audiences_fingerprint,
    checked_audiences,
    checked_recommendation,
    moved,
)
from app.domain.statement_editing import FieldsRefused, TextMissing

LANGUAGES = ("fr", "nl")
FINDINGS = Findings(
    audiences=["A01"], accepted={"S01": True, "S02": False}, themes={7}, evidence=["E01", "E02"]
)
ON_S01 = Basis(statements=("S01",))


def wanted(basis: Basis = ON_S01, **changes: object) -> Recommendation:
    usual = {"number": 0, "audience": "A01", "text": {"fr": " Payez. ", "nl": ""}, "reservation": {}}
    return Recommendation(basis=basis, **{**usual, **changes})  # type: ignore[arg-type]


def problems(one: Recommendation) -> dict[str, type]:
    with pytest.raises(FieldsRefused) as refusal:
        checked_recommendation(one, LANGUAGES, FINDINGS)
    return {name: type(problem) for name, problem in refusal.value.problems.items()}


def test_a_recommendation_is_stored_clean_and_nothing_under_it_twice():
    basis = Basis((" S01 ", "S01", ""), (7, 7), ("E02", "E01", "E02"))
    checked = checked_recommendation(wanted(basis), LANGUAGES, FINDINGS)
    assert checked.text == {"fr": "Payez."}
    assert checked.basis == Basis(("S01",), (7,), ("E02", "E01"))
    assert checked.missing(LANGUAGES) == ("nl",)


@pytest.mark.parametrize("basis", [Basis(themes=(7,)), Basis(evidence=("E01",)), ON_S01])
def test_one_thing_to_rest_on_is_enough(basis):
    assert checked_recommendation(wanted(basis), LANGUAGES, FINDINGS).basis == basis


@pytest.mark.parametrize(
    ("basis", "field", "problem"),
    [
        (Basis(), "statements", RestsOnNothing),
        (Basis(("S01", "S99")), "statements", StatementsNotRated),
        (Basis(themes=(8,)), "themes", ThemesUnknown),
        (Basis(evidence=("E01", "E9")), "evidence", CardsUnknown),
    ],
)
def test_a_recommendation_rests_on_nothing_that_is_not_there(basis, field, problem):
    assert problems(wanted(basis)) == {field: problem}


def test_without_an_audience_or_words_it_is_refused():
    assert problems(wanted(audience="A9", text={})) == {"audience": AudienceNotChosen, "text.fr": TextMissing}
    assert problems(wanted(text={"nl": "x" * 2001})) == {"text.nl": TextTooLong}
    assert problems(wanted(reservation={"fr": "x" * 1001})) == {"reservation.fr": TextTooLong}


def test_resting_on_what_is_not_accepted_needs_a_reservation():
    doubtful = Basis(("S01", "S02"))
    assert problems(wanted(doubtful)) == {"reservation.fr": ReservationMissing}
    assert wanted(doubtful).not_accepted(FINDINGS.accepted) == ("S02",)
    checked = checked_recommendation(wanted(doubtful, reservation={"nl": "Verdeeld."}), LANGUAGES, FINDINGS)
    assert checked.missing(LANGUAGES) == ("fr", "nl")


def test_a_fingerprint_changes_with_whatever_the_recommendation_says():
    one = wanted()
    others = [
        wanted(Basis(("S02",))),
        wanted(text={"fr": "Autre."}),
        wanted(reservation={"fr": "Mais."}),
        wanted(audience="A02"),
    ]
    assert len({one.fingerprint, *(other.fingerprint for other in others)}) == 5


TEAMS, STATE = Audience("A01", {"fr": "Équipes"}), Audience("A02", {"fr": "État", "nl": "Staat"})


def test_audiences_are_named_in_at_least_one_language():
    assert checked_audiences([STATE, TEAMS], LANGUAGES, [TEAMS], ["A01"]) == (STATE, TEAMS)
    assert audiences_fingerprint([STATE, TEAMS]) != audiences_fingerprint([TEAMS, STATE])
    with pytest.raises(FieldsRefused) as refusal:
        checked_audiences(
            [Audience("A01", {"fr": " "}), Audience("A02", {"nl": "x" * 201})], LANGUAGES, [], []
        )
    found = {name: type(problem) for name, problem in refusal.value.problems.items()}
    assert found == {"A01.name.fr": AudienceNameMissing, "A02.name.nl": TextTooLong}


def test_an_audience_to_which_something_is_said_is_not_removed():
    assert checked_audiences([STATE], LANGUAGES, [TEAMS, STATE], ["A02"]) == (STATE,)
    with pytest.raises(FieldsRefused) as refusal:
        checked_audiences([STATE], LANGUAGES, [TEAMS, STATE], ["A01"])
    assert isinstance(refusal.value.problems["A01.remove"], AudienceInUse)


@pytest.mark.parametrize(
    ("number", "up", "after"),
    [(2, True, [2, 1, 3]), (2, False, [1, 3, 2]), (1, True, [1, 2, 3]), (3, False, [1, 2, 3])],
)
def test_a_recommendation_moves_one_place_and_stays_at_the_ends(number, up, after):
    assert moved([1, 2, 3], number, up=up) == after
