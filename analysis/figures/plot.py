"""Parts of Vega-Lite specifications that figures share: style, legends, names of rows, words in cells.

The drawing engine measures every word it places, half a millisecond each, though it needs that only where
words make room for themselves. So it places the widest names of rows itself; all other names, and words in
cells, go through it unmeasured, as descriptions of empty texts, and ``to_svg`` puts them in.
"""

import json
from collections.abc import Collection, Mapping, Sequence

from analysis.figures.drawing import Spec
from analysis.figures.palette import INK, PAPER, RULE

WIDTH = 460
FONT_SIZE = 12
LETTER_WIDTH, SYMBOL_WIDTH = 6, 36
GAP = 6
N_MEASURED = 3

STYLE: Spec = {
    "font": "sans-serif",
    "aria": False,
    "background": PAPER,
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": INK,
        "gridColor": RULE,
        "labelFontSize": FONT_SIZE,
        "titleFontSize": FONT_SIZE,
        "titleFontWeight": "normal",
        "labelLimit": 0,
    },
    "legend": {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": FONT_SIZE,
        "titleFontSize": FONT_SIZE,
        "titleFontWeight": "normal",
        "titleLimit": 0,
        "labelLimit": 0,
        "orient": "top",
        "columnPadding": 16,
    },
    "header": {"labelColor": INK, "labelFontSize": FONT_SIZE},
}


def drawn(rows: Sequence[Spec], **parts: object) -> Spec:
    """A whole specification of rows of values, in the house's style."""
    return {"data": {"values": list(rows)}, **parts, "config": STYLE}


def nominal(field: str, **more: object) -> Spec:
    """A channel that shows names."""
    return {"field": field, "type": "nominal", **more}


def quantitative(field: str, **more: object) -> Spec:
    """A channel that shows numbers."""
    return {"field": field, "type": "quantitative", **more}


def named_scale(names: Sequence[str], colours: Sequence[object]) -> Spec:
    """A scale that gives each name its colour, its shape, or its dashes."""
    return {"domain": list(names), "range": list(colours[: len(names)])}


def named_places(names: Sequence[str]) -> Spec:
    """An axis that has names where the places 0, 1, 2 are."""
    places = list(range(len(names)))
    return {"values": places, "labelExpr": f"{json.dumps(names, ensure_ascii=False)}[datum.value]"}


def legend(names: Sequence[str], title: str | None = None, **more: object) -> Spec:
    """A legend with as many names beside one another as there is room for above the drawing."""
    widest = max(map(len, names), default=0) * LETTER_WIDTH + SYMBOL_WIDTH
    return {"title": title, "columns": max(1, WIDTH // widest), **more}


def boxes(names: Sequence[str], title: str | None = None) -> Spec:
    """A legend of boxes with an edge, since one of the colours may be that of the paper."""
    return legend(
        names,
        title,
        symbolType="square",
        symbolSize=140,
        symbolStrokeColor=INK,
        symbolStrokeWidth=0.5,
    )


def rows_channel(names: Mapping[str, str], heavy: Collection[str] = ()) -> Spec:
    """The vertical channel of rows by their keys; its axis draws the widest names only.

    Parameters
    ----------
    names : mapping of key to the name shown
    heavy : keys of the rows whose names are bold
    """
    wide = _widest(names)
    axis: Spec = {
        "values": list(wide),
        "labelExpr": f"{json.dumps(wide, ensure_ascii=False)}[datum.value]",
        "labelPadding": GAP,
        "ticks": False,
        "domain": False,
        "grid": False,
    }
    if heavy:
        test = f"indexof({json.dumps(list(heavy), ensure_ascii=False)}, datum.value) >= 0"
        axis["labelFontWeight"] = {"condition": {"test": test, "value": "bold"}, "value": "normal"}
    return nominal("row", sort=None, title=None, scale={"domain": list(names)}, axis=axis)


def row_names(names: Mapping[str, str], heavy: Collection[str] = ()) -> Spec:
    """The layer with the other names; parameters as in ``rows_channel``."""
    wide = _widest(names)
    rows = [
        {"row": row, "name": name, "weight": "bold" if row in heavy else "normal"}
        for row, name in names.items()
        if row not in wide
    ]
    style = {"align": "right", "dx": -GAP, "fontWeight": {"expr": "datum.weight"}}
    return {"data": {"values": rows}, **word_layer("name", x={"value": 0}, **style)}


def word_layer(field: str, *, x: Spec | None = None, color: object = INK, **style: object) -> Spec:
    """A layer of words from a field, each in its place, unmeasured."""
    encoding: Spec = {"description": nominal(field), "text": {"value": ""}}
    if isinstance(color, dict):
        encoding["color"] = color
    else:
        style["color"] = color
    if x is not None:
        encoding["x"] = x
    mark = {"type": "text", "aria": True, "fontSize": FONT_SIZE, **style}
    return {"mark": mark, "encoding": encoding}


def _widest(names: Mapping[str, str]) -> dict[str, str]:
    """The first row of each of the few names with most letters."""
    first = {name: row for row, name in reversed(list(names.items()))}
    longest = sorted(first, key=lambda name: (-len(name), name))[:N_MEASURED]
    return {first[name]: name for name in longest}
