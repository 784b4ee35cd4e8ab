"""Figures of one round's ratings: distributions, and medians with quartiles."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from analysis.figures.drawing import Spec, StudyFigure
from analysis.figures.palette import GROUP_HUES, GROUP_SHAPES, INK, PAPER, point_colours
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
)
from analysis.figures.telling import percent, round_name, told_of
from analysis.results import GROUP_EQUAL, GroupFigures, NotAssessable, RoundAnalysis, StatementAnalysis
from analysis.rules.phrasebook import counted_phrase
from analysis.scale import Scale
from analysis.wording import group_name, number_text, phrases_of

BETWEEN = "\u241f"
"""Stands between a statement's code and a group's name in the key of a row."""
BAR_HEIGHT = 16
LINE_HEIGHT = 11
MOST_TICKS = 10


def distribution_figure(
    analysis: RoundAnalysis,
    criterion: str,
    *,
    locale: str = "en",
    statements: Sequence[str] | None = None,
    group_names: Mapping[str, str] | None = None,
    labels: Sequence[str] = (),
) -> StudyFigure:
    """Stacked bars: each group's distribution over the scale, statement by statement.

    Parameters
    ----------
    analysis : RoundAnalysis
    criterion : str
    locale : {"en", "fr", "nl", "de"}
    statements : sequence of str, optional
        Which ones, in which order; all otherwise.
    group_names : mapping of group code to name, optional
    labels : sequence of str, optional
        One per point, low to high.
    """
    words = phrases_of(locale)
    names = group_names or {}
    scale = Scale.from_mapping(analysis.scales[criterion])
    entries = entries_of(analysis, criterion, statements)
    points = _point_names(scale, labels)
    rows: dict[str, str] = {}
    segments: list[Spec] = []
    for entry in entries:
        rows[f"{entry.statement}{BETWEEN}"] = entry.statement
        for figures in shown_groups(entry):
            row = f"{entry.statement}{BETWEEN}{figures.group}"
            rows[row] = group_name(figures.group, locale, names)
            segments.extend(_segments(row, figures, scale, points))
    spec = _stacked(rows, segments, scale, points, words)
    title = words["figure_distribution"] % {"round": analysis.round}
    told = _distribution_in_words(((entry.statement, entry) for entry in entries), locale, names)
    return StudyFigure("distribution", title, told, spec, _hatched(scale))


def statement_figure(
    rounds: Sequence[RoundAnalysis],
    statement: str,
    criterion: str,
    *,
    locale: str = "en",
    group_names: Mapping[str, str] | None = None,
    labels: Sequence[str] = (),
) -> StudyFigure:
    """Stacked bars of one statement: each group's distribution, round by round.

    Parameters
    ----------
    rounds : sequence of RoundAnalysis
        Those that asked the statement, at least one.
    statement : str
    criterion, locale, group_names, labels
        As in ``distribution_figure``.
    """
    words = phrases_of(locale)
    names = group_names or {}
    scale = Scale.from_mapping(rounds[-1].scales[criterion])
    points = _point_names(scale, labels)
    entries = {round_name(one.round, locale): one.statement_on(statement, criterion) for one in rounds}
    rows: dict[str, str] = {}
    segments: list[Spec] = []
    for held, entry in entries.items():
        rows[f"{held}{BETWEEN}"] = held
        for figures in shown_groups(entry):
            row = f"{held}{BETWEEN}{figures.group}"
            rows[row] = group_name(figures.group, locale, names)
            segments.extend(_segments(row, figures, scale, points))
    spec = _stacked(rows, segments, scale, points, words)
    title = words["figure_statement"] % {"statement": statement}
    told = _distribution_in_words(entries.items(), locale, names)
    return StudyFigure("statement", title, told, spec, _hatched(scale))


def _stacked(
    rows: Mapping[str, str],
    segments: Sequence[Spec],
    scale: Scale,
    points: Sequence[str],
    words: Mapping[str, str],
) -> Spec:
    """Bars of a hundred per cent; rows that end with ``BETWEEN`` are heads of those below them."""
    heads = [row for row in rows if row.endswith(BETWEEN)]
    bars = {
        "mark": {"type": "bar", "stroke": PAPER, "strokeWidth": 1},
        "encoding": {
            "x": quantitative(
                "from",
                title=words["axis_share"],
                scale={"domain": [0, 100]},
                axis={"tickCount": 5, "orient": "top"},
            ),
            "x2": {"field": "to"},
            "color": nominal(
                "point",
                sort=list(points),
                scale=named_scale(points, point_colours(scale)),
                legend=boxes(points, words["legend_rating"]),
            ),
        },
    }
    return drawn(
        segments,
        width=WIDTH,
        height={"step": BAR_HEIGHT},
        encoding={"y": rows_channel(rows, heads)},
        layer=[bars, row_names(rows, heads)],
    )


def _hatched(scale: Scale) -> tuple[str, ...]:
    colours = point_colours(scale)
    return tuple(colours[point - scale.points[0]] for point in scale.disagree)


def medians_figure(
    analysis: RoundAnalysis,
    criterion: str,
    *,
    locale: str = "en",
    statements: Sequence[str] | None = None,
    group_names: Mapping[str, str] | None = None,
) -> StudyFigure:
    """Each group's median as a shape, with a line from its lower to its upper quartile.

    Parameters as in ``distribution_figure``.
    """
    words = phrases_of(locale)
    names = group_names or {}
    scale = Scale.from_mapping(analysis.scales[criterion])
    entries = entries_of(analysis, criterion, statements)
    rows = [
        {
            "row": entry.statement,
            "group": group_name(figures.group, locale, names),
            "median": figures.median,
            "q1": figures.q1,
            "q3": figures.q3,
        }
        for entry in entries
        for figures in shown_groups(entry)
        if not isinstance(figures.median, NotAssessable)
    ]
    groups = list(
        dict.fromkeys(
            group_name(one.group, locale, names) for entry in entries for one in shown_groups(entry)
        )
    )
    hues = named_scale(groups, [*GROUP_HUES[: len(groups) - 1], INK])
    shapes = named_scale(groups, [*GROUP_SHAPES[: len(groups) - 1], "circle"])
    statement_names = {entry.statement: entry.statement for entry in entries}
    domain = {"domain": [scale.points[0], scale.points[-1]], "nice": False}
    by_group = {
        "yOffset": nominal("group", sort=groups),
        "color": nominal("group", sort=groups, scale=hues, legend=legend(groups)),
    }
    axis = {"values": _ticks(scale), "format": "d", "orient": "top"}
    lines = {
        "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.6},
        "encoding": {
            **by_group,
            "x": quantitative("q1", title=words["axis_median"], axis=axis, scale=domain),
            "x2": {"field": "q3"},
        },
    }
    marks = {
        "mark": {"type": "point", "filled": True, "size": 55, "opacity": 1},
        "encoding": {
            **by_group,
            "x": quantitative("median", scale=domain),
            "shape": nominal("group", sort=groups, scale=shapes),
        },
    }
    spec = drawn(
        rows,
        width=WIDTH,
        height={"step": LINE_HEIGHT, "for": "offset"},
        encoding={"y": rows_channel(statement_names)},
        layer=[lines, marks, row_names(statement_names)],
    )
    title = words["figure_medians"] % {"round": analysis.round}
    return StudyFigure("medians", title, _medians_in_words(entries, locale, names), spec)


def entries_of(
    analysis: RoundAnalysis, criterion: str, statements: Sequence[str] | None
) -> list[StatementAnalysis]:
    """Give the asked statements of a criterion, or all."""
    of_criterion = {entry.statement: entry for entry in analysis.statements if entry.criterion == criterion}
    return list(of_criterion.values()) if statements is None else [of_criterion[code] for code in statements]


def shown_groups(entry: StatementAnalysis) -> list[GroupFigures]:
    """Give the groups and ``overall``; the mean of groups has no counts to draw."""
    return [figures for figures in entry.groups if figures.group != GROUP_EQUAL]


def _point_names(scale: Scale, labels: Sequence[str]) -> tuple[str, ...]:
    if not labels:
        return tuple(str(point) for point in scale.points)
    return tuple(f"{point} {label}".strip() for point, label in zip(scale.points, labels, strict=True))


def _segments(row: str, figures: GroupFigures, scale: Scale, names: Sequence[str]) -> Iterator[Spec]:
    """The parts of one bar, disagreement at the left."""
    order = list(range(len(scale.points)))
    if not scale.high_is_agreement:
        order.reverse()
    reached = 0.0
    for place in order if figures.n else ():
        until = reached + 100 * figures.distribution[place]
        if figures.counts[place]:
            yield {"row": row, "point": names[place], "from": reached, "to": until}
        reached = until


def _ticks(scale: Scale) -> list[int]:
    step = max(1, scale.width // MOST_TICKS)
    return list(range(scale.points[0], scale.points[-1] + 1, step))


def _distribution_in_words(
    entries: Iterable[tuple[str, StatementAnalysis]], locale: str, names: Mapping[str, str]
) -> str:
    words = phrases_of(locale)
    sentences = []
    for called, entry in entries:
        groups = [
            counted_phrase(words, "words_distribution", figures.n)
            % {
                "group": group_name(figures.group, locale, names),
                "agree": percent(figures.agree.value, locale),
                "neutral": percent(figures.neutral.value, locale),
                "disagree": percent(figures.disagree.value, locale),
                "n": figures.n,
            }
            for figures in shown_groups(entry)
        ]
        sentences.append(told_of(called, groups, locale))
    return " ".join(sentences)


def _medians_in_words(entries: Sequence[StatementAnalysis], locale: str, names: Mapping[str, str]) -> str:
    words = phrases_of(locale)
    sentences = []
    for entry in entries:
        groups = [
            words["words_median"]
            % {
                "group": group_name(figures.group, locale, names),
                **{
                    name: "–" if isinstance(value, NotAssessable) else number_text(value, locale)
                    for name, value in (("median", figures.median), ("q1", figures.q1), ("q3", figures.q3))
                },
            }
            for figures in shown_groups(entry)
        ]
        sentences.append(told_of(entry.statement, groups, locale))
    return " ".join(sentences)
