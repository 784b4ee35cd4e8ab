"""Two rounds side by side: what the same panelists did from one to the other, and who was lost between."""

from collections.abc import Iterator

import numpy as np

from analysis.counts import Integers
from analysis.other_views import BANDS, GroupMovement, RoundComparison, StatementComparison
from analysis.ratings import RatingMatrix, Ratings, RoundRatings
from analysis.results import Estimate, NotAssessable, StabilityVerdict
from analysis.scale import Band, Scale
from analysis.stability import SCHEIBE_LIMIT, change, share_change
from analysis.statement_stability import transitions_between

AGREE = BANDS.index(Band.AGREE)


def compare_with_earlier_rounds(ratings: Ratings) -> tuple[RoundComparison, ...]:
    """Hold the last round against each round before it, on every criterion that both rated."""
    *earlier, last = ratings.rounds
    return tuple(comparison for before in earlier for comparison in compare_rounds(before, last))


def compare_rounds(before: RoundRatings, after: RoundRatings) -> Iterator[RoundComparison]:
    """Hold two rounds against each other, criterion by criterion.

    Parameters
    ----------
    before, after : RoundRatings
    """
    for code, matrix in after.matrices.items():
        if code in before.matrices:
            statements = tuple(_compare(before.matrices[code], matrix))
            yield RoundComparison(before.round, after.round, code, statements)


def _compare(before: RatingMatrix, after: RatingMatrix) -> Iterator[StatementComparison]:
    transitions = transitions_between(before, after).with_overall()
    moved = transitions.moved
    bands = _by_band(moved, after.scale)
    both = moved.sum(axis=(2, 3))
    n_lost, n_new = (_ratings_of(one, transitions.statements) - both for one in (before, after))
    moves = change(moved)
    gained = bands[..., AGREE].sum(axis=-1) - bands[..., AGREE, AGREE]
    lost = bands[..., AGREE, :].sum(axis=-1) - bands[..., AGREE, AGREE]
    changed = np.stack(share_change(gained, lost, both), axis=-1)
    for place, statement in enumerate(transitions.statements):
        yield StatementComparison(
            statement,
            tuple(
                _movement(
                    group,
                    (int(both[place, column]), int(n_lost[place, column]), int(n_new[place, column])),
                    tuple(bands[place, column].ravel().tolist()),
                    Estimate(*changed[place, column].tolist()),
                    (float(moves.unchanged[place, column]), float(moves.net_change[place, column])),
                )
                for column, group in enumerate(transitions.groups)
            ),
        )


def _movement(
    group: str,
    sizes: tuple[int, int, int],
    bands: tuple[int, ...],
    agree_change: Estimate,
    moves: tuple[float, float],
) -> GroupMovement:
    if not sizes[0]:
        why = NotAssessable.because("nobody_rated_twice")
        nothing = Estimate.missing(why)
        return GroupMovement(group, *sizes, bands, nothing, why, why, StabilityVerdict.NOT_ASSESSABLE)
    unchanged, net_change = moves
    verdict = StabilityVerdict.STABLE if net_change < SCHEIBE_LIMIT else StabilityVerdict.UNSTABLE
    return GroupMovement(group, *sizes, bands, agree_change, unchanged, net_change, verdict)


def _by_band(moved: Integers, scale: Scale) -> Integers:
    """Count moves by band in place of point."""
    member = np.array(
        [[point in scale.points_of(band) for point in scale.points] for band in BANDS], np.int64
    )
    return np.asarray(member @ moved @ member.T)


def _ratings_of(matrix: RatingMatrix, statements: tuple[str, ...]) -> Integers:
    """How many of each group, and of all, rated each statement."""
    columns = [matrix.statements.index(code) for code in statements]
    n = matrix.counts().n[columns]
    return np.concatenate([n, n.sum(axis=1, keepdims=True)], axis=1)
