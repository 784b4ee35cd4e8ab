"""Decisions: a consensus rule applied to distributions of ratings, with reasons and margins.

A criterion that cannot be computed is neither met nor missed; all/any and the scopes treat it by
three-valued logic.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.distribution import Distribution, pooled
from analysis.judging import Outcome, judge
from analysis.results import GROUP_EQUAL, OVERALL, Reason
from analysis.rules import ConsensusRule, Decision, Scope, Side, SmallGroups


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision and why."""

    decision: Decision
    reasons: tuple[Reason, ...]


Judgement = tuple[bool | None, tuple[Outcome, ...]]
"""Whether a group meets a side of the rule (None: cannot be said), and the outcome of each criterion."""

KnownJudgements = dict[tuple[Decision, str, Distribution], Judgement]


def decide_group(rule: ConsensusRule, distribution: Distribution, group: str, round_number: int) -> Verdict:
    """The rule's verdict on one distribution, whatever its scope.

    Reasons name every criterion of both sides with its figures; ``too_few_ratings`` stands alone.
    """
    if distribution.n < rule.minimum_ratings:
        return Verdict(
            Decision.NOT_ASSESSABLE, _too_few_reasons(rule, {group: distribution}, "too_few_ratings")
        )
    sides = [
        (decision, *_judge_side(rule, side, distribution, group, round_number, decision))
        for decision, side in rule.sides
    ]
    reasons = tuple(outcome.reason for _, _, outcomes in sides for outcome in outcomes)
    return Verdict(_settle([(decision, met) for decision, met, _ in sides]), reasons)


def decide_statement(
    rule: ConsensusRule,
    distributions: Mapping[str, Distribution],
    round_number: int,
    known: KnownJudgements | None = None,
) -> Verdict:
    """The rule's verdict on a statement, by its scope.

    Parameters
    ----------
    rule : ConsensusRule
    distributions : mapping of group code to Distribution
        The stakeholder groups, in the study's order.
    round_number : int
        Chooses among thresholds that differ by round.
    known : dict, optional
        Judgements of single groups under this rule and round, which grows as groups are judged: who decides
        many statements that differ in one group hands in the same one.

    Notes
    -----
    When every group of a scope that asks for any, or some, groups is in for one and out for another, the
    sides contradict each other and there is no consensus.
    """
    if rule.scope is Scope.OVERALL:
        return decide_group(rule, pooled(distributions.values()), OVERALL, round_number)
    if rule.scope is Scope.GROUP_EQUAL:
        return decide_group_equal(rule, distributions, round_number)
    deciding = groups_that_decide(rule, distributions)
    left_out = _too_few_reasons(rule, _others(distributions, deciding), "too_few_left_out")
    needed = rule.groups_needed or 1
    if not deciding:
        return Verdict(Decision.NOT_ASSESSABLE, left_out)
    if len(deciding) < needed:
        reason = Reason.of("too_few_groups_left", n=len(deciding), needed=needed)
        return Verdict(Decision.NOT_ASSESSABLE, (reason, *left_out))
    verdict = _decide_by_groups(rule, deciding, round_number, {} if known is None else known)
    return Verdict(verdict.decision, (*verdict.reasons, *left_out))


def decide_group_equal(rule: ConsensusRule, groups: Mapping[str, Distribution], round_number: int) -> Verdict:
    """The rule's verdict on the mean of the groups' distributions, whatever its scope.

    Every group needs the minimum of ratings; with ``small_groups = leave_out`` the others count.
    """
    deciding = groups_that_decide(rule, groups)
    left_out = _too_few_reasons(rule, _others(groups, deciding), "too_few_left_out")
    blocking = _too_few_reasons(rule, deciding, "too_few_blocks")
    if blocking or not deciding:
        return Verdict(Decision.NOT_ASSESSABLE, (*blocking, *left_out))
    mixture = Distribution.mixture(list(deciding.values()))
    verdict = decide_group(rule, mixture, GROUP_EQUAL, round_number)
    return Verdict(verdict.decision, (*verdict.reasons, *left_out))


def groups_that_decide(rule: ConsensusRule, groups: Mapping[str, Distribution]) -> Mapping[str, Distribution]:
    """All groups, or with ``small_groups = leave_out`` those with enough ratings."""
    if rule.small_groups is SmallGroups.BLOCK:
        return groups
    return {code: one for code, one in groups.items() if one.n >= rule.minimum_ratings}


def _others(
    groups: Mapping[str, Distribution], deciding: Mapping[str, Distribution]
) -> Mapping[str, Distribution]:
    return {code: one for code, one in groups.items() if code not in deciding}


def _too_few_reasons(
    rule: ConsensusRule, distributions: Mapping[str, Distribution], code: str
) -> tuple[Reason, ...]:
    """Name every group with too few ratings, and what that means for the decision."""
    return tuple(
        Reason.of(code, group=group, n=one.n, minimum=rule.minimum_ratings)
        for group, one in distributions.items()
        if one.n < rule.minimum_ratings
    )


def _settle(sides: Sequence[tuple[Decision, bool | None]]) -> Decision:
    """One decision from the sides: exactly one that holds wins; one that may hold leaves it open."""
    held = [decision for decision, met in sides if met]
    if any(met is None for _, met in sides) and len(held) < len(sides):
        return Decision.NOT_ASSESSABLE
    return held[0] if len(held) == 1 else Decision.NO_CONSENSUS


def _judge_side(
    rule: ConsensusRule,
    side: Side,
    distribution: Distribution,
    group: str,
    round_number: int,
    decision: Decision,
) -> Judgement:
    outcomes = [
        judge(rule, criterion, distribution, {"group": group, "side": decision.value}, round_number)
        for criterion in side.criteria
    ]
    met = [outcome.met for outcome in outcomes]
    return (_any(met) if side.any_of else _all(met)), tuple(outcomes)


def _all(values: Sequence[bool | None]) -> bool | None:
    if False in values:
        return False
    return None if None in values else True


def _any(values: Sequence[bool | None]) -> bool | None:
    if True in values:
        return True
    return None if None in values else False


def _decide_by_groups(
    rule: ConsensusRule, groups: Mapping[str, Distribution], round_number: int, known: KnownJudgements
) -> Verdict:
    needed_by_scope = {Scope.EVERY_GROUP: len(groups), Scope.ANY_GROUP: 1}
    holds: dict[Decision, bool | None] = {}
    summaries: dict[Decision, Reason] = {}
    judged: dict[Decision, list[Judgement]] = {}
    for decision, side in rule.sides:
        judged[decision] = [
            _judgement(rule, side, one, code, round_number, decision, known) for code, one in groups.items()
        ]
        needed = needed_by_scope.get(rule.scope_of(decision), rule.groups_needed or 1)
        n_met = sum(met is True for met, _ in judged[decision])
        n_open = sum(met is None for met, _ in judged[decision])
        holds[decision] = True if n_met >= needed else (None if n_met + n_open >= needed else False)
        summaries[decision] = Reason.of(
            "groups_met", side=decision.value, n_met=n_met, n_groups=len(groups), needed=needed
        )
    settled = _settle(list(holds.items()))
    still_open = settled is Decision.NOT_ASSESSABLE
    small = _too_few_reasons(rule, groups, "too_few_blocks" if still_open else "too_few_changes_nothing")
    if settled in holds:
        return Verdict(settled, (summaries[settled], *_details(judged[settled], met=True), *small))
    if len(holds) > 1 and all(holds.values()):
        same_group = any(all(met for met, _ in sides) for sides in zip(*judged.values(), strict=True))
        why = Reason.of("both_sides_met" if same_group else "groups_opposed")
        return Verdict(settled, (why, *summaries.values(), *small))
    missed = _details(judged[Decision.CONSENSUS_IN], met=False)
    return Verdict(settled, (*summaries.values(), *missed, *small))


def _judgement(
    rule: ConsensusRule,
    side: Side,
    distribution: Distribution,
    group: str,
    round_number: int,
    decision: Decision,
    known: KnownJudgements,
) -> Judgement:
    """Whether a group meets a side and why; a group with too few ratings leaves that open."""
    key = (decision, group, distribution)
    if key not in known:
        known[key] = (
            (None, ())
            if distribution.n < rule.minimum_ratings
            else _judge_side(rule, side, distribution, group, round_number, decision)
        )
    return known[key]


def _details(judged: Sequence[Judgement], *, met: bool) -> list[Reason]:
    """The criteria that each group met where it met the side, or missed where it did not."""
    return [
        outcome.reason
        for holds, outcomes in judged
        if (holds is True) is met
        for outcome in outcomes
        if bool(outcome.met) is met
    ]
