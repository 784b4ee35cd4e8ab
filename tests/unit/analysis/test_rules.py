"""Consensus rules are data: read, written back, and said in one sentence."""

import re
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
    rule_sentence,
)
from analysis.rules.phrasebook import LOCALES, phrases_in
from analysis.rules.sentence import PHRASES
from analysis.scale import Band, ProtocolFieldError, Scale
from analysis.wording import PHRASES as REASONS
from tests.unit.analysis.examples import FIVE, NINE, NINE_TURNED, TWO, rule


def faults_of(table: dict[str, object], scale: Scale = FIVE) -> dict[str, str]:
    with pytest.raises(ProtocolFieldError) as refusal:
        ConsensusRule.from_mapping(table, scale)
    return {
        fault.field.removeprefix("protocol.consensus."): fault.sentence() for fault in refusal.value.faults
    }


def one_criterion(**fields: object) -> dict[str, object]:
    return {"include": {"all": [fields]}}


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
        MedianCriterion(Fraction(13, 2), Fraction(9)),
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
    assert higher.include.criteria[0] == MedianCriterion(Fraction(13, 2), Fraction(9))
    assert lower.include.criteria[0] == MedianCriterion(Fraction(7), Fraction(9))
    assert higher.exclude is not None
    assert lower.exclude is not None
    assert higher.exclude.criteria[0] == MedianCriterion(Fraction(1), Fraction(3))
    assert lower.exclude.criteria[0] == MedianCriterion(Fraction(1), Fraction(7, 2))


def test_median_and_iqr_take_their_defaults_from_the_scale():
    on_five, on_nine = (rule(scale, preset="median_iqr").include.criteria for scale in (FIVE, NINE))
    assert on_five[0] == MedianCriterion(Fraction(4), Fraction(5))
    assert on_nine[0] == MedianCriterion(Fraction(7), Fraction(9))
    assert [one[1].value.at(1) for one in (on_five, on_nine) if isinstance(one[1], MeasureCriterion)] == [
        1,
        3,
    ]


def test_both_panels_may_ask_for_agreement_too():
    assert len(rule(NINE, preset="both_panels_8_9").include.criteria) == 1
    assert (
        rule(NINE, preset="both_panels_8_9", agreement=True).include.criteria[1] == PanelAgreementCriterion()
    )


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
        ({"preset": "rand_ucla"}, "preset", "rand_ucla is defined on a scale of 1 to 9 only."),
        ({"preset": "both_panels_8_9"}, "preset", "both_panels_8_9 is defined on a scale of 1 to 9 only."),
        (
            {"preset": "comet_70_15", "variant": "x"},
            "variant",
            "must be one of mirror, at_most_half, rising,",
        ),
        ({"preset": "median_iqr", "iqr": "wide"}, "iqr", "must be a number."),
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
            one_criterion(measure="disagreement"),
            "include.all[1].method",
            "panel_table is defined on a scale of 1",
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


SENTENCES = {
    "en": (
        "A statement is accepted when at least 70% of every group rate 4 or 5, "
        "and rejected when at least 70% of every group rate 1 or 2."
    ),
    "fr": (
        "Un énoncé est accepté lorsqu’au moins 70\u00a0% de chaque groupe donnent 4 ou 5, "
        "et rejeté lorsqu’au moins 70\u00a0% de chaque groupe donnent 1 ou 2."
    ),
    "nl": (
        "Een stelling is aanvaard wanneer minstens 70% van elke groep een beoordeling van 4 of 5 geeft, "
        "en verworpen wanneer minstens 70% van elke groep een beoordeling van 1 of 2 geeft."
    ),
    "de": (
        "Eine Aussage ist angenommen, wenn mindestens 70\u00a0% jeder Gruppe die Bewertung 4 oder 5 geben, "
        "und abgelehnt, wenn mindestens 70\u00a0% jeder Gruppe die Bewertung 1 oder 2 geben."
    ),
}


@pytest.mark.parametrize("locale", SENTENCES)
def test_a_rule_is_one_sentence_in_four_languages(locale):
    assert rule_sentence(rule(FIVE), locale) == SENTENCES[locale]


RISING = """
A statement is accepted when in round 1 at least 50%, from round 2 at least 70% of the panel rate 7 to 9 and
less than 15% of the panel rate 1 to 3, and rejected when in round 1 at least 50%, from round 2 at least 70%
of the panel rate 1 to 3 and less than 15% of the panel rate 7 to 9.
"""
GROUP_EQUAL = """
A statement is accepted when with each group counting the same, the median is 7 or higher and the
interquartile range is at most 3, and rejected when with each group counting the same, the median is 3 or
lower and the interquartile range is at most 3 (quartiles of type 7).
"""
EVERY_CHOICE = """
A statement is accepted when in at least 2 groups, significantly more than half rate 7 to 9 (content validity
ratio, level 0.05) or the median lies from 4 to 6.5 (of everybody asked, abstentions and missing ratings
included; ratings of 4 to 6 left out; groups with fewer than 5 ratings are not assessed).
"""
DISAGREEMENT = """
A statement is accepted when in any one group, there is disagreement (table by panel size) and there is no
disagreement (IPRAS) and few ratings lie outside the third of the scale that holds the median.
"""


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"preset": "comet_70_15", "variant": "rising", "scope": "overall"}, RISING),
        ({"preset": "median_iqr", "scope": "group_equal"}, GROUP_EQUAL),
        (
            {
                "include": {"any": [{"measure": "cvr"}, {"measure": "median", "low": 4, "high": 6.5}]},
                "scope": "at_least",
                "at_least": 2,
                "denominator": "all",
                "minimum_ratings": 5,
                "middle": "exclude",
            },
            EVERY_CHOICE,
        ),
        (
            {
                "include": {
                    "all": [
                        {"measure": "disagreement", "present": True},
                        {"measure": "disagreement", "method": "ipras"},
                        {"measure": "panel_agreement"},
                    ]
                },
                "scope": "any_group",
            },
            DISAGREEMENT,
        ),
    ],
)
def test_a_sentence_says_all_that_the_rule_asks(fields, sentence):
    assert rule_sentence(rule(NINE, **fields)) == sentence.strip().replace("\n", " ")


def test_single_points_stand_alone_in_a_sentence():
    assert "rate 1," in rule_sentence(rule(TWO))


@pytest.mark.parametrize("locale", ["fr", "nl", "de"])
@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_every_preset_has_a_sentence_in_every_language(locale, preset):
    sentence = rule_sentence(rule(NINE, preset=preset), locale)
    assert "%(" not in sentence
    assert sentence.endswith(".")


def test_another_language_is_refused():
    with pytest.raises(ValueError, match="no wording for locale 'es'; there is en, fr, nl, de"):
        rule_sentence(rule(FIVE), "es")


def test_every_language_has_the_same_phrases():
    for directory in (PHRASES, REASONS):
        plural = {
            locale: {name for name in phrases_in(directory, locale) if not name.endswith("_one")}
            for locale in LOCALES
        }
        assert len({frozenset(names) for names in plural.values()}) == 1
        for locale, names in plural.items():
            assert {name.removesuffix("_one") for name in phrases_in(directory, locale)} == names


def test_french_spaces_do_not_break_and_the_words_are_those_of_the_pages():
    for directory in (PHRASES, REASONS):
        text = " ".join(phrases_in(directory, "fr").values())
        assert not re.search("cotation|coté|panéliste", text, re.IGNORECASE)
        assert not re.search("[^\N{NARROW NO-BREAK SPACE}][;!?]", text)
        assert not re.search("[^\N{NO-BREAK SPACE}](:|%%)", text)


def test_a_rule_may_reject_by_any_group_what_only_every_group_accepts():
    strict = rule(preset="percent_agreement", exclude_scope="any_group")
    assert strict.exclude_scope is Scope.ANY_GROUP
    assert ConsensusRule.from_mapping(strict.to_mapping(), FIVE) == strict
    assert rule_sentence(strict) == (
        "A statement is accepted when at least 70% of every group rate 4 or 5, "
        "and rejected when in any one group, at least 70% rate 1 or 2."
    )
    assert "exclude_scope" not in rule(exclude_scope="every_group").to_mapping()


def test_rejection_has_no_scope_of_its_own_where_groups_are_not_asked_one_by_one():
    with pytest.raises(ProtocolFieldError, match="exclude_scope: goes with scope every_group, any_group, at"):
        rule(preset="mhfa_80", scope="overall", exclude_scope="any_group")
    assert rule(preset="mhfa_80", scope="overall").exclude_scope is None
