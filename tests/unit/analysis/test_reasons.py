"""Reasons of decisions: who met what, by how many ratings, in words and in good grammar."""

import itertools
import re
from fractions import Fraction
from typing import Any

import pytest

from analysis.consensus import decide_group, decide_statement
from analysis.descriptives import MEDIAN
from analysis.distribution import Distribution
from analysis.results import Reason
from analysis.rules import PRESETS, Decision
from analysis.wording import number_text, reason_sentence
from tests.unit.analysis.examples import FIVE, NINE, rule

SMALL, LARGE = Distribution((0, 0, 0, 0, 2), 0), Distribution((1, 0, 0, 0, 9), 0)
REJECTING = Distribution((9, 0, 0, 0, 0), 0)


def said(groups: dict[str, Distribution], **fields: Any) -> list[str]:
    return [reason_sentence(reason) for reason in decide_statement(rule(FIVE, **fields), groups, 1).reasons]


def test_an_acceptance_says_what_every_group_had_to_spare():
    assert said({"peers": LARGE, "relatives": Distribution((0, 0, 3, 0, 7), 0)}) == [
        "The rule for acceptance is met in 2 of 2 groups; 2 needed.",
        "For acceptance, peers: 9 of 10 agree; at least 70% is met, 2 ratings to spare.",
        "For acceptance, relatives: 7 of 10 agree; at least 70% is met, 0 ratings to spare.",
    ]


def test_a_rejection_says_by_which_group_and_how_clearly():
    groups = {"peers": LARGE, "relatives": REJECTING}
    assert said(groups, exclude_scope="any_group") == [
        "The rule for rejection is met in 1 of 2 groups; 1 needed.",
        "For rejection, relatives: 9 of 9 disagree; at least 70% is met, 2 ratings to spare.",
    ]


def test_no_consensus_says_who_is_short_of_how_many():
    assert said({"peers": LARGE, "relatives": Distribution((3, 0, 2, 0, 5), 0)}) == [
        "The rule for acceptance is met in 1 of 2 groups; 2 needed.",
        "The rule for rejection is met in 0 of 2 groups; 2 needed.",
        "For acceptance, relatives: 5 of 10 agree; at least 70% is not met, 2 ratings short.",
    ]


def test_a_small_group_is_said_to_block_to_change_nothing_or_to_be_left_out():
    few = "relatives: 2 ratings, fewer than the 5 needed; "
    open_still = said({"peers": LARGE, "relatives": SMALL}, minimum_ratings=5)
    assert open_still[-1] == few + "the decision stays open, since this group could still change it."
    undecided = Distribution((4, 0, 2, 0, 4), 0)
    nothing = said({"peers": undecided, "relatives": SMALL}, minimum_ratings=5)
    assert nothing[-1] == few + "this group could not change the decision."
    for scope in ("every_group", "group_equal"):
        left_out = said(
            {"peers": LARGE, "relatives": SMALL}, minimum_ratings=5, small_groups="leave_out", scope=scope
        )
        assert left_out[-1] == few + "the group is left out, the others decide."


def test_a_rule_that_asks_for_more_groups_than_are_left_is_not_assessable():
    fields = {"minimum_ratings": 5, "small_groups": "leave_out", "scope": "at_least", "at_least": 2}
    ruling = rule(FIVE, **fields)
    verdict = decide_statement(ruling, {"peers": LARGE, "relatives": SMALL}, 1)
    assert verdict.decision is Decision.NOT_ASSESSABLE
    assert reason_sentence(verdict.reasons[0]) == "Only 1 group has enough ratings; 2 are needed."
    assert verdict.reasons[1].code == "too_few_left_out"


def test_contradiction_is_within_the_same_ratings_or_between_groups():
    same = said({"peers": Distribution((5, 0, 0, 0, 5), 0)}, threshold=50)
    assert same[0] == "The same ratings meet both sides of the rule, so it decides nothing."
    between = said({"peers": LARGE, "relatives": REJECTING}, scope="any_group")
    assert between[0] == "One group accepts what another rejects."


def fewest_changes(counts: tuple[int, ...], low: float, high: float) -> int:
    """By brute force: change ever more ratings to anything until the median lies from low to high."""
    ratings = [point for point, count in enumerate(counts, start=1) for _ in range(count)]
    for n_changed in range(len(ratings) + 1):
        for places in itertools.combinations(range(len(ratings)), n_changed):
            for points in itertools.product((1, 5), repeat=n_changed):
                other = list(ratings)
                for place, point in zip(places, points, strict=True):
                    other[place] = point
                middle = Distribution(tuple(other.count(point) for point in range(1, 6)), 0)
                if low <= middle.quantile(FIVE, MEDIAN, 7) <= high:
                    return n_changed
    raise AssertionError("no change is enough")


LEANING_LOW = [(3, 1, 0, 1, 0), (2, 2, 1, 1, 1), (0, 3, 0, 3, 0), (5, 0, 0, 0, 1)]


@pytest.mark.parametrize(
    ("bounds", "counts"),
    [
        *itertools.product(({"low": 4}, {"low": 3.5}), LEANING_LOW),
        *itertools.product(({"high": 2}, {"high": 2.5}), (counts[::-1] for counts in LEANING_LOW)),
    ],
)
def test_a_median_is_short_of_the_fewest_ratings_that_would_have_had_to_differ(bounds, counts):
    ruling = rule(FIVE, include={"all": [{"measure": "median", **bounds}]}, scope="overall")
    (reason,) = decide_group(ruling, Distribution(counts, 0), "panel", 1).reasons
    facts = dict(reason.facts)
    assert reason.code == "median_short"
    assert facts["ratings"] == fewest_changes(counts, bounds.get("low", 1), bounds.get("high", 5))


def test_a_median_short_of_its_range_says_by_how_many_ratings():
    ruling = rule(FIVE, include={"all": [{"measure": "median", "low": 4}]}, scope="overall")
    low = decide_group(ruling, Distribution((0, 0, 6, 0, 3), 0), "panel", 1)
    assert reason_sentence(low.reasons[0]) == (
        "For acceptance, panel: the median 3 does not lie from 4 to 5, 2 ratings short."
    )
    between = rule(FIVE, include={"all": [{"measure": "median", "low": 2, "high": 4}]}, scope="overall")
    assert decide_group(between, Distribution((6, 0, 0, 0, 3), 0), "p", 1).reasons[0].code == "median_outside"


@pytest.mark.parametrize(
    ("method", "counts", "sentence"),
    [
        (
            "panel_table",
            (0, 3, 0, 0, 1, 0, 0, 5, 0),
            "the ratings show disagreement: 3 at one end and 5 at the other, each at least 3.",
        ),
        (
            "panel_table",
            (0, 2, 0, 0, 1, 0, 0, 6, 0),
            "the ratings show no disagreement: 2 at one end and 6 at the other, not each at least 3.",
        ),
        (
            "ipras",
            (9, 0, 0, 0, 0, 0, 0, 0, 9),
            "the ratings show disagreement: the interpercentile range 8 is wider than 2.35 (IPRAS).",
        ),
        (
            "ipras",
            (0, 0, 0, 0, 9, 9, 0, 0, 0),
            "the ratings show no disagreement: the interpercentile range 1 is not wider than 3.1 (IPRAS).",
        ),
    ],
)
def test_disagreement_is_told_with_its_numbers(method, counts, sentence):
    ruling = rule(NINE, include={"all": [{"measure": "disagreement", "method": method}]})
    reasons = decide_group(ruling, Distribution(counts, 0), "panel", 1).reasons
    assert reason_sentence(reasons[0]) == f"For acceptance, panel: {sentence}"


PANELS = [
    {"a": Distribution(first, silent), "b": Distribution(second, 0)}
    for silent, first, second in (
        (0, (0, 0, 0, 0, 0, 0, 4, 4, 4), (0, 0, 0, 0, 0, 0, 1, 4, 4)),
        (2, (4, 4, 0, 0, 0, 0, 0, 0, 0), (3, 3, 0, 0, 0, 0, 0, 0, 1)),
        (0, (3, 0, 0, 1, 1, 1, 0, 0, 3), (0, 0, 0, 0, 0, 0, 0, 1, 0)),
        (0, (0, 0, 0, 0, 9, 0, 0, 0, 0), (0, 0, 0, 0, 0, 0, 0, 0, 0)),
    )
]
ALL_CRITERIA: list[dict[str, Any]] = [
    {"measure": "share", "band": "agree", "comparison": ">", "percent": 70},
    {"measure": "median", "low": 7},
    {"measure": "median", "low": 4, "high": 6},
    *({"measure": measure, "value": 1} for measure in ("iqr", "mean", "sd", "cns", "a")),
    *({"measure": "disagreement", "method": method} for method in ("panel_table", "ipras", "thirds")),
    {"measure": "panel_agreement"},
    {"measure": "cvr"},
]
SCOPES: list[dict[str, Any]] = [
    *({"scope": scope} for scope in ("overall", "every_group", "any_group", "group_equal")),
    {"scope": "at_least", "at_least": 2},
]


SMALL_GROUPS: list[dict[str, Any]] = [
    {},
    {"minimum_ratings": 2},
    {"minimum_ratings": 2, "small_groups": "leave_out", "middle": "exclude"},
]


@pytest.mark.parametrize("locale", ["en", "fr", "nl", "de"])
def test_every_reason_of_every_criterion_scope_and_preset_is_a_sentence(locale):
    forms: list[dict[str, Any]] = [{"preset": preset} for preset in PRESETS]
    forms += [{"include": {"all": [criterion]}} for criterion in ALL_CRITERIA]
    rules = [
        rule(NINE, **scope, **form, **small) for scope in SCOPES for form in forms for small in SMALL_GROUPS
    ]
    reasons = {
        reason
        for ruling in rules
        for panel in PANELS
        for verdict in (
            decide_statement(ruling, panel, 1),
            *(decide_group(ruling, one, code, 1) for code, one in panel.items()),
        )
        for reason in verdict.reasons
    }
    assert len({reason.code for reason in reasons}) >= 25
    for reason in reasons:
        sentence = reason_sentence(reason, locale)
        assert sentence.endswith(".")
        assert not re.search(r"%[^ .;]|%\(", sentence)


def test_a_share_is_never_compared_as_a_float():
    ruling = rule(FIVE, threshold="200/3")
    verdict = decide_group(ruling, Distribution((1, 0, 0, 0, 2), 0), "panel", 1)
    assert verdict.decision is Decision.CONSENSUS_IN
    assert Fraction(2, 3) != Fraction(2 / 3)


def test_a_reason_says_how_many_ratings_are_short():
    facts: dict[str, str | float] = {
        "group": "relatives",
        "side": "consensus_in",
        "band": "agree",
        "comparison": ">=",
        "k": 5,
        "n": 10,
    }
    reason = Reason.of("share_missed", **facts, percent=70, ratings=2)
    assert reason_sentence(reason, "en", {"relatives": "Relatives"}) == (
        "For acceptance, Relatives: 5 of 10 agree; at least 70% is not met, 2 ratings short."
    )
    assert "il manque 2 évaluations" in reason_sentence(reason, "fr")


@pytest.mark.parametrize(
    ("code", "comparison", "ratings", "words"),
    [
        ("share_missed", ">=", 1, "1 rating short"),
        ("share_missed", "<", 1, "1 rating too many"),
        ("share_missed", "<", 3, "3 ratings too many"),
        ("share_met", ">=", 1, "1 rating to spare"),
        ("share_met", ">=", 0, "0 ratings to spare"),
    ],
)
def test_margins_are_said_in_the_right_number(code, comparison, ratings, words):
    facts: dict[str, str | float] = {
        "group": "overall",
        "side": "consensus_in",
        "band": "agree",
        "k": 5,
        "n": 10,
    }
    reason = Reason.of(code, **facts, comparison=comparison, percent=70, ratings=ratings)
    assert words in reason_sentence(reason, "en")


@pytest.mark.parametrize(
    ("n_met", "locale", "part"),
    [
        (0, "fr", "dans 0 groupe sur 4"),
        (1, "fr", "dans 1 groupe sur 4"),
        (2, "fr", "dans 2 groupes sur 4"),
        (1, "en", "in 1 of 4 groups"),
        (1, "nl", "in 1 van 4 groepen"),
        (1, "de", "in 1 von 4 Gruppen"),
    ],
)
def test_groups_that_meet_a_rule_are_counted_in_good_grammar(n_met, locale, part):
    reason = Reason.of("groups_met", side="consensus_in", n_met=n_met, n_groups=4, needed=4)
    assert part in reason_sentence(reason, locale)


@pytest.mark.parametrize(
    ("k", "locale", "part"),
    [
        (0, "en", "0 of 9 agree;"),
        (1, "en", "1 of 9 agrees;"),
        (2, "en", "2 of 9 agree;"),
        (0, "fr", "0 sur 9 est d’accord"),
        (1, "fr", "1 sur 9 est d’accord"),
        (2, "fr", "2 sur 9 sont d’accord"),
        (0, "nl", "0 van 9 zijn het eens;"),
        (1, "nl", "1 van 9 is het eens;"),
        (0, "de", "0 von 9 stimmen zu;"),
        (1, "de", "1 von 9 stimmt zu;"),
    ],
)
def test_ratings_in_a_band_are_counted_in_good_grammar(k, locale, part):
    facts: dict[str, str | float] = {"band": "agree", "comparison": ">=", "k": k, "n": 9, "percent": 70}
    reason = Reason.of("share_missed", group="peers", side="consensus_in", **facts, ratings=1)
    assert part in reason_sentence(reason, locale)


def test_one_rating_is_not_called_several():
    few = Reason.of("too_few_ratings", group="peers", n=1, minimum=5)
    assert reason_sentence(few, "en") == "peers: 1 rating, fewer than the 5 needed."
    assert reason_sentence(few, "de") == "peers: 1 Bewertung, weniger als die nötigen 5."


def test_a_number_that_rounds_to_zero_has_no_sign():
    assert [number_text(value, "fr") for value in (-0.001, -0.01, 0.0, -1.5)] == ["0", "-0,01", "0", "-1,5"]
