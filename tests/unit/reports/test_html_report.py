"""The HTML report says what the analysis says, in four languages, and needs nothing but itself."""

import re
from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path

import pytest
from jinja2 import StrictUndefined, UndefinedError

from analysis.results import GROUP_EQUAL, OVERALL, NotAssessable
from analysis.rules import Decision, rule_sentence
from analysis.wording import reason_sentence
from app.domain.protocol import protocol_from_tables
from app.i18n import LANGUAGE_NAMES
from app.reports import html as html_report
from app.reports.collected import report_of_ratings
from app.reports.html import render_html
from app.reports.panel_edition import PanelEditionPage
from app.reports.rendering import TEMPLATE_DIRECTORY, report_environment
from app.reports.words import DECISION_WORDS
from tests.unit.reports.examples import TABLES, analysis, analysis_protocol, at, report, sensitivity
from tests.unit.reports.reading import read, table, words

TOKENS = Path(__file__).parents[3] / "app" / "web" / "static" / "css" / "tokens.css"
GROUP_NAMES = {
    "peers": "Peers",
    "relatives": "Relatives <near>",
    OVERALL: "Whole panel",
    GROUP_EQUAL: "Groups counted equally",
}


@pytest.fixture(scope="module")
def english() -> str:
    return render_html(report(), "en")


@pytest.mark.parametrize("locale", LANGUAGE_NAMES)
def test_the_report_is_made_in_every_language_of_the_product(locale):
    html = render_html(report(), locale)
    rule = report().criteria[0].rule
    assert f'<html lang="{locale}">' in html
    assert " ".join(rule_sentence(rule, locale).split()) in words(html)


def test_the_summary_says_how_the_study_ended(english):
    assert (
        "1 of 3 statements reached consensus and is accepted. None was rejected. "
        "1 ended without consensus. 1 could not be assessed, because too few rated it."
    ) in words(english)


def test_the_figures_of_every_group_are_those_of_the_analysis(english):
    facts = report()
    topic_of = {one.code: {"value": "Value", "pay": "Pay"}[one.topic] for one in facts.statements}
    for final, entry in facts.last_entries:
        shown = table(english, f"Figures by group: {topic_of[final.statement]}")
        for figures in entry.groups:
            row = shown.row(GROUP_NAMES[figures.group], part=final.statement)
            assert not isinstance(figures.agree.value, NotAssessable)
            assert not isinstance(figures.agree.lower, NotAssessable)
            assert not isinstance(figures.agree.upper, NotAssessable)
            assert not isinstance(figures.median, NotAssessable)
            assert row["Ratings"] == str(figures.n)
            assert row["Unable to rate"] == str(figures.n_abstained)
            assert row["Agree"] == f"{100 * figures.agree.value:.1f}%"
            assert (
                row["95% interval Wilson"]
                == f"{100 * figures.agree.lower:.0f}–{100 * figures.agree.upper:.0f}"
            )
            assert row["Median"] == f"{figures.median:g}"
            assert row["Decision"] == DECISION_WORDS[figures.decision]


def test_the_decisions_of_every_round_are_counted_as_in_the_analysis(english):
    shown = table(english, "Decisions by round")
    counted = [counts for one in analysis().rounds for counts in one.decision_counts]
    for counts in counted:
        row = shown.row(f"Round {counts.round}")
        assert row["Statements rated"] == str(counts.n_statements)
        for decision in Decision:
            assert row[DECISION_WORDS[decision]] == str(getattr(counts, decision.value))
    assert shown.row("In the end") == {
        "Statements rated": "3",
        "Consensus: in": "1",
        "Consensus: out": "0",
        "No consensus": "1",
        "Not assessable": "1",
    }


def test_a_statement_that_was_not_asked_again_has_no_decision_in_later_rounds(english):
    shown = table(english, "Decisions by statement")
    assert shown.row("S1")["Round 1"] == "Consensus: in"
    assert shown.row("S1")["Round 2"] == ""


def test_every_reason_for_an_open_statement_stands_in_words(english):
    said = words(english)
    undecided = [one for one in analysis().final if one.decision is Decision.NO_CONSENSUS]
    assert undecided
    for final in undecided:
        for reason in final.reasons:
            assert reason_sentence(reason, "en", GROUP_NAMES) in said
    assert "1 rating short" in said


def test_a_figure_that_cannot_be_computed_says_why_below_its_table(english):
    shown = table(english, "Cliff’s delta")
    assert shown.row("S3") == {"Peers Relatives <near>": "−1.00 (–)a"}
    (mark,) = [a for tag, a in read(english).tags if tag == "a" and a.get("href") == "#table-pairs-a"]
    assert mark["aria-label"] == "note a"
    assert "a At least two ratings are needed." in words(english)


def test_response_and_retention_stand_apart(english):
    row = table(english, "Panel flow by round and group").row("Relatives <near>", part="Round 2")
    assert row["Invited"] == "6"
    assert row["Response of invited"] == "83.3%"
    assert row["Retention of round 1"] == "83.3%"
    row = table(english, "Panel flow by round and group").row("Peers", part="Round 2")
    assert (row["Response of invited"], row["Retention of round 1"]) == ("87.5%", "100.0%")


def test_the_flow_by_language_is_added_up_over_groups(english):
    row = table(english, "Panel flow by round and language").row("French", part="Round 2")
    assert list(row.values()) == ["8", "7", "1", "6"]


def test_a_synthetic_study_is_labelled_and_a_real_one_is_not(english):
    label = "Illustrative and synthetic"
    assert label in words(english)
    real = report(study=replace(report().study, synthetic=False))
    assert label not in words(render_html(real, "en"))


def test_a_study_that_goes_on_says_that_it_is_not_concluded(english):
    sentence = "The study is not concluded yet"
    assert sentence not in words(english)
    running = report(study=replace(report().study, concluded_at=None))
    assert sentence in words(render_html(running, "en"))


def test_texts_of_the_study_stand_in_the_readers_language_or_are_marked_as_another(english):
    assert "Hope grows." in english
    assert '<span lang="fr">Seulement en français.</span>' in english
    german = render_html(report(), "de")
    assert '<span lang="fr">L’espoir grandit.</span>' in german


def test_text_from_people_stays_text(english):
    assert "Pay is &lt;b&gt;equal&lt;/b&gt;." in english
    assert "Relatives &lt;near&gt;" in english
    assert "<near>" not in english
    assert "<b>" not in english


def test_the_report_runs_no_script_and_asks_for_nothing_from_elsewhere(english):
    for tag, attributes in read(english).tags:
        assert tag not in {"script", "link", "iframe", "object", "embed", "img", "base"}
        for name in ("src", "srcset", "poster", "action", "data"):
            assert name not in attributes
        for name in ("href", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#"), (tag, attributes)
        assert not any(name.startswith("on") for name in attributes)
    assert "@import" not in english
    assert set(re.findall(r"url\((.)", english)) <= {"#"}


def test_every_name_in_the_document_is_given_once_and_every_reference_finds_its_name(english):
    tags = read(english).tags
    names = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(names) == len(set(names))
    wanted = {(a.get("href") or "#")[1:] for _, a in tags} | set(re.findall(r"url\(#([^)]+)\)", english))
    wanted |= {
        name
        for _, attributes in tags
        for key in ("aria-labelledby", "aria-describedby")
        for name in (attributes.get(key) or "").split()
    }
    assert wanted - {""} <= set(names)


def test_headings_skip_no_level_and_every_chapter_is_in_the_contents(english):
    tags = read(english).tags
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    chapters = {a["id"] for tag, a in tags if tag == "h2" and "id" in a} - {"contents"}
    assert {f"#{name}" for name in chapters} <= {a.get("href") for tag, a in tags if tag == "a"}


def test_every_table_has_a_caption_and_its_headings_have_a_scope(english):
    reader = read(english)
    assert all(one.caption for one in reader.tables)
    assert all(a.get("scope") in {"col", "row", "rowgroup"} for tag, a in reader.tags if tag == "th")


def test_every_figure_says_its_content_in_words(english):
    drawings = re.findall(r'<figure class="drawing">.*?</figure>', english, re.DOTALL)
    assert len(drawings) == 7
    for drawing in drawings:
        assert re.search(r"<title[^>]*>[^<]+</title><desc[^>]*>[^<]+</desc>", drawing)


def test_the_report_prints_where_its_figures_come_from(english):
    row = table(english, "Where the figures of each round come from").row("Round 2")
    assert row["Fingerprint of the ratings (SHA-256)"] == "2" * 64
    assert row["Seed"] == "7"
    said = words(english)
    assert "up to entry 1,234" in said
    assert "f" * 64 in said
    assert "castalia report small-study --format html --language en" in said
    assert "Figures of Wednesday, 18 March 2026" in said


def test_an_amendment_is_reported_with_its_reason():
    (first,) = report().protocols
    amended = replace(first, version=2, frozen_at=at(10), amendment_reason="A group was added.")
    said = words(render_html(report(protocols=(first, amended)), "en"))
    assert "They were changed once after that; the reason stands below." in said
    assert "A group was added." in said
    assert "They were not changed after that." in words(render_html(report(), "en"))


def test_the_fine_print_of_the_rule_follows_the_protocol():
    tables = {**TABLES, "protocol": {**TABLES["protocol"], "feedback": {"policy": "none", "comments": False}}}
    consensus = {"preset": "percent_agreement", "scope": "at_least", "at_least": 2, "denominator": "all"}
    tables["protocol"]["consensus"] = {**consensus, "middle": "with_agree", "quantile_type": 6}
    tables["protocol"]["stopping"] = {"policy": "stable", "stable_share": 0.9}
    protocol = protocol_from_tables(tables)
    (version,) = report().protocols
    facts = report(protocols=(replace(version, protocol=protocol),), criteria=protocol.criteria)
    said = words(render_html(facts, "en"))
    assert "asked of every group by itself; at least 2 must meet it." in said
    assert "Shares are of everybody who took part" in said
    assert "Neutral ratings count as agreement." in said
    assert "of type 6 in the numbering of Hyndman and Fan" in said
    assert "Between rounds the panel saw no results." in said
    assert "earlier when 90% of the ratings stay the same" in said


def test_where_all_is_decided_nothing_is_said_to_be_open():
    whole = analysis()
    decided = [replace(one, decision=Decision.CONSENSUS_IN) for one in whole.final]
    counts = replace(whole.final_counts[0], consensus_in=2, consensus_out=1, no_consensus=0, not_assessable=0)
    ended = replace(whole, final=tuple(decided), final_counts=(counts,))
    said = words(render_html(report(analysis=ended, evidence=()), "en"))
    assert "Every statement was decided." in said
    assert "1 was rejected by consensus. None was left without consensus." in said
    assert "Evidence" not in said


def test_ratings_from_a_file_give_a_report_without_what_is_not_known():
    facts = report_of_ratings("ratings.csv", analysis(), sensitivity(), analysis_protocol(), b"the ratings")
    html = render_html(facts, "nl")
    captions = [one.caption for one in read(html).tables]
    assert "ratings.csv" in words(html)
    assert len(captions) == len(set(captions))
    english = render_html(facts, "en")
    assert table(english, "Figures by group").row("Peers", part="S1")["Agree"] == "85.7%"
    assert "fixed beforehand" not in words(english)
    assert "computed from the file ratings.csv" in words(english)
    assert table(english, "Where the figures of each round come from").columns == [
        "Round",
        "Castalia",
        "Seed",
        "Permutations",
        "Fingerprint of the ratings (SHA-256)",
    ]
    assert "castalia report" not in words(english)
    assert "Rounds, feedback" not in words(english)


def test_a_template_that_asks_for_what_is_not_there_fails_loudly():
    environment = report_environment("en")
    assert environment.undefined is StrictUndefined
    with pytest.raises(UndefinedError):
        environment.from_string("{{ page.nothing }}").render(page=object())


def used_by(*templates: Path) -> set[str]:
    sources = "".join(file.read_text(encoding="utf-8") for file in templates)
    return set(re.findall(r"\bpage\.(\w+)", sources))


def test_the_templates_see_the_whole_page_and_nothing_else():
    panels = TEMPLATE_DIRECTORY / "panel_edition.html"
    others = [file for file in TEMPLATE_DIRECTORY.rglob("*.html") if file != panels]
    assert used_by(*others) == {field.name for field in fields(html_report.ReportPage)}
    shown_to_the_panel = used_by(panels, TEMPLATE_DIRECTORY / "cover.html")
    assert shown_to_the_panel == {field.name for field in fields(PanelEditionPage)}


def test_the_colours_are_those_of_the_products_pages():
    own = (TEMPLATE_DIRECTORY / "report.css").read_text(encoding="utf-8")
    product = TOKENS.read_text(encoding="utf-8")
    for part in range(2):
        declared = _declared(own.split("@media screen")[part])
        shared = _declared(product.split("@media screen")[part])
        own_only = {name for name, value in declared.items() if shared.get(name) != value}
        assert declared
        assert own_only <= {"--drawing"}


def _declared(css: str) -> dict[str, str]:
    root = re.search(r":root \{(.*?)\}", css, re.DOTALL)
    assert root is not None
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", root[1]))
