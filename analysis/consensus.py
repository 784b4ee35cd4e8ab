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


def decide_group(rule: ConsensusRule, distribution: Distribution, group: str, round_number: int) -> Verdict:
    """The rule's verdict on one distribution, whatever its scope.

    Reasons name every criterion of both sides with its figures; ``too_few_ratings`` stands alone.
    """
    blocking = _too_few(rule, distribution, group)
    if blocking is not None:
        return Verdict(Decision.NOT_ASSESSABLE, (blocking,))
    sides = [
        (decision, *_judge_side(rule, side, distribution, group, round_number, decision))
        for decision, side in rule.sides
    ]
    reasons = tuple(outcome.reason for _, _, outcomes in sides for outcome in outcomes)
    return Verdict(_settle([(decision, met) for decision, met, _ in sides]), reasons)


def decide_statement(
    rule: ConsensusRule, distributions: Mapping[str, Distribution], round_number: int
) -> Verdict:
    """The rule's verdict on a statement, by its scope.

    Parameters
    ----------
    rule : ConsensusRule
    distributions : mapping of group code to Distribution
        The stakeholder groups, in the study's order.
    round_number : int
        Chooses among thresholds that differ by round.

    Notes
    -----
    When every group of a scope that asks for any, or some, groups is in for one and out for another, the
    sides contradict each other and there is no consensus.
    """
    if rule.scope is Scope.OVERALL:
        return decide_group(rule, pooled(distributions.values()), OVERALL, round_number)
    if rule.scope is Scope.GROUP_EQUAL:
        return decide_group_equal(rule, distributions, round_number)
    groups = distributions
    if rule.small_groups is SmallGroups.LEAVE_OUT:
        groups = {code: one for code, one in distributions.items() if one.n >= rule.minimum_ratings}
    if not groups:
        return Verdict(Decision.NOT_ASSESSABLE, _too_few_reasons(rule, distributions))
    return _decide_by_groups(rule, groups, round_number)


def decide_group_equal(rule: ConsensusRule, groups: Mapping[str, Distribution], round_number: int) -> Verdict:
    """The rule's verdict on the mean of the groups' distributions, whatever its scope.

    Every group needs the minimum of ratings; with ``small_groups = leave_out`` the others count.
    """
    kept = groups
    if rule.small_groups is SmallGroups.LEAVE_OUT:
        kept = {code: one for code, one in groups.items() if one.n >= rule.minimum_ratings} or groups
    blocking = _too_few_reasons(rule, kept)
    if blocking:
        return Verdict(Decision.NOT_ASSESSABLE, blocking)
    return decide_group(rule, Distribution.mixture(list(kept.values())), GROUP_EQUAL, round_number)


def _too_few(rule: ConsensusRule, distribution: Distribution, group: str) -> Reason | None:
    for part in distribution.parts or (distribution,):
        if part.n < rule.minimum_ratings:
            return Reason.of("too_few_ratings", group=group, n=part.n, minimum=rule.minimum_ratings)
    return None


def _too_few_reasons(rule: ConsensusRule, distributions: Mapping[str, Distribution]) -> tuple[Reason, ...]:
    found = (_too_few(rule, distribution, code) for code, distribution in distributions.items())
    return tuple(reason for reason in found if reason is not None)


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
) -> tuple[bool | None, list[Outcome]]:
    outcomes = [
        judge(rule, criterion, distribution, {"group": group, "side": decision.value}, round_number)
        for criterion in side.criteria
    ]
    met = [outcome.met for outcome in outcomes]
    return (_any(met) if side.any_of else _all(met)), outcomes


def _all(values: Sequence[bool | None]) -> bool | None:
    if False in values:
        return False
    return None if None in values else True


def _any(values: Sequence[bool | None]) -> bool | None:
    if True in values:
        return True
    return None if None in values else False


def _decide_by_groups(rule: ConsensusRule, groups: Mapping[str, Distribution], round_number: int) -> Verdict:
    needed_by_scope = {Scope.EVERY_GROUP: len(groups), Scope.ANY_GROUP: 1}
    sides = []
    summaries = []
    details: list[Reason] = []
    small = _too_few_reasons(rule, groups)
    for decision, side in rule.sides:
        judged = {
            code: (None, [])
            if _too_few(rule, one, code)
            else _judge_side(rule, side, one, code, round_number, decision)
            for code, one in groups.items()
        }
        needed = needed_by_scope.get(rule.scope_of(decision), rule.groups_needed or 1)
        n_met = sum(met is True for met, _ in judged.values())
        n_open = sum(met is None for met, _ in judged.values())
        holds = True if n_met >= needed else (None if n_met + n_open >= needed else False)
        sides.append((decision, holds))
        summaries.append(
            Reason.of("groups_met", side=decision.value, n_met=n_met, n_groups=len(groups), needed=needed)
        )
        if decision is Decision.CONSENSUS_IN:
            details = [
                outcome.reason
                for met, outcomes in judged.values()
                if met is not True
                for outcome in outcomes
                if not outcome.met
            ]
    settled = _settle(sides)
    if settled in (Decision.CONSENSUS_IN, Decision.CONSENSUS_OUT):
        held = [summary for summary in summaries if ("side", settled.value) in summary.facts]
        return Verdict(settled, (*held, *small))
    if all(holds for _, holds in sides) and len(sides) > 1:
        return Verdict(settled, (Reason.of("groups_opposed"), *summaries, *small))
    return Verdict(settled, (*summaries, *details, *small))
