"""Where the figures of a study are drawn, as pictures on pages and as files to take along."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from app.web.researcher.desk import StudyDesk

LAST = "last"
"""In place of a round's number: each statement in the round that rated it last."""


class FigureKind(StrEnum):
    """What a figure shows, as its address says."""

    MAP = "map"
    DECISIONS = "decisions"
    DISTRIBUTIONS = "distributions"
    MEDIANS = "medians"
    DIVERGENCE = "divergence"
    TRANSITIONS = "transitions"
    SENSITIVITY = "sensitivity"
    RULES = "rules"
    STATEMENT = "statement"


class FigureForm(StrEnum):
    """As what a figure can be taken along."""

    SVG = "svg"
    PNG = "png"


@dataclass(frozen=True, slots=True)
class FigureLinks:
    """The addresses of one figure."""

    svg: str
    png: str
    title: str


def figure_links(
    desk: StudyDesk, place: int | str, kind: FigureKind, criterion: str, title: str, *, statement: str = ""
) -> FigureLinks:
    """The addresses of a figure of a round, or of the ``LAST`` ones."""
    query = f"?{urlencode({'statement': statement})}" if statement else ""
    svg, png = (f"{desk.path('figures', place, kind, f'{criterion}.{form}')}{query}" for form in FigureForm)
    return FigureLinks(svg, png, title)
