"""Figures of what happened between rounds: how decisions flowed, and how panelists moved."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis.figures.distributions import entries_of
from analysis.figures.drawing import Spec, StudyFigure
from analysis.figures.palette import BAND_COLOURS, DECISION_COLOURS, INK, PAPER, STACKED, lightened
from analysis.figures.plot import (
    WIDTH,
    boxes,
    drawn,
    named_places,
    named_scale,
    nominal,
    quantitative,
    row_names,
    rows_channel,
)
from analysis.figures.telling import percent, round_name, tally
from analysis.results import OVERALL, RoundAnalysis, StudyAnalysis
from analysis.rules import Decision
from analysis.rules.phrasebook import counted_phrase
from analysis.scale import Band
from analysis.wording import phrases_of

HEIGHT = 240
ROUND_WIDTH = 180
HALF_BAR = 0.11
MARGIN = 0.3
N_STEPS = 16
PALE = 0.6
BAR_HEIGHT = 18
UNMOVED_COLOUR = "#d9d9d9"


@dataclass(frozen=True, slots=True)
class _Stream:
    """The statements that went from one decision to another: how many, and from and to which height."""

    place: int
    before: Decision
    after: Decision
    n: int
    left: int
    right: int


def decisions_figure(study: StudyAnalysis, criterion: str, *, locale: str = "en") -> StudyFigure:
    """The flow of decisions: a column a round, and streams from each decision to those of the next round.

    A statement that was not asked again stands with its last decision, so a column holds all statements asked
    so far, and the last column is how the study ended.

    Parameters
    ----------
    study : StudyAnalysis
    criterion : str
    locale : {"en", "fr", "nl", "de"}
    """
    words = phrases_of(locale)
    names = {decision: words[f"decision_{decision}"] for decision in Decision}
    columns = _columns(study, criterion)
    rounds = [round_name(one.round, locale) for one in study.rounds]
    occurring = [one for one in Decision if any(one in column.values() for column in columns)]
    x = quantitative(
        "x",
        title=None,
        scale={"domain": [-MARGIN, len(rounds) - 1 + MARGIN], "nice": False},
        axis={**named_places(rounds), "grid": False, "ticks": False, "domain": False},
    )
    y = {"scale": {"domain": [0, max(len(column) for column in columns)], "nice": False}, "axis": None}
    streams = {
        "data": {"values": [point for stream in _streams(columns) for point in _points(stream)]},
        "mark": {"type": "area"},
        "encoding": {
            "x": x,
            "y": quantitative("low", **y),
            "y2": {"field": "high"},
            "detail": nominal("stream"),
            "color": nominal("fill", scale=None),
        },
    }
    bars = {
        "mark": {"type": "rect", "stroke": INK, "strokeWidth": 0.5},
        "encoding": {
            "x": x,
            "x2": {"field": "x2"},
            "y": quantitative("low", **y),
            "y2": {"field": "high"},
            "color": nominal(
                "decision",
                sort=[names[one] for one in occurring],
                scale=named_scale(
                    [names[one] for one in occurring], [DECISION_COLOURS[one] for one in occurring]
                ),
                legend=boxes([names[one] for one in occurring]),
            ),
        },
    }
    centre = {"x": quantitative("centre"), "y": quantitative("middle"), "text": quantitative("n")}
    number = {"type": "text", "fontSize": 12}
    spec = drawn(
        [bar | {"decision": names[decision]} for decision, bar in _bars(columns)],
        width=round(ROUND_WIDTH * (len(rounds) - 1 + 2 * MARGIN)),
        height=HEIGHT,
        layer=[
            streams,
            bars,
            {"mark": {**number, "stroke": PAPER, "strokeWidth": 3}, "encoding": centre},
            {"mark": {**number, "color": INK}, "encoding": centre},
        ],
    )
    hatched = (BAND_COLOURS[Band.DISAGREE],)
    return StudyFigure(
        "decisions", words["figure_decisions"], _flow_in_words(columns, rounds, names, locale), spec, hatched
    )


def _columns(study: StudyAnalysis, criterion: str) -> list[dict[str, Decision]]:
    """After each round, the last decision on every statement asked so far."""
    columns: list[dict[str, Decision]] = []
    decided: dict[str, Decision] = {}
    for one in study.rounds:
        decided |= {entry.statement: entry.decision for entry in entries_of(one, criterion, None)}
        columns.append(dict(decided))
    return columns


def _bars(columns: Sequence[Mapping[str, Decision]]) -> Iterator[tuple[Decision, Spec]]:
    for place, column in enumerate(columns):
        counts, reached = Counter(column.values()), 0
        for decision in STACKED:
            n = counts[decision]
            if n:
                edges = {"x": place - HALF_BAR, "x2": place + HALF_BAR, "low": reached, "high": reached + n}
                yield decision, edges | {"centre": place, "middle": reached + n / 2, "n": n}
            reached += n


def _streams(columns: Sequence[Mapping[str, Decision]]) -> Iterator[_Stream]:
    """Between every two columns; in both of them streams leave and arrive in the order of the columns."""
    for place, (before, after) in enumerate(pairwise(columns)):
        moved = Counter((was, after[statement]) for statement, was in before.items())
        left, right = _feet(before), _feet(after)
        for was in STACKED:
            for now in STACKED:
                n = moved[was, now]
                if n:
                    yield _Stream(place, was, now, n, left[was], right[now])
                left[was] += n
                right[now] += n


def _feet(column: Mapping[str, Decision]) -> dict[Decision, int]:
    """At which height each decision's part of a column begins."""
    counts, reached, feet = Counter(column.values()), 0, {}
    for decision in STACKED:
        feet[decision] = reached
        reached += counts[decision]
    return feet


def _points(stream: _Stream) -> Iterator[Spec]:
    """The edges of a stream, which leaves and arrives level."""
    name = f"{stream.place} {stream.before} {stream.after}"
    fill = lightened(DECISION_COLOURS[stream.after], PALE)
    for step in range(N_STEPS + 1):
        way = step / N_STEPS
        low = stream.left + (stream.right - stream.left) * way * way * (3 - 2 * way)
        x = stream.place + HALF_BAR + (1 - 2 * HALF_BAR) * way
        yield {"stream": name, "fill": fill, "x": x, "low": low, "high": low + stream.n}


def _flow_in_words(
    columns: Sequence[Mapping[str, Decision]],
    rounds: Sequence[str],
    names: Mapping[Decision, str],
    locale: str,
) -> str:
    words = phrases_of(locale)
    sentences = []
    for place, (name, column) in enumerate(zip(rounds, columns, strict=True)):
        told = counted_phrase(words, "words_decisions", len(column))
        sentences.append(told % {"round": name, "n": len(column), "text": tally(column.values(), locale)})
        changed = [
            words["words_went"] % {"n": one.n, "before": names[one.before], "after": names[one.after]}
            for one in _streams(columns)
            if one.place == place - 1 and one.before is not one.after
        ]
        if changed:
            sentences.append(words["words_since"] % {"text": words["clause_sign"].join(changed)})
    return " ".join(sentences)


def transitions_figure(
    analysis: RoundAnalysis, criterion: str, *, locale: str = "en", statements: Sequence[str] | None = None
) -> StudyFigure:
    """One bar a statement: who moved towards disagreement, stayed, or moved towards agreement.

    Parameters as in ``distribution_figure``; of the whole panel, those who rated in both rounds.
    """
    words = phrases_of(locale)
    moves = {"down": words["moved_down"], "unchanged": words["unmoved"], "up": words["moved_up"]}
    rows: list[Spec] = []
    sentences = []
    for entry in entries_of(analysis, criterion, statements):
        stability = next((one for one in entry.stability if one.group == OVERALL and one.n), None)
        if stability is None:
            continue
        reached = 0.0
        for name, label in moves.items():
            until = reached + 100 * getattr(stability, name)
            rows.append({"row": entry.statement, "move": label, "from": reached, "to": until})
            reached = until
        shares = {name: percent(getattr(stability, name), locale) for name in moves}
        told = counted_phrase(words, "words_moves", stability.n)
        sentences.append(told % {"statement": entry.statement, "n": stability.n, **shares})
    names = {row["row"]: row["row"] for row in rows}
    colours = (BAND_COLOURS[Band.DISAGREE], UNMOVED_COLOUR, BAND_COLOURS[Band.AGREE])
    bars = {
        "mark": {"type": "bar", "stroke": PAPER, "strokeWidth": 1},
        "encoding": {
            "x": quantitative(
                "from",
                title=words["axis_panelists"],
                scale={"domain": [0, 100]},
                axis={"tickCount": 5, "orient": "top"},
            ),
            "x2": {"field": "to"},
            "color": nominal(
                "move",
                sort=list(moves.values()),
                scale=named_scale(list(moves.values()), colours),
                legend=boxes(list(moves.values())),
            ),
        },
    }
    spec = drawn(
        rows,
        width=WIDTH,
        height={"step": BAR_HEIGHT},
        encoding={"y": rows_channel(names)},
        layer=[bars, row_names(names)],
    )
    title = words["figure_transitions"] % {"round": analysis.round}
    alternative = " ".join(sentences) or words["words_nothing"]
    return StudyFigure("transitions", title, alternative, spec, colours[:1])
