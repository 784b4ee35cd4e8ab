"""What an analysis of other rules, or of assumed panels, returns; as in :mod:`analysis.results`."""

from dataclasses import dataclass
from typing import Any

from analysis.json_safe import Result
from analysis.results import Figure
from analysis.rules import Decision


@dataclass(frozen=True, slots=True)
class RuleVariant(Result):
    """The study's rule with one choice made otherwise, or another published rule (``axis = "rule"``)."""

    code: str
    axis: str
    rule: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StatementSensitivity(Result):
    """What one statement's decision hangs on.

    ``decisions`` follow the variants. ``hangs_on`` names the axes on which some variant decides otherwise.
    ``without_group`` is the decision when a group is left out, groups in the study's order. ``n_decisive`` is
    the number of single panelists without whom the decision would be another.
    """

    statement: str
    decision: Decision
    decisions: tuple[Decision, ...]
    hangs_on: tuple[str, ...]
    without_group: tuple[Decision, ...]
    n_decisive: int


@dataclass(frozen=True, slots=True)
class SensitivityAnalysis(Result):
    """The same frozen ratings of one round and criterion under other rules.

    ``n_robust`` is the number of statements that keep their decision under every variant.
    """

    round: int
    criterion: str
    groups: tuple[str, ...]
    variants: tuple[RuleVariant, ...]
    statements: tuple[StatementSensitivity, ...]
    n_robust: int


@dataclass(frozen=True, slots=True)
class OperatingCharacteristic(Result):
    """How often a rule decides what, for one assumed statement, panel size and attrition.

    ``truth`` is the rule's decision on the assumed population itself. ``false_consensus`` is the chance of a
    consensus that the population does not have (or the opposite one), ``missed_consensus`` that of missing
    one it has; each is not assessable where it cannot happen. ``error`` is the Monte Carlo
    standard error of the larger of them.
    """

    statement: str
    truth: Decision
    group_size: int
    attrition: float
    n_simulations: int
    consensus_in: float
    consensus_out: float
    no_consensus: float
    not_assessable: float
    false_consensus: Figure
    missed_consensus: Figure
    error: float
