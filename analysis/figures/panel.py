"""Figures of the panel: who took part, and what a panel of a size can be expected to decide."""

from collections.abc import Iterator, Mapping, Sequence

from analysis.figures.drawing import Spec, StudyFigure
from analysis.figures.palette import GROUP_HUES, GROUP_SHAPES, INK, PAPER
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
from analysis.figures.telling import round_name, told_of
from analysis.results import OVERALL, GroupFlow, NotAssessable
from analysis.what_if_results import OperatingCharacteristic
from analysis.wording import group_name, number_text, phrases_of

CURVE_HEIGHT = 220
CHANCES = ("false_consensus", "missed_consensus")
BAR_HEIGHT = 18
PARTS = {"since_first": ("#0b5563", PAPER), "later": ("#93b5bc", INK), "lost": (PAPER, INK)}
"""The parts of a bar with their colours, and those of the numbers in them."""


def attrition_figure(
    flow: Sequence[GroupFlow], *, locale: str = "en", group_names: Mapping[str, str] | None = None
) -> StudyFigure:
    """The flow of the panel: a bar for each group and round, of who stayed, who came later, who was lost.

    A stroke marks how many were invited, where that is known.

    Parameters
    ----------
    flow : sequence of GroupFlow
    locale : {"en", "fr", "nl", "de"}
    group_names : mapping of group code to name, optional
    """
    words = phrases_of(locale)
    groups: dict[str, list[GroupFlow]] = {}
    for entry in flow:
        if entry.group != OVERALL:
            groups.setdefault(entry.group, []).append(entry)
    rows: dict[str, str] = {}
    parts: list[Spec] = []
    invited: list[Spec] = []
    sentences = []
    for group, entries in groups.items():
        name = group_name(group, locale, group_names or {})
        rows[group] = name
        for entry in entries:
            row = f"{group} {entry.round}"
            rows[row] = round_name(entry.round, locale)
            parts.extend({"row": row} | part for part in _parts(entry, words))
            if entry.invited is not None:
                invited.append({"row": row, "invited": entry.invited})
        sentences.append(told_of(name, (_flow_in_words(entry, locale) for entry in entries), locale))
    kinds = [words[f"panel_{kind}"] for kind in PARTS]
    title = words["axis_took_part_of_invited" if invited else "axis_took_part"]
    axis = {"tickMinStep": 1, "format": "d", "orient": "top"}
    bars = {
        "mark": {"type": "bar", "stroke": INK, "strokeWidth": 0.5},
        "encoding": {
            "x": quantitative("from", title=title, axis=axis),
            "x2": {"field": "to"},
            "color": nominal(
                "kind",
                sort=kinds,
                scale=named_scale(kinds, [colour for colour, _ in PARTS.values()]),
                legend=boxes(kinds),
            ),
        },
    }
    strokes = {
        "data": {"values": invited},
        "mark": {"type": "tick", "color": INK, "thickness": 3, "size": BAR_HEIGHT},
        "encoding": {"x": quantitative("invited")},
    }
    numbers = word_layer("text", x=quantitative("middle"), color=nominal("ink", scale=None))
    spec = drawn(
        parts,
        width=WIDTH,
        height={"step": BAR_HEIGHT},
        encoding={"y": rows_channel(rows, tuple(groups))},
        layer=[bars, strokes, numbers, row_names(rows, tuple(groups))],
    )
    return StudyFigure("attrition", words["figure_attrition"], " ".join(sentences), spec)


def _parts(entry: GroupFlow, words: Mapping[str, str]) -> Iterator[Spec]:
    counts = {
        "since_first": entry.stayed_from_first,
        "later": entry.took_part - entry.stayed_from_first,
        "lost": entry.lost_since_previous,
    }
    reached = 0
    for kind, n in counts.items():
        if n:
            ends = {"from": reached, "to": reached + n, "middle": reached + n / 2}
            yield {"kind": words[f"panel_{kind}"], **ends, "text": str(n), "ink": PARTS[kind][1]}
        reached += n


def _flow_in_words(entry: GroupFlow, locale: str) -> str:
    words = phrases_of(locale)
    told = {
        "round": round_name(entry.round, locale),
        "took_part": entry.took_part,
        "stayed": entry.stayed_from_first,
        "lost": entry.lost_since_previous,
        "invited": entry.invited,
    }
    return words["words_flow" if entry.invited is None else "words_flow_of_invited"] % told


def plan_figure(characteristics: Sequence[OperatingCharacteristic], *, locale: str = "en") -> StudyFigure:
    """Curves: the chance of a wrong decision by group size, one panel for each assumed attrition.

    Parameters
    ----------
    characteristics : sequence of OperatingCharacteristic
    locale : {"en", "fr", "nl", "de"}
    """
    words = phrases_of(locale)
    rows: list[Spec] = []
    sentences = []
    for one in characteristics:
        lost = number_text(100 * one.attrition, locale, 0)
        told = []
        for name in CHANCES:
            value = getattr(one, name)
            if isinstance(value, NotAssessable):
                continue
            label = words[f"chance_{name}"]
            line = {"line": f"{one.statement}: {label}", "chance": 100 * value, "kind": name}
            rows.append(
                line | {"size": one.group_size, "attrition": words["attrition_of"] % {"percent": lost}}
            )
            told.append(f"{label} {number_text(100 * value, locale, 1)}%")
        where = {"statement": one.statement, "n": one.group_size, "percent": lost}
        sentences.append(words["words_plan"] % {**where, "text": ", ".join(told)})
    lines = list(dict.fromkeys(row["line"] for row in rows))
    sizes = sorted({row["size"] for row in rows})
    encoding = {
        "x": quantitative(
            "size",
            title=words["axis_group_size"],
            scale={"zero": False},
            axis={"values": sizes, "format": "d"},
        ),
        "y": quantitative("chance", title=words["axis_chance"], scale={"domain": [0, 100]}),
        "color": nominal(
            "line",
            sort=lines,
            scale=named_scale(lines, (*GROUP_HUES, INK)),
            legend=legend(lines),
        ),
    }
    points = {
        "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
        "encoding": {"shape": nominal("line", sort=lines, scale=named_scale(lines, GROUP_SHAPES))},
    }
    dashes = nominal("kind", scale=named_scale(CHANCES, ([1, 0], [6, 3])), legend=None)
    spec = drawn(
        rows,
        facet={"column": nominal("attrition", sort=None, title=None)},
        spec={
            "width": WIDTH // 2,
            "height": CURVE_HEIGHT,
            "encoding": encoding,
            "layer": [{"mark": "line", "encoding": {"strokeDash": dashes}}, points],
        },
    )
    return StudyFigure("plan", words["figure_plan"], " ".join(sentences), spec)
