"""A real-time figure: what a group has answered so far, as far as showing it reveals nobody."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from app.domain.feedback import is_attempt_due, may_advance

_QUARTERS = (Fraction(1, 2), Fraction(1, 4), Fraction(3, 4))


@dataclass(frozen=True)
class LiveFigure:
    """The ratings per point that the panel is shown of a group, on one statement and criterion.

    ``n_attempts`` counts how often those who wait could not be taken in since the figure last advanced.
    """

    counts: tuple[int, ...]
    n_attempts: int = 0


def advanced(figure: LiveFigure, waiting: Sequence[int], *, k: int, is_last: bool = False) -> LiveFigure:
    """The figure after those who wait were, or were not, taken in.

    ``waiting`` are their ratings per point, of who was tried before as they were then; with ``is_last`` the
    round closes. A figure that took them in has other counts than before.
    """
    if not is_last and not is_attempt_due(sum(waiting), figure.n_attempts, k=k):
        return figure
    if not may_advance(waiting, figure.n_attempts, k=k, is_last=is_last):
        return replace(figure, n_attempts=figure.n_attempts + 1)
    return LiveFigure(tuple(shown + new for shown, new in zip(figure.counts, waiting, strict=True)))


def middle_and_quartiles(points: Sequence[int], counts: Sequence[int]) -> tuple[float, float, float] | None:
    """Median, first and third quartile of counted ratings, by R's type 7; None when there are none."""
    if not sum(counts):
        return None
    ordered = sorted(zip(points, counts, strict=True))
    ratings = [point for point, n in ordered for _ in range(n)]
    median, q1, q3 = (_quantile(ratings, probability) for probability in _QUARTERS)
    return median, q1, q3


def _quantile(ordered: Sequence[int], probability: Fraction) -> float:
    place = (len(ordered) - 1) * probability
    below = place.numerator // place.denominator
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (place - below) * (ordered[above] - ordered[below]))
