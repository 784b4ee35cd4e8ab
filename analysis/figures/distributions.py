"""Figures of ratings: distributions, medians and quartiles, and how they moved between rounds."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from analysis.figures.drawing import (
    BAR_HEIGHT,
    GROUP_HUES,
    GROUP_SHAPES,
    INK,
    WIDTH,
    StudyFigure,
    point_colours,
    styled,
)
from analysis.results import (
    GROUP_EQUAL,
    OVERALL,
    GroupFigures,
    NotAssessable,
    RoundAnalysis,
    StatementAnalysis,
)
from analysis.rules.phrasebook import counted_phrase
from analysis.scale import Scale
from analysis.wording import group_name, number_text, phrases_of

BETWEEN = "\u241f"
"""Stands between a statement's code and a group's name in the key of a row."""


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
    point_names = _point_names(scale, labels)
    bars = [
        (f"{entry.statement}{BETWEEN}{group_name(figures.group, locale, names)}", figures)
        for entry in entries
        for figures in shown_groups(entry)
    ]
    rows = [segment for row, figures in bars for segment in _segments(row, figures, scale, point_names)]
    headed = [[f"{entry.statement}{BETWEEN}", *_rows_of(entry, bars)] for entry in entries]
    colours = point_colours(scale)
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(stroke="#ffffff", strokeWidth=1)
        .encode(
            x=alt.X(
                "from:Q",
                title=words["axis_share"],
                scale=alt.Scale(domain=[0, 100]),
                axis=alt.Axis(tickCount=5),
            ),
            x2="to:Q",
            y=alt.Y(
                "row:N",
                sort=None,
                title=None,
                scale=alt.Scale(domain=[row for rows_of in headed for row in rows_of]),
                axis=_statement_axis(),
            ),
            color=alt.Color(
                "point:N",
                sort=list(point_names),
                scale=alt.Scale(domain=list(point_names), range=list(colours)),
                legend=alt.Legend(
                    title=words["legend_rating"], orient="bottom", columns=min(len(point_names), 5)
                ),
            ),
            order=alt.Order("place:Q"),
        )
        .properties(width=WIDTH, height=alt.Step(BAR_HEIGHT))
    )
    title = words["figure_distribution"] % {"round": analysis.round}
    hatched = tuple(colours[point - scale.points[0]] for point in scale.disagree)
    return StudyFigure(
        "distribution", title, _distribution_in_words(entries, locale, names), styled(chart), hatched
    )


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
            "statement": entry.statement,
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
    hues = [*GROUP_HUES[: len(groups) - 1], INK]
    shapes = [*GROUP_SHAPES[: len(groups) - 1], "circle"]
    legend = alt.Legend(title=None, orient="bottom", columns=4)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("statement:N", sort=[entry.statement for entry in entries], title=None),
        yOffset=alt.YOffset("group:N", sort=groups),
        color=alt.Color("group:N", sort=groups, scale=alt.Scale(domain=groups, range=hues), legend=legend),
    )
    axis = alt.Axis(values=_ticks(scale), format="d")
    domain = alt.Scale(domain=[scale.points[0], scale.points[-1]], nice=False)
    lines = base.mark_rule(strokeWidth=2, opacity=0.6).encode(
        x=alt.X("q1:Q", title=words["axis_median"], axis=axis, scale=domain), x2="q3:Q"
    )
    marks = base.mark_point(filled=True, size=55, opacity=1).encode(
        x=alt.X("median:Q", scale=domain),
        shape=alt.Shape("group:N", sort=groups, scale=alt.Scale(domain=groups, range=shapes), legend=legend),
    )
    chart = (lines + marks).properties(width=WIDTH, height=alt.Step(11, **{"for": "offset"}))
    title = words["figure_medians"] % {"round": analysis.round}
    return StudyFigure("medians", title, _medians_in_words(entries, locale, names), styled(chart))


def transitions_figure(
    analysis: RoundAnalysis, criterion: str, *, locale: str = "en", statements: Sequence[str] | None = None
) -> StudyFigure:
    """One bar a statement: who moved towards disagreement, stayed, or moved towards agreement.

    Parameters as in ``distribution_figure``; of the whole panel, those who rated in both rounds.
    """
    words = phrases_of(locale)
    moves = {"down": words["moved_down"], "unchanged": words["unmoved"], "up": words["moved_up"]}
    rows: list[dict[str, Any]] = []
    sentences = []
    for entry in entries_of(analysis, criterion, statements):
        stability = next((one for one in entry.stability if one.group == OVERALL and one.n), None)
        if stability is None:
            continue
        reached = 0.0
        shares = {}
        for name, label in moves.items():
            value = getattr(stability, name)
            rows.append(
                {
                    "statement": entry.statement,
                    "move": label,
                    "from": 100 * reached,
                    "to": 100 * (reached + value),
                }
            )
            reached += value
            shares[name] = number_text(100 * value, locale, 0)
        told = counted_phrase(words, "words_moves", stability.n)
        sentences.append(told % {"statement": entry.statement, "n": stability.n, **shares})
    colours = ["#b35806", "#d9d9d9", "#2166ac"]
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(stroke="#ffffff", strokeWidth=1)
        .encode(
            x=alt.X("from:Q", title=words["axis_panelists"], scale=alt.Scale(domain=[0, 100])),
            x2="to:Q",
            y=alt.Y("statement:N", sort=list(dict.fromkeys(row["statement"] for row in rows)), title=None),
            color=alt.Color(
                "move:N",
                sort=list(moves.values()),
                scale=alt.Scale(domain=list(moves.values()), range=colours),
                legend=alt.Legend(title=None, orient="bottom"),
            ),
        )
        .properties(width=WIDTH, height=alt.Step(BAR_HEIGHT + 2))
    )
    title = words["figure_transitions"] % {"round": analysis.round}
    return StudyFigure(
        "transitions", title, " ".join(sentences) or words["words_nothing"], styled(chart), ("#b35806",)
    )


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


def _rows_of(entry: StatementAnalysis, bars: Sequence[tuple[str, GroupFigures]]) -> list[str]:
    return [row for row, _ in bars if row.startswith(f"{entry.statement}{BETWEEN}")]


def _statement_axis() -> alt.Axis:
    """Write one axis for all statements: a bold line with the statement's code above its groups.

    Drawing every statement as a chart of its own would take twenty times as long.
    """
    is_head = f"split(datum.value, '{BETWEEN}')[1] === ''"
    return alt.Axis(
        labelExpr=f"split(datum.value, '{BETWEEN}')[1] || split(datum.value, '{BETWEEN}')[0]",
        labelFontWeight=alt.condition(is_head, alt.value("bold"), alt.value("normal")),
        labelLimit=0,
        ticks=False,
        domain=False,
    )


def _segments(
    row: str, figures: GroupFigures, scale: Scale, point_names: Sequence[str]
) -> list[dict[str, Any]]:
    """The parts of one bar, disagreement at the left."""
    order = list(range(len(scale.points)))
    if not scale.high_is_agreement:
        order.reverse()
    reached = 0.0
    segments: list[dict[str, Any]] = []
    for place in order if figures.n else ():
        until = reached + 100 * figures.distribution[place]
        if figures.counts[place]:
            part = {"row": row, "point": point_names[place], "from": reached, "to": until}
            segments.append(part | {"place": len(segments)})
        reached = until
    return segments


def _ticks(scale: Scale) -> list[int]:
    step = max(1, scale.width // 10)
    return list(range(scale.points[0], scale.points[-1] + 1, step))


def percent(value: float | NotAssessable, locale: str) -> str:
    """Write a share in per cent, or a dash."""
    return "–" if isinstance(value, NotAssessable) else number_text(100 * value, locale, 0)


def _distribution_in_words(
    entries: Sequence[StatementAnalysis], locale: str, names: Mapping[str, str]
) -> str:
    words = phrases_of(locale)
    sentences = []
    for entry in entries:
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
        sentences.append(words["words_statement"] % {"statement": entry.statement, "text": "; ".join(groups)})
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
        sentences.append(words["words_statement"] % {"statement": entry.statement, "text": "; ".join(groups)})
    return " ".join(sentences)
