"""Results as charts. The only module that imports altair, so load it only where figures are drawn.

Every figure carries its title and its content in words. Bands differ in hue, in lightness and by pattern
(disagreement is hatched), so figures can be read in grey. The same result gives the same bytes.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import altair as alt
import vl_convert

from analysis.results import (
    GROUP_EQUAL,
    DecisionCounts,
    GroupFigures,
    NotAssessable,
    RoundAnalysis,
    StatementAnalysis,
)
from analysis.rules import Decision
from analysis.scale import Band, Scale
from analysis.wording import group_name, number_text, phrases_of

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
    svg = vl_convert.vegalite_to_svg(figure.chart.to_dict())
    mark = hashlib.sha256(svg.encode()).hexdigest()[:8]
    for place, colour in enumerate(figure.hatched):
        svg = svg.replace(f'fill="{colour}"', f'fill="url(#hatch-{mark}-{place})"')
    attributes, _, body = svg.removeprefix("<svg ").partition(">")
    return (
        f'<svg {attributes} role="img" aria-labelledby="title-{mark}" aria-describedby="desc-{mark}">'
        f'<title id="title-{mark}">{escape(figure.title)}</title>'
        f'<desc id="desc-{mark}">{escape(figure.alternative)}</desc>{_hatching(figure.hatched, mark)}{body}'
    )


def to_png(figure: StudyFigure, scale: float = 2.0) -> bytes:
    """Draw a figure as PNG, from the same SVG."""
    return bytes(vl_convert.svg_to_png(to_svg(figure), scale=scale))


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
    entries = _entries(analysis, criterion, statements)
    point_names = _point_names(scale, labels)
    rows = [
        segment
        for entry in entries
        for figures in _shown_groups(entry)
        for segment in _segments(
            entry.statement, figures, scale, point_names, group_name(figures.group, locale, names)
        )
    ]
    groups = list(
        dict.fromkeys(
            group_name(one.group, locale, names) for entry in entries for one in _shown_groups(entry)
        )
    )
    colours = point_colours(scale)
    bars = (
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
            y=alt.Y("group:N", sort=groups, title=None),
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
    chart = bars.facet(
        row=alt.Row(
            "statement:N",
            sort=[entry.statement for entry in entries],
            title=None,
            header=alt.Header(labelAngle=0, labelAlign="left", labelFontWeight="bold"),
        ),
        spacing=6,
    )
    title = words["figure_distribution"] % {"round": analysis.round}
    hatched = tuple(colours[point - scale.points[0]] for point in scale.disagree)
    return StudyFigure(
        "distribution", title, _distribution_in_words(entries, locale, names), _styled(chart), hatched
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
    entries = _entries(analysis, criterion, statements)
    rows = [
        {
            "statement": entry.statement,
            "group": group_name(figures.group, locale, names),
            "median": figures.median,
            "q1": figures.q1,
            "q3": figures.q3,
        }
        for entry in entries
        for figures in _shown_groups(entry)
        if not isinstance(figures.median, NotAssessable)
    ]
    groups = list(
        dict.fromkeys(
            group_name(one.group, locale, names) for entry in entries for one in _shown_groups(entry)
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
    return StudyFigure("medians", title, _medians_in_words(entries, locale, names), _styled(chart))


def decisions_figure(counts: Sequence[DecisionCounts], *, locale: str = "en") -> StudyFigure:
    """One bar a round: how many statements were accepted, rejected, undecided, or not assessable.

    Parameters
    ----------
    counts : sequence of DecisionCounts
        One a round, of one criterion.
    locale : {"en", "fr", "nl", "de"}
    """
    words = phrases_of(locale)
    names = {decision: words[f"decision_{decision}"] for decision in Decision}
    rows = []
    for entry in counts:
        reached = 0
        for decision in Decision:
            n = getattr(entry, decision.value)
            if n:
                row = {"round": _round_name(entry.round, words), "decision": names[decision], "n": n}
                rows.append(row | {"from": reached, "to": reached + n, "middle": reached + n / 2})
            reached += n
    order = [_round_name(entry.round, words) for entry in counts]
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=alt.Y("round:N", sort=order, title=None))
    bars = base.mark_bar(stroke=INK, strokeWidth=0.5).encode(
        x=alt.X("from:Q", title=words["axis_statements"], axis=alt.Axis(tickMinStep=1, format="d")),
        x2="to:Q",
        color=alt.Color(
            "decision:N",
            sort=list(names.values()),
            scale=alt.Scale(domain=list(names.values()), range=list(DECISION_COLOURS.values())),
            legend=alt.Legend(
                title=None, orient="bottom", columns=4, symbolStrokeColor=INK, symbolStrokeWidth=0.5
            ),
        ),
    )
    numbers = base.mark_text(stroke="#ffffff", strokeWidth=3, fontSize=12).encode(x="middle:Q", text="n:Q")
    figures = base.mark_text(color=INK, fontSize=12).encode(x="middle:Q", text="n:Q")
    chart = (bars + numbers + figures).properties(width=WIDTH, height=alt.Step(28))
    alternative = " ".join(_decisions_in_words(entry, words) for entry in counts)
    return StudyFigure(
        "decisions", words["figure_decisions"], alternative, _styled(chart), (BAND_COLOURS[Band.DISAGREE],)
    )


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


def _styled(chart: Any) -> Any:
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


def _entries(
    analysis: RoundAnalysis, criterion: str, statements: Sequence[str] | None
) -> list[StatementAnalysis]:
    of_criterion = {entry.statement: entry for entry in analysis.statements if entry.criterion == criterion}
    return list(of_criterion.values()) if statements is None else [of_criterion[code] for code in statements]


def _shown_groups(entry: StatementAnalysis) -> list[GroupFigures]:
    return [figures for figures in entry.groups if figures.group != GROUP_EQUAL]


def _point_names(scale: Scale, labels: Sequence[str]) -> tuple[str, ...]:
    if not labels:
        return tuple(str(point) for point in scale.points)
    return tuple(f"{point} {label}".strip() for point, label in zip(scale.points, labels, strict=True))


def _segments(
    statement: str, figures: GroupFigures, scale: Scale, point_names: Sequence[str], name: str
) -> list[dict[str, Any]]:
    """The parts of one bar, disagreement at the left."""
    order = list(range(len(scale.points)))
    if not scale.high_is_agreement:
        order.reverse()
    reached = 0.0
    segments = [
        {"statement": statement, "group": name, "point": point_names[0], "from": 0.0, "to": 0.0, "place": -1}
    ]
    for place in order if figures.n else ():
        until = reached + 100 * figures.distribution[place]
        if figures.counts[place]:
            segment = {"statement": statement, "group": name, "point": point_names[place]}
            segments.append(segment | {"from": reached, "to": until, "place": len(segments)})
        reached = until
    return segments if len(segments) == 1 else segments[1:]


def _ticks(scale: Scale) -> list[int]:
    step = max(1, scale.width // 10)
    return list(range(scale.points[0], scale.points[-1] + 1, step))


def _round_name(number: int, words: Mapping[str, str]) -> str:
    return words["round_name"] % {"round": number}


def _percent(value: float | NotAssessable, locale: str) -> str:
    return "–" if isinstance(value, NotAssessable) else number_text(100 * value, locale, 0)


def _distribution_in_words(
    entries: Sequence[StatementAnalysis], locale: str, names: Mapping[str, str]
) -> str:
    words = phrases_of(locale)
    sentences = []
    for entry in entries:
        groups = [
            words["words_distribution"]
            % {
                "group": group_name(figures.group, locale, names),
                "agree": _percent(figures.agree.value, locale),
                "neutral": _percent(figures.neutral.value, locale),
                "disagree": _percent(figures.disagree.value, locale),
                "n": figures.n,
            }
            for figures in _shown_groups(entry)
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
            for figures in _shown_groups(entry)
        ]
        sentences.append(words["words_statement"] % {"statement": entry.statement, "text": "; ".join(groups)})
    return " ".join(sentences)


def _decisions_in_words(entry: DecisionCounts, words: Mapping[str, str]) -> str:
    counts = {decision.value: getattr(entry, decision.value) for decision in Decision}
    return words["words_decisions"] % {
        "round": _round_name(entry.round, words),
        "n": entry.n_statements,
        **counts,
    }
