"""Figures of the same ratings under other rules."""

import json
from collections import Counter
from collections.abc import Mapping

from analysis.figures.drawing import Spec, StudyFigure
from analysis.figures.palette import DECISION_COLOURS, INK, PAPER, RULE, STACKED, lightened
from analysis.figures.plot import (
    WIDTH,
    boxes,
    drawn,
    legend,
    named_scale,
    nominal,
    quantitative,
    row_names,
    rows_channel,
    word_layer,
)
from analysis.figures.telling import tally
from analysis.rules import Decision
from analysis.variant_names import variant_name
from analysis.what_if_results import SensitivityAnalysis
from analysis.wording import phrases_of

RING = "M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0ZM.76,0A.76,.76,0,1,0,-.76,0A.76,.76,0,1,0,.76,0Z"
DECISION_SIGNS = {
    Decision.CONSENSUS_IN: "circle",
    Decision.CONSENSUS_OUT: f"{RING}M-.6,-.37L-.37,-.6L.6,.37L.37,.6ZM.37,-.6L.6,-.37L-.37,.6L-.6,.37Z",
    Decision.NO_CONSENSUS: f"{RING}M0,-.76L0,.76A.76,.76,0,0,1,0,-.76Z",
    Decision.NOT_ASSESSABLE: "M-.8,-.14L.8,-.14L.8,.14L-.8,.14Z",
}
"""As on the pages: a full, a crossed, a half circle, and a dash; drawn, since fonts may lack the letters."""
OPEN = (Decision.NO_CONSENSUS, Decision.NOT_ASSESSABLE)
CELL = 22
SIGN_SIZE = 144
PALE = 0.72
BAR_HEIGHT = 18
OWN, APART = "own", " "
"""The column of the study's rule, and the empty one that sets it apart from the others."""


def sensitivity_figure(analysis: SensitivityAnalysis, *, locale: str = "en") -> StudyFigure:
    """A table of statements by rules: what each rule would have decided; the study's own stands first.

    What another rule decides otherwise has a sign; where it decides the same, only the statement's line runs.

    Parameters
    ----------
    analysis : SensitivityAnalysis
    locale : {"en", "fr", "nl", "de"}
    """
    phrases = phrases_of(locale)
    decided = {decision: phrases[f"decision_{decision}"] for decision in Decision}
    columns = {OWN: phrases["own_rule"], APART: ""}
    columns |= {variant.code: variant_name(variant, locale) for variant in analysis.variants}
    cells: list[Spec] = []
    for entry in analysis.statements:
        cells.append({"row": entry.statement, "rule": OWN, **_sign(entry.decision, decided)})
        for variant, decision in zip(analysis.variants, entry.decisions, strict=True):
            if decision is not entry.decision:
                ground = {"ground": lightened(DECISION_COLOURS[decision], PALE)}
                cells.append(
                    {"row": entry.statement, "rule": variant.code, **_sign(decision, decided), **ground}
                )
    rows = {entry.statement: entry.statement for entry in analysis.statements}
    labels = f"{json.dumps(columns, ensure_ascii=False)}[datum.value]"
    x = nominal(
        "rule",
        title=None,
        scale={"domain": list(columns)},
        axis={"orient": "top", "labelAngle": -50, "labelExpr": labels, "ticks": False, "domain": False},
    )
    signs = list(decided.values())
    spec = drawn(
        cells,
        width={"step": CELL},
        height={"step": CELL},
        encoding={"y": rows_channel(rows)},
        layer=[
            {
                "data": {"values": [{"row": row} for row in rows]},
                "mark": {"type": "rule", "color": RULE},
            },
            {
                "transform": [{"filter": "datum.ground"}],
                "mark": {"type": "rect", "stroke": PAPER},
                "encoding": {"x": x, "color": nominal("ground", scale=None)},
            },
            {
                "mark": {"type": "point", "filled": True, "size": SIGN_SIZE, "opacity": 1},
                "encoding": {
                    "x": x,
                    "color": nominal("ink", scale=None),
                    "shape": nominal(
                        "sign",
                        sort=signs,
                        scale=named_scale(signs, list(DECISION_SIGNS.values())),
                        legend=legend(signs, symbolFillColor=INK, symbolStrokeWidth=0),
                    ),
                },
            },
            row_names(rows),
        ],
    )
    return StudyFigure("sensitivity", phrases["figure_sensitivity"], _hangs_in_words(analysis, locale), spec)


def _sign(decision: Decision, decided: Mapping[Decision, str]) -> Spec:
    return {"sign": decided[decision], "ink": decision_ink(decision)}


def decision_ink(decision: Decision) -> str:
    """The colour of a decision's sign: that of what is open is the colour of the text."""
    return INK if decision in OPEN else DECISION_COLOURS[decision]


def _hangs_in_words(analysis: SensitivityAnalysis, locale: str) -> str:
    phrases = phrases_of(locale)
    sentences = []
    for entry in analysis.statements:
        axes = ", ".join(phrases[f"axis_{axis}"] for axis in entry.hangs_on) or phrases["hangs_on_nothing"]
        told = {"statement": entry.statement, "decision": phrases[f"decision_{entry.decision}"], "axes": axes}
        sentences.append(phrases["words_sensitivity"] % told)
    return " ".join(sentences)


def rules_figure(analysis: SensitivityAnalysis, *, locale: str = "en") -> StudyFigure:
    """One bar a rule: how many statements it would have accepted, left open, or rejected.

    Parameters
    ----------
    analysis : SensitivityAnalysis
    locale : {"en", "fr", "nl", "de"}
    """
    phrases = phrases_of(locale)
    decided = {decision: phrases[f"decision_{decision}"] for decision in Decision}
    rows = {OWN: phrases["own_rule"]}
    rows |= {variant.code: variant_name(variant, locale) for variant in analysis.variants}
    by_rule = zip(*((entry.decision, *entry.decisions) for entry in analysis.statements), strict=True)
    counted = {row: Counter(decisions) for row, decisions in zip(rows, by_rule, strict=True)}
    segments: list[Spec] = []
    for row, counts in counted.items():
        reached = 0
        for decision in STACKED:
            n = counts[decision]
            if n:
                ends = {"from": reached, "to": reached + n, "middle": reached + n / 2, "n": str(n)}
                segments.append({"row": row, "decision": decided[decision], **ends})
            reached += n
    occurring = [decision for decision in STACKED if any(counts[decision] for counts in counted.values())]
    whole = {"domain": [0, len(analysis.statements)], "nice": False}
    bars = {
        "mark": {"type": "bar", "stroke": INK, "strokeWidth": 0.5},
        "encoding": {
            "x": quantitative(
                "from",
                title=phrases["axis_statements"],
                axis={"tickMinStep": 1, "format": "d", "orient": "top"},
            ),
            "x2": {"field": "to"},
            "color": nominal(
                "decision",
                sort=[decided[one] for one in occurring],
                scale=named_scale(
                    [decided[one] for one in occurring], [DECISION_COLOURS[one] for one in occurring]
                ),
                legend=boxes([decided[one] for one in occurring]),
            ),
        },
    }
    spec = drawn(
        segments,
        width=WIDTH,
        height={"step": BAR_HEIGHT},
        encoding={"y": rows_channel(rows, (OWN,))},
        layer=[
            bars,
            word_layer("n", x=quantitative("middle", scale=whole), stroke=PAPER, strokeWidth=3),
            word_layer("n", x=quantitative("middle", scale=whole)),
            row_names(rows, (OWN,)),
        ],
    )
    told = [
        phrases["words_rule"] % {"rule": rows[row], "text": tally(counts.elements(), locale)}
        for row, counts in counted.items()
    ]
    hatched = (DECISION_COLOURS[Decision.CONSENSUS_OUT],)
    return StudyFigure("rules", phrases["figure_rules"], " ".join(told), spec, hatched)
