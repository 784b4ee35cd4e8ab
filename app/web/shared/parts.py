"""What the template parts are made from: small frozen values, ready to be shown.

Each class belongs to the macro of the same name in `templates/parts/`. Texts are already in the reader's
language; the macros add only their own words. Positions are in per cent of a drawing's width, because a page
under a strict content security policy may not carry style attributes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Final, Literal

from analysis.scale import Band

__all__ = [
    "Action",
    "Band",
    "Bar",
    "Choice",
    "Column",
    "CommentField",
    "Crumb",
    "Deadline",
    "DrawnSegment",
    "EvidenceCard",
    "Feedback",
    "FieldError",
    "Histogram",
    "HistogramBar",
    "KeyFigure",
    "LanguageChoice",
    "NavLink",
    "PreviousRating",
    "Progress",
    "ReasonField",
    "ReleasedComment",
    "RoundMark",
    "ScaleBand",
    "ScaleField",
    "ScalePoint",
    "ShareBar",
    "ShareSegment",
    "StatementCard",
    "TopicProgress",
    "WordSpan",
    "WordingChange",
]

MOST_CHOICES: Final = 11
"""A scale with more points than this is answered by typing a number, not by choosing among buttons."""

MOST_LISTED: Final = 7
"""Up to this many fully labelled points read best as a list; more are set out by band."""

UNABLE: Final = "unable"
"""The form value of "unable to rate"."""

N_MARKS: Final = 8
"""How many stakeholder groups have a shape and hue of their own."""

_NARROWEST_LABELLED: Final = 9
"""Segments narrower than this many per cent have no room for their count."""


# --- Rating -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ScalePoint:
    """One point of a scale as it is offered: "4, Agree".

    `label` may be empty where the protocol names only some points; the band then names the point.
    """

    value: int
    label: str
    band: Band


@dataclass(frozen=True, slots=True)
class ScaleBand:
    """Neighbouring points of one band."""

    band: Band
    name: str
    points: tuple[ScalePoint, ...]


@dataclass(frozen=True, slots=True)
class PreviousRating:
    """What the panelist answered in the round before: a point, or None for "unable to rate"."""

    round_number: int
    point: ScalePoint | None


@dataclass(frozen=True, slots=True)
class ReasonField:
    """The question why a rating crossed a band since the last round.

    Form fields: `<name>.reason` (one code of `choices`) and `<name>.reason_text`.
    """

    choices: tuple["Choice", ...]
    code: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ScaleField:
    """One statement rated on one criterion: a group of radio buttons.

    Form fields: `name` (a point, or "unable") and `<name>.version` (the version the page last knew; 0 for
    none). The customary name is `<statement>.<criterion>`, for example `S07.agreement`.
    `value` is the chosen point, `abstained` says that "unable to rate" is chosen; neither means unanswered.
    `band_names` gives the words for disagree, neutral and agree where agreement is not what is asked.
    """

    name: str
    statement: str
    criterion: str
    legend: str
    points: tuple[ScalePoint, ...]
    value: int | None = None
    abstained: bool = False
    version: int = 0
    hint: str = ""
    error: str = ""
    previous: PreviousRating | None = None
    reason: ReasonField | None = None
    band_names: tuple[tuple[Band, str], ...] = ()

    @property
    def element_id(self) -> str:
        """The id of the fieldset, to be linked from an error summary."""
        return f"field-{self.name.replace('.', '-')}"

    @property
    def highest(self) -> int:
        """The highest point of the scale, for names such as "4 of 5"."""
        return max(point.value for point in self.points)

    @property
    def lowest(self) -> int:
        """The lowest point of the scale."""
        return min(point.value for point in self.points)

    @property
    def layout(self) -> Literal["list", "bands", "number"]:
        """How the points are set out: a labelled list, number buttons by band, or a number to type."""
        if len(self.points) > MOST_CHOICES:
            return "number"
        if len(self.points) > MOST_LISTED or not all(point.label for point in self.points):
            return "bands"
        return "list"

    @property
    def bands(self) -> tuple[ScaleBand, ...]:
        """The points in their order, neighbours of one band together."""
        names = dict(self.band_names)
        return tuple(
            ScaleBand(band, names.get(band, ""), tuple(points))
            for band, points in groupby(self.points, key=lambda point: point.band)
        )

    def crosses_band(self, point: ScalePoint) -> bool:
        """Whether choosing `point` leaves the band of the previous rating."""
        before = self.previous.point if self.previous else None
        return before is not None and before.band is not point.band

    @property
    def number_crosses_band(self) -> bool:
        """Whether the stored value left the band of the previous rating (for scales answered by typing)."""
        return any(point.value == self.value and self.crosses_band(point) for point in self.points)


@dataclass(frozen=True, slots=True)
class CommentField:
    """The optional comment on a statement.

    Form fields: `<statement>.comment` and `<statement>.comment.version` (the version the page last knew; 0
    for none).
    """

    name: str
    value: str = ""
    hint: str = ""
    error: str = ""
    maximum: int = 4000
    version: int = 0


@dataclass(frozen=True, slots=True)
class ReleasedComment:
    """A comment that a researcher released, under its theme when it has one."""

    text: str
    theme: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class WordSpan:
    """Some words of a text, and whether they stayed, came or went."""

    text: str
    change: Literal["same", "added", "removed"] = "same"


@dataclass(frozen=True, slots=True)
class WordingChange:
    """How a statement's wording changed since the last round, and why."""

    spans: tuple[WordSpan, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class EvidenceCard:
    """A piece of evidence behind a statement: literature, or a good practice of a country (ISO code)."""

    kind: Literal["literature", "good_practice"]
    title: str
    what: str
    why: str = ""
    source: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class StatementCard:
    """A statement with everything a panelist needs to rate it.

    `feedback` has one entry per criterion; none where nothing is fed back. `saved_at` is the time of
    the last saved answer as text ("14:02"). `language` is set only where the text is in another language than
    the page.
    """

    code: str
    text: str
    scales: tuple[ScaleField, ...] = ()
    comment: CommentField | None = None
    evidence: tuple[EvidenceCard, ...] = ()
    change: WordingChange | None = None
    feedback: tuple["Feedback", ...] = ()
    comments: tuple[ReleasedComment, ...] = ()
    outlier: bool = False
    saved_at: str = ""
    language: str = ""

    @property
    def element_id(self) -> str:
        """The id of the card, for jump links."""
        return f"statement-{self.code}"

    @property
    def comments_by_theme(self) -> tuple[tuple[str, tuple[ReleasedComment, ...]], ...]:
        """The released comments under their themes, in the order given; those without a theme last."""
        themes = sorted(
            {comment.theme for comment in self.comments}, key=lambda theme: (not theme, self._first(theme))
        )
        return tuple((theme, tuple(c for c in self.comments if c.theme == theme)) for theme in themes)

    def _first(self, theme: str) -> int:
        return next(i for i, comment in enumerate(self.comments) if comment.theme == theme)


# --- Distributions ----------------------------------------------------------------------------------------


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
    rating, marked in the drawing and in words. `withheld` says why nothing is shown: "small" (fewer than
    `minimum` answered) or "subtraction" (the figure would reveal another that is withheld).
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
    withheld: Literal["", "small", "subtraction"] = ""
    minimum: int = 5

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


# --- Where one stands -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TopicProgress:
    """How far one topic is answered."""

    name: str
    answered: int
    total: int
    href: str
    is_current: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether every statement of the topic is answered."""
        return self.answered >= self.total


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the questionnaire is answered, optional parts left out."""

    answered: int
    total: int
    topics: tuple[TopicProgress, ...] = ()

    @property
    def percent(self) -> float:
        """The answered share, from 0 to 100."""
        return round(100 * self.answered / self.total, 2) if self.total else 100.0


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a round closes, seen from now, in the study's time zone."""

    at: datetime
    now: datetime
    zone: str

    @property
    def is_past(self) -> bool:
        """Whether the deadline has passed."""
        return self.at <= self.now


@dataclass(frozen=True, slots=True)
class RoundMark:
    """One round on the timeline; `when` is a short phrase such as "closed 12 May"."""

    number: int
    status: Literal["planned", "draft", "open", "closed", "fed_back"]
    when: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number that stands for a fact; `note` puts it into proportion ("of 52 statements")."""

    value: str
    label: str
    note: str = ""


# --- Finding one's way ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way to this page; the last has no address."""

    label: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class NavLink:
    """A room of the study in the researcher's navigation; `count` calls for attention when above zero."""

    label: str
    href: str
    is_current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A language by its own name; `href` where a link is safe, else the switch posts a form."""

    code: str
    name: str
    is_current: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A link that looks like a button."""

    label: str
    href: str


# --- Forms and tables -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field, in the same words in the summary and at the field.

    `field_id` is the id of the field's element; empty for a fault of the whole form.
    """

    field_id: str
    message: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select, of radio buttons or of check boxes."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a data table; numbers align right and sort by the cell's `data-sort`."""

    label: str
    kind: Literal["text", "number", "figure"] = "text"
    is_sortable: bool = True
    note: str = field(default="")


def errors_by_field(errors: Sequence[FieldError]) -> dict[str, str]:
    """Return each field's first error, for showing beside the field what the summary says."""
    found: dict[str, str] = {}
    for error in errors:
        found.setdefault(error.field_id, error.message)
    return found
