"""The report says how much hangs on the rule, and holds consensus against stability."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from analysis.protocol import AnalysisProtocol
from analysis.results import StabilityVerdict, StudyAnalysis
from analysis.rules import ConsensusRule, Decision, rule_sentence
from analysis.variant_names import variant_name
from analysis.what_if_results import SensitivityAnalysis
from app.reports.html import render_html
from app.reports.words import DECISION_WORDS
from tests.unit.reports.examples import TABLES, analysis, report, sensitivity
from tests.unit.reports.reading import read, table, words


@pytest.fixture(scope="module")
def english() -> str:
    return render_html(report(), "en")


def last() -> SensitivityAnalysis:
    found = report().last_sensitivity("agreement")
    assert found is not None
    return found


def test_every_statement_stands_with_the_round_that_decided_it_last():
    first, second = sensitivity()
    assert [entry.statement for entry in last().statements] == ["S1", "S2", "S3"]
    assert last().statements == (first.statements[0], *second.statements)


def test_the_table_of_rules_shows_what_every_rule_decides(english):
    shown = table(english, "Statements under other rules")
    for entry in last().statements:
        row = shown.row(entry.statement)
        assert row["The study’s rule"] == DECISION_WORDS[entry.decision]
        for variant, decision in zip(last().variants, entry.decisions, strict=True):
            same = decision is entry.decision
            assert row[variant_name(variant)] == ("the same" if same else DECISION_WORDS[decision])


def test_what_a_decision_hangs_on_stands_in_words_and_numbers(english):
    shown = table(english, "What a decision hangs on")
    entry = last().statements[1]
    assert shown.row("S2") == {
        "Decision": "No consensus",
        f"Other rules of {len(last().variants)} decide otherwise": str(
            sum(decision is not Decision.NO_CONSENSUS for decision in entry.decisions)
        ),
        "It hangs on": "the choice among published rules, which groups must meet the rule "
        "and how neutral ratings count",
        "Without a group": "without Peers: Consensus: in",
        "Panelists without any one of whom it changes": "0",
    }


def test_how_many_keep_their_decision_is_said_in_brief_and_in_the_chapter(english):
    sentence = (
        f"None of the 3 statements keeps its decision under all {len(last().variants)} other rules tried. "
        "Among the accepted statements this holds for 0 of 1."
    )
    assert words(english).count(sentence) == 2


def test_nothing_that_is_firm_stands_among_what_is_fragile():
    firm = tuple(
        replace(
            one,
            statements=tuple(
                replace(
                    entry,
                    decisions=(entry.decision,) * len(one.variants),
                    without_group=(entry.decision,) * 2,
                    hangs_on=(),
                    n_decisive=int(entry.statement == "S2"),
                )
                for entry in one.statements
            ),
        )
        for one in sensitivity()
    )
    html = render_html(report(sensitivity=firm), "en")
    assert list(table(html, "What a decision hangs on").parts[""]) == ["S2"]
    assert "3 of 3 statements keep their decision" in words(html)
    assert "On 2 statements nothing that was tried changes the decision." in words(html)
    calm = tuple(
        replace(one, statements=tuple(replace(entry, n_decisive=0) for entry in one.statements))
        for one in firm
    )
    html = render_html(report(sensitivity=calm), "en")
    assert not any(one.caption.startswith("What a decision hangs on") for one in read(html).tables)


def test_where_there_is_only_one_group_none_is_left_out():
    alone = tuple(
        replace(
            one,
            groups=one.groups[:1],
            statements=tuple(replace(entry, without_group=()) for entry in one.statements),
        )
        for one in sensitivity()
    )
    shown = table(render_html(report(sensitivity=alone), "en"), "What a decision hangs on")
    assert "Without a group" not in shown.columns


def test_published_rules_say_what_they_ask(english):
    scale = report().criteria[0].scale
    published = [variant for variant in last().variants if variant.axis == "rule"]
    assert published
    for variant in published:
        assert rule_sentence(ConsensusRule.from_mapping(variant.rule, scale), "en") in words(english)


def test_a_report_on_rounds_analysed_before_other_rules_were_tried_goes_without():
    html = render_html(report(sensitivity=()), "en")
    assert "How much hangs on the rule" not in words(html)
    assert "#sensitivity" not in html
    newest_only = report(sensitivity=sensitivity()[1:]).last_sensitivity("agreement")
    assert newest_only is not None
    assert [entry.statement for entry in newest_only.statements] == ["S2", "S3"]


def test_after_an_amendment_only_rules_and_groups_of_all_rounds_are_shown():
    first, second = sensitivity()
    amended = replace(
        second,
        variants=second.variants[2:],
        groups=("relatives", "peers"),
        statements=tuple(
            replace(entry, decisions=entry.decisions[2:], without_group=entry.without_group[::-1])
            for entry in second.statements
        ),
    )
    found = report(sensitivity=(first, amended)).last_sensitivity("agreement")
    assert found is not None
    assert found.variants == second.variants[2:]
    assert found.groups == ("relatives", "peers")
    assert found.statements[0].decisions == first.statements[0].decisions[2:]
    assert found.statements[0].without_group == first.statements[0].without_group[::-1]
    assert found.statements[1] == amended.statements[0]


def test_consensus_is_held_against_stability(english):
    stable, moving = "Stable net change below 15%", "Still moving net change of 15% or more"
    shown = table(english, "Consensus and stability")
    assert shown.row("Decided: in or out") == {stable: "0", moving: "0"}
    assert shown.row("No consensus") == {stable: "0", moving: "1 (S2)"}
    assert "2 statements have no place here" in words(english)
    assert "The split is itself a finding" not in words(english)


def settled() -> StudyAnalysis:
    """The analysis, had the ratings of the last round hardly changed."""
    whole = analysis()
    newest = whole.rounds[-1]
    entries = tuple(
        replace(
            entry, stability=tuple(replace(one, verdict=StabilityVerdict.STABLE) for one in entry.stability)
        )
        for entry in newest.statements
    )
    return replace(whole, rounds=(*whole.rounds[:-1], replace(newest, statements=entries)))


def test_a_stable_split_is_called_a_finding():
    html = render_html(report(analysis=settled()), "en")
    assert "S2 has no consensus and is stable: the panel is split" in words(html)
    assert "Le partage" not in words(html)
    french = words(render_html(report(analysis=settled()), "fr"))
    assert "S2 reste sans consensus et est stable" in french


def test_a_first_round_alone_has_no_stability_to_hold_consensus_against():
    whole = analysis()
    only = replace(whole, rounds=whole.rounds[:1], final=tuple(replace(one, round=1) for one in whole.final))
    html = render_html(report(analysis=only, sensitivity=sensitivity()[:1]), "en")
    assert not any(one.caption.startswith("Consensus and stability") for one in read(html).tables)


def with_consensus(table_of_rule: Mapping[str, Any]) -> str:
    """The report of a study with another rule."""
    given = {**TABLES, "protocol": {**TABLES["protocol"], "consensus": table_of_rule}}
    rule = AnalysisProtocol.from_mapping(given).criteria[0].rule
    return words(render_html(report(criteria=(replace(report().criteria[0], rule=rule),)), "en"))


def test_a_rule_that_rejects_in_other_groups_than_it_accepts_in_says_so(english):
    any_group = "For rejection it is enough that one group by itself meets what the rule asks."
    assert any_group in with_consensus({"preset": "mhfa_80"})
    assert any_group not in words(english)
    everywhere = {"preset": "percent_agreement", "scope": "any_group", "exclude_scope": "every_group"}
    assert "For rejection every group by itself must meet what the rule asks." in with_consensus(everywhere)


def test_pairs_of_groups_are_the_darker_the_farther_apart(english):
    rows = dict(re.findall(r'<th scope="row">(S\d)</th><td class="number shade-(\d)">', english))
    expected = {
        entry.statement: sum(abs(delta) >= step for step in (0.2, 0.4, 0.6, 0.8))
        for _, entry in report().last_entries
        if isinstance(delta := entry.divergence.pairs[0].cliffs_delta.value, float)
    }
    assert {code: int(shade) for code, shade in rows.items()} == expected
