"""The same ratings under other rules: what each decision hangs on.

Nothing here replaces the rule that was fixed before the ratings; it shows how much of the result is the
rule's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from analysis.consensus import KnownJudgements, decide_statement
from analysis.counts import Counts
from analysis.distribution import Distribution
from analysis.group_figures import distributions_of
from analysis.protocol import AnalysisProtocol
from analysis.ratings import Ratings
from analysis.rules import (
    ConsensusRule,
    Decision,
    Denominator,
    MeasureCriterion,
    MedianCriterion,
    Middle,
    Scope,
    ShareCriterion,
    Side,
    SmallGroups,
)
from analysis.scale import ProtocolFieldError, Scale
from analysis.what_if_results import RuleVariant, SensitivityAnalysis, StatementSensitivity

THRESHOLD_STEPS = (-10, -5, 5, 10)
COMPARED_SCOPES = (Scope.OVERALL, Scope.EVERY_GROUP, Scope.ANY_GROUP, Scope.GROUP_EQUAL)
COMPARED_TYPES = (2, 6, 7)
SAME_JUDGEMENTS = ("scope", "small_groups")
"""Choices that ask other groups, but of each group the same."""
WHOLE = 100
PUBLISHED_VARIANTS: tuple[tuple[str, dict[str, object]], ...] = (
    ("percent_agreement_70", {"preset": "percent_agreement", "threshold": 70}),
    ("percent_agreement_75", {"preset": "percent_agreement", "threshold": 75}),
    ("percent_agreement_80", {"preset": "percent_agreement", "threshold": 80}),
    ("comet_70_15", {"preset": "comet_70_15"}),
    ("comet_70_15_at_most_half", {"preset": "comet_70_15", "variant": "at_most_half"}),
    ("comet_70_15_rising", {"preset": "comet_70_15", "variant": "rising"}),
    ("rand_ucla", {"preset": "rand_ucla"}),
    ("rand_ucla_ipras", {"preset": "rand_ucla", "disagreement": "ipras"}),
    ("rand_ucla_lower", {"preset": "rand_ucla", "boundary": "lower"}),
    ("median_iqr", {"preset": "median_iqr"}),
    ("mhfa_80", {"preset": "mhfa_80"}),
    ("both_panels_8_9", {"preset": "both_panels_8_9"}),
    ("both_panels_8_9_agreement", {"preset": "both_panels_8_9", "agreement": True}),
)


def analyse_sensitivity(
    counts: Counts, rule: ConsensusRule, criterion: str, round_number: int
) -> SensitivityAnalysis:
    """Decide every statement under every variant of the rule, without each group, and without each panelist.

    Parameters
    ----------
    counts : Counts
        Of one round and criterion, without ``overall``.
    rule : ConsensusRule
        The rule that decided.
    criterion : str
    round_number : int
    """
    tried = _TriedRule(rule, round_number, {})
    variants = list(rule_variants(rule, len(counts.groups)))
    others = [
        _TriedRule(other, round_number, tried.known if axis in SAME_JUDGEMENTS else None)
        for _, axis, other in variants
    ]
    axes = [axis for _, axis, _ in variants]
    statements = tuple(
        _statement(statement, distributions_of(counts, place), tried, others, axes)
        for place, statement in enumerate(counts.statements)
    )
    return SensitivityAnalysis(
        round=round_number,
        criterion=criterion,
        groups=counts.groups,
        variants=tuple(RuleVariant(code, axis, variant.to_mapping()) for code, axis, variant in variants),
        statements=statements,
        n_robust=sum(not entry.hangs_on for entry in statements),
    )


def analyse_study_sensitivity(
    ratings: Ratings, protocol: AnalysisProtocol
) -> tuple[SensitivityAnalysis, ...]:
    """The sensitivity of every round and criterion, rounds first.

    Parameters
    ----------
    ratings : Ratings
    protocol : AnalysisProtocol
    """
    return tuple(
        analyse_sensitivity(matrix.counts(), protocol.criterion(code).rule, code, one.round)
        for one in ratings.rounds
        for code, matrix in one.matrices.items()
    )


def rule_variants(rule: ConsensusRule, n_groups: int) -> Iterator[tuple[str, str, ConsensusRule]]:
    """Give every rule that differs by one choice, and every published rule that fits the scale.

    Yields
    ------
    code, axis, rule
        The axis is ``rule``, ``threshold``, ``scope``, ``denominator``, ``middle``, ``quantile_type`` or
        ``small_groups``.
    """
    for code, variant in _published(rule):
        yield code, "rule", variant
    for axis, changed in _one_choice_changed(rule, n_groups):
        for code, variant in changed.items():
            if variant != rule:
                yield f"{axis}_{code}", axis, variant


def _one_choice_changed(rule: ConsensusRule, n_groups: int) -> Iterator[tuple[str, dict[str, ConsensusRule]]]:
    if _uses(rule, ShareCriterion):
        moved = {f"{step:+d}": _with_thresholds_moved(rule, step) for step in THRESHOLD_STEPS}
        yield "threshold", {code: one for code, one in moved.items() if one is not None}
        yield "denominator", {value: replace(rule, denominator=value) for value in Denominator}
    if n_groups > 1:
        others = [value for value in COMPARED_SCOPES if value is not rule.scope]
        yield (
            "scope",
            {value: replace(rule, scope=value, groups_needed=None, exclude_scope=None) for value in others},
        )
    if rule.scale.neutral and _uses(rule, ShareCriterion):
        yield "middle", {value: replace(rule, middle=value) for value in Middle}
    if _uses(rule, MedianCriterion, MeasureCriterion):
        yield "quantile_type", {str(value): replace(rule, quantile_type=value) for value in COMPARED_TYPES}
    if rule.minimum_ratings > 1:
        yield "small_groups", {value: replace(rule, small_groups=value) for value in SmallGroups}


def _published(rule: ConsensusRule) -> Iterator[tuple[str, ConsensusRule]]:
    """Give published rules on the study's scale, with the study's scope and other choices."""
    for code, table in PUBLISHED_VARIANTS:
        variant = _read(table, rule.scale)
        if variant is None:
            continue
        variant = replace(
            rule,
            include=variant.include,
            exclude=variant.exclude,
            name=variant.name,
            exclude_scope=variant.exclude_scope if rule.scope is variant.scope else None,
        )
        if _what_is_asked(variant) != _what_is_asked(rule):
            yield code, variant


def _what_is_asked(rule: ConsensusRule) -> tuple[Side, Side | None, Scope | None]:
    return rule.include, rule.exclude, rule.exclude_scope


def _read(table: Mapping[str, object], scale: Scale) -> ConsensusRule | None:
    try:
        return ConsensusRule.from_mapping(table, scale)
    except ProtocolFieldError:
        return None


def _with_thresholds_moved(rule: ConsensusRule, step: int) -> ConsensusRule | None:
    """Move every share threshold by so many percentage points; None where that leaves 0 to 100."""
    moved = [_side_moved(side, step) for _, side in rule.sides]
    values = [
        value
        for side in moved
        for criterion in side.criteria
        if isinstance(criterion, ShareCriterion)
        for value in criterion.percent.values
    ]
    if not all(0 < value <= WHOLE for value in values):
        return None
    return replace(rule, include=moved[0], exclude=moved[1] if len(moved) > 1 else None)


def _side_moved(side: Side, step: int) -> Side:
    return replace(
        side,
        criteria=tuple(
            replace(criterion, percent=criterion.percent.changed(lambda value: value + Fraction(step)))
            if isinstance(criterion, ShareCriterion)
            else criterion
            for criterion in side.criteria
        ),
    )


def _uses(rule: ConsensusRule, *kinds: type) -> bool:
    return any(isinstance(criterion, kinds) for _, side in rule.sides for criterion in side.criteria)


@dataclass(frozen=True, slots=True)
class _TriedRule:
    """A rule in a round; and what it was found to say of single groups, where it is asked that again."""

    rule: ConsensusRule
    round_number: int
    known: KnownJudgements | None

    def decide(self, groups: Mapping[str, Distribution]) -> Decision:
        return decide_statement(self.rule, groups, self.round_number, self.known).decision


def _statement(
    statement: str,
    groups: Mapping[str, Distribution],
    tried: _TriedRule,
    others: Sequence[_TriedRule],
    axes: Sequence[str],
) -> StatementSensitivity:
    decision = tried.decide(groups)
    decisions = tuple(other.decide(groups) for other in others)
    hangs_on = [axis for axis, other in zip(axes, decisions, strict=True) if other is not decision]
    return StatementSensitivity(
        statement=statement,
        decision=decision,
        decisions=decisions,
        hangs_on=tuple(dict.fromkeys(hangs_on)),
        without_group=_without_each_group(groups, tried),
        n_decisive=_n_decisive(groups, tried, decision),
    )


def _without_each_group(groups: Mapping[str, Distribution], tried: _TriedRule) -> tuple[Decision, ...]:
    """Leave out each group in turn; a rule that asks for some groups then asks for at most those left."""
    if len(groups) == 1:
        return ()
    left = tried
    if tried.rule.groups_needed is not None:
        needed = min(tried.rule.groups_needed, len(groups) - 1)
        left = replace(tried, rule=replace(tried.rule, groups_needed=needed))
    return tuple(left.decide({code: one for code, one in groups.items() if code != out}) for out in groups)


def _n_decisive(groups: Mapping[str, Distribution], tried: _TriedRule, decision: Decision) -> int:
    """Count panelists without whom the decision would be another; all on one point alike, silent ones too."""
    decisive = 0
    for code, one in groups.items():
        for count, without in _without_one(one):
            if tried.decide({**groups, code: without}) is not decision:
                decisive += count
    return decisive


def _without_one(one: Distribution) -> Iterator[tuple[int, Distribution]]:
    """How many panelists are alike, and the distribution without one of them; point by point, then silent."""
    for place, count in enumerate(one.counts):
        if count:
            counts = (*one.counts[:place], count - 1, *one.counts[place + 1 :])
            yield count, Distribution(counts, one.n_silent)
    if one.n_silent:
        yield one.n_silent, Distribution(one.counts, one.n_silent - 1)
