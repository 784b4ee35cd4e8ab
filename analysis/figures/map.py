"""The map of statements by agreement and by the gap between groups."""

import json
from collections.abc import Iterator, Mapping, Sequence

from analysis.divergence_map import N_STEPS, STEP, DivergenceMap, MapRow, divergence_map
from analysis.figures.distributions import entries_of
from analysis.figures.drawing import Spec, StudyFigure
from analysis.figures.palette import INK, RULE
from analysis.figures.plot import LETTER_WIDTH, drawn, legend, named_scale, nominal, quantitative, word_layer
from analysis.figures.sensitivity import DECISION_SIGNS, decision_ink
from analysis.results import OVERALL, RoundAnalysis
from analysis.rules import Decision
from analysis.wording import phrases_of

IN_A_LINE = 2
SIGN_SIZE, SIGN_WIDTH = 64, 16
LINE_HEIGHT, PADDING = 18, 6
NARROWEST_FIELD = 60


def map_figure(analysis: RoundAnalysis, criterion: str, *, locale: str = "en") -> StudyFigure:
    """Statements by the whole panel's share of agreement, and by the largest gap between two groups.

    Beside each code stands the sign of its decision. Statements that cannot be placed are told in words.

    Parameters
    ----------
    analysis : RoundAnalysis
    criterion : str
    locale : {"en", "fr", "nl", "de"}
    """
    words = phrases_of(locale)
    entries = entries_of(analysis, criterion, None)
    found = divergence_map((one.statement, one.figures_of(OVERALL), one.divergence) for one in entries)
    decisions = {one.statement: one.decision for one in entries}
    slot = SIGN_WIDTH + max(map(len, decisions), default=0) * (LETTER_WIDTH + 1) + PADDING
    field = max(NARROWEST_FIELD, IN_A_LINE * slot + PADDING)
    tops = _tops(found.rows)
    signs = [words[f"decision_{decision}"] for decision in Decision]
    x = quantitative(
        "x",
        title=words["axis_panel_agrees"],
        axis={"values": [STEP * n for n in range(N_STEPS + 1)], "gridColor": RULE},
        scale={"domain": [0, STEP * N_STEPS], "nice": False},
    )
    y = quantitative("y", title=words["axis_gap"], axis=_gap_axis(found.rows, tops), scale=_down(tops[-1]))
    codes = [
        {"code": code, "sign": words[f"decision_{decisions[code]}"], "ink": decision_ink(decisions[code])}
        | {"x": left * STEP / field, "word": (left + SIGN_WIDTH) * STEP / field, "y": height}
        for code, left, height in _slots(found.rows, tops, slot, field)
    ]
    marks = {
        "mark": {"type": "point", "filled": True, "size": SIGN_SIZE, "opacity": 1},
        "encoding": {
            "x": x,
            "y": y,
            "color": nominal("ink", scale=None),
            "shape": nominal(
                "sign",
                scale=named_scale(signs, list(DECISION_SIGNS.values())),
                legend=legend(signs, symbolFillColor=INK, symbolStrokeWidth=0),
            ),
        },
    }
    names = word_layer("code", x=quantitative("word"), align="left", dx=-SIGN_WIDTH // 4)
    names["encoding"]["y"] = quantitative("y")
    spec = drawn(codes, width=field * N_STEPS, height=tops[-1], layer=[marks, names])
    title = words["figure_map"] % {"round": analysis.round}
    return StudyFigure("map", title, _map_in_words(found, words), spec)


def _tops(rows: Sequence[MapRow]) -> list[int]:
    """The height at which each row begins, from above, and that at which the last one ends."""
    tops = [0]
    for row in rows:
        n_lines = max(1, *(-(-len(cell.statements) // IN_A_LINE) for cell in row.cells))
        tops.append(tops[-1] + n_lines * LINE_HEIGHT + PADDING)
    return tops if rows else [0, LINE_HEIGHT]


def _slots(
    rows: Sequence[MapRow], tops: Sequence[int], slot: int, field: int
) -> Iterator[tuple[str, float, float]]:
    """Every code, with how far its sign stands from the left and from above."""
    for row, top in zip(rows, tops, strict=False):
        for column, cell in enumerate(row.cells):
            for place, code in enumerate(cell.statements):
                line, beside = divmod(place, IN_A_LINE)
                left = column * field + beside * slot + PADDING + SIGN_WIDTH / 4
                yield code, left, top + (line + 0.5) * LINE_HEIGHT + PADDING / 2


def _gap_axis(rows: Sequence[MapRow], tops: Sequence[int]) -> Spec:
    edges = {top: str(row.gap_from + STEP) for row, top in zip(rows, tops, strict=False)}
    edges |= {tops[-1]: "0"}
    return {
        "values": list(edges),
        "labelExpr": f"{json.dumps(edges)}[datum.value]",
        "gridColor": RULE,
    }


def _down(height: int) -> Spec:
    return {"domain": [height, 0], "nice": False}


def _map_in_words(found: DivergenceMap, words: Mapping[str, str]) -> str:
    sentences = [
        words["words_map"]
        % {
            "low": cell.agree_from,
            "high": cell.agree_from + STEP,
            "near": row.gap_from,
            "far": row.gap_from + STEP,
            "text": ", ".join(cell.statements),
        }
        for row in found.rows
        for cell in row.cells
        if cell.statements
    ]
    if found.unplaced:
        sentences.append(words["words_unplaced"] % {"text": ", ".join(found.unplaced)})
    return " ".join(sentences)
