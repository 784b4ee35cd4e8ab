"""A figure, and how it becomes SVG and PNG."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from textwrap import wrap
from typing import Any

import vl_convert

Spec = dict[str, Any]
"""A Vega-Lite specification, or a part of one."""

LONGEST_TITLE, LONGEST_LINE = 66, 92
"""Letters in a line above the narrowest drawing."""

FIGURES_KEPT = 16
"""So many drawings are kept: of the same specification the same comes out again."""

_COORDINATES = re.compile(r'(?<= )(?:d|transform|x|y|x1|x2|y1|y2)="[^"]*\.\d{3}[^"]*"')
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_DESCRIBED_WORDS = re.compile(r'<text aria-label="([^"]*)"([^>]*)/>')
_INNER_ROLES = re.compile(r' (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*")')


@dataclass(frozen=True, slots=True)
class StudyFigure:
    """A drawing with its title and its content in words, for those who cannot see it.

    ``spec`` is the drawing as a Vega-Lite specification: a plain dictionary, since building and checking
    chart objects takes longer than drawing them. ``hatched`` are the fill colours that mean disagreement and
    are drawn with a pattern.
    """

    code: str
    title: str
    alternative: str
    spec: Spec
    hatched: tuple[str, ...] = ()

    @property
    def chart(self) -> Any:
        """The drawing as an Altair chart, to be shown or changed in a notebook."""
        import altair as alt  # noqa: PLC0415  # who only draws does not wait for it

        return alt.Chart.from_dict(self.spec)


def captioned(figure: StudyFigure, *lines: str) -> StudyFigure:
    """The figure with its title above it, and under the title what it rests on; long lines are broken.

    For a file that leaves the page, where nothing else says what it shows.
    """
    broken = [part for line in lines for part in wrap(line, LONGEST_LINE)]
    title = {
        "text": wrap(figure.title, LONGEST_TITLE),
        "subtitle": broken,
        "anchor": "start",
        "frame": "bounds",
        "fontSize": 15,
        "subtitleFontSize": 11,
        "subtitlePadding": 6,
        "offset": 14,
    }
    return replace(figure, spec=figure.spec | {"title": title, "padding": 16})


def to_svg(figure: StudyFigure) -> str:
    """Draw a figure as SVG with its title and description inside."""
    svg = _drawn(json.dumps(figure.spec, ensure_ascii=False))
    mark = hashlib.sha256(svg.encode()).hexdigest()[:8]
    for place, colour in enumerate(figure.hatched):
        svg = svg.replace(f'fill="{colour}"', f'fill="url(#hatch-{mark}-{place})"')
    attributes, _, body = svg.removeprefix("<svg ").partition(">")
    return (
        f'<svg {attributes} role="img" aria-labelledby="title-{mark}" aria-describedby="desc-{mark}">'
        f'<title id="title-{mark}">{escape(figure.title)}</title>'
        f'<desc id="desc-{mark}">{escape(figure.alternative)}</desc>{_hatching(figure.hatched, mark)}{body}'
    )


# A chart of hundreds of statements takes longer to draw than all else of its page.
@lru_cache(maxsize=FIGURES_KEPT)
def _drawn(spec: str) -> str:
    svg = vl_convert.vegalite_to_svg(spec)
    svg = _COORDINATES.sub(_shortened, _INNER_ROLES.sub("", svg))
    return _DESCRIBED_WORDS.sub(r"<text\2>\1</text>", svg)


def to_png(figure: StudyFigure, scale: float = 2.0) -> bytes:
    """Draw a figure as PNG, from the same SVG."""
    return bytes(vl_convert.svg_to_png(to_svg(figure), scale=scale))


def _shortened(coordinates: re.Match[str]) -> str:
    """Round to a hundredth of a pixel, which nobody sees and which halves the file."""
    return _LONG_NUMBER.sub(lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), coordinates[0])


def _hatching(colours: Sequence[str], mark: str) -> str:
    patterns = "".join(
        f'<pattern id="hatch-{mark}-{place}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{colour}"/>'
        '<path d="M0,0V6" stroke="#ffffff" stroke-width="1.6"/></pattern>'
        for place, colour in enumerate(colours)
    )
    return f"<defs>{patterns}</defs>" if patterns else ""
