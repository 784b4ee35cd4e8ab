"""What an analysis returns: frozen dataclasses that are JSON-safe both ways.

A figure is a float, or :class:`NotAssessable` with the reason why there is none; there is no NaN anywhere.
Groups stand in the study's order, then ``overall``, then ``group_equal`` (the mean of the groups'
distributions). Why something was decided, or could not be computed, is a :class:`Reason`: a code and
numbers, which ``analysis.wording.reason_sentence`` turns into words in four languages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from analysis.json_safe import Result
from analysis.rules import Decision

OVERALL = "overall"
GROUP_EQUAL = "group_equal"
RESERVED_GROUPS = (OVERALL, GROUP_EQUAL)


@dataclass(frozen=True, slots=True)
class Reason(Result):
    """Why: a code with its numbers and names, as ``(name, value)`` pairs in a fixed order."""

    code: str
    facts: tuple[tuple[str, float | str], ...] = ()

    @classmethod
    def of(cls, code: str, **facts: float | str) -> Self:
        """Build from keywords, in their order."""
        return cls(code, tuple(facts.items()))

    def to_dict(self) -> dict[str, Any]:
        """Only dict, str and numbers."""
        return {"code": self.code, "facts": dict(self.facts)}

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> Self:
        """Rebuild what ``to_dict`` was called on."""
        return cls.of(mapping["code"], **mapping["facts"])


@dataclass(frozen=True, slots=True)
class NotAssessable(Result):
    """Stands where a figure cannot be computed, and says why."""

    reason: Reason

    @classmethod
    def because(cls, code: str, **facts: float | str) -> Self:
        """Build with a new reason."""
        return cls(Reason.of(code, **facts))

    def to_dict(self) -> dict[str, Any]:
        """Only dict, str and numbers."""
        return {"not_assessable": self.reason.to_dict()}

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> Self:
        """Rebuild what ``to_dict`` was called on."""
        return cls(Reason.from_dict(mapping["not_assessable"]))


Figure = float | NotAssessable


@dataclass(frozen=True, slots=True)
class Estimate(Result):
    """A figure with its 95% interval."""

    value: Figure
    lower: Figure
    upper: Figure

    @classmethod
    def missing(cls, why: NotAssessable) -> Self:
        """Stand for an estimate that cannot be computed."""
        return cls(why, why, why)


@dataclass(frozen=True, slots=True)
class Share(Result):
    """``k`` of ``n`` as a share from 0 to 1 with its Wilson 95% interval.

    ``k`` is None where the share is a mean of groups' shares (``group_equal``).
    """

    k: int | None
    n: int
    value: Figure
    lower: Figure
    upper: Figure


@dataclass(frozen=True, slots=True)
class GroupFigures(Result):
    """One group's ratings of one statement on one criterion in one round.

    ``counts`` and ``distribution`` follow the scale's points from low to high; ``counts`` is empty for
    ``group_equal``. ``n`` is the number of ratings; ``n_missing`` the panelists of the round who neither
    rated nor abstained. Median, quartiles, mean and SD are in points of the scale; ``cns`` lies from 0
    (halves at both ends) to 1 (all on one point); ``a`` from -1 to 1 likewise.
    """

    group: str
    n: int
    n_abstained: int
    n_missing: int
    counts: tuple[int, ...]
    distribution: tuple[float, ...]
    agree: Share
    neutral: Share
    disagree: Share
    median: Figure
    q1: Figure
    q3: Figure
    iqr: Figure
    mean: Figure
    sd: Figure
    cns: Figure
    a: Figure
    decision: Decision
    reasons: tuple[Reason, ...]


class DivergenceClass(StrEnum):
    """How the groups' own decisions relate."""

    ALL_GROUPS_IN = "all_groups_in"
    ALL_GROUPS_OUT = "all_groups_out"
    GROUP_SPECIFIC = "group_specific"
    OPPOSED = "opposed"
    NONE = "none"
    NOT_ASSESSABLE = "not_assessable"


@dataclass(frozen=True, slots=True)
class Gap(Result):
    """Largest minus smallest share of agreement among the groups, with an interval and whose they are."""

    estimate: Estimate
    highest_group: str | None
    lowest_group: str | None


@dataclass(frozen=True, slots=True)
class TestResult(Result):
    """A permutation test: statistic, p, and p corrected over the statements of the criterion.

    ``p_fdr`` is Benjamini-Hochberg's, ``p_max`` Westfall-Young's (max-T on the p scale).
    """

    __test__ = False

    statistic: Figure
    p: Figure
    p_fdr: Figure
    p_max: Figure


@dataclass(frozen=True, slots=True)
class PairDivergence(Result):
    """Two groups on one statement.

    ``cliffs_delta`` is positive when ``first`` rates nearer to agreement: 1 when every rating of ``first``
    does. ``wasserstein`` is the mean distance between the distributions as a share of the scale's width.
    ``p`` is the studentised Brunner-Munzel permutation p, ``p_holm`` corrected within the statement.
    """

    first: str
    second: str
    cliffs_delta: Estimate
    wasserstein: Figure
    statistic: Figure
    p: Figure
    p_holm: Figure


@dataclass(frozen=True, slots=True)
class Divergence(Result):
    """How far the groups are apart on one statement: decisions, location, shape."""

    decision_class: DivergenceClass
    gap: Gap
    kruskal_wallis: TestResult
    epsilon_squared: Figure
    cramer_von_mises: TestResult
    pairs: tuple[PairDivergence, ...]
    group_informed_consensus: Figure
    group_informed_consensus_geometric: Figure


class StabilityVerdict(StrEnum):
    """Whether panelists' ratings held from one round to the next."""

    STABLE = "stable"
    UNSTABLE = "unstable"
    NOT_ASSESSABLE = "not_assessable"


@dataclass(frozen=True, slots=True)
class Stability(Result):
    """The same panelists on one statement in two rounds.

    ``unchanged`` is the share with the same point in both; ``net_change`` half the summed absolute
    difference of the two distributions, held against Scheibe's 15%. ``towards`` and ``away`` are shares
    of panelists who moved towards, or away from, the previous round's median of their group.
    ``up`` and ``down`` mean towards agreement and towards disagreement.
    """

    group: str
    previous_round: int
    n: int
    unchanged: Figure
    up: Figure
    down: Figure
    towards: Figure
    away: Figure
    net_change: Figure
    wilcoxon_statistic: Figure
    wilcoxon_p: Figure
    kappa: Figure
    kappa_note: Reason | None
    mcnemar_gained: int
    mcnemar_lost: int
    mcnemar_p: Figure
    verdict: StabilityVerdict


@dataclass(frozen=True, slots=True)
class StatementAnalysis(Result):
    """Everything about one statement on one criterion in one round."""

    statement: str
    criterion: str
    groups: tuple[GroupFigures, ...]
    decision: Decision
    reasons: tuple[Reason, ...]
    divergence: Divergence
    stability: tuple[Stability, ...] = ()

    def figures_of(self, group: str) -> GroupFigures:
        """The figures of a group, ``overall`` or ``group_equal``."""
        return next(figures for figures in self.groups if figures.group == group)


@dataclass(frozen=True, slots=True)
class PanelAgreement(Result):
    """Agreement of the panel over all statements of a criterion.

    ``krippendorff_alpha`` (ordinal; 1 perfect, 0 chance, below 0 systematic disagreement) with a jackknife
    interval over panelists; ``gwet_ac2`` (quadratic weights) beside it. Both fall as ratings crowd at one
    end of the scale, however well the panel agrees: ``notes`` says when that is so.
    """

    criterion: str
    group: str
    n_panelists: int
    n_statements: int
    krippendorff_alpha: Estimate
    gwet_ac2: Estimate
    notes: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class GroupFlow(Result):
    """How many of a group took part in a round.

    ``invited`` is None when not known. Response is of those invited to this round; retention is of those
    who took part in the first round.
    """

    round: int
    group: str
    invited: int | None
    took_part: int
    stayed_from_first: int
    newly_in: int
    lost_since_previous: int
    response: Figure
    retention: Figure


@dataclass(frozen=True, slots=True)
class DecisionCounts(Result):
    """How many statements a round left with each decision, on one criterion."""

    round: int
    criterion: str
    n_statements: int
    consensus_in: int
    consensus_out: int
    no_consensus: int
    not_assessable: int


@dataclass(frozen=True, slots=True)
class RoundAnalysis(Result):
    """One round, completely. ``statements`` holds one entry per statement and criterion, in study order."""

    round: int
    groups: tuple[str, ...]
    criteria: tuple[str, ...]
    statements: tuple[StatementAnalysis, ...]
    agreement: tuple[PanelAgreement, ...]
    decision_counts: tuple[DecisionCounts, ...]
    rules: dict[str, dict[str, Any]]
    scales: dict[str, dict[str, Any]]
    seed: int
    n_permutations: int
    notes: tuple[Reason, ...] = ()

    def statement_on(self, statement: str, criterion: str) -> StatementAnalysis:
        """The analysis of one statement on one criterion."""
        return next(
            entry for entry in self.statements if (entry.statement, entry.criterion) == (statement, criterion)
        )


@dataclass(frozen=True, slots=True)
class FinalDecision(Result):
    """The last decision on a statement and the round that took it."""

    statement: str
    criterion: str
    decision: Decision
    round: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class LeaverComparison(Result):
    """Those who left after a round against those who stayed, on that round's ratings of one statement.

    ``difference`` is the standardised mean difference, leavers minus stayers, positive when leavers were
    nearer to agreement.
    """

    round: int
    statement: str
    criterion: str
    n_leavers: int
    n_stayers: int
    difference: Figure
    p: Figure
    p_fdr: Figure


@dataclass(frozen=True, slots=True)
class StudyAnalysis(Result):
    """All rounds of a study, the final decision on every statement, and what became of the panel."""

    rounds: tuple[RoundAnalysis, ...]
    final: tuple[FinalDecision, ...]
    final_counts: tuple[DecisionCounts, ...]
    flow: tuple[GroupFlow, ...]
    leavers: tuple[LeaverComparison, ...] = field(default=())
