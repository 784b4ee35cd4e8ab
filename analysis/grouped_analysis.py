"""The same ratings by another grouping, without touching any decision of the protocol.

A category is whoever gave one answer. Where everybody is in one category only, everything that is said of
stakeholder groups can be said of categories; where somebody can be in several, no test between them can.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from analysis.consensus import decide_statement
from analysis.counts import Counts
from analysis.divergence_tests import LabelPermutations
from analysis.group_figures import distributions_of, figures_of_groups
from analysis.other_views import GroupedAnalysis, GroupedStatement
from analysis.ratings import RatingMatrix, RoundRatings, in_canonical_order
from analysis.results import Divergence, GroupFigures, Reason
from analysis.rules import ConsensusRule, Decision, Scope
from analysis.statement_divergence import divergence_of_overlapping, divergence_of_statements
from analysis.study_analysis import DEFAULT_PERMUTATIONS, power_notes

Figures = list[tuple[GroupFigures, ...]]
JointDecision = tuple[Decision, tuple[Reason, ...]]


def analyse_by_grouping(
    ratings: RoundRatings,
    rules: Mapping[str, ConsensusRule],
    members: Mapping[str, Collection[str]],
    *,
    seed: int,
    n_permutations: int = DEFAULT_PERMUTATIONS,
    no_group: str | None = None,
) -> GroupedAnalysis:
    """Analyse one round by categories of panelists.

    Parameters
    ----------
    ratings : RoundRatings
    rules : mapping of criterion to ConsensusRule
        By which it is said what each category alone decides, and all of them together.
    members : mapping of category to panelists
        Every panelist of the round is in one at least; categories without any are left out, unless all are.
    seed, n_permutations : int
    no_group : str, optional
        The category of those who belong to none: it has figures like any other, and no part in the decision
        of all groups together.
    """
    panel = set(ratings.panelists)
    found = {code: panel.intersection(listed) for code, listed in members.items()}
    found = {code: listed for code, listed in found.items() if listed} or {next(iter(members)): panel}
    sizes = tuple(len(listed) for listed in found.values())
    is_exclusive = sum(sizes) == len(panel)
    analyse = _exclusive if is_exclusive else _overlapping
    deciding = tuple(code for code in found if code != no_group)
    return GroupedAnalysis(
        round=ratings.round,
        groups=tuple(found),
        sizes=sizes,
        is_exclusive=is_exclusive,
        statements=tuple(analyse(ratings, rules, found, deciding, seed, n_permutations)),
        seed=seed,
        n_permutations=n_permutations,
        notes=power_notes(tuple(found), sizes),
    )


def _exclusive(
    ratings: RoundRatings,
    rules: Mapping[str, ConsensusRule],
    members: Mapping[str, Collection[str]],
    deciding: tuple[str, ...],
    seed: int,
    n_permutations: int,
) -> list[GroupedStatement]:
    place_of = {panelist: place for place, listed in enumerate(members.values()) for panelist in listed}
    group_of = np.array([place_of[panelist] for panelist in ratings.panelists], dtype=np.int64)
    regrouped = in_canonical_order(
        RoundRatings(
            ratings.round,
            ratings.panelists,
            {
                code: replace(matrix, groups=tuple(members), group_of=group_of)
                for code, matrix in ratings.matrices.items()
            },
        )
    )
    first = next(iter(regrouped.matrices.values()))
    permutations = LabelPermutations.draw(first.group_of, len(members), n_permutations, seed)
    statements: list[GroupedStatement] = []
    for code, matrix in regrouped.matrices.items():
        counts = matrix.counts()
        figures = [groups[:-1] for groups in figures_of_groups(counts, rules[code], ratings.round)]
        divergences = divergence_of_statements(matrix, counts, rules[code], figures, permutations)
        verdicts = _joint_decisions(rules[code], counts, deciding, figures, ratings.round)
        statements += _together(matrix, code, figures, divergences, verdicts)
    return statements


def _overlapping(
    ratings: RoundRatings,
    rules: Mapping[str, ConsensusRule],
    members: Mapping[str, Collection[str]],
    deciding: tuple[str, ...],
    *_: int,
) -> list[GroupedStatement]:
    statements: list[GroupedStatement] = []
    for code, matrix in ratings.matrices.items():
        counts = _counts_of_categories(matrix, members)
        by_category = figures_of_groups(counts, rules[code], ratings.round)
        everybody = figures_of_groups(matrix.counts(), rules[code], ratings.round)
        # Whoever is in several categories is one person in the whole panel.
        figures = [
            (*some[: len(members)], all_[-2]) for some, all_ in zip(by_category, everybody, strict=True)
        ]
        divergences = divergence_of_overlapping(counts, rules[code], figures)
        verdicts = _joint_decisions(rules[code], counts, deciding, figures, ratings.round)
        statements += _together(matrix, code, figures, divergences, verdicts)
    return statements


def _joint_decisions(
    rule: ConsensusRule, counts: Counts, deciding: tuple[str, ...], figures: Figures, round_number: int
) -> list[JointDecision]:
    """What the rule says of the deciding categories together, statement by statement.

    A rule on the whole panel does not ask for groups, and counts whoever is in several categories once.
    """
    if rule.scope is Scope.OVERALL:
        return [(groups[-1].decision, groups[-1].reasons) for groups in figures]
    decided = []
    for place in range(len(counts.statements)):
        of_groups = distributions_of(counts, place)
        verdict = decide_statement(rule, {code: of_groups[code] for code in deciding}, round_number)
        decided.append((verdict.decision, verdict.reasons))
    return decided


def _together(
    matrix: RatingMatrix,
    criterion: str,
    figures: Figures,
    divergences: list[Divergence],
    verdicts: list[JointDecision],
) -> list[GroupedStatement]:
    return [
        GroupedStatement(statement, criterion, groups, divergence, *verdict)
        for statement, groups, divergence, verdict in zip(
            matrix.statements, figures, divergences, verdicts, strict=True
        )
    ]


def _counts_of_categories(matrix: RatingMatrix, members: Mapping[str, Collection[str]]) -> Counts:
    """Count every category's ratings; a panelist counts in each that they are in."""
    parts = []
    for code, listed in members.items():
        chosen = matrix.positions[[panelist in listed for panelist in matrix.panelists]]
        alike = np.zeros(len(chosen), np.int64)
        parts.append(Counts.from_positions(matrix.scale, matrix.statements, (code,), chosen, alike))
    rated, abstained, missing = (
        np.concatenate([getattr(part, name) for part in parts], axis=1)
        for name in ("rated", "abstained", "missing")
    )
    return Counts(matrix.scale, matrix.statements, tuple(members), rated, abstained, missing)
