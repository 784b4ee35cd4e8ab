"""How every figure is drawn: colours, pattern, style, SVG and PNG."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import altair as alt
import vl_convert

from analysis.rules import Decision
from analysis.scale import Band, Scale

BAND_COLOURS = {Band.DISAGREE: "#b35806", Band.NEUTRAL: "#8a8a8a", Band.AGREE: "#2166ac"}
DECISION_COLOURS = {
    Decision.CONSENSUS_IN: "#2166ac",
    Decision.CONSENSUS_OUT: "#b35806",
    Decision.NO_CONSENSUS: "#8a8a8a",
    Decision.NOT_ASSESSABLE: "#ffffff",
}
GROUP_HUES = ("#0b5563", "#c51b7d", "#6a3d9a", "#1b7837", "#b2182b", "#35618f", "#7a5c00", "#5e5e5e")
GROUP_SHAPES = (
    "square",
    "triangle-up",
    "diamond",
    "cross",
    "triangle-down",
    "triangle-right",
    "triangle-left",
    "stroke",
)
INK, RULE = "#1a1a1a", "#d0d0d0"
LIGHTEST = 0.55
BAR_HEIGHT = 16
WIDTH = 460


@dataclass(frozen=True, slots=True)
class StudyFigure:
    """A chart with its title and its content in words, for those who cannot see it.

    ``hatched`` are the fill colours that mean disagreement and are drawn with a pattern.
    """

    code: str
    title: str
    alternative: str
    chart: alt.TopLevelMixin
    hatched: tuple[str, ...] = ()


def to_svg(figure: StudyFigure) -> str:
    """Draw a figure as SVG with its title and description inside."""
    svg = _renumbered(vl_convert.vegalite_to_svg(figure.chart.to_dict(validate=False)), "")
    mark = hashlib.sha256(svg.encode()).hexdigest()[:8]
    svg = _renumbered(svg, f"{mark}-")
    for place, colour in enumerate(figure.hatched):
        svg = svg.replace(f'fill="{colour}"', f'fill="url(#hatch-{mark}-{place})"')
    attributes, _, body = svg.removeprefix("<svg ").partition(">")
    return (
        f'<svg {attributes} role="img" aria-labelledby="title-{mark}" aria-describedby="desc-{mark}">'
        f'<title id="title-{mark}">{escape(figure.title)}</title>'
        f'<desc id="desc-{mark}">{escape(figure.alternative)}</desc>{_hatching(figure.hatched, mark)}{body}'
    )


def _renumbered(svg: str, prefix: str) -> str:
    """Name gradients and clips by their order: the drawing engine counts them over its whole life."""
    names = dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg))
    for place, name in enumerate(names):
        new = f"{prefix}part-{place}"
        svg = svg.replace(f'id="{name}"', f'id="{new}"').replace(f"url(#{name})", f"url(#{new})")
    return svg


def to_png(figure: StudyFigure, scale: float = 2.0) -> bytes:
    """Draw a figure as PNG, from the same SVG."""
    return bytes(vl_convert.svg_to_png(to_svg(figure), scale=scale))


def point_colours(scale: Scale) -> tuple[str, ...]:
    """A colour for every point: its band's, strongest at the scale's ends and lighter inwards."""
    colours = {}
    for band in Band:
        members = scale.points_of(band)
        outward = sorted(members, key=lambda point: -abs(2 * point - scale.points[0] - scale.points[-1]))
        for place, point in enumerate(outward):
            lightness = 0.0 if band is Band.NEUTRAL else LIGHTEST * place / max(len(members) - 1, 1)
            colours[point] = _lightened(BAND_COLOURS[band], lightness)
    return tuple(colours[point] for point in scale.points)


def _lightened(colour: str, share: float) -> str:
    channels = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(channel + (255 - channel) * share):02x}" for channel in channels)


def _hatching(colours: Sequence[str], mark: str) -> str:
    patterns = "".join(
        f'<pattern id="hatch-{mark}-{place}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{colour}"/>'
        '<path d="M0,0V6" stroke="#ffffff" stroke-width="1.6"/></pattern>'
        for place, colour in enumerate(colours)
    )
    return f"<defs>{patterns}</defs>" if patterns else ""


def styled(chart: Any) -> Any:
    """Give a chart the house's fonts, inks and lines."""
    return (
        chart.configure(font="sans-serif", aria=False, background="#ffffff")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK,
            titleColor=INK,
            gridColor=RULE,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelLimit=220,
        )
        .configure_legend(
            labelColor=INK,
            titleColor=INK,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelLimit=260,
        )
        .configure_header(labelColor=INK, labelFontSize=12)
    )
