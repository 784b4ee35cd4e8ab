"""Other rules on the same ratings, and a protocol tried before the study."""

import json
from typing import Any

import pytest

from analysis.consensus import decide_statement
from analysis.group_figures import distributions_of
from analysis.planning import Assumptions, read_assumptions, simulate_plan
from analysis.results import NotAssessable
from analysis.rules import ConsensusRule, Decision
from analysis.scale import ProtocolFieldError
from analysis.sensitivity import analyse_sensitivity, rule_variants
from analysis.tables import plan_table, sensitivity_table
from analysis.what_if_results import OperatingCharacteristic, SensitivityAnalysis
from tests.unit.analysis.examples import FIVE, NINE, TWO, protocol, rows, rule, study

LISTED = [
    *rows("S1", {"peers": [5] * 9, "relatives": [5] * 9}),
    *rows("S2", {"peers": [5] * 7 + [1] * 3, "relatives": [5] * 9}),
    *rows("S3", {"peers": [5] * 9, "relatives": [1] * 9}),
]


def sensitivity(ruling: ConsensusRule) -> SensitivityAnalysis:
    counts = study(LISTED).rounds[0].matrices["agreement"].counts()
    return analyse_sensitivity(counts, ruling, "agreement", 1)


def test_a_clear_statement_hangs_on_nothing_and_a_close_one_says_on_what():
    clear, close, split = sensitivity(rule()).statements
    assert clear.hangs_on == ()
    assert (clear.n_decisive, clear.without_group) == (0, (Decision.CONSENSUS_IN, Decision.CONSENSUS_IN))
    assert {"rule", "threshold"} <= set(close.hangs_on)
    assert close.n_decisive == 7
    assert split.without_group == (Decision.CONSENSUS_OUT, Decision.CONSENSUS_IN)


def test_who_is_silent_can_decide_too_where_shares_are_of_everybody():
    listed = rows("S1", {"peers": [5] * 6 + [None] * 3, "relatives": [5] * 9})
    counts = study(listed).rounds[0].matrices["agreement"].counts()
    of_all = analyse_sensitivity(counts, rule(denominator="all"), "agreement", 1).statements[0]
    assert (of_all.decision, of_all.n_decisive) == (Decision.NO_CONSENSUS, 3)
    of_raters = analyse_sensitivity(counts, rule(), "agreement", 1).statements[0]
    assert (of_raters.decision, of_raters.n_decisive) == (Decision.CONSENSUS_IN, 0)


def test_robust_statements_are_counted():
    found = sensitivity(rule())
    assert [entry.hangs_on for entry in found.statements] == [(), ("rule", "threshold"), ("rule",)]
    assert found.n_robust == 1


def test_a_split_statement_hangs_on_rules_that_one_group_can_reject_by():
    found = sensitivity(rule())
    others = {variant.code: place for place, variant in enumerate(found.variants)}
    split = found.statements[2]
    assert split.decision is Decision.NO_CONSENSUS
    assert split.decisions[others["mhfa_80"]] is Decision.CONSENSUS_OUT


def test_each_variant_is_one_other_choice():
    found = {code: axis for code, axis, _ in rule_variants(rule(FIVE, minimum_ratings=5), 2)}
    assert found["percent_agreement_80"] == "rule"
    assert "percent_agreement_70" not in found
    assert found["threshold_+5"] == "threshold"
    assert found["scope_overall"] == "scope"
    assert found["denominator_all"] == "denominator"
    assert found["middle_exclude"] == "middle"
    assert found["small_groups_leave_out"] == "small_groups"


def test_variants_that_cannot_be_are_left_out():
    found = {code for code, _, _ in rule_variants(rule(TWO, threshold=95), 1)}
    assert not {"threshold_+10", "scope_overall", "middle_exclude", "rand_ucla"} & found
    assert "threshold_+5" in found
    by_median = {axis for _, axis, _ in rule_variants(rule(NINE, preset="median_iqr", scope="any_group"), 2)}
    assert by_median == {"rule", "scope", "quantile_type"}
    one_sided = rule(NINE, preset="comet_70_15", variant="either_group")
    assert all(
        variant.exclude is None for _, axis, variant in rule_variants(one_sided, 2) if axis == "threshold"
    )


def test_every_variants_decision_is_the_rules_own():
    ruling = rule()
    found = sensitivity(ruling)
    counts = study(LISTED).rounds[0].matrices["agreement"].counts()
    for place, statement in enumerate(found.statements):
        for variant, decision in zip(found.variants, statement.decisions, strict=True):
            again = ConsensusRule.from_mapping(variant.rule, FIVE)
            assert decide_statement(again, distributions_of(counts, place), 1).decision is decision


def test_leaving_out_a_group_asks_for_no_more_groups_than_are_left():
    found = sensitivity(rule(FIVE, scope="at_least", at_least=2))
    assert found.statements[0].without_group == (Decision.CONSENSUS_IN, Decision.CONSENSUS_IN)
    alone = study(LISTED, protocol()).rounds[0].matrices["agreement"].counts().without_group("relatives")
    assert analyse_sensitivity(alone, rule(), "agreement", 1).statements[0].without_group == ()


def test_sensitivity_survives_json_and_is_a_table():
    found = sensitivity(rule())
    assert SensitivityAnalysis.from_dict(json.loads(json.dumps(found.to_dict()))) == found
    lines = sensitivity_table([found]).decode("utf-8").splitlines()
    assert lines[0] == "round,statement,criterion,study_decision,n_decisive,variant,axis,decision,same"
    assert len(lines) == 1 + 3 * (len(found.variants) + 2)
    assert lines[1] == "1,S1,agreement,consensus_in,0,percent_agreement_75,rule,consensus_in,true"
    last = found.statements[-1]
    without = f"1,S3,agreement,{last.decision},{last.n_decisive},without_peers,group,consensus_out,false"
    assert without in lines


ASSUMED: dict[str, Any] = {
    "sizes": [5, 40],
    "attrition": [0.0],
    "simulations": 200,
    "statement": [
        {"code": "clear", "shares": {"every_group": [0, 0, 0, 0.1, 0.9]}},
        {"code": "open", "shares": {"peers": [0.2, 0.2, 0.2, 0.2, 0.2], "relatives": [0, 0, 0, 0, 1]}},
    ],
}


def plan(**changed: Any) -> tuple[OperatingCharacteristic, ...]:
    given = protocol()
    assumptions = Assumptions.from_mapping({**ASSUMED, **changed}, given, given.criteria[0])
    return simulate_plan(assumptions, given.criteria[0].rule, given.group_codes, seed=1)


def test_a_clear_population_is_seldom_missed_and_an_open_one_seldom_accepted():
    clear, _, small, large = plan()
    assert (clear.truth, small.truth) == (Decision.CONSENSUS_IN, Decision.NO_CONSENSUS)
    assert clear.missed_consensus == 0
    assert small.missed_consensus == NotAssessable.because("no_consensus_to_miss")
    assert isinstance(small.false_consensus, float)
    assert large.false_consensus == 0.0
    assert small.false_consensus > 0
    total = small.consensus_in + small.consensus_out + small.no_consensus + small.not_assessable
    assert total == pytest.approx(1)


def test_attrition_leaves_smaller_panels():
    low, high = (plan(attrition=[share], sizes=[5])[1] for share in (0.0, 0.9))
    assert high.not_assessable > low.not_assessable == 0


def test_groups_may_have_other_sizes_than_each_other():
    """Only the peers are open, so only their number decides how often chance makes them agree."""
    alike, fewer, none = (
        plan(sizes=[20], simulations=2_000, ratio=ratio)[1].false_consensus
        for ratio in ({}, {"peers": 0.25}, {"relatives": 0.25})
    )
    assert isinstance(alike, float)
    assert isinstance(fewer, float)
    assert fewer > 5 * alike
    assert none == pytest.approx(alike, abs=0.01)


def test_the_same_seed_gives_the_same_plan_and_progress_is_told():
    assert plan() == plan()
    told: list[tuple[int, int]] = []
    given = protocol()
    assumptions = Assumptions.from_mapping(ASSUMED, given, given.criteria[0])
    simulate_plan(
        assumptions,
        given.criteria[0].rule,
        given.group_codes,
        seed=1,
        report_progress=lambda done, of: told.append((done, of)),
    )
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_plan_is_a_table():
    lines = plan_table(plan()).decode("utf-8").splitlines()
    assert lines[0].startswith("statement,truth,group_size,attrition,n_simulations,consensus_in,")
    assert lines[3].endswith("missed_consensus: no_consensus_to_miss")


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"simulations": 0}, "simulations", "must be a whole number from 1."),
        ({"sizes": []}, "sizes", "must be a list of numbers from 1 to 100000."),
        ({"sizes": [2.5]}, "sizes", "must be a list of numbers from 1 to 100000."),
        ({"sizes": [True]}, "sizes", "must be a list of numbers from 1 to 100000."),
        ({"attrition": [1.0]}, "attrition", "must be a list of numbers from 0.0 to 0.99."),
        (
            {"atrition": [0.1]},
            "atrition",
            "is not a field here; the fields are round, sizes, ratio, attrition,",
        ),
        (
            {"statement": [{"share": {}, "shares": {"every_group": [0, 0, 0, 0, 1]}}]},
            "statement[1].share",
            "is not a field here; the fields are code, shares.",
        ),
        (
            {"statement": [{"shares": {"every_group": [0, 0, 0, 0, 1], "nurses": [1, 0, 0, 0, 0]}}]},
            "statement[1].shares.nurses",
            "is not a field here; the fields are peers, relatives, every_group.",
        ),
        (
            {"statement": [{"code": "a", "shares": {"every_group": [0, 0, 0, 0, 1]}}] * 2},
            "statement[2].code",
            "a is used twice.",
        ),
        ({"ratio": [2]}, "ratio", "must be a table with a number for each group."),
        ({"ratio": {"peers": 0}}, "ratio.peers", "must be a number from 0.01 to 100.0."),
        ({"ratio": {"nurses": 2}}, "ratio.nurses", "is not a field here; the fields are peers, relatives."),
        ({"statement": []}, "statement", "is missing; write at least one [[statement]]."),
        ({"statement": [{}]}, "statement[1].shares", "is missing; write the shares of each group."),
        (
            {"statement": [{"shares": {"every_group": [0.5, 0.5]}}]},
            "statement[1].shares.peers",
            "must be a list of 5 shares from 0 to 1, one for each point, that sum to 1.",
        ),
        (
            {"statement": [{"shares": {"every_group": [0.5, 0.5, 0.5, 0, 0]}}]},
            "statement[1].shares.relatives",
            "must be a list of 5 shares from 0 to 1, one for each point, that sum to 1.",
        ),
    ],
)
def test_a_wrong_assumption_is_named(changed, field, sentence):
    with pytest.raises(ProtocolFieldError) as refusal:
        plan(**changed)
    assert sentence in {fault.field: fault.sentence() for fault in refusal.value.faults}[field]


def test_an_assumption_file_is_read_or_its_fault_is_named(tmp_path):
    given = protocol()
    path = tmp_path / "plan.toml"
    path.write_text('[[statement]]\ncode = "a"\nshares.every_group = [0, 0, 0, 0, 1]\n', encoding="utf-8")
    assert read_assumptions(path, given, given.criteria[0]).sizes == (5, 10, 15, 20, 30)
    path.write_text("sizes = [", encoding="utf-8")
    with pytest.raises(ProtocolFieldError, match=r"plan\.toml: is not valid TOML"):
        read_assumptions(path, given, given.criteria[0])
