"""The map of where groups are apart."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from analysis.figures.distributions import entries_of
from analysis.figures.drawing import Spec, StudyFigure
from analysis.figures.palette import INK, PAPER
from analysis.figures.plot import boxes, drawn, named_scale, nominal, row_names, rows_channel, word_layer
from analysis.figures.telling import signed, told_of
from analysis.results import NotAssessable, RoundAnalysis
from analysis.wording import group_name, number_text, phrases_of

CELL_WIDTH, CELL_HEIGHT = 46, 22
STEPS = (0.2, 0.4, 0.6, 0.8)
SHADES = ("#f4f6f6", "#cfdfe2", "#93b5bc", "#4d8491", "#0b5563")
FIRST_DARK_SHADE = 3


def divergence_figure(
    analysis: RoundAnalysis,
    criterion: str,
    *,
    locale: str = "en",
    statements: Sequence[str] | None = None,
    group_names: Mapping[str, str] | None = None,
) -> StudyFigure:
    """A map of statements by pairs of groups: the darker, the farther apart (Cliff's delta, in the cell).

    A positive value means that the first group of the pair rates nearer to agreement. Parameters as in
    ``distribution_figure``.
    """
    phrases = phrases_of(locale)
    names = group_names or {}
    entries = entries_of(analysis, criterion, statements)
    shades = _shade_names(locale)
    cells: list[Spec] = []
    sentences = []
    for entry in entries:
        told = []
        for pair in entry.divergence.pairs:
            label = f"{group_name(pair.first, locale, names)} – {group_name(pair.second, locale, names)}"
            delta = pair.cliffs_delta.value
            text, shade = "–", 0
            if not isinstance(delta, NotAssessable):
                text, shade = signed(delta, locale), shade_of(delta)
            cell = {"row": entry.statement, "pair": label, "shade": shades[shade], "text": text}
            cells.append(cell | {"ink": PAPER if shade >= FIRST_DARK_SHADE else INK})
            told.append(f"{label} {text}")
        sentences.append(told_of(entry.statement, told, locale))
    rows = {entry.statement: entry.statement for entry in entries}
    axis = {"orient": "top", "labelAngle": -40, "ticks": False, "domain": False, "labelPadding": 8}
    ground = {
        "mark": {"type": "rect", "stroke": PAPER},
        "encoding": {
            "color": nominal(
                "shade",
                sort=list(shades),
                scale=named_scale(shades, SHADES),
                legend=boxes(shades, phrases["legend_delta"]),
            )
        },
    }
    spec = drawn(
        cells,
        width={"step": CELL_WIDTH},
        height={"step": CELL_HEIGHT},
        encoding={"x": nominal("pair", sort=None, title=None, axis=axis), "y": rows_channel(rows)},
        layer=[ground, word_layer("text", color=nominal("ink", scale=None)), row_names(rows)],
    )
    title = phrases["figure_divergence"] % {"round": analysis.round}
    return StudyFigure("divergence", title, " ".join(sentences), spec)


def shade_of(delta: float) -> int:
    """How dark the ground of a distance is, from 0 to the number of ``STEPS``."""
    return sum(abs(delta) >= step for step in STEPS)


def _shade_names(locale: str) -> tuple[str, ...]:
    steps = [number_text(step, locale, 1) for step in STEPS]
    between = [f"{low}–{high}" for low, high in pairwise(steps)]
    return (f"< {steps[0]}", *between, f"≥ {steps[-1]}")
