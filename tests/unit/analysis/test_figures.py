"""Figures: the same bytes every time, readable in grey, and told in words."""

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from analysis.figures import (
    StudyFigure,
    attrition_figure,
    captioned,
    decisions_figure,
    distribution_figure,
    divergence_figure,
    map_figure,
    medians_figure,
    plan_figure,
    point_colours,
    rules_figure,
    sensitivity_figure,
    statement_figure,
    study_figures,
    to_png,
    to_svg,
    transitions_figure,
)
from analysis.figures.telling import signed
from analysis.planning import Assumptions, simulate_plan
from analysis.results import StudyAnalysis
from analysis.rules import ConsensusRule
from analysis.sensitivity import (
    PUBLISHED_VARIANTS,
    analyse_sensitivity,
    analyse_study_sensitivity,
    rule_variants,
)
from analysis.study_analysis import analyse_study
from analysis.variant_names import variant_name
from analysis.what_if_results import RuleVariant
from analysis.wording import phrases_of
from tests.unit.analysis.examples import FIVE, FIVE_TURNED, HUNDRED_AND_ONE, NINE, TWO, protocol, rows, study

LISTED = [
    *rows("S1", {"peers": [5, 5, 4, 4, 5], "relatives": [4, 5, 1, None]}),
    *rows("S2", {"peers": [1, 2, 2], "relatives": [3]}),
    *rows("S1", {"peers": [5, 5, 4, 4], "relatives": [4, 4, 3]}, 2),
]


@pytest.fixture(autouse=True)
def drawn_once() -> None:
    """Here everything is drawn each time that it is asked for."""


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
    other_rules = analyse_sensitivity(counts, given.criteria[0].rule, "agreement", 1)
    return [
        distribution_figure(first, "agreement", locale=locale),
        medians_figure(first, "agreement", locale=locale),
        decisions_figure(played, "agreement", locale=locale),
        divergence_figure(first, "agreement", locale=locale),
        transitions_figure(second, "agreement", locale=locale),
        attrition_figure(played.flow, locale=locale),
        sensitivity_figure(other_rules, locale=locale),
        rules_figure(other_rules, locale=locale),
        plan_figure(plan, locale=locale),
        map_figure(first, "agreement", locale=locale),
        statement_figure(played.rounds, "S1", "agreement", locale=locale),
    ]


def values_of(figure: StudyFigure) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = figure.spec["data"]["values"]
    return listed


def texts_in(svg: str) -> list[str]:
    """All words that are drawn."""
    return [text for text in ET.fromstring(svg).itertext() if text.strip()][2:]


def test_drawing_again_gives_the_same_bytes(played):
    for figure, again in zip(every_figure(played), every_figure(played), strict=True):
        assert to_svg(figure) == to_svg(again)


def test_every_figure_is_a_chart_that_a_notebook_can_show_and_change(played):
    for figure in every_figure(played):
        # To become a chart a figure is checked whole, which takes long enough once.
        assert figure.chart.properties(title="mine").to_dict(validate=False)["title"] == "mine"


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
    assert figure.spec["encoding"]["y"]["scale"]["domain"][2].endswith("relatives")
    assert "relatives" in texts_in(to_svg(figure))
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
    assert len(whole) == 1 + 3 + 4 + 2 * 2 + 1
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


def test_names_are_drawn_as_they_are_whether_or_not_the_engine_measured_them(played):
    names = {"peers": 'Peers <b> & "co"', "relatives": "R&D <i>"}
    for figure in (
        distribution_figure(played.rounds[0], "agreement", group_names=names),
        attrition_figure(played.flow, group_names=names),
    ):
        drawn = texts_in(to_svg(figure))
        assert set(names.values()) <= set(drawn)
        assert "<b>" not in to_svg(figure)


def test_rows_have_the_names_of_their_statements_in_order(played):
    codes = [f"S{place:02d}" for place in range(1, 13)]
    listed = [row for code in codes for row in rows(code, {"peers": [5, 4], "relatives": [3, 2]})]
    only = analyse_study(study(listed), protocol(), seed=1, n_permutations=9).rounds[0]
    for figure in (divergence_figure(only, "agreement"), medians_figure(only, "agreement")):
        placed = [
            (float(place), name)
            for place, name in re.findall(r"translate\(-6,([\d.]+)\)[^>]*>(S\d+)<", to_svg(figure))
        ]
        assert [name for _, name in sorted(placed)] == codes


def test_the_flow_tells_who_changed_from_what_to_what():
    first = {"S1": [5, 5, 5, 5], "S2": [5, 5, 2, 2], "S3": [1, 1, 1, 1], "S4": [5, 4, 4, 4]}
    second = {"S2": [5, 5, 5, 4], "S4": [5, 5, 1, 1], "S5": [3, 3, 3, 3]}
    listed = [
        row
        for number, rated in ((1, first), (2, second))
        for code, ratings in rated.items()
        for row in rows(code, {"peers": ratings}, number)
    ]
    alone = protocol(("peers",))
    flow = decisions_figure(analyse_study(study(listed, alone), alone, seed=1, n_permutations=9), "agreement")
    assert flow.alternative == (
        "Round 1, 4 statements: accepted 2, rejected 1, no consensus 1, not assessable 0. "
        "Round 2, 5 statements: accepted 2, rejected 1, no consensus 2, not assessable 0. "
        "Since the round before: 1 from “accepted” to “no consensus”; 1 from “no consensus” to “accepted”."
    )
    numbers = [row["n"] for row in values_of(flow)]
    assert numbers == [2, 1, 1, 2, 2, 1]


def test_a_stroke_marks_how_many_were_invited_where_that_is_known(played):
    given = protocol()
    invited = {(number, group): 9 for number in (1, 2) for group in given.group_codes}
    known = analyse_study(study(LISTED), given, seed=1, invited=invited, n_permutations=9)
    figure = attrition_figure(known.flow)
    assert "Round 2: of 9 invited 4 took part, 4 of them since the first round, 1 lost" in figure.alternative
    assert any("the stroke marks" in text for text in texts_in(to_svg(figure)))
    assert not any("the stroke marks" in text for text in texts_in(to_svg(attrition_figure(played.flow))))


def test_distances_have_a_sign_and_two_decimals():
    assert [signed(delta, "de") for delta in (0.5, -0.25, 0.001, -0.001, 1.0)] == [
        "+0,50",
        "−0,25",
        "0,00",
        "0,00",
        "+1,00",
    ]


def test_what_another_rule_decides_otherwise_stands_out(played):
    counts = study(LISTED).rounds[0].matrices["agreement"].counts()
    analysis = analyse_sensitivity(counts, protocol().criteria[0].rule, "agreement", 1)
    cells = values_of(sensitivity_figure(analysis))
    shown = {(cell["row"], cell["rule"]): cell["sign"] for cell in cells if "ground" in cell}
    assert shown == {
        (entry.statement, variant.code): phrases_of("en")[f"decision_{decision}"]
        for entry in analysis.statements
        for variant, decision in zip(analysis.variants, entry.decisions, strict=True)
        if decision is not entry.decision
    }
    assert shown
    assert len(cells) == len(shown) + len(analysis.statements)


@pytest.mark.parametrize("locale", ["en", "fr", "nl", "de"])
@pytest.mark.parametrize("scale", [FIVE, NINE])
def test_every_other_rule_has_a_name_of_its_own_in_every_language(scale, locale):
    given: dict[str, Any] = {
        "preset": "percent_agreement",
        "threshold": 70,
        "middle": "exclude",
        "minimum_ratings": 2,
    }
    asked: list[dict[str, Any]] = [
        given | {"scope": "overall"},
        given | {"denominator": "all"},
        {"preset": "median_iqr"},
    ]
    variants = [
        RuleVariant(code, axis, {})
        for table in asked
        for code, axis, _ in rule_variants(ConsensusRule.from_mapping(table, scale), 2)
    ]
    variants += [RuleVariant(code, "rule", {}) for code, _ in PUBLISHED_VARIANTS]
    names = {variant.code: variant_name(variant, locale) for variant in variants}
    assert len(set(names.values())) == len(names)
    assert not any("_" in name for name in names.values())


def test_a_rule_that_is_no_longer_tried_goes_by_its_code():
    assert variant_name(RuleVariant("an_old_rule", "rule", {}), "fr") == "an_old_rule"


def test_the_map_places_every_statement_and_tells_those_it_cannot_place(played):
    drawn = map_figure(played.rounds[0], "agreement")
    assert [value["code"] for value in values_of(drawn)] == ["S1", "S2"]
    assert texts_in(to_svg(drawn)).count("S1") == 1
    alone = analyse_study(study(rows("S9", {"peers": [5, 5]})), protocol(), seed=1, n_permutations=9)
    nothing = map_figure(alone.rounds[0], "agreement")
    assert nothing.alternative == "Not placed, since groups cannot be compared: S9."
    assert "S9" not in texts_in(to_svg(nothing))


def test_a_statement_is_drawn_round_by_round_under_the_names_of_the_rounds(played):
    drawn = statement_figure(played.rounds, "S1", "agreement", group_names={"peers": "Peers"})
    names = texts_in(to_svg(drawn))
    assert [name for name in names if name.startswith("Round")] == ["Round 1", "Round 2"]
    assert drawn.alternative.startswith("Round 1. Peers: 100% agree")


def test_a_figure_that_leaves_the_page_carries_its_title_and_what_it_rests_on(played):
    plain = medians_figure(played.rounds[0], "agreement")
    drawn = captioned(plain, "A garden · round 1", "word " * 40)
    texts = texts_in(to_svg(drawn))
    assert plain.title in texts
    assert "A garden · round 1" in texts
    assert max(map(len, texts)) <= 100
    assert drawn.alternative == plain.alternative
    assert to_png(drawn).startswith(b"\x89PNG")
