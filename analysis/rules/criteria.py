"""What one side of a consensus rule may ask of a distribution of ratings: criteria as data.

Every threshold is a :class:`fractions.Fraction`, so that a share is never compared as a float.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Self

from analysis.scale import Band


class Comparison(StrEnum):
    """How a figure is held against its threshold."""

    AT_LEAST = ">="
    MORE_THAN = ">"
    AT_MOST = "<="
    LESS_THAN = "<"

    @property
    def wants_more(self) -> bool:
        """Whether more of the figure helps to meet the criterion."""
        return self in (Comparison.AT_LEAST, Comparison.MORE_THAN)

    def holds(self, figure: Fraction | float, threshold: Fraction | float) -> bool:
        """Whether ``figure (comparison) threshold``; exact when both are integers or fractions."""
        if self is Comparison.AT_LEAST:
            return figure >= threshold
        if self is Comparison.MORE_THAN:
            return figure > threshold
        if self is Comparison.AT_MOST:
            return figure <= threshold
        return figure < threshold


class Measure(StrEnum):
    """A figure of a distribution that a criterion can put a threshold on."""

    IQR = "iqr"
    MEAN = "mean"
    SD = "sd"
    CNS = "cns"
    A = "a"


class DisagreementMethod(StrEnum):
    """How disagreement within a panel is recognised (RAND/UCLA sense).

    ``panel_table``: the classic table by panel size (8 to 16; other sizes by IPRAS).
    ``ipras``: interpercentile range wider than the one adjusted for symmetry.
    ``thirds``: at least a third of the ratings in each extreme band.
    """

    PANEL_TABLE = "panel_table"
    IPRAS = "ipras"
    THIRDS = "thirds"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A threshold per round: the first value for round 1, and so on; the last one goes on."""

    values: tuple[Fraction, ...]

    @classmethod
    def fixed(cls, value: Fraction | int) -> Self:
        """The same threshold in every round."""
        return cls((Fraction(value),))

    def at(self, round_number: int) -> Fraction:
        """Give the threshold of a round."""
        return self.values[min(round_number, len(self.values)) - 1]

    def changed(self, change: Callable[[Fraction], Fraction]) -> Self:
        """The threshold of every round changed alike."""
        return type(self)(tuple(change(value) for value in self.values))


@dataclass(frozen=True, slots=True)
class ShareCriterion:
    """The share of ratings in a band, in per cent, against a threshold."""

    band: Band
    comparison: Comparison
    percent: Thresholds


@dataclass(frozen=True, slots=True)
class MedianCriterion:
    """The median lies between two values, both included."""

    low: Thresholds
    high: Thresholds

    def holds(self, median: Fraction, round_number: int) -> bool:
        """Whether a median, in points of the scale, lies there."""
        return self.low.at(round_number) <= median <= self.high.at(round_number)


@dataclass(frozen=True, slots=True)
class MeasureCriterion:
    """A figure of location or spread against a threshold, in its own units."""

    measure: Measure
    comparison: Comparison
    value: Thresholds


@dataclass(frozen=True, slots=True)
class DisagreementCriterion:
    """Disagreement in the RAND/UCLA sense is present, or (the usual demand) absent."""

    method: DisagreementMethod
    present: bool = False


@dataclass(frozen=True, slots=True)
class PanelAgreementCriterion:
    """Few ratings lie outside the median's third: at most 2, 3 or 4 of 8-10, 11-13, 14-16 ratings.

    Other sizes follow the table's own pattern, (n - 2) // 3.
    """


@dataclass(frozen=True, slots=True)
class CvrCriterion:
    """Lawshe's content validity ratio is at least its exact one-sided binomial critical value.

    The number of ratings in ``band`` must reach the smallest k with P(X >= k) <= ``alpha``
    for X binomial (n, 1/2).
    """

    band: Band
    alpha: Fraction


Criterion = (
    ShareCriterion
    | MedianCriterion
    | MeasureCriterion
    | DisagreementCriterion
    | PanelAgreementCriterion
    | CvrCriterion
)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a rule: all, or any, of its criteria."""

    criteria: tuple[Criterion, ...]
    any_of: bool = False
