"""Figures: the same bytes every time, readable in grey, and told in words."""

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from analysis.figures import (
    StudyFigure,
    attrition_figure,
    decisions_figure,
    distribution_figure,
    divergence_figure,
    medians_figure,
    plan_figure,
    point_colours,
    sensitivity_figure,
    study_figures,
    to_png,
    to_svg,
    transitions_figure,
)
from analysis.planning import Assumptions, simulate_plan
from analysis.results import StudyAnalysis
from analysis.sensitivity import analyse_sensitivity, analyse_study_sensitivity
from analysis.study_analysis import analyse_study
from tests.unit.analysis.examples import FIVE, FIVE_TURNED, HUNDRED_AND_ONE, TWO, protocol, rows, study

LISTED = [
    *rows("S1", {"peers": [5, 5, 4, 4, 5], "relatives": [4, 5, 1, None]}),
    *rows("S2", {"peers": [1, 2, 2], "relatives": [3]}),
    *rows("S1", {"peers": [5, 5, 4, 4], "relatives": [4, 4, 3]}, 2),
]


@pytest.fixture(scope="module")
def played() -> StudyAnalysis:
    return analyse_study(study(LISTED), protocol(), seed=1, n_permutations=19)


def every_figure(played: StudyAnalysis, locale: str = "en") -> list[StudyFigure]:
    first, second = played.rounds
    given = protocol()
    assumed = {
        "sizes": [5, 10],
        "simulations": 20,
        "statement": [{"shares": {"every_group": [0, 0, 0, 0, 1]}}],
    }
    plan = simulate_plan(
        Assumptions.from_mapping(assumed, given, given.criteria[0]),
        given.criteria[0].rule,
        given.group_codes,
        seed=1,
    )
    counts = study(LISTED).rounds[0].matrices["agreement"].counts()
    return [
        distribution_figure(first, "agreement", locale=locale),
        medians_figure(first, "agreement", locale=locale),
        decisions_figure([one.decision_counts[0] for one in played.rounds], locale=locale),
        divergence_figure(first, "agreement", locale=locale),
        transitions_figure(second, "agreement", locale=locale),
        attrition_figure(played.flow, locale=locale),
        sensitivity_figure(
            analyse_sensitivity(counts, given.criteria[0].rule, "agreement", 1), locale=locale
        ),
        plan_figure(plan, locale=locale),
    ]


def values_of(figure: StudyFigure) -> list[dict[str, Any]]:
    (values,) = figure.chart.to_dict()["datasets"].values()
    listed: list[dict[str, Any]] = values
    return listed


def test_drawing_again_gives_the_same_bytes(played):
    for figure, again in zip(every_figure(played), every_figure(played), strict=True):
        assert to_svg(figure) == to_svg(again)


@pytest.mark.parametrize("locale", ["en", "fr", "nl", "de"])
def test_every_figure_says_its_content_in_words(played, locale):
    for figure in every_figure(played, locale):
        root = ET.fromstring(to_svg(figure))
        named = {child.tag.rpartition("}")[2]: child.text for child in root}
        assert (named["title"], named["desc"]) == (figure.title, figure.alternative)
        assert root.get("role") == "img"
        assert figure.alternative.endswith(".")
        assert "%(" not in figure.alternative


def test_the_words_hold_the_numbers(played):
    figure = distribution_figure(
        played.rounds[0], "agreement", statements=["S2"], group_names={"peers": "Peers"}
    )
    assert figure.alternative == (
        "S2. Peers: 0% agree, 0% neutral, 100% disagree (3 ratings); relatives: 0% agree, 100% neutral, "
        "0% disagree (1 rating); the whole panel: 0% agree, 25% neutral, 75% disagree (4 ratings)."
    )
    medians = medians_figure(played.rounds[0], "agreement", statements=["S1"], locale="fr")
    assert "peers\u00a0: médiane 5, quartiles 4 et 5" in medians.alternative


def test_disagreement_is_hatched_so_that_grey_is_enough(played):
    svg = to_svg(distribution_figure(played.rounds[0], "agreement"))
    assert svg.count("<pattern ") == 2
    colours = point_colours(FIVE)
    assert f'fill="{colours[0]}"' not in svg.partition("</defs>")[2]
    assert len(set(colours)) == 5


def test_colours_follow_the_direction_of_the_scale():
    assert point_colours(FIVE_TURNED) == point_colours(FIVE)[::-1]
    assert len(point_colours(TWO)) == 2
    assert len(set(point_colours(HUNDRED_AND_ONE))) > 60


def test_bars_begin_with_disagreement_on_a_turned_scale():
    given = protocol(scale=FIVE_TURNED)
    turned = analyse_study(study(LISTED, given), given, seed=1, n_permutations=9).rounds[0]
    figure = distribution_figure(turned, "agreement", statements=["S1"], labels=["a", "b", "c", "d", "e"])
    first = values_of(figure)[0]
    assert (first["point"], first["from"]) == ("5 e", 0.0)


def test_a_group_without_ratings_keeps_its_row():
    listed = rows("S1", {"peers": [5, 4], "relatives": [None]})
    only = analyse_study(study(listed), protocol(), seed=1, n_permutations=9).rounds[0]
    figure = distribution_figure(only, "agreement")
    assert figure.chart.to_dict()["encoding"]["y"]["scale"]["domain"][2].endswith("relatives")
    assert "relatives: –% agree" in figure.alternative
    assert "relatives: median –" in medians_figure(only, "agreement").alternative
    assert "–" in divergence_figure(only, "agreement").alternative


def test_a_figure_is_drawn_as_png_too(played):
    assert to_png(every_figure(played)[2]).startswith(b"\x89PNG")


def test_nothing_is_loaded_from_elsewhere(played):
    for figure in every_figure(played):
        assert not re.search(r'(?:href|src)="http', to_svg(figure))


def test_a_plan_draws_only_the_chances_that_exist():
    given = protocol()
    assumed = {"sizes": [5], "attrition": [0.0], "simulations": 20,
               "statement": [{"code": "open", "shares": {"every_group": [0.2] * 5}}]}  # fmt: skip
    assumptions = Assumptions.from_mapping(assumed, given, given.criteria[0])
    figure = plan_figure(simulate_plan(assumptions, given.criteria[0].rule, given.group_codes, seed=1))
    assert "false consensus" in figure.alternative
    assert "missed consensus" not in figure.alternative


def test_the_gallery_leaves_out_what_would_be_empty(played):
    whole = study_figures(played, protocol(), analyse_study_sensitivity(study(LISTED), protocol()))
    assert len(whole) == 1 + 3 + 4 + 2 + 1
    assert "transitions-agreement-round-1" not in whole
    alone = protocol(("peers",))
    ratings = study(rows("S1", {"peers": [5, 5, 4]}), alone)
    one_group = study_figures(analyse_study(ratings, alone, seed=1, n_permutations=19), alone)
    assert list(one_group) == [
        "decisions-agreement",
        "distribution-agreement-round-1",
        "medians-agreement-round-1",
        "attrition",
    ]
