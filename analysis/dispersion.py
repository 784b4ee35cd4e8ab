"""How far ratings are spread over an ordinal scale: measures of consensus and of disagreement within a group.

All functions take counts (or shares) whose last axis is the scale's points from low to high, are
vectorised over the axes before it, and give 0 for an empty distribution: ``counts.sum(-1) == 0`` says
which those are. No measure cares about the scale's direction.
"""

import numpy as np
import numpy.typing as npt

from analysis.counts import Floats


def tastle_wierman_cns(counts: npt.ArrayLike) -> Floats:
    """Consensus: 1 when all ratings are on one point, 0 when half lie at either end.

    Cns = 1 + sum p_k log2(1 - |x_k - mean| / width) (Tastle and Wierman 2007, 10.1016/j.ijar.2006.06.024).
    Empty distributions give 0.
    """
    weights = np.asarray(counts, dtype=float)
    n = weights.sum(axis=-1)
    share = weights / np.where(n > 0, n, 1)[..., None]
    width = weights.shape[-1] - 1
    places = np.arange(width + 1)
    mean = share @ places
    closeness = 1 - np.abs(places - mean[..., None]) / width
    logs = np.log2(np.where(share > 0, closeness, 1))
    return np.where(n > 0, np.clip(1 + (share * logs).sum(axis=-1), 0, 1), 0)


def van_der_eijk_a(counts: npt.ArrayLike) -> Floats:
    """Agreement A: 1 when all ratings are on one point, 0 when even, -1 with halves at the ends.

    Layer by layer, each weighted by its share of the ratings (van der Eijk 2001, 10.1023/A:1010374114305).
    Empty distributions give 0.
    """
    weights = np.asarray(counts, dtype=float)
    n = weights.sum(axis=-1)
    remaining = weights.copy()
    total = np.zeros(n.shape)
    while (filled := remaining > 0).any():
        layer = np.where(filled, remaining, np.inf).min(axis=-1)
        layer = np.where(np.isfinite(layer), layer, 0)
        n_filled = filled.sum(axis=-1)
        total += layer * n_filled * _layer_agreement(filled)
        remaining = np.where(filled, remaining - layer[..., None], 0)
    return np.where(n > 0, total / np.where(n > 0, n, 1), 0)


def _layer_agreement(filled: npt.NDArray[np.bool_]) -> Floats:
    """A of a pattern of filled and empty points: unimodality times (1 - (filled - 1) / (points - 1)).

    Among triples of two filled points and an empty one, those with the empty point between count against.
    """
    k = filled.shape[-1]
    s = filled.sum(axis=-1)
    before = filled.cumsum(axis=-1) - filled
    after = s[..., None] - filled.cumsum(axis=-1)
    bimodal = np.where(filled, 0, before * after).sum(axis=-1)
    unimodal = np.where(filled, 0, before * (before - 1) // 2 + after * (after - 1) // 2).sum(axis=-1)
    triples = unimodal + bimodal
    divisor = np.where(triples > 0, (k - 2) * triples, 1)
    unimodality = np.where(triples > 0, ((k - 2) * unimodal - (k - 1) * bimodal) / divisor, 1)
    return np.asarray(unimodality * (1 - (s - 1) / (k - 1)))


def strength_of_consensus(counts: npt.ArrayLike, target: int) -> Floats:
    """Consensus on a chosen point: 1 when all ratings are on it, falling as they lie farther away.

    1 + sum p_k log2(1 - |x_k - target| / (2 width)) (Tastle and Wierman 2007, section on agreement). With
    the agreeing end as target, 0 means that all ratings are at the other end.

    Parameters
    ----------
    counts : array (..., point)
    target : int
        Position of the point on the scale, from 0.
    """
    share, n = _shares(counts)
    width = share.shape[-1] - 1
    closeness = 1 - np.abs(np.arange(width + 1) - target) / (2 * width)
    return np.where(n > 0, 1 + share @ np.log2(closeness), 0)


def leik_d(counts: npt.ArrayLike) -> Floats:
    """Leik's ordinal dispersion D (1966): 0 when all ratings are on one point, 1 with halves at the ends."""
    share, n = _shares(counts)
    cumulative = share.cumsum(axis=-1)[..., :-1]
    distance = np.minimum(cumulative, 1 - cumulative).sum(axis=-1)
    return np.where(n > 0, 2 * distance / (share.shape[-1] - 1), 0)


def blair_lacy_l2(counts: npt.ArrayLike) -> Floats:
    """Blair and Lacy's ordinal concentration l squared (2000): 1 on one point, 0 with halves at the ends."""
    share, n = _shares(counts)
    cumulative = share.cumsum(axis=-1)[..., :-1]
    distance = ((cumulative - 0.5) ** 2).sum(axis=-1)
    return np.where(n > 0, 4 * distance / (share.shape[-1] - 1), 0)


def berry_mielke_iov(counts: npt.ArrayLike) -> Floats:
    """Berry and Mielke's index of ordinal variation (1992): 0 on one point, 1 as far apart as can be.

    With an odd number of ratings halves at the ends are impossible; the largest variation allows for that.
    """
    weights = np.asarray(counts, dtype=float)
    n = weights.sum(axis=-1)
    cumulative = weights.cumsum(axis=-1)[..., :-1]
    variation = (cumulative * (n[..., None] - cumulative)).sum(axis=-1)
    largest = (n**2 - n % 2) / 4 * (weights.shape[-1] - 1)
    return np.where(largest > 0, variation / np.where(largest > 0, largest, 1), 0)


def entropy(counts: npt.ArrayLike) -> Floats:
    """Shannon entropy in bits: 0 with all ratings on one point, log2(points) when even; blind to order."""
    share, _ = _shares(counts)
    return np.asarray(np.abs((share * np.log2(np.where(share > 0, share, 1))).sum(axis=-1)))


def _shares(counts: npt.ArrayLike) -> tuple[Floats, Floats]:
    weights = np.asarray(counts, dtype=float)
    n = weights.sum(axis=-1)
    return weights / np.where(n > 0, n, 1)[..., None], n
