"""The stored analyses of a study's rounds, read back from the store; nothing is computed here."""

import json
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from analysis.results import OVERALL, RoundAnalysis
from analysis.rules import Decision
from app.storage.analyses import read_newest_results
from app.storage.database import Connection


def read_round_analyses(connection: Connection, study_id: int) -> tuple[RoundAnalysis, ...]:
    """The stored analysis of every analysed round, first round first."""
    return read_analyses_of_studies(connection, [study_id])[study_id]


def read_analyses_of_studies(
    connection: Connection, study_ids: Collection[int]
) -> dict[int, tuple[RoundAnalysis, ...]]:
    """The same for several studies at once, by their internal ids."""
    newest = read_newest_results(connection, study_ids)
    return {
        study_id: tuple(_read_result(result) for result in newest.get(study_id, {}).values())
        for study_id in study_ids
    }


# A stored analysis never changes, and reading it costs more than the rest of a page.
@lru_cache(maxsize=16)
def _read_result(result: str) -> RoundAnalysis:
    return RoundAnalysis.from_dict(json.loads(result))


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
