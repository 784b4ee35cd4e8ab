"""Scales say which end is agreement, and a wrong one is refused with every fault named."""

import pytest

from analysis.scale import Band, Direction, ProtocolFieldError, Scale
from tests.unit.analysis.examples import FIVE, FIVE_TURNED, HUNDRED_AND_ONE, TWO

GOOD = {
    "points": [1, 2, 3, 4, 5],
    "direction": "high_is_agreement",
    "disagree": [1, 2],
    "neutral": [3],
    "agree": [4, 5],
}


def faults_of(**changed: object) -> dict[str, str]:
    table = {name: value for name, value in {**GOOD, **changed}.items() if value is not None}
    with pytest.raises(ProtocolFieldError) as refusal:
        Scale.from_mapping(table, "criterion.agreement.scale")
    prefix = "criterion.agreement.scale."
    return {fault.field.removeprefix(prefix): fault.sentence() for fault in refusal.value.faults}


def test_a_scale_is_read_from_its_table_and_written_back():
    assert Scale.from_mapping(GOOD) == FIVE
    assert FIVE.to_mapping() == GOOD


def test_every_point_lies_in_its_band():
    assert [FIVE.band_of(point) for point in FIVE.points] == [
        Band.DISAGREE,
        Band.DISAGREE,
        Band.NEUTRAL,
        Band.AGREE,
        Band.AGREE,
    ]


def test_a_point_off_the_scale_has_no_band():
    with pytest.raises(ValueError, match="6 is not a point of the scale 1 to 5"):
        FIVE.band_of(6)


def test_a_scale_knows_its_points():
    assert 5 in FIVE
    assert 0 not in FIVE
    assert FIVE.width == 4


def test_a_scale_without_a_middle_and_a_wide_one_are_scales():
    assert TWO.points_of(Band.NEUTRAL) == ()
    assert HUNDRED_AND_ONE.band_of(50) is Band.NEUTRAL


def test_the_middle_may_be_left_out_of_the_table():
    table = {"points": [1, 2], "direction": "low_is_agreement", "disagree": [2], "agree": [1]}
    assert Scale.from_mapping(table).neutral == ()


def test_turning_a_scale_round_turns_its_direction_and_its_bands():
    assert FIVE.mirrored() == FIVE_TURNED
    assert FIVE.mirrored().mirrored() == FIVE
    assert [FIVE.mirror(point) for point in FIVE.points] == [5, 4, 3, 2, 1]
    assert FIVE_TURNED.direction is Direction.LOW_IS_AGREEMENT


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        (
            {"direction": None},
            "direction",
            "is missing; write one of high_is_agreement, low_is_agreement, so",
        ),
        ({"direction": "up"}, "direction", "must be one of high_is_agreement, low_is_agreement."),
        ({"points": None}, "points", "is missing; write a list of whole numbers."),
        ({"points": "1-5"}, "points", "must be a list of whole numbers, such as [1, 2, 3]."),
        ({"points": [1, 2.5]}, "points", "must be a list of whole numbers, such as [1, 2, 3]."),
        ({"points": [1]}, "points", "has 1 points; a scale has 2 to 101."),
        ({"points": list(range(102))}, "points", "has 102 points; a scale has 2 to 101."),
        ({"points": [1, 2, 4, 5]}, "points", "must be consecutive whole numbers in rising order"),
        (
            {"points": [1, 2, 3, 4, 5, 6]},
            "points",
            "lie in no band: 6; put each into disagree, neutral or agree.",
        ),
        ({"agree": []}, "agree", "is empty; at least one point must mean agree."),
        ({"agree": [4, 5, 6]}, "agree", "6 is not a point of the scale."),
        ({"agree": [3, 4, 5]}, "agree", "3 is already in neutral; a point lies in one band, once."),
        (
            {"direction": "low_is_agreement"},
            "direction",
            "the bands must follow the points as agree, neutral,",
        ),
        (
            {"disagree": [4, 5], "agree": [1, 2]},
            "direction",
            "as disagree, neutral, agree, each list rising.",
        ),
        ({"labels": []}, "labels", "is not a field here; the fields are agree, direction, disagree,"),
    ],
)
def test_a_wrong_field_is_named(changed, field, sentence):
    assert sentence in faults_of(**changed)[field]


def test_all_wrong_fields_are_named_at_once():
    assert faults_of(direction="up", points="five", agree=4).keys() == {"direction", "points", "agree"}


def test_a_fault_reads_as_field_and_sentence():
    with pytest.raises(ProtocolFieldError) as refusal:
        Scale((1,), Direction.HIGH_IS_AGREEMENT, (1,), (), (1,))
    assert str(refusal.value) == "scale.points: has 1 points; a scale has 2 to 101."
