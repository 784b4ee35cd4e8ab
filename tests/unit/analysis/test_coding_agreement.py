"""Coders agree or do not, and where nothing can be said of it, that is said."""

import doctest
import json
from pathlib import Path

import numpy as np
import pytest

import analysis.coding_agreement
from analysis.agreement import Metric, krippendorff_alpha
from analysis.coding_agreement import coders_agreement
from analysis.coding_results import CodersAgreement, Coefficient, Strength, strength
from analysis.results import NotAssessable
from analysis.wording import reason_sentence

CASES = json.loads(
    (Path(__file__).parents[2] / "reference" / "r_cases" / "coding_kappa_R.json").read_text(encoding="utf-8")
)["cases"]
ANN = {"p1": {"hope"}, "p2": set(), "p3": {"hope", "time"}, "p4": {"time"}, "p5": {"hope"}}
BEN = {"p1": {"hope"}, "p2": {"time"}, "p3": {"hope"}, "p4": {"time"}}


def codes(matrix: list[list[int]]) -> dict[str, set[str]]:
    return {
        f"p{place}": {f"t{t}" for t, given in enumerate(row) if given} for place, row in enumerate(matrix)
    }


@pytest.mark.parametrize("case", CASES, ids=[str(place) for place in range(len(CASES))])
def test_kappa_of_two_coders_is_that_of_r(case):
    n_themes = len(case["first"][0])
    names = [f"t{place}" for place in range(n_themes)]
    found = coders_agreement({"Ann": codes(case["first"]), "Ben": codes(case["second"])}, names)
    assert found.coefficient is Coefficient.KAPPA
    assert found.overall.value == pytest.approx(case["pooled"], rel=1e-9, abs=1e-9)
    assert found.overall.value == pytest.approx(case["pooled_psych"], rel=1e-9, abs=1e-9)
    assert found.overall.n_agreed / found.overall.n_compared == pytest.approx(case["agreed"])
    for one, expected in zip(found.themes, case["kappa"], strict=True):
        assert one.value == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_only_pieces_that_both_have_coded_are_compared():
    found = coders_agreement({"Ann": ANN, "Ben": BEN}, ["hope", "time"])
    assert (found.overall.n_pieces, found.overall.n_compared, found.overall.n_agreed) == (4, 8, 6)
    assert found.themes[0].value == 1
    assert found.themes[1].value == 0
    assert found.themes[1].expected == 0.5
    assert [(one.first, one.second) for one in found.pairs] == [("Ann", "Ben")]
    assert found.pairs[0].agreement == found.overall


def test_more_coders_agree_by_krippendorffs_alpha_with_what_not_everybody_coded():
    third = {"p1": {"hope"}, "p3": {"time"}}
    found = coders_agreement({"Ann": ANN, "Ben": BEN, "Cleo": third}, ["hope"])
    counts = np.array([[0, 3], [2, 0], [1, 2], [2, 0]])
    assert found.coefficient is Coefficient.ALPHA
    assert found.overall.value == krippendorff_alpha(counts, Metric.NOMINAL)
    assert (found.overall.n_pieces, found.overall.n_compared, found.overall.n_agreed) == (4, 8, 6)
    assert found.overall.expected == pytest.approx((5 * 4 + 5 * 4) / (10 * 9))
    assert len(found.pairs) == 3


@pytest.mark.parametrize(
    ("coded", "themes", "why"),
    [
        ({}, ["hope"], "no_piece_coded_twice"),
        ({"Ann": ANN}, ["hope"], "no_piece_coded_twice"),
        ({"Ann": ANN, "Ben": {"p9": {"hope"}}}, ["hope"], "no_piece_coded_twice"),
        ({"Ann": ANN, "Ben": BEN}, [], "no_piece_coded_twice"),
        ({"Ann": {"p1": {"hope"}}, "Ben": {"p1": {"hope"}}}, ["hope"], "coded_alike"),
        ({name: {"p1": {"hope"}} for name in ("Ann", "Ben", "Cleo")}, ["hope"], "coded_alike"),
    ],
)
@pytest.mark.parametrize("locale", ["en", "fr", "nl", "de"])
def test_where_nothing_can_be_said_the_reason_is(coded, themes, why, locale):
    value = coders_agreement(coded, themes).overall.value
    assert isinstance(value, NotAssessable)
    assert value.reason.code == why
    assert reason_sentence(value.reason, locale)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (-0.2, Strength.POOR),
        (0.0, Strength.POOR),
        (0.2, Strength.SLIGHT),
        (0.21, Strength.FAIR),
        (0.5, Strength.MODERATE),
        (0.8, Strength.SUBSTANTIAL),
        (1.0, Strength.ALMOST_PERFECT),
    ],
)
def test_a_kappa_has_its_customary_word(value, word):
    assert strength(value) is word


def test_the_result_is_written_and_read_back():
    found = coders_agreement({"Ann": ANN, "Ben": BEN}, ["hope", "time"])
    assert CodersAgreement.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_the_example_of_the_documentation_holds():
    assert doctest.testmod(analysis.coding_agreement).failed == 0
