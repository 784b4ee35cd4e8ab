"""Colours and shapes: bands, decisions, groups. All of them can be told apart in grey."""

from analysis.rules import Decision
from analysis.scale import Band, Scale

BAND_COLOURS = {Band.DISAGREE: "#b35806", Band.NEUTRAL: "#8a8a8a", Band.AGREE: "#2166ac"}
DECISION_COLOURS = {
    Decision.CONSENSUS_IN: "#2166ac",
    Decision.CONSENSUS_OUT: "#b35806",
    Decision.NO_CONSENSUS: "#8a8a8a",
    Decision.NOT_ASSESSABLE: "#ffffff",
}
STACKED = (Decision.CONSENSUS_IN, Decision.NO_CONSENSUS, Decision.NOT_ASSESSABLE, Decision.CONSENSUS_OUT)
"""In which order decisions stand in a bar, from its foot: acceptance and rejection at the ends."""
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
INK, RULE, PAPER = "#1a1a1a", "#d0d0d0", "#ffffff"
LIGHTEST = 0.55


def point_colours(scale: Scale) -> tuple[str, ...]:
    """A colour for every point: its band's, strongest at the scale's ends and lighter inwards."""
    colours = {}
    for band in Band:
        members = scale.points_of(band)
        outward = sorted(members, key=lambda point: -abs(2 * point - scale.points[0] - scale.points[-1]))
        for place, point in enumerate(outward):
            lightness = 0.0 if band is Band.NEUTRAL else LIGHTEST * place / max(len(members) - 1, 1)
            colours[point] = lightened(BAND_COLOURS[band], lightness)
    return tuple(colours[point] for point in scale.points)


def lightened(colour: str, share: float) -> str:
    """A colour mixed with white."""
    channels = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(channel + (255 - channel) * share):02x}" for channel in channels)
