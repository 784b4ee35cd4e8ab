"""Rounds held against each other: computed when a round is analysed, and stored beside its figures."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from analysis.other_views import RoundComparison

if TYPE_CHECKING:
    from analysis.ratings import Ratings

COMPARISONS = "comparisons"


def with_comparisons(stored: Mapping[str, Any], ratings: "Ratings") -> dict[str, Any]:
    """The figures of the last round as they are stored, with what changed since each round before it."""
    # Only who computes figures waits for the libraries they need.
    from analysis.round_comparison import compare_with_earlier_rounds  # noqa: PLC0415

    compared = compare_with_earlier_rounds(ratings)
    return {**stored, COMPARISONS: [one.to_dict() for one in compared]}


def read_comparisons(stored: Mapping[str, Any]) -> tuple[RoundComparison, ...]:
    """A stored round held against each before it; rounds analysed long ago have no comparison."""
    return tuple(RoundComparison.from_dict(one) for one in stored.get(COMPARISONS, ()))
