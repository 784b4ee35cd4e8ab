"""Tables of the report: frozen rows of cells, and a note for every figure that could not be computed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from string import ascii_lowercase
from typing import Literal

from analysis.results import Estimate, Figure, GroupFigures, NotAssessable
from analysis.rules import Decision
from analysis.scale import Band, Scale
from app.i18n import N_
from app.reports.words import Text, Words

TO = N_("%(first)s to %(last)s")
MOST_ROWS_OF_A_SHORT_TABLE = 12

Kind = Literal["text", "number", "decision", "bar", "code", "upright", "sign", "same", "words", "unbroken"]


@dataclass(frozen=True)
class Column:
    """A column's heading and what stands in it; ``note`` is a second, quieter line of the heading."""

    label: str
    kind: Kind = "text"
    note: str = ""


@dataclass(frozen=True)
class Segment:
    """A piece of a distribution bar: left edge and width in per cent, its band and its strength of tone."""

    x: float
    width: float
    band: Band
    tone: Literal["strong", "middle", "weak"]


@dataclass(frozen=True)
class DistributionBar:
    """A distribution as one bar of a hundred per cent; ``label`` says the same in words."""

    segments: tuple[Segment, ...]
    label: str


@dataclass(frozen=True)
class Cell:
    """What one cell shows. ``mark`` refers to a note below the table; ``shade`` is the tone of its ground."""

    text: str = ""
    kind: Kind = "text"
    mark: str = ""
    decision: Decision | None = None
    bar: DistributionBar | None = None
    language: str = ""
    shade: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.text or self.bar)


@dataclass(frozen=True)
class Row:
    """A row: what it is about, and its cells. A total stands heavier."""

    heading: Cell
    cells: tuple[Cell, ...]
    is_total: bool = False


@dataclass(frozen=True)
class Body:
    """Rows that belong together, under a heading; a statement's text, decision and round stand there too."""

    rows: tuple[Row, ...]
    heading: str = ""
    text: Text | None = None
    decision: Decision | None = None
    decision_word: str = ""
    note: str = ""
    id: str = ""


@dataclass(frozen=True)
class Note:
    """A note below a table and the mark that refers to it."""

    mark: str
    sentence: str


@dataclass(frozen=True)
class Table:
    """A whole table. The first column holds the row headings; ``id`` is its address in the document."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    bodies: tuple[Body, ...]
    notes: tuple[Note, ...] = ()

    @property
    def has_signs(self) -> bool:
        """Whether it is a table of signs, with headings on end and narrow rows."""
        return any(column.kind == "upright" for column in self.columns)

    @property
    def is_short(self) -> bool:
        """Whether a printed page holds the table whole."""
        return sum(len(body.rows) for body in self.bodies) <= MOST_ROWS_OF_A_SHORT_TABLE


class Cells:
    """Makes the cells of one table, and remembers why figures are missing."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._marks: dict[str, str] = {}

    @property
    def notes(self) -> tuple[Note, ...]:
        """Why figures are missing, in the order in which that first happened."""
        return tuple(Note(mark, sentence) for sentence, mark in self._marks.items())

    def text(self, text: str) -> Cell:
        """Plain words."""
        return Cell(text)

    def said(self, text: Text) -> Cell:
        """Words of the study."""
        return Cell(text.text, "words", language=text.language)

    def sentence(self, text: str) -> Cell:
        """Words that need room."""
        return Cell(text, "words")

    def moment(self, instant: datetime | None) -> Cell:
        """A day and hour; nothing where it is not known."""
        return self.unbroken(self.words.moment(instant) if instant else "")

    def unbroken(self, text: str) -> Cell:
        """Words that stay on one line."""
        return Cell(text, "unbroken")

    def code(self, text: str) -> Cell:
        """Something to be compared letter by letter, such as a fingerprint."""
        return Cell(text, "code")

    def whole(self, number: int | None) -> Cell:
        """A whole number; nothing where it is not known."""
        return Cell("" if number is None else self.words.number(number), "number")

    def number(self, figure: Figure, digits: int | None = None) -> Cell:
        """A figure as a number."""
        return self._figure(figure, lambda value: self.words.number(value, digits))

    def percent(self, figure: Figure) -> Cell:
        """A share as per cent."""
        return self._figure(figure, self.words.percent)

    def p_value(self, figure: Figure) -> Cell:
        """A p value."""
        return self._figure(figure, self.words.p_value)

    def percent_range(self, low: Figure, high: Figure) -> Cell:
        """An interval of shares as per cent, in whole numbers."""
        return self._range(low, high, lambda value: self.words.number(100 * value, 0))

    def number_range(self, low: Figure, high: Figure, digits: int | None = None) -> Cell:
        """An interval of numbers."""
        return self._range(low, high, lambda value: self.words.number(value, digits))

    def estimate(self, estimate: Estimate, digits: int = 2) -> Cell:
        """A figure with its interval in brackets."""
        if isinstance(estimate.value, NotAssessable):
            return self._missing(estimate.value)
        value = self.words.number(estimate.value, digits)
        interval = self.number_range(estimate.lower, estimate.upper, digits)
        return Cell(f"{value} ({interval.text})" if not interval.mark else value, "number", interval.mark)

    def decision(self, decision: Decision) -> Cell:
        """A decision, as sign and word."""
        return Cell(self.words.decision(decision), "decision", decision=decision)

    def sign(self, decision: Decision) -> Cell:
        """A decision as its sign, where many stand beside one another; the word is there for who listens."""
        return Cell(self.words.decision(decision), "sign", decision=decision)

    def same(self) -> Cell:
        """A dot, where the decision is that of the row."""
        return Cell(self.words.gettext("the same"), "same")

    def bar(self, figures: GroupFigures, scale: Scale) -> Cell:
        """A distribution drawn as a bar; in words where there is nothing to draw."""
        if not any(figures.distribution):
            return Cell(self.words.gettext("no ratings"), "text")
        return Cell(kind="bar", bar=_distribution_bar(figures, scale, self.words))

    def table(self, id_: str, caption: str, columns: Iterable[Column], bodies: Iterable[Body]) -> Table:
        """The table of the cells made so far; a column in which nothing is known is left out."""
        made, headings = tuple(bodies), tuple(columns)
        rows = [row for body in made for row in body.rows]
        known = [
            place for place in range(len(headings) - 1) if any(row.cells[place].is_known for row in rows)
        ]
        narrowed = tuple(
            replace(
                body,
                rows=tuple(
                    replace(row, cells=tuple(row.cells[place] for place in known)) for row in body.rows
                ),
            )
            for body in made
        )
        kept = (headings[0], *(headings[place + 1] for place in known))
        return Table(id_, caption, kept, narrowed, self.notes)

    def _figure(self, figure: Figure, written: Callable[[float], str]) -> Cell:
        if isinstance(figure, NotAssessable):
            return self._missing(figure)
        return Cell(written(figure), "number")

    def _range(self, low: Figure, high: Figure, written: Callable[[float], str]) -> Cell:
        if isinstance(low, NotAssessable):
            return self._missing(low)
        if isinstance(high, NotAssessable):
            return self._missing(high)
        limits = {"first": written(low), "last": written(high)}
        # A dash beside a minus sign would be read as one of them.
        shown = "{first}–{last}".format(**limits) if low >= 0 else self.words.gettext(TO, **limits)
        return Cell(shown, "number")

    def _missing(self, figure: NotAssessable) -> Cell:
        sentence = self.words.reason(figure.reason)
        mark = self._marks.setdefault(sentence, _mark(len(self._marks)))
        return Cell("–", "number", mark)


def _mark(place: int) -> str:
    """a, b, ... z, aa, ab, ..."""
    rest, letter = divmod(place, len(ascii_lowercase))
    return (_mark(rest - 1) if rest else "") + ascii_lowercase[letter]


def _distribution_bar(figures: GroupFigures, scale: Scale, words: Words) -> DistributionBar:
    segments = []
    left = 0.0
    for point, share in zip(scale.points, figures.distribution, strict=True):
        if share:
            width = 100 * share
            segments.append(
                Segment(round(left, 3), round(width, 3), scale.band_of(point), _tone(point, scale))
            )
            left += width
    return DistributionBar(tuple(segments), _in_words(figures, scale, words))


def _in_words(figures: GroupFigures, scale: Scale, words: Words) -> str:
    amounts = (
        [words.number(count) for count in figures.counts]
        if figures.counts
        else [words.percent(share) for share in figures.distribution]
    )
    return ", ".join(
        words.gettext("%(point)s: %(count)s", point=point, count=amount)
        for point, amount in zip(scale.points, amounts, strict=True)
    )


def _tone(point: int, scale: Scale) -> Literal["strong", "middle", "weak"]:
    """The farther from the middle of the scale, the stronger the colour."""
    band = scale.points_of(scale.band_of(point))
    outermost = scale.points[0] if scale.points[0] in band else scale.points[-1]
    if len(band) == 1 or point == outermost:
        return "strong"
    innermost = band[-1] if outermost == band[0] else band[0]
    return "weak" if point == innermost else "middle"
