"""Any rule is said in one sentence, in four languages."""

import re
from fractions import Fraction

import pytest

from analysis.rules import PRESETS, ConsensusRule, Scope, rule_sentence
from analysis.rules.phrasebook import LOCALES, phrases_in
from analysis.rules.sentence import PHRASES, number_phrase
from analysis.wording import PHRASES as REASONS
from tests.unit.analysis.examples import FIVE, NINE, TWO, rule

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
lower and the interquartile range is at most 3 (quantiles of type 2).
"""
EVERY_CHOICE = """
A statement is accepted when in at least 2 groups, significantly more than half rate 7 to 9 (content validity
ratio, level 0.05) or the median lies from 4 to 6.5 (of everybody asked, abstentions and missing ratings
included; ratings of 4 to 6 left out; groups with fewer than 5 ratings leave open what they could still
change; quantiles of type 7).
"""
DISAGREEMENT = """
A statement is accepted when in any one group, there is disagreement (table by panel size) and there is no
disagreement (IPRAS) and few ratings lie outside the third of the scale that holds the median (quantiles of
type 7).
"""
MEDIAN_BY_ROUND = """
A statement is accepted when in every group, in round 1 the median is 6 or higher, in round 2 the median is
6.5 or higher, from round 3 the median is 7 or higher (quantiles of type 7).
"""
EITHER_IN_EVERY_GROUP = """
A statement is accepted when in every group, at least 70% rate 7 to 9 or less than 15% rate 1 to 3 (groups
with fewer than 3 ratings are left out).
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
        ({"include": {"all": [{"measure": "median", "low": [6, 6.5, 7]}]}}, MEDIAN_BY_ROUND),
        (
            {
                "include": {
                    "any": [
                        {"measure": "share", "band": "agree", "percent": 70},
                        {"measure": "share", "band": "disagree", "comparison": "<", "percent": 15},
                    ]
                },
                "minimum_ratings": 3,
                "small_groups": "leave_out",
            },
            EITHER_IN_EVERY_GROUP,
        ),
    ],
)
def test_a_sentence_says_all_that_the_rule_asks(fields, sentence):
    assert rule_sentence(rule(NINE, **fields)) == sentence.strip().replace("\n", " ")


def test_a_tiny_number_is_told_with_four_decimals_at_most():
    words = phrases_in(PHRASES, "en")
    assert [number_phrase(Fraction(one), words) for one in ("0.00001", "0.25", "7")] == ["0", "0.25", "7"]


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


def test_the_whole_panel_too_may_be_too_small():
    said = rule_sentence(rule(FIVE, scope="overall", minimum_ratings=5))
    assert said.endswith("rate 1 or 2 (nothing is decided on fewer than 5 ratings).")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("small_groups", ["block", "leave_out"])
def test_a_sentence_says_what_becomes_of_small_groups_in_every_language(locale, small_groups):
    said = rule_sentence(rule(FIVE, minimum_ratings=5, small_groups=small_groups), locale)
    other = rule_sentence(rule(FIVE, minimum_ratings=5), locale)
    assert "5" in said.split("(")[1]
    assert (said == other) is (small_groups == "block")


@pytest.mark.parametrize(
    ("criterion", "named"),
    [
        ({"measure": "iqr", "value": 1}, True),
        ({"measure": "median", "low": 7}, True),
        ({"measure": "panel_agreement"}, True),
        ({"measure": "disagreement", "method": "ipras"}, True),
        ({"measure": "disagreement", "method": "thirds"}, False),
        ({"measure": "mean", "value": 7}, False),
        ({"measure": "share", "band": "agree", "percent": 70}, False),
        ({"measure": "cvr"}, False),
    ],
)
def test_the_type_of_quantiles_is_named_wherever_it_decides(criterion, named):
    said = rule_sentence(rule(NINE, include={"all": [criterion]}, quantile_type=6))
    assert ("(quantiles of type 6)" in said) is named
