"""Decisions: a consensus rule applied to distributions of ratings, with reasons and margins.

A criterion that cannot be computed is neither met nor missed; all/any and the scopes treat it by
three-valued logic.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from analysis.distribution import Distribution, pooled
from analysis.judging import Outcome, judge
from analysis.results import GROUP_EQUAL, OVERALL, Reason
from analysis.rules import ConsensusRule, Decision, Scope, Side, SmallGroups


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision, and why: the reasons are put together when they are asked for."""

    decision: Decision
    explain: Callable[[], tuple[Reason, ...]]

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it was decided so."""
        return self.explain()


Judgement = tuple[bool | None, tuple[Outcome, ...]]
"""Whether a group meets a side of the rule (None: cannot be said), and the outcome of each criterion."""

KnownJudgements = dict[tuple[Decision, str, Distribution], Judgement]


def decide_group(rule: ConsensusRule, distribution: Distribution, group: str, round_number: int) -> Verdict:
    """The rule's verdict on one distribution, whatever its scope.

    Reasons name every criterion of both sides with its figures; ``too_few_ratings`` stands alone.
    """
    if distribution.n < rule.minimum_ratings:
        small = {group: distribution}
        return Verdict(Decision.NOT_ASSESSABLE, lambda: _too_few_reasons(rule, small, "too_few_ratings"))
    sides = [
        (decision, *_judge_side(rule, side, distribution, group, round_number, decision))
        for decision, side in rule.sides
    ]
    return Verdict(
        _settle([(decision, met) for decision, met, _ in sides]),
        lambda: tuple(outcome.reason for _, _, outcomes in sides for outcome in outcomes),
    )


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
    verdict = _decide_by_groups(rule, deciding, round_number, {} if known is None else known)
    return _with_left_out(verdict, rule, distributions, deciding)


def decide_group_equal(rule: ConsensusRule, groups: Mapping[str, Distribution], round_number: int) -> Verdict:
    """The rule's verdict on the mean of the groups' distributions, whatever its scope.

    Every group needs the minimum of ratings; with ``small_groups = leave_out`` the others count.
    """
    deciding = groups_that_decide(rule, groups)
    if all(one.n >= rule.minimum_ratings for one in deciding.values()) and deciding:
        mixture = Distribution.mixture(list(deciding.values()))
        verdict = decide_group(rule, mixture, GROUP_EQUAL, round_number)
    else:
        verdict = Verdict(Decision.NOT_ASSESSABLE, lambda: _too_few_reasons(rule, deciding, "too_few_blocks"))
    return _with_left_out(verdict, rule, groups, deciding)


def _with_left_out(
    verdict: Verdict,
    rule: ConsensusRule,
    groups: Mapping[str, Distribution],
    deciding: Mapping[str, Distribution],
) -> Verdict:
    others = {code: one for code, one in groups.items() if code not in deciding}
    if not others:
        return verdict
    return Verdict(
        verdict.decision,
        lambda: (*verdict.reasons, *_too_few_reasons(rule, others, "too_few_left_out")),
    )


def groups_that_decide(rule: ConsensusRule, groups: Mapping[str, Distribution]) -> Mapping[str, Distribution]:
    """All groups, or with ``small_groups = leave_out`` those with enough ratings."""
    if rule.small_groups is SmallGroups.BLOCK:
        return groups
    return {code: one for code, one in groups.items() if one.n >= rule.minimum_ratings}


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


@dataclass(frozen=True, slots=True)
class _StandingSide:
    """One side of a rule over the groups: each group's judgement, and whether enough groups meet it."""

    judgements: tuple[Judgement, ...]
    needed: int

    @property
    def n_met(self) -> int:
        return sum(met is True for met, _ in self.judgements)

    @property
    def holds(self) -> bool | None:
        n_met = self.n_met
        n_open = sum(met is None for met, _ in self.judgements)
        return True if n_met >= self.needed else (None if n_met + n_open >= self.needed else False)

    def details(self, *, met: bool) -> list[Reason]:
        """The criteria that each group met where it met the side, or missed where it did not."""
        return [
            outcome.reason
            for holds, outcomes in self.judgements
            if (holds is True) is met
            for outcome in outcomes
            if bool(outcome.met) is met
        ]


def _decide_by_groups(
    rule: ConsensusRule, groups: Mapping[str, Distribution], round_number: int, known: KnownJudgements
) -> Verdict:
    fewest = rule.groups_needed or 1
    if len(groups) < fewest:
        too_few = Reason.of("too_few_groups_left", n=len(groups), needed=fewest)
        return Verdict(Decision.NOT_ASSESSABLE, lambda: (too_few,) if groups else ())
    needed_by_scope = {Scope.EVERY_GROUP: len(groups), Scope.ANY_GROUP: 1}
    sides = {
        decision: _StandingSide(
            tuple(
                _judgement(rule, side, one, code, round_number, decision, known)
                for code, one in groups.items()
            ),
            needed_by_scope.get(rule.scope_of(decision), fewest),
        )
        for decision, side in rule.sides
    }
    settled = _settle([(decision, side.holds) for decision, side in sides.items()])
    return Verdict(settled, lambda: _reasons_of_groups(rule, groups, sides, settled))


def _reasons_of_groups(
    rule: ConsensusRule,
    groups: Mapping[str, Distribution],
    sides: Mapping[Decision, _StandingSide],
    settled: Decision,
) -> tuple[Reason, ...]:
    summaries = {
        decision: Reason.of(
            "groups_met", side=decision.value, n_met=side.n_met, n_groups=len(groups), needed=side.needed
        )
        for decision, side in sides.items()
    }
    still_open = settled is Decision.NOT_ASSESSABLE
    small = _too_few_reasons(rule, groups, "too_few_blocks" if still_open else "too_few_changes_nothing")
    if settled in sides:
        return (summaries[settled], *sides[settled].details(met=True), *small)
    if len(sides) > 1 and all(side.holds for side in sides.values()):
        both = zip(*(side.judgements for side in sides.values()), strict=True)
        same_group = any(all(met for met, _ in judgements) for judgements in both)
        why = Reason.of("both_sides_met" if same_group else "groups_opposed")
        return (why, *summaries.values(), *small)
    missed = sides[Decision.CONSENSUS_IN].details(met=False)
    return (*summaries.values(), *missed, *small)


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
