"""The permutation engine of divergence: one set of label permutations for all statements of a round.

A permutation moves whole panelists between groups, with their missing ratings, so the statements keep
their dependence. Permuted counts are one matrix product: label indicators (permutation x group, panelist)
times rating indicators (panelist, statement x point).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.counts import Floats, Integers, Positions
from analysis.divergence import (
    brunner_munzel,
    cramer_von_mises,
    kruskal_from_rank_sums,
    kruskal_wallis,
    midranks,
)
from analysis.uncertainty import (
    ROUNDING,
    label_indicators,
    permutation_p,
    permuted_labels,
    westfall_young_max_t,
)

MOST_CELLS = 16_000_000
CELLS_IN_CACHE = 50_000
"""So many statistics are computed at a time that their intermediate results stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class OmnibusTests:
    """Kruskal-Wallis and Cramer-von Mises per statement: statistics, permutation p, and max-T adjusted p."""

    kruskal: Floats
    kruskal_p: Floats
    kruskal_p_max: Floats
    cramer: Floats
    cramer_p: Floats
    cramer_p_max: Floats


@dataclass(frozen=True, slots=True)
class PairTests:
    """Brunner-Munzel per statement for one pair of groups: statistics and permutation p."""

    statistic: Floats
    p: Floats


@dataclass(frozen=True, slots=True, eq=False)
class LabelPermutations:
    """The permuted group labels of one round, ready to multiply with ratings.

    ``n_permutations`` were asked for; in a very small panel there are fewer, and then all of them are here
    (``complete``).
    """

    group_of: Integers
    n_groups: int
    indicators: npt.NDArray[np.float32]
    complete: bool
    n_permutations: int
    seed: int

    @classmethod
    def draw(cls, group_of: Integers, n_groups: int, n_permutations: int, seed: int) -> "LabelPermutations":
        """Draw them with a seed."""
        drawn = permuted_labels(group_of, n_permutations, seed)
        indicators = label_indicators(drawn.labels, n_groups - 1)
        return cls(group_of, n_groups, indicators, drawn.complete, n_permutations, seed)


def omnibus_tests(oriented: Positions, counts: Integers, permutations: LabelPermutations) -> OmnibusTests:
    """Test all statements of a criterion for any difference between the groups.

    Parameters
    ----------
    oriented : int array (panelist, statement)
        Positions with agreement high; negative where there is no rating.
    counts : int array (statement, group, point)
        The same, counted.
    permutations : LabelPermutations
        Of the same panelists.
    """
    k = counts.shape[-1]
    kruskal, cramer = kruskal_wallis(counts), cramer_von_mises(counts)
    n_labels = permutations.indicators.shape[0] * permutations.n_groups
    block = max(1, MOST_CELLS // (n_labels * k))
    permuted = [
        _permuted_omnibus(oriented[:, start : start + block], counts[start : start + block], permutations)
        for start in range(0, counts.shape[0], block)
    ]
    permuted_kruskal = np.concatenate([one for one, _ in permuted], axis=1)
    permuted_cramer = np.concatenate([two for _, two in permuted], axis=1)
    centre, spread = permuted_cramer.mean(axis=0), permuted_cramer.std(axis=0)
    scale = np.where(spread > ROUNDING * centre, spread, np.inf)
    return OmnibusTests(
        kruskal,
        permutation_p(kruskal, permuted_kruskal, complete=permutations.complete),
        westfall_young_max_t(kruskal, permuted_kruskal, complete=permutations.complete),
        cramer,
        permutation_p(cramer, permuted_cramer, complete=permutations.complete),
        westfall_young_max_t(
            (cramer - centre) / scale, (permuted_cramer - centre) / scale, complete=permutations.complete
        ),
    )


def _permuted_omnibus(
    oriented: Positions, counts: Integers, permutations: LabelPermutations
) -> tuple[Floats, Floats]:
    cumulative = _permuted_cumulative(oriented, counts, permutations)
    pooled = counts.sum(axis=1).astype(float)
    n = pooled.sum(axis=-1)
    share = pooled / np.where(n > 0, n, 1)[:, None]
    ranks = midranks(pooled)
    steps = ranks - np.concatenate([ranks[:, 1:], np.zeros_like(ranks[:, :1])], axis=1)
    sizes = np.moveaxis(cumulative[..., -1], 1, -1)
    kruskal = kruskal_from_rank_sums(np.einsum("pgsk,sk->psg", cumulative, steps), sizes, pooled)
    squares = np.einsum("pgsk,pgsk,sk->psg", cumulative, cumulative, share)
    constant = n * (share * share.cumsum(axis=-1) ** 2).sum(axis=-1)
    cramer = (squares / np.where(sizes > 0, sizes, 1)).sum(axis=-1) - constant
    return kruskal, np.where(n > 0, np.maximum(cramer, 0), 0)


def _permuted_cumulative(oriented: Positions, counts: Integers, permutations: LabelPermutations) -> Floats:
    """Cumulative counts (permutation, group, statement, point) under every permutation."""
    n_panelists, n_statements = oriented.shape
    k = counts.shape[-1]
    up_to = (oriented[:, :, None] >= 0) & (oriented[:, :, None] <= np.arange(k, dtype=np.int8))
    columns = up_to.reshape(n_panelists, n_statements * k).astype(np.float32)
    n_relabellings, n_leading = permutations.indicators.shape[:2]
    stacked = permutations.indicators.reshape(n_relabellings * n_leading, n_panelists) @ columns
    leading = stacked.reshape(n_relabellings, n_leading, n_statements, k)
    total = counts.sum(axis=1).cumsum(axis=-1).astype(np.float32)
    last = total - leading.sum(axis=1)
    return np.concatenate([leading, last[:, None]], axis=1).astype(float)


def pair_tests(
    oriented: Positions,
    counts: Integers,
    group_of: Integers,
    pair: tuple[int, int],
    *,
    n_permutations: int,
    seed: int,
) -> PairTests:
    """Test two groups against each other on every statement, permuting labels within the pair only.

    Labels of the other groups stay out of it: they may differ without making these two differ. Exact where
    there are no more ways to label the pair than permutations are asked for, as in groups of six.

    Parameters
    ----------
    oriented : int array (panelist, statement)
        Positions with agreement high; negative where there is no rating.
    counts : int array (statement, group, point)
        The same, counted.
    group_of : int array (panelist)
    pair : tuple of int
        Positions of the two groups.
    n_permutations, seed : int
    """
    first, second = pair
    members = np.flatnonzero((group_of == first) | (group_of == second))
    observed = brunner_munzel(counts[:, first], counts[:, second])
    labels = (group_of[members] == second).astype(np.int64)
    own_seed = int(np.random.SeedSequence([seed, first, second]).generate_state(1)[0])
    drawn_labels = permuted_labels(labels, n_permutations, own_seed)
    indicators = label_indicators(drawn_labels.labels, 1)[:, 0]
    n_points = counts.shape[-1]
    block = max(1, CELLS_IN_CACHE // indicators.shape[0])
    permuted = np.concatenate(
        [
            np.abs(_permuted_brunner_munzel(oriented[members, start : start + block], n_points, indicators))
            for start in range(0, counts.shape[0], block)
        ],
        axis=1,
    )
    return PairTests(observed, permutation_p(np.abs(observed), permuted, complete=drawn_labels.complete))


def _permuted_brunner_munzel(
    oriented: Positions, n_points: int, indicators: npt.NDArray[np.float32]
) -> Floats:
    """Statistics (permutation, statement) of two groups, of which the indicators choose the second."""
    n_panelists, n_statements = oriented.shape
    chosen = oriented[:, None, :] == np.arange(n_points, dtype=np.int8)[:, None]
    columns = chosen.reshape(n_panelists, n_points * n_statements).astype(np.float32)
    drawn = (indicators @ columns).reshape(-1, n_points, n_statements)
    rest = chosen.sum(axis=0, dtype=np.float32) - drawn
    return brunner_munzel(np.moveaxis(drawn, 1, -1), np.moveaxis(rest, 1, -1))
