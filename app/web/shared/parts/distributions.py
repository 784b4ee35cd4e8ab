"""How groups answered, drawn: histograms by point, and bars of shares."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

from analysis.scale import Band

N_MARKS: Final = 8
"""How many stakeholder groups have a shape and hue of their own."""

_NARROWEST_LABELLED: Final = 9
"""Segments narrower than this many per cent have no room for their count."""


@dataclass(frozen=True, slots=True)
class HistogramBar:
    """How many rated one point."""

    point: int
    count: int
    band: Band


@dataclass(frozen=True, slots=True)
class Bar:
    """A drawn bar: left edge, width, middle, top and height in per cent of the drawing."""

    source: HistogramBar
    x: float
    width: float
    middle: float
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """How one group rated one statement.

    `mark` is the group's place in the study's order from 1 to 8, or "overall". `own` is the reader's own
    rating, marked in the drawing and in words. `withheld` says why nothing is shown: "protected" (too few
    answered, or the figure could reveal how single people answered) or "waiting" (a real-time figure that has
    not enough in it yet).
    """

    name: str
    mark: int | Literal["overall"]
    bars: tuple[HistogramBar, ...] = ()
    n_abstained: int = 0
    median: float | None = None
    q1: float | None = None
    q3: float | None = None
    own: int | None = None
    is_own_group: bool = False
    withheld: Literal["", "protected", "waiting"] = ""

    @property
    def n(self) -> int:
        """How many rated."""
        return sum(bar.count for bar in self.bars)

    @property
    def bands(self) -> tuple[tuple[tuple[int, ...], int], ...]:
        """The points of each band and how many chose one of them, from agreement to disagreement."""
        found = []
        for _, bars in groupby(self.bars, key=lambda bar: bar.band):
            listed = tuple(bars)
            found.append((tuple(bar.point for bar in listed), sum(bar.count for bar in listed)))
        agrees_last = bool(self.bars) and self.bars[-1].band is Band.AGREE
        return tuple(reversed(found)) if agrees_last else tuple(found)

    def drawn(self, *, top: float, baseline: float) -> Iterator[Bar]:
        """Give each bar its place between two heights; the tallest reaches `top`."""
        step = 100 / len(self.bars)
        tallest = max(1, *(bar.count for bar in self.bars))
        for i, bar in enumerate(self.bars):
            height = (baseline - top) * bar.count / tallest
            yield Bar(
                bar,
                x=round((i + 0.11) * step, 3),
                width=round(0.78 * step, 3),
                middle=round((i + 0.5) * step, 3),
                top=round(baseline - height, 3),
                height=round(height, 3),
            )

    def place(self, value: float) -> float:
        """Return where a value lies across the drawing; between two points for a median such as 3.5."""
        points = [bar.point for bar in self.bars]
        step = 100 / len(points)
        below = max((i for i, point in enumerate(points) if point <= value), default=0)
        if below == len(points) - 1:
            return round((below + 0.5) * step, 3)
        part = (value - points[below]) / (points[below + 1] - points[below])
        return round((below + 0.5 + max(part, 0.0)) * step, 3)


@dataclass(frozen=True, slots=True)
class Feedback:
    """How the groups answered one statement on one criterion.

    The own group's histogram stands first, then the others in the study's order, overall last. `label` names
    the criterion where a statement has several.
    """

    histograms: tuple[Histogram, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class ShareSegment:
    """How many rated one point, with the words for it."""

    label: str
    band: Band
    count: int


@dataclass(frozen=True, slots=True)
class DrawnSegment:
    """A drawn share: left edge and width in per cent, strength of tone, and whether its count has room."""

    source: ShareSegment
    x: float
    width: float
    tone: Literal["strong", "middle", "weak"]

    @property
    def has_room(self) -> bool:
        """Whether the segment is wide enough for its count."""
        return self.width >= _NARROWEST_LABELLED


@dataclass(frozen=True, slots=True)
class ShareBar:
    """A distribution as one bar of a hundred per cent, for dense tables.

    Segments stand in the order of the scale. `threshold` (0 to 100) draws the rule's line, measured from the
    agreeing end.
    """

    segments: tuple[ShareSegment, ...]
    threshold: int | None = None

    @property
    def n(self) -> int:
        """How many rated."""
        return sum(segment.count for segment in self.segments)

    @property
    def drawn(self) -> tuple[DrawnSegment, ...]:
        """Every segment in its place, empty ones with no width."""
        found, left = [], 0.0
        for i, segment in enumerate(self.segments):
            width = 100 * segment.count / self.n if self.n else 0.0
            found.append(DrawnSegment(segment, round(left, 3), round(width, 3), self._tone(i)))
            left += width
        return tuple(found)

    @property
    def threshold_at(self) -> float | None:
        """Where the rule's line stands from the left."""
        if self.threshold is None:
            return None
        agrees_right = self.segments[-1].band is Band.AGREE
        return float(100 - self.threshold if agrees_right else self.threshold)

    def _tone(self, index: int) -> Literal["strong", "middle", "weak"]:
        # The farther from the middle of the scale, the stronger the colour.
        band = self.segments[index].band
        siblings = [i for i, segment in enumerate(self.segments) if segment.band is band]
        if len(siblings) == 1:
            return "strong"
        outermost, innermost = (siblings[-1], siblings[0]) if siblings[0] else (siblings[0], siblings[-1])
        return "strong" if index == outermost else "weak" if index == innermost else "middle"
