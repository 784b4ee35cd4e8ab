"""Stability of every statement between two rounds, as results."""

from collections.abc import Iterator, Mapping
from dataclasses import fields

import numpy as np

from analysis.counts import Integers, Transitions
from analysis.ratings import RatingMatrix
from analysis.results import Figure, NotAssessable, Reason, Stability, StabilityVerdict
from analysis.scale import Scale
from analysis.stability import SCHEIBE_LIMIT, Change, change, mcnemar, signed_rank, weighted_kappa

SHARES = tuple(entry.name for entry in fields(Change))


def transitions_between(before: RatingMatrix, after: RatingMatrix) -> Transitions:
    """Count what the panelists of both rounds did on the statements rated in both."""
    statements = tuple(code for code in after.statements if code in set(before.statements))
    row_before = {panelist: row for row, panelist in enumerate(before.panelists)}
    both = [
        (row_before[panelist], row) for row, panelist in enumerate(after.panelists) if panelist in row_before
    ]
    rows = np.array(both, dtype=np.int64).reshape(-1, 2)
    columns_before = [before.statements.index(code) for code in statements]
    columns_after = [after.statements.index(code) for code in statements]
    return Transitions.from_positions(
        after.scale,
        statements,
        after.groups,
        before.positions[rows[:, 0]][:, columns_before],
        after.positions[rows[:, 1]][:, columns_after],
        after.group_of[rows[:, 1]],
    )


def stability_of_statements(
    before: RatingMatrix, after: RatingMatrix, previous_round: int
) -> dict[str, tuple[Stability, ...]]:
    """Stability by statement: each group, then ``overall``. Statements new in the later round have none."""
    transitions = transitions_between(before, after).with_overall()
    turned = transitions.moved if after.scale.high_is_agreement else transitions.moved[:, :, ::-1, ::-1]
    return {
        statement: tuple(_stability_of_groups(turned[place], after.scale, transitions.groups, previous_round))
        for place, statement in enumerate(transitions.statements)
    }


def _stability_of_groups(
    moved: Integers, scale: Scale, groups: tuple[str, ...], previous_round: int
) -> Iterator[Stability]:
    moves = change(moved)
    shares = zip(*(getattr(moves, name).tolist() for name in SHARES), strict=True)
    for group, table, one in zip(groups, moved, shares, strict=True):
        yield group_stability(table, dict(zip(SHARES, one, strict=True)), scale, group, previous_round)


def group_stability(
    moved: Integers, shares: Mapping[str, float], scale: Scale, group: str, previous_round: int
) -> Stability:
    """Stability of one group on one statement, from moves with agreement high and their shares."""
    if not moved.any():
        return _without_panelists(group, previous_round)
    n_agree = len(scale.agree)
    gained = int(moved[:-n_agree, -n_agree:].sum())
    lost = int(moved[-n_agree:, :-n_agree].sum())
    test = signed_rank(moved)
    kappa = weighted_kappa(moved)
    stable = shares["net_change"] < SCHEIBE_LIMIT
    return Stability(
        group=group,
        previous_round=previous_round,
        n=int(moved.sum()),
        **shares,
        wilcoxon_statistic=test.statistic,
        wilcoxon_p=test.p,
        kappa=_kappa(kappa),
        kappa_note=_kappa_note(moved),
        mcnemar_gained=gained,
        mcnemar_lost=lost,
        mcnemar_p=mcnemar(gained, lost),
        verdict=StabilityVerdict.STABLE if stable else StabilityVerdict.UNSTABLE,
    )


def _kappa(value: float | None) -> Figure:
    return NotAssessable.because("unanimous_in_both_rounds") if value is None else value


def _kappa_note(moved: Integers) -> Reason | None:
    """Kappa is degenerate, near 0 or undefined, when all were on one point in either round."""
    unanimous = [int((margin > 0).sum()) == 1 for margin in (moved.sum(axis=1), moved.sum(axis=0))]
    return Reason.of("kappa_degenerate") if any(unanimous) else None


def _without_panelists(group: str, previous_round: int) -> Stability:
    why = NotAssessable.because("nobody_rated_twice")
    return Stability(
        group=group,
        previous_round=previous_round,
        n=0,
        unchanged=why,
        up=why,
        down=why,
        towards=why,
        away=why,
        net_change=why,
        wilcoxon_statistic=why,
        wilcoxon_p=why,
        kappa=why,
        kappa_note=None,
        mcnemar_gained=0,
        mcnemar_lost=0,
        mcnemar_p=why,
        verdict=StabilityVerdict.NOT_ASSESSABLE,
    )
