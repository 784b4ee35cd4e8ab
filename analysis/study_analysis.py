"""The analyses themselves: a round, and a study of rounds."""

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.attrition import compare_leavers, panel_flow
from analysis.consensus import decide_statement
from analysis.divergence_tests import LabelPermutations
from analysis.group_figures import distributions_of, figures_of_groups
from analysis.panel_agreement import panel_agreement
from analysis.protocol import AnalysisProtocol, Criterion
from analysis.ratings import RatingMatrix, Ratings, RoundRatings
from analysis.results import (
    DecisionCounts,
    FinalDecision,
    GroupFlow,
    LeaverComparison,
    Reason,
    RoundAnalysis,
    Stability,
    StatementAnalysis,
    StudyAnalysis,
)
from analysis.rules import Decision
from analysis.statement_divergence import divergence_of_statements
from analysis.statement_stability import stability_of_statements

DEFAULT_PERMUTATIONS = 999
LOW_POWER_GROUP = 15


def analyse_round(
    ratings: RoundRatings,
    protocol: AnalysisProtocol,
    *,
    seed: int,
    previous: RoundRatings | None = None,
    n_permutations: int = DEFAULT_PERMUTATIONS,
) -> RoundAnalysis:
    """Analyse one round completely.

    Parameters
    ----------
    ratings : RoundRatings
        From ``ratings_from_rows``, ``ratings_from_frame`` or ``read_ratings``.
    protocol : AnalysisProtocol
    seed : int
        Of the permutations; the same input and seed give the same result.
    previous : RoundRatings, optional
        The round before, for stability.
    n_permutations : int
    """
    first = next(iter(ratings.matrices.values()))
    permutations = LabelPermutations.draw(first.group_of, len(first.groups), n_permutations, seed)
    statements: list[StatementAnalysis] = []
    agreement = []
    for criterion in protocol.criteria:
        matrix = ratings.matrices.get(criterion.code)
        if matrix is None:
            continue
        earlier = previous.matrices.get(criterion.code) if previous else None
        statements.extend(_statements(matrix, criterion, ratings.round, permutations, previous, earlier))
        agreement.extend(panel_agreement(matrix, criterion.code))
    rated = tuple(criterion for criterion in protocol.criteria if criterion.code in ratings.matrices)
    return RoundAnalysis(
        round=ratings.round,
        groups=protocol.group_codes,
        criteria=tuple(criterion.code for criterion in rated),
        statements=tuple(statements),
        agreement=tuple(agreement),
        decision_counts=tuple(
            count_decisions(
                ratings.round,
                criterion.code,
                [entry.decision for entry in statements if entry.criterion == criterion.code],
            )
            for criterion in rated
        ),
        rules={criterion.code: criterion.rule.to_mapping() for criterion in rated},
        scales={criterion.code: criterion.scale.to_mapping() for criterion in rated},
        seed=seed,
        n_permutations=n_permutations,
        notes=power_notes(first.groups, np.bincount(first.group_of, minlength=len(first.groups)).tolist()),
    )


def analyse_study(
    ratings: Ratings,
    protocol: AnalysisProtocol,
    *,
    seed: int,
    invited: Mapping[tuple[int, str], int] | None = None,
    n_permutations: int = DEFAULT_PERMUTATIONS,
) -> StudyAnalysis:
    """Analyse every round, each beside the one before, and say how the study ended.

    Parameters
    ----------
    ratings : Ratings
    protocol : AnalysisProtocol
    seed : int
    invited : mapping of (round, group) to number of panelists, optional
        For response rates.
    n_permutations : int
    """
    rounds = []
    leavers: list[LeaverComparison] = []
    previous = None
    for one in ratings.rounds:
        rounds.append(
            analyse_round(one, protocol, seed=seed, previous=previous, n_permutations=n_permutations)
        )
        if previous is not None:
            leavers.extend(compare_leavers(previous, one, n_permutations=n_permutations, seed=seed))
        previous = one
    return summarise_study(rounds, panel_flow(ratings, protocol.group_codes, invited), leavers)


def summarise_study(
    rounds: Sequence[RoundAnalysis],
    flow: Sequence[GroupFlow] = (),
    leavers: Sequence[LeaverComparison] = (),
) -> StudyAnalysis:
    """Put stored analyses of rounds together: the last decision on every statement, and their counts."""
    last: dict[tuple[str, str], FinalDecision] = {}
    for one in rounds:
        for entry in one.statements:
            key = entry.statement, entry.criterion
            last[key] = FinalDecision(*key, entry.decision, one.round, entry.reasons)
    criteria = dict.fromkeys(criterion for _, criterion in last)
    return StudyAnalysis(
        rounds=tuple(rounds),
        final=tuple(last.values()),
        final_counts=tuple(
            count_decisions(
                rounds[-1].round, code, [final.decision for final in last.values() if final.criterion == code]
            )
            for code in criteria
        ),
        flow=tuple(flow),
        leavers=tuple(leavers),
    )


def count_decisions(number: int, criterion: str, decisions: Sequence[Decision]) -> DecisionCounts:
    """Count decisions by kind."""
    return DecisionCounts(number, criterion, len(decisions), *(decisions.count(kind) for kind in Decision))


def _statements(
    matrix: RatingMatrix,
    criterion: Criterion,
    number: int,
    permutations: LabelPermutations,
    previous: RoundRatings | None,
    earlier: RatingMatrix | None,
) -> list[StatementAnalysis]:
    counts = matrix.counts()
    figures = figures_of_groups(counts, criterion.rule, number)
    divergences = divergence_of_statements(matrix, counts, criterion.rule, figures, permutations)
    stabilities: dict[str, tuple[Stability, ...]] = {}
    if previous is not None and earlier is not None:
        stabilities = stability_of_statements(earlier, matrix, previous.round)
    analyses = []
    for place, statement in enumerate(matrix.statements):
        verdict = decide_statement(criterion.rule, distributions_of(counts, place), number)
        analyses.append(
            StatementAnalysis(
                statement=statement,
                criterion=criterion.code,
                groups=figures[place],
                decision=verdict.decision,
                reasons=verdict.reasons,
                divergence=divergences[place],
                stability=stabilities.get(statement, ()),
            )
        )
    return analyses


def power_notes(groups: Sequence[str], sizes: Sequence[int]) -> tuple[Reason, ...]:
    """Small groups cannot show real differences: a large p is then no sign that there are none."""
    return tuple(
        Reason.of("low_power", group=group, n=size)
        for group, size in zip(groups, sizes, strict=True)
        if size < LOW_POWER_GROUP
    )
