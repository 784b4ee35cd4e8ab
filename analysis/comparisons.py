"""Decisions held against one another: of two panels, or two rules; and consensus against stability."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.json_safe import Result
from analysis.results import (
    OVERALL,
    Figure,
    NotAssessable,
    RoundAnalysis,
    StabilityVerdict,
    StatementAnalysis,
)
from analysis.rules import Decision

DECIDED = (Decision.CONSENSUS_IN, Decision.CONSENSUS_OUT)


@dataclass(frozen=True, slots=True)
class Discordance(Result):
    """How many statements both of two retained, only one, or neither; and the discordant share."""

    both: int
    first_only: int
    last_only: int
    neither: int
    share: Figure


def discordance(first: Mapping[str, Decision], last: Mapping[str, Decision]) -> Discordance:
    """Compare what two panels, or one panel by two rules or in two rounds, retained (``consensus_in``).

    The share is of the statements that both decided on (Trials 2017, 10.1186/s13063-017-2405-6, Table 5);
    without any it is not assessable.

    Parameters
    ----------
    first, last : mapping of statement code to Decision
    """
    retained = [
        tuple(decisions[statement] is Decision.CONSENSUS_IN for decisions in (first, last))
        for statement in first
        if statement in last
    ]
    first_only, last_only = retained.count((True, False)), retained.count((False, True))
    n = len(retained)
    return Discordance(
        both=retained.count((True, True)),
        first_only=first_only,
        last_only=last_only,
        neither=retained.count((False, False)),
        share=(first_only + last_only) / n if n else NotAssessable.because("no_ratings"),
    )


@dataclass(frozen=True, slots=True)
class ConsensusByStability(Result):
    """The two verdicts on the statements of a round, crossed: codes in the study's order.

    ``open_stable`` is a finding of its own: a split that further rounds are unlikely to close.
    ``not_assessable`` holds statements without a decision, or that nobody rated twice.
    """

    round: int
    criterion: str
    decided_stable: tuple[str, ...]
    decided_unstable: tuple[str, ...]
    open_stable: tuple[str, ...]
    open_unstable: tuple[str, ...]
    not_assessable: tuple[str, ...]


def consensus_by_stability(analysis: RoundAnalysis, criterion: str) -> ConsensusByStability:
    """Cross decisions with the stability of the whole panel (net change below Scheibe's 15%).

    Parameters
    ----------
    analysis : RoundAnalysis
        From the second round on; in the first nothing is assessable.
    criterion : str
    """
    cells: dict[str, list[str]] = {
        name: []
        for name in ("decided_stable", "decided_unstable", "open_stable", "open_unstable", "not_assessable")
    }
    for entry in analysis.statements:
        if entry.criterion == criterion:
            cells[_cell_of(entry)].append(entry.statement)
    return ConsensusByStability(
        analysis.round, criterion, **{name: tuple(codes) for name, codes in cells.items()}
    )


def _cell_of(entry: StatementAnalysis) -> str:
    verdict = next((one.verdict for one in entry.stability if one.group == OVERALL), None)
    unknown = verdict in (None, StabilityVerdict.NOT_ASSESSABLE)
    if unknown or entry.decision is Decision.NOT_ASSESSABLE:
        return "not_assessable"
    return f"{'decided' if entry.decision in DECIDED else 'open'}_{verdict}"
