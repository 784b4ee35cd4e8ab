"""What counts as a rating, when it crosses a band, and what is still unanswered."""

from datetime import UTC, datetime

import pytest

from analysis.scale import Direction, Scale
from app.domain.errors import (
    PointOffScale,
    RatingContradictsItself,
    TextNotReadable,
    TextTooLong,
    UnknownReason,
)
from app.domain.rating import (
    CHANGE_REASON_WORDS,
    ChangeReason,
    Rating,
    RatingChange,
    checked_text,
    crosses_band,
    n_answered,
    unanswered,
    validate,
)

SCALE = Scale((1, 2, 3, 4, 5), Direction.HIGH_IS_AGREEMENT, (1, 2), (3,), (4, 5))
NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


def a_change(
    point: int | None = 4, *, abstained: bool = False, reason: str = "", text: str = ""
) -> RatingChange:
    return RatingChange("S07", "agreement", point, abstained, 0, reason, text)


@pytest.mark.parametrize("point", SCALE.points)
def test_every_point_of_the_scale_is_a_rating(point: int) -> None:
    validate(a_change(point), SCALE)


def test_unable_to_rate_is_an_answer() -> None:
    validate(a_change(None, abstained=True), SCALE)


@pytest.mark.parametrize("point", [0, 6, -1, 99])
def test_a_point_off_the_scale_is_refused_with_the_statement_and_the_scale(point: int) -> None:
    with pytest.raises(PointOffScale, match=r"S07.*1 to 5"):
        validate(a_change(point), SCALE)


@pytest.mark.parametrize("change", [a_change(None), a_change(4, abstained=True)])
def test_neither_or_both_is_refused(change: RatingChange) -> None:
    with pytest.raises(RatingContradictsItself, match="S07"):
        validate(change, SCALE)


def test_a_reason_must_be_in_the_list_and_every_listed_one_has_words() -> None:
    for reason in ChangeReason:
        validate(a_change(reason=reason), SCALE)
        assert CHANGE_REASON_WORDS[reason]
    with pytest.raises(UnknownReason, match="because"):
        validate(a_change(reason="because"), SCALE)


def test_a_reason_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(TextTooLong, match="1001 characters; at most 1000"):
        validate(a_change(text="x" * 1001), SCALE)


def test_text_keeps_its_lines_and_loses_its_outer_space() -> None:
    assert checked_text("  one\r\ntwo\rthree\tfour \n", 100) == "one\ntwo\nthree\tfour"


@pytest.mark.parametrize("bad", ["a\x00b", "a\x1fb", "a\ud800b"])
def test_text_with_a_character_no_text_has_is_refused(bad: str) -> None:
    with pytest.raises(TextNotReadable):
        checked_text(bad, 100)


@pytest.mark.parametrize(
    ("before", "now", "crosses"),
    [(4, 5, False), (3, 4, True), (2, 1, False), (2, 4, True), (None, 4, False), (4, None, False)],
)
def test_a_rating_crosses_a_band_when_it_moves_into_another(
    before: int | None, now: int | None, crosses: bool
) -> None:
    assert crosses_band(SCALE, before, now) is crosses


def test_a_statement_is_answered_when_every_criterion_is() -> None:
    def rated(statement: str, criterion: str) -> Rating:
        return Rating(statement, criterion, 4, False, 1, NOON)

    stored = {key: rated(*key) for key in [("S1", "importance"), ("S1", "feasibility"), ("S2", "importance")]}
    statements, criteria = ("S1", "S2", "S3"), ("importance", "feasibility")
    assert n_answered(stored, statements, criteria) == 1
    assert unanswered(stored, statements, criteria) == ("S2", "S3")
