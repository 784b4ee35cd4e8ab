"""Consensus rules are data: read from a protocol's table and written back."""

from fractions import Fraction

import pytest

from analysis.rules import (
    PRESETS,
    Comparison,
    ConsensusRule,
    CvrCriterion,
    Decision,
    Denominator,
    DisagreementCriterion,
    DisagreementMethod,
    Measure,
    MeasureCriterion,
    MedianCriterion,
    Middle,
    PanelAgreementCriterion,
    Scope,
    ShareCriterion,
    SmallGroups,
    Thresholds,
)
from analysis.scale import Band
from tests.unit.analysis.examples import FIVE, NINE, NINE_TURNED, rule


def median_from(low: Fraction | int, high: Fraction | int) -> MedianCriterion:
    return MedianCriterion(Thresholds.fixed(low), Thresholds.fixed(high))


def test_percent_agreement_asks_both_sides_of_every_group():
    found = rule(FIVE, threshold=75)
    assert found.sides == (
        (Decision.CONSENSUS_IN, found.include),
        (Decision.CONSENSUS_OUT, found.exclude),
    )
    assert found.include.criteria == (
        ShareCriterion(Band.AGREE, Comparison.AT_LEAST, Thresholds((Fraction(75),))),
    )
    assert found.scope is Scope.EVERY_GROUP
    assert found.name == "percent_agreement"


def test_choices_are_read():
    found = rule(
        FIVE,
        scope="at_least",
        at_least=2,
        denominator="all",
        quantile_type=2,
        minimum_ratings=5,
        middle="exclude",
        small_groups="leave_out",
    )
    assert (found.scope, found.groups_needed, found.denominator) == (Scope.AT_LEAST, 2, Denominator.ALL)
    assert (found.quantile_type, found.minimum_ratings) == (2, 5)
    assert (found.middle, found.small_groups) == (Middle.EXCLUDE, SmallGroups.LEAVE_OUT)


def test_thresholds_differ_by_round_and_the_last_goes_on():
    rising = rule(NINE, preset="comet_70_15", variant="rising").include.criteria[0]
    assert isinstance(rising, ShareCriterion)
    assert [rising.percent.at(number) for number in (1, 2, 3)] == [50, 70, 70]


RISING_CRITERIA = [
    {"measure": "share", "band": "agree", "percent": [50, 70]},
    {"measure": "median", "low": [6, 6.5, 7]},
    {"measure": "median", "high": [4, 3]},
    {"measure": "iqr", "value": [3, 2]},
    {"measure": "mean", "value": [6, 7]},
    {"measure": "sd", "value": [3, 2]},
    {"measure": "cns", "value": [0.5, 0.7]},
    {"measure": "a", "value": [0.5, 0.7]},
]


@pytest.mark.parametrize("criterion", RISING_CRITERIA, ids=lambda one: str(one["measure"]))
def test_every_threshold_may_differ_by_round(criterion):
    found = rule(NINE, include={"all": [criterion]})
    assert found.to_mapping()["include"]["all"][0].items() >= criterion.items()
    assert ConsensusRule.from_mapping(found.to_mapping(), NINE) == found


def test_a_preset_takes_thresholds_by_round():
    found = rule(NINE, preset="median_iqr", median=[6, 7], iqr=[4, 3])
    include, exclude = found.include.criteria[0], found.sides[1][1].criteria[0]
    assert include == MedianCriterion(Thresholds((Fraction(6), Fraction(7))), Thresholds.fixed(9))
    assert exclude == MedianCriterion(Thresholds.fixed(1), Thresholds((Fraction(4), Fraction(3))))
    assert ConsensusRule.from_mapping(found.to_mapping(), NINE) == found


def test_a_decimal_threshold_is_the_decimal_that_is_written():
    criterion = rule(FIVE, threshold=66.7).include.criteria[0]
    assert isinstance(criterion, ShareCriterion)
    assert criterion.percent.at(1) == Fraction(667, 10)


@pytest.mark.parametrize("scale", [NINE, NINE_TURNED], ids=["high", "low"])
@pytest.mark.parametrize("preset", sorted(PRESETS))
@pytest.mark.parametrize("extra", [{}, {"scope": "at_least", "at_least": 2, "denominator": "all"}])
def test_every_preset_is_written_and_read_back(preset, scale, extra):
    found = rule(scale, preset=preset, **extra)
    assert ConsensusRule.from_mapping(found.to_mapping(), scale) == found


@pytest.mark.parametrize("variant", ["mirror", "at_most_half", "rising", "either_group"])
def test_every_published_variant_of_70_15_is_read_back(variant):
    found = rule(NINE, preset="comet_70_15", variant=variant)
    assert ConsensusRule.from_mapping(found.to_mapping(), NINE) == found


def test_the_full_form_holds_every_kind_of_criterion():
    table = {
        "include": {
            "any": [
                {"measure": "share", "band": "agree", "comparison": ">", "percent": "200/3"},
                {"measure": "median", "low": 6.5},
                {"measure": "iqr", "value": [2, 1]},
                {"measure": "mean", "value": 7.5},
                {"measure": "disagreement", "method": "thirds", "present": False},
                {"measure": "panel_agreement"},
                {"measure": "cvr", "alpha": 0.01},
            ]
        },
        "exclude": {"all": [{"measure": "sd", "comparison": ">", "value": 2}]},
    }
    found = rule(NINE, **table)
    assert found.include.any_of
    assert found.include.criteria == (
        ShareCriterion(Band.AGREE, Comparison.MORE_THAN, Thresholds((Fraction(200, 3),))),
        MedianCriterion(Thresholds.fixed(Fraction(13, 2)), Thresholds.fixed(9)),
        MeasureCriterion(Measure.IQR, Comparison.AT_MOST, Thresholds((Fraction(2), Fraction(1)))),
        MeasureCriterion(Measure.MEAN, Comparison.AT_LEAST, Thresholds((Fraction(15, 2),))),
        DisagreementCriterion(DisagreementMethod.THIRDS),
        PanelAgreementCriterion(),
        CvrCriterion(Band.AGREE, Fraction(1, 100)),
    )
    assert ConsensusRule.from_mapping(found.to_mapping(), NINE) == found


def test_a_median_between_two_bands_goes_where_the_protocol_says():
    higher = rule(NINE, preset="rand_ucla")
    lower = rule(NINE, preset="rand_ucla", boundary="lower")
    assert higher.include.criteria[0] == median_from(Fraction(13, 2), 9)
    assert lower.include.criteria[0] == median_from(7, 9)
    assert higher.exclude is not None
    assert lower.exclude is not None
    assert higher.exclude.criteria[0] == median_from(1, 3)
    assert lower.exclude.criteria[0] == median_from(1, Fraction(7, 2))


def test_median_and_iqr_take_their_defaults_from_the_scale():
    on_five, on_nine = (rule(scale, preset="median_iqr").include.criteria for scale in (FIVE, NINE))
    assert on_five[0] == median_from(4, 5)
    assert on_nine[0] == median_from(7, 9)
    assert [one[1].value.at(1) for one in (on_five, on_nine) if isinstance(one[1], MeasureCriterion)] == [
        1,
        3,
    ]


def test_both_panels_may_ask_for_agreement_too():
    assert len(rule(NINE, preset="both_panels_8_9").include.criteria) == 1
    assert (
        rule(NINE, preset="both_panels_8_9", agreement=True).include.criteria[1] == PanelAgreementCriterion()
    )
