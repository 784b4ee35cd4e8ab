"""From the frozen ratings of closed rounds to a stored analysis, and back from the store."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from analysis.protocol import AnalysisProtocol
from analysis.ratings import Ratings, ratings_from_rows
from analysis.results import OVERALL, RoundAnalysis
from analysis.rules import Decision
from analysis.study_analysis import analyse_round
from app.clock import Clock
from app.domain.errors import RoundNotFound
from app.domain.event import EventKind, canonical_json
from app.domain.round import RoundStatus
from app.services.finding import get_study_of
from app.storage import ratings, rounds, statements, studies
from app.storage.analyses import read_newest_results
from app.storage.database import Connection, Database
from app.storage.events import append_event
from app.storage.ratings import LongRow
from app.storage.rounds import StoredAnalysis

DEFAULT_SEED = 20260101


def analyse_closed_round(
    database: Database, clock: Clock, slug: str, actor: str, *, seed: int = DEFAULT_SEED
) -> None:
    """Compute the figures of the newest closed round from its frozen ratings and store them for good.

    The ratings cannot change any more, so nobody is kept waiting while the figures are computed.

    Raises
    ------
    StudyNotFound, RoundNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        closed = [r for r in rounds.read_rounds(connection, study.id) if r.status is RoundStatus.CLOSED]
        if not closed:
            raise RoundNotFound(slug=slug, round="to analyse")
        number = closed[-1].number
        protocol = studies.protocol_in_force(connection, study.id)
        tables = studies.read_protocol_tables(connection, study.id, protocol.version)
        rows = ratings.read_long_rows(connection, study.id, number)
        asked = {
            n: tuple(statements.round_statement_ids(connection, study.id, n)) for n in range(1, number + 1)
        }
    analysed = AnalysisProtocol.from_mapping(tables)
    result = _analyse_last_round(to_ratings(rows, analysed, asked), analysed, seed)
    stored = StoredAnalysis(
        round_number=number,
        input_sha256=input_sha256(protocol.sha256, rows),
        protocol_version=protocol.version,
        code_version=version("castalia"),
        seed=seed,
        result=result.to_dict(),
        created_at=clock.now(),
    )
    with database.writing() as connection:
        rounds.insert_analysis(connection, study.id, stored)
        payload = {"round": number, "input_sha256": stored.input_sha256, "seed": seed}
        append_event(connection, study.id, EventKind.ROUND_ANALYSED, actor, stored.created_at, payload)


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


def _analyse_last_round(ratings: Ratings, protocol: AnalysisProtocol, seed: int) -> RoundAnalysis:
    *before, last = ratings.rounds
    return analyse_round(last, protocol, seed=seed, previous=before[-1] if before else None)


def to_ratings(
    rows: Sequence[LongRow], protocol: AnalysisProtocol, asked: Mapping[int, Sequence[str]]
) -> Ratings:
    """The rows in the form that :mod:`analysis` checks and counts; panelists appear as plain numbers.

    ``asked`` names the statements of every round, so that one that nobody rated is analysed too.
    """
    return ratings_from_rows(
        (
            (row.round, row.statement, row.criterion, row.group, str(row.panelist_id), row.point)
            for row in rows
        ),
        protocol,
        asked=asked,
    )


def input_sha256(protocol_sha256: str, rows: Sequence[LongRow]) -> str:
    """The fingerprint of what an analysis rests on: the protocol and every rating, under panel numbers."""
    content: list[Any] = [protocol_sha256]
    content += [[r.round, r.statement, r.criterion, r.group, r.panelist_id, r.point] for r in rows]
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def decision_tally(decisions: Mapping[str, Mapping[str, Decision]]) -> dict[Decision, int]:
    """How many statement-and-criterion pairs ended with each decision."""
    tally = dict.fromkeys(Decision, 0)
    for by_criterion in decisions.values():
        for decision in by_criterion.values():
            tally[decision] += 1
    return tally
