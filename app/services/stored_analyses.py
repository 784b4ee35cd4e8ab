"""The stored analyses of a study's rounds, read back from the store; nothing is computed here."""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache

from analysis.other_views import RoundComparison
from analysis.results import OVERALL, RoundAnalysis
from analysis.rules import Decision
from analysis.what_if_results import SensitivityAnalysis
from app.services.other_rules import read_other_rules
from app.services.round_comparisons import read_comparisons
from app.storage.analyses import read_newest_results
from app.storage.database import Connection


def read_round_analyses(connection: Connection, study_id: int) -> tuple[RoundAnalysis, ...]:
    """The stored analysis of every analysed round, first round first."""
    newest = read_newest_results(connection, [study_id])
    return tuple(_read_result(result) for result in newest.get(study_id, {}).values())


def keep_read(connection: Connection, study_id: int) -> None:
    """Read everything of a study's analyses now, for whoever asks for a page of them next."""
    read_round_analyses(connection, study_id)
    read_other_rules_of_rounds(connection, study_id)
    read_comparisons_of_rounds(connection, study_id)


def read_other_rules_of_rounds(
    connection: Connection, study_id: int
) -> dict[int, tuple[SensitivityAnalysis, ...]]:
    """What other rules decide, of each criterion of every analysed round, by round."""
    newest = read_newest_results(connection, [study_id])
    return {number: _read_sensitivity(result) for number, result in newest.get(study_id, {}).items()}


def read_comparisons_of_rounds(
    connection: Connection, study_id: int
) -> dict[int, tuple[RoundComparison, ...]]:
    """Every analysed round held against those before it, by round."""
    newest = read_newest_results(connection, [study_id])
    return {number: _read_comparisons(result) for number, result in newest.get(study_id, {}).items()}


# A stored analysis never changes, and reading it costs more than the rest of a page.
@lru_cache(maxsize=16)
def _read_result(result: str) -> RoundAnalysis:
    return RoundAnalysis.from_dict(json.loads(result))


@lru_cache(maxsize=16)
def _read_sensitivity(result: str) -> tuple[SensitivityAnalysis, ...]:
    return read_other_rules(json.loads(result))


@lru_cache(maxsize=16)
def _read_comparisons(result: str) -> tuple[RoundComparison, ...]:
    return read_comparisons(json.loads(result))


def latest_decisions(analyses: Iterable[RoundAnalysis]) -> dict[str, dict[str, Decision]]:
    """The last decision on every statement that was ever rated, by statement and criterion."""
    decided: dict[str, dict[str, Decision]] = {}
    for analysis in analyses:
        for entry in analysis.statements:
            decided.setdefault(entry.statement, {})[entry.criterion] = entry.decision
    return decided


def share_unchanged(analysis: RoundAnalysis) -> float | None:
    """The share of ratings that stayed the same since the round before, over all statements."""
    held = [s for entry in analysis.statements for s in entry.stability if s.group == OVERALL and s.n]
    n = sum(stability.n for stability in held)
    kept = sum(
        stability.unchanged * stability.n for stability in held if isinstance(stability.unchanged, float)
    )
    return kept / n if n else None


def decision_tally(decisions: Mapping[str, Mapping[str, Decision]]) -> dict[Decision, int]:
    """How many statement-and-criterion pairs ended with each decision."""
    tally = dict.fromkeys(Decision, 0)
    for by_criterion in decisions.values():
        for decision in by_criterion.values():
            tally[decision] += 1
    return tally
