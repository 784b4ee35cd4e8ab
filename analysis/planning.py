"""Planning before a study: how often a protocol decides rightly, for assumed panels, by simulation.

An assumption file says what each group's population would answer to some typical statements. The rule applied
to the population itself is the truth; panels are drawn from it, lose people, and are decided by the rule.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from analysis.consensus import decide_statement
from analysis.distribution import Distribution
from analysis.protocol import AnalysisProtocol, Criterion
from analysis.results import NotAssessable
from analysis.rules import ConsensusRule, Decision
from analysis.rules.reading import NO_TABLES, UNKNOWN_FIELD, read_toml
from analysis.scale import N_, ProtocolFault, ProtocolFieldError
from analysis.what_if_results import OperatingCharacteristic

POPULATION = 1_000_000
DEFAULT_SIZES = (5, 10, 15, 20, 30)
DEFAULT_ATTRITION = (0.0, 0.2)
DEFAULT_SIMULATIONS = 1_000
SUM_TOLERANCE = 1e-6
FIELDS = ("round", "sizes", "ratio", "attrition", "simulations", "statement")
STATEMENT_FIELDS = ("code", "shares")
EVERY_GROUP = "every_group"
SMALLEST_RATIO, LARGEST_RATIO = 0.01, 100.0


@dataclass(frozen=True, slots=True)
class AssumedStatement:
    """A typical statement: what share of each group's population would choose each point, low to high."""

    code: str
    shares: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a plan assumes: panel sizes per group, shares lost before the round, and typical statements.

    ``ratio`` says how many times a size each group has; groups that it does not name have the size itself.
    """

    round: int
    sizes: tuple[int, ...]
    ratio: Mapping[str, float]
    attrition: tuple[float, ...]
    n_simulations: int
    statements: tuple[AssumedStatement, ...]

    @classmethod
    def from_mapping(
        cls, mapping: Mapping[str, Any], protocol: AnalysisProtocol, criterion: Criterion
    ) -> Self:
        """Read an assumption file.

        ``round``, ``sizes`` (panelists per group), ``ratio.<group>`` (so many times the size), ``attrition``
        (shares from 0 to 1), ``simulations``, and ``[[statement]]`` tables with ``code`` and
        ``shares.<group>`` (or ``shares.every_group``), a list of shares that sum to 1.

        Raises
        ------
        ProtocolFieldError
            Every wrong field with its path.
        """
        faults: list[ProtocolFault] = []
        _refuse_unknown(mapping, FIELDS, "", faults)
        assumptions = cls(
            round=_whole(mapping, "round", 1, faults),
            sizes=_listed(mapping, "sizes", DEFAULT_SIZES, int, 1, 100_000, faults),
            ratio=_ratio(mapping.get("ratio", {}), protocol, faults),
            attrition=_listed(mapping, "attrition", DEFAULT_ATTRITION, float, 0.0, 0.99, faults),
            n_simulations=_whole(mapping, "simulations", DEFAULT_SIMULATIONS, faults),
            statements=_statements(mapping.get("statement"), protocol, criterion, faults),
        )
        if faults:
            raise ProtocolFieldError(faults)
        return assumptions


def read_assumptions(path: Path, protocol: AnalysisProtocol, criterion: Criterion) -> Assumptions:
    """Read an assumption file (TOML, UTF-8); faults as in ``Assumptions.from_mapping``."""
    return Assumptions.from_mapping(read_toml(path), protocol, criterion)


def simulate_plan(
    assumptions: Assumptions,
    rule: ConsensusRule,
    groups: Sequence[str],
    *,
    seed: int,
    report_progress: Callable[[int, int], None] | None = None,
) -> tuple[OperatingCharacteristic, ...]:
    """Simulate the rule for every statement, group size and attrition.

    Parameters
    ----------
    assumptions : Assumptions
    rule : ConsensusRule
    groups : sequence of str
        In the study's order.
    seed : int
    report_progress : callable, optional
        Called with the number of finished combinations and of all.

    Notes
    -----
    Each panelist is lost independently with the assumed chance; ratings are independent draws from the
    group's population. Monte Carlo error is given with each result.
    """
    combinations = [
        (statement, size, attrition)
        for statement in assumptions.statements
        for size in assumptions.sizes
        for attrition in assumptions.attrition
    ]
    generator = np.random.Generator(np.random.PCG64(seed))
    results = []
    for done, (statement, size, attrition) in enumerate(combinations, start=1):
        results.append(_characteristic(statement, size, attrition, assumptions, rule, groups, generator))
        if report_progress is not None:
            report_progress(done, len(combinations))
    return tuple(results)


def true_decision(statement: AssumedStatement, rule: ConsensusRule, round_number: int) -> Decision:
    """Decide the population itself."""
    populations = {
        group: Distribution(tuple(round(share * POPULATION) for share in shares), 0)
        for group, shares in statement.shares.items()
    }
    return decide_statement(rule, populations, round_number).decision


def _characteristic(
    statement: AssumedStatement,
    size: int,
    attrition: float,
    assumptions: Assumptions,
    rule: ConsensusRule,
    groups: Sequence[str],
    generator: np.random.Generator,
) -> OperatingCharacteristic:
    n = assumptions.n_simulations
    drawn = []
    for group in groups:
        shares = np.array(statement.shares[group])
        n_panelists = max(1, round(size * assumptions.ratio.get(group, 1)))
        present = generator.binomial(n_panelists, 1 - attrition, size=n)
        drawn.append(generator.multinomial(present, shares / shares.sum()).tolist())
    seen: dict[Decision, int] = dict.fromkeys(Decision, 0)
    for panel in zip(*drawn, strict=True):
        panels = {group: Distribution(tuple(counts), 0) for group, counts in zip(groups, panel, strict=True)}
        seen[decide_statement(rule, panels, assumptions.round).decision] += 1
    share = {decision: count / n for decision, count in seen.items()}
    truth = true_decision(statement, rule, assumptions.round)
    has_consensus = truth in (Decision.CONSENSUS_IN, Decision.CONSENSUS_OUT)
    wrong = sum(
        share[decision]
        for decision in (Decision.CONSENSUS_IN, Decision.CONSENSUS_OUT)
        if decision is not truth
    )
    missed = 1 - share[truth] if has_consensus else NotAssessable.because("no_consensus_to_miss")
    largest = max(wrong, missed) if isinstance(missed, float) else wrong
    return OperatingCharacteristic(
        statement=statement.code,
        truth=truth,
        group_size=size,
        attrition=attrition,
        n_simulations=n,
        consensus_in=share[Decision.CONSENSUS_IN],
        consensus_out=share[Decision.CONSENSUS_OUT],
        no_consensus=share[Decision.NO_CONSENSUS],
        not_assessable=share[Decision.NOT_ASSESSABLE],
        false_consensus=wrong,
        missed_consensus=missed,
        error=float(np.sqrt(largest * (1 - largest) / n)),
    )


def _whole(mapping: Mapping[str, Any], field: str, default: int, faults: list[ProtocolFault]) -> int:
    value = mapping.get(field, default)
    if type(value) is int and value >= 1:
        return value
    faults.append(ProtocolFault.of(field, N_("must be a whole number from 1.")))
    return default


def _listed(
    mapping: Mapping[str, Any],
    field: str,
    default: tuple[Any, ...],
    kind: type,
    low: float,
    high: float,
    faults: list[ProtocolFault],
) -> tuple[Any, ...]:
    value = mapping.get(field, list(default))
    good = (
        isinstance(value, list) and value and all(_number_within(entry, kind, low, high) for entry in value)
    )
    if good:
        return tuple(kind(entry) for entry in value)
    message = N_("must be a list of numbers from %(low)s to %(high)s.")
    faults.append(ProtocolFault.of(field, message, low=low, high=high))
    return default


def _ratio(value: Any, protocol: AnalysisProtocol, faults: list[ProtocolFault]) -> dict[str, float]:
    if not isinstance(value, Mapping):
        faults.append(ProtocolFault.of("ratio", N_("must be a table with a number for each group.")))
        return {}
    _refuse_unknown(value, protocol.group_codes, "ratio.", faults)
    good = {}
    for group, number in value.items():
        if _number_within(number, float, SMALLEST_RATIO, LARGEST_RATIO):
            good[str(group)] = float(number)
        else:
            message = N_("must be a number from %(low)s to %(high)s.")
            limits = {"low": SMALLEST_RATIO, "high": LARGEST_RATIO}
            faults.append(ProtocolFault.of(f"ratio.{group}", message, **limits))
    return good


def _number_within(entry: object, kind: type, low: float, high: float) -> bool:
    if (
        isinstance(entry, bool)
        or not isinstance(entry, int | float)
        or (kind is int and type(entry) is not int)
    ):
        return False
    return low <= entry <= high


def _statements(
    tables: Any, protocol: AnalysisProtocol, criterion: Criterion, faults: list[ProtocolFault]
) -> tuple[AssumedStatement, ...]:
    if not isinstance(tables, list) or not tables:
        faults.append(ProtocolFault.of("statement", NO_TABLES, name="statement"))
        return ()
    statements: list[AssumedStatement] = []
    for position, table in enumerate(tables, start=1):
        where = f"statement[{position}]"
        given = table.get("shares") if isinstance(table, Mapping) else None
        if not isinstance(given, Mapping):
            faults.append(
                ProtocolFault.of(f"{where}.shares", N_("is missing; write the shares of each group."))
            )
            continue
        _refuse_unknown(table, STATEMENT_FIELDS, f"{where}.", faults)
        _refuse_unknown(given, (*protocol.group_codes, EVERY_GROUP), f"{where}.shares.", faults)
        shares = {
            group: _shares(given, group, f"{where}.shares", len(criterion.scale.points), faults)
            for group in protocol.group_codes
        }
        code = str(table.get("code", position))
        if any(code == other.code for other in statements):
            faults.append(ProtocolFault.of(f"{where}.code", N_("%(code)s is used twice."), code=code))
        statements.append(AssumedStatement(code, shares))
    return tuple(statements)


def _refuse_unknown(
    mapping: Mapping[str, Any], known: Sequence[str], where: str, faults: list[ProtocolFault]
) -> None:
    faults.extend(
        ProtocolFault.of(f"{where}{field}", UNKNOWN_FIELD, known=", ".join(known))
        for field in mapping
        if field not in known
    )


def _shares(
    given: Mapping[str, Any], group: str, where: str, n_points: int, faults: list[ProtocolFault]
) -> tuple[float, ...]:
    value = given.get(group, given.get(EVERY_GROUP))
    numbers = isinstance(value, list) and all(
        isinstance(entry, int | float) and not isinstance(entry, bool) and entry >= 0 for entry in value
    )
    if not numbers or len(value) != n_points or abs(sum(value) - 1) > SUM_TOLERANCE:
        message = N_("must be a list of %(n)s shares from 0 to 1, one for each point, that sum to 1.")
        faults.append(ProtocolFault.of(f"{where}.{group}", message, n=n_points))
        return (1.0, *[0.0] * (n_points - 1))
    return tuple(float(entry) for entry in value)
