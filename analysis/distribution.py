"""Counted ratings of one statement, or the mean of several groups', and shares of them under a rule."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from typing import Self

import numpy as np

from analysis.descriptives import quantile_place
from analysis.rules import ConsensusRule, Denominator, Middle
from analysis.scale import Band, Scale


@dataclass(frozen=True, slots=True)
class Distribution:
    """Ratings of one statement by one group, counted.

    ``counts`` follow the scale's points, ``n_silent`` are abstained and missing panelists. A mixture, the
    mean of several groups' distributions, keeps its ``parts``; its ``counts`` are then the exact integer
    weights of the points, and its quantiles are of type 2 (the only usual type that depends on shares alone).
    """

    counts: tuple[int, ...]
    n_silent: int
    parts: tuple["Distribution", ...] = ()

    @classmethod
    def mixture(cls, parts: Sequence["Distribution"]) -> Self:
        """Average the parts' distributions, each counting the same; parts without ratings are left out."""
        rated = tuple(part for part in parts if part.n)
        if not rated:
            return cls((0,) * len(parts[0].counts), sum(part.n_silent for part in parts))
        common = int(np.lcm.reduce([part.n for part in rated], dtype=object))
        counts = tuple(
            sum(count * (common // part.n) for part, count in zip(rated, column, strict=True))
            for column in zip(*(part.counts for part in rated), strict=True)
        )
        return cls(counts, sum(part.n_silent for part in parts), rated)

    @property
    def n(self) -> int:
        """Number of ratings; of a mixture, of all its parts."""
        return sum(part.n for part in self.parts) if self.parts else sum(self.counts)

    def n_on(self, scale: Scale, band: Band) -> int:
        """How many ratings (of a mixture, how much weight) lie in a band."""
        members = scale.points_of(band)
        if not members:
            return 0
        first = members[0] - scale.points[0]
        return sum(self.counts[first : first + len(members)])

    def quantile(self, scale: Scale, probability: Fraction, quantile_type: int) -> Fraction:
        """An exact quantile in points of the scale."""
        if self.parts:
            return scale.points[0] + _mixture_quantile(self.counts, probability)
        reached = list(accumulate(self.counts))
        below, weight, denominator = _place(reached[-1], probability, quantile_type)
        low, high = _position(reached, below), _position(reached, below + 1)
        return scale.points[0] + Fraction(low * (denominator - weight) + high * weight, denominator)


@lru_cache(maxsize=4096)
def _place(n: int, probability: Fraction, quantile_type: int) -> tuple[int, int, int]:
    """Where the quantile of n ratings lies; a study asks for the same few over and over."""
    below, weight, denominator = quantile_place(np.array(n), probability, quantile_type)
    return int(below), int(weight), denominator


def _position(reached: list[int], rank: int) -> int:
    """Position of the rating with that 1-based rank; ranks off the ends take the end's rating."""
    return bisect_left(reached, min(max(rank, 1), reached[-1]))


def _mixture_quantile(weights: tuple[int, ...], probability: Fraction) -> Fraction:
    """Type 2 over weights: midway between the lowest and the highest position that may be the quantile."""
    total = sum(weights)
    reached = 0
    for place, weight in enumerate(weights):
        reached += weight
        if reached > probability * total:
            return Fraction(place)
        if weight and reached == probability * total:
            following = next(later for later in range(place + 1, len(weights)) if weights[later])
            return Fraction(place + following, 2)
    raise ValueError("a distribution without ratings has no quantile")


def pooled(distributions: Iterable[Distribution]) -> Distribution:
    """All panelists together."""
    listed = list(distributions)
    counts = tuple(sum(column) for column in zip(*(one.counts for one in listed), strict=True))
    return Distribution(counts, sum(one.n_silent for one in listed))


def share_counts(rule: ConsensusRule, distribution: Distribution, band: Band) -> tuple[int, int]:
    """Numerator and denominator of a band's share under the rule's denominator and its middle."""
    scale = rule.scale
    k = distribution.n_on(scale, band)
    n = sum(distribution.counts)
    if rule.denominator is Denominator.ALL:
        n += distribution.n_silent
    if rule.middle is Middle.OWN:
        return k, n
    middle = distribution.n_on(scale, Band.NEUTRAL)
    if rule.middle is Middle.EXCLUDE:
        n -= middle
    elif band is _SIDE_OF_MIDDLE[rule.middle]:
        k += middle
    return (0 if band is Band.NEUTRAL else k), n


_SIDE_OF_MIDDLE = {Middle.WITH_AGREE: Band.AGREE, Middle.WITH_DISAGREE: Band.DISAGREE}


def share(rule: ConsensusRule, distribution: Distribution, band: Band) -> Fraction | None:
    """A band's share, from 0 to 1; of a mixture, the mean of its parts' shares. None when over nothing."""
    if distribution.parts:
        shares = [share(rule, part, band) for part in distribution.parts]
        known = [value for value in shares if value is not None]
        return sum(known, Fraction(0)) / len(known) if known else None
    k, n = share_counts(rule, distribution, band)
    return Fraction(k, n) if n else None
