"""A rule that is written wrongly is refused, and every wrong field is named."""

import pytest

from analysis.rules import ConsensusRule, DisagreementCriterion, DisagreementMethod
from analysis.scale import Direction, ProtocolFieldError, Scale
from tests.unit.analysis.examples import FIVE, NINE, TWO, rule


def faults_of(table: dict[str, object], scale: Scale = FIVE) -> dict[str, str]:
    with pytest.raises(ProtocolFieldError) as refusal:
        ConsensusRule.from_mapping(table, scale)
    return {
        fault.field.removeprefix("protocol.consensus."): fault.sentence() for fault in refusal.value.faults
    }


def one_criterion(**fields: object) -> dict[str, object]:
    return {"include": {"all": [fields]}}


@pytest.mark.parametrize(
    ("table", "field", "sentence"),
    [
        ({}, "include", 'is missing; write preset = "percent_agreement", or include.all = [...].'),
        ({"preset": "most"}, "preset", "must be one of percent_agreement, comet_70_15, rand_ucla,"),
        (
            {"preset": "percent_agreement", "threshold": 0.7},
            "threshold",
            "is 0.7 per cent; write 70 for 70%.",
        ),
        (
            {"preset": "percent_agreement", "threshold": 101},
            "threshold",
            "must lie between 0 and 100 per cent.",
        ),
        (
            {"preset": "percent_agreement", "threshold": "x"},
            "threshold",
            "must be a number, or a list with one",
        ),
        (
            {"preset": "percent_agreement", "threshold": []},
            "threshold",
            "must be a number, or a list with one",
        ),
        (
            {"preset": "percent_agreement", "threshold": "1/0"},
            "threshold",
            "must be a number, or a list with",
        ),
        (
            {"preset": "percent_agreement", "threshold": True},
            "threshold",
            "must be a number, or a list with one",
        ),
        (
            {"preset": "percent_agreement", "iqr": 1},
            "iqr",
            "is not a field here; the fields are preset, thresh",
        ),
        ({"preset": "percent_agreement", "scope": "all"}, "scope", "must be one of overall, every_group,"),
        ({"preset": "percent_agreement", "scope": "at_least"}, "at_least", "is missing; with scope at_least"),
        (
            {"preset": "percent_agreement", "quantile_type": 10},
            "quantile_type",
            "a whole number from 1 to 9.",
        ),
        (
            {"preset": "percent_agreement", "minimum_ratings": 0},
            "minimum_ratings",
            "must be a whole number from",
        ),
        ({"preset": "rand_ucla"}, "preset", "rand_ucla is defined on a scale of 1 to 9 with the bands"),
        ({"preset": "both_panels_8_9"}, "preset", "both_panels_8_9 is defined on a scale of 1 to 9 with"),
        (
            {"preset": "comet_70_15", "variant": "x"},
            "variant",
            "must be one of mirror, at_most_half, rising,",
        ),
        ({"preset": "median_iqr", "iqr": "wide"}, "iqr", "must be a number, or a list with one"),
        ({"preset": "median_iqr", "median": []}, "median", "must be a number, or a list with one"),
        ({"include": []}, "include", "must hold one list, named all or any, of criteria."),
        ({"include": {"none": []}}, "include", "must hold one list, named all or any, of criteria."),
        (
            {"include": {"all": []}},
            "include.all",
            'must be a list of criteria such as {measure = "share", ...}.',
        ),
        (
            {"include": {"all": [1]}},
            "include.all",
            'must be a list of criteria such as {measure = "share", ...}.',
        ),
        (one_criterion(measure="mode"), "include.all[1].measure", "must be one of share, median, iqr, mean,"),
        (one_criterion(), "include.all[1].measure", "is missing; write one of share, median, iqr,"),
        (
            one_criterion(measure="share", percent=70),
            "include.all[1].band",
            "is missing; write one of disagree,",
        ),
        (
            one_criterion(measure="share", band="agree"),
            "include.all[1].percent",
            "must be a number, or a list",
        ),
        (
            one_criterion(measure="mean"),
            "include.all[1].value",
            "must be a number, or a list with one number",
        ),
        (
            one_criterion(measure="median", low=5, high=4),
            "include.all[1].low",
            "is above high, so no median can",
        ),
        (one_criterion(measure="median", low=6), "include.all[1].low", "is above high, so no median can lie"),
        (
            one_criterion(measure="median", low=-3, high=0),
            "include.all[1].low",
            "lies, with high, off the scale.",
        ),
        (
            one_criterion(measure="median", low=[2, 5], high=[3, 4]),
            "include.all[1].low",
            "is above high, so no median can",
        ),
        (
            one_criterion(measure="median", low=[3, 6], high=9),
            "include.all[1].low",
            "lies, with high, off the scale.",
        ),
        (
            one_criterion(measure="disagreement"),
            "include.all[1].method",
            "panel_table is defined on a scale of 1 to 9 with the bands 1 to 3, 4 to 6 and 7 to 9 only;",
        ),
        (
            one_criterion(measure="disagreement", method="ipras"),
            "include.all[1].method",
            "ipras is defined on a scale of 1 to 9 only; thirds fits any.",
        ),
        (
            one_criterion(measure="cvr", alpha=2),
            "include.all[1].alpha",
            "must lie between 0 and 1; the usual",
        ),
        (
            one_criterion(measure="cvr", alfa=2),
            "include.all[1].alfa",
            "is not a field here; the fields are meas",
        ),
    ],
)
def test_a_wrong_field_of_a_rule_is_named(table, field, sentence):
    assert sentence in faults_of(table)[field]


def test_a_number_that_must_be_given_is_asked_for():
    assert faults_of(one_criterion(measure="cvr", alpha="x"))["include.all[1].alpha"] == "must be a number."


def test_a_flag_is_true_or_false():
    found = faults_of({"preset": "both_panels_8_9", "agreement": "yes"}, NINE)
    assert found == {"agreement": "must be true or false."}


def test_a_scale_without_a_middle_has_no_neutral_share():
    found = faults_of(one_criterion(measure="share", band="neutral", percent=10), TWO)
    assert found["include.all[1].band"] == "is neutral, but the scale has no neutral points."


def test_all_faults_of_a_rule_are_named_at_once():
    table = {"preset": "percent_agreement", "threshold": 0.7, "scope": "x", "middle": "y", "denominator": "z"}
    assert faults_of(table).keys() == {"threshold", "scope", "middle", "denominator"}


def test_rejection_has_no_scope_of_its_own_where_groups_are_not_asked_one_by_one():
    with pytest.raises(ProtocolFieldError, match="exclude_scope: goes with scope every_group, any_group, at"):
        rule(preset="mhfa_80", scope="overall", exclude_scope="any_group")
    assert rule(preset="mhfa_80", scope="overall").exclude_scope is None


NINE_IN_OTHER_BANDS = Scale(NINE.points, Direction.HIGH_IS_AGREEMENT, (1, 2, 3, 4), (5,), (6, 7, 8, 9))


@pytest.mark.parametrize(
    "table",
    [{"preset": "rand_ucla"}, {"preset": "both_panels_8_9"}, one_criterion(measure="disagreement")],
)
def test_rules_in_thirds_of_the_scale_need_bands_of_three_points(table):
    assert "bands 1 to 3, 4 to 6 and 7 to 9" in " ".join(faults_of(table, NINE_IN_OTHER_BANDS).values())
    assert rule(NINE, **table).scale is NINE


def test_ipras_asks_for_no_bands():
    found = rule(NINE_IN_OTHER_BANDS, **one_criterion(measure="disagreement", method="ipras"))
    assert found.include.criteria == (DisagreementCriterion(DisagreementMethod.IPRAS),)
