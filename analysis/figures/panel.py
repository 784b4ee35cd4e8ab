"""Figures of the panel: who took part, and what a panel of a size can be expected to decide."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from analysis.figures.decisions import round_name
from analysis.figures.drawing import GROUP_HUES, GROUP_SHAPES, INK, WIDTH, StudyFigure, styled
from analysis.results import OVERALL, GroupFlow, NotAssessable
from analysis.what_if_results import OperatingCharacteristic
from analysis.wording import group_name, number_text, phrases_of

HEIGHT = 220


def attrition_figure(
    flow: Sequence[GroupFlow], *, locale: str = "en", group_names: Mapping[str, str] | None = None
) -> StudyFigure:
    """A line for each group: how many took part in each round.

    Parameters
    ----------
    flow : sequence of GroupFlow
    locale : {"en", "fr", "nl", "de"}
    group_names : mapping of group code to name, optional
    """
    words = phrases_of(locale)
    names = group_names or {}
    groups = [entry for entry in flow if entry.group != OVERALL]
    rows: list[dict[str, Any]] = [
        {
            "round": round_name(entry.round, locale),
            "group": group_name(entry.group, locale, names),
            "n": entry.took_part,
        }
        for entry in groups
    ]
    order = list(dict.fromkeys(row["group"] for row in rows))
    legend = alt.Legend(title=None, orient="bottom", columns=4)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("round:N", sort=None, title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("n:Q", title=words["axis_took_part"], axis=alt.Axis(tickMinStep=1, format="d")),
        color=alt.Color(
            "group:N", sort=order, scale=alt.Scale(domain=order, range=list(GROUP_HUES)), legend=legend
        ),
    )
    shapes = alt.Scale(domain=order, range=list(GROUP_SHAPES))
    points = base.mark_point(filled=True, size=70, opacity=1).encode(
        shape=alt.Shape("group:N", sort=order, scale=shapes, legend=legend)
    )
    chart = (base.mark_line() + points).properties(width=WIDTH, height=HEIGHT)
    sentences = []
    for number in dict.fromkeys(entry.round for entry in groups):
        counts = [
            f"{group_name(entry.group, locale, names)} {entry.took_part}"
            for entry in groups
            if entry.round == number
        ]
        told = {"statement": round_name(number, locale), "text": "; ".join(counts)}
        sentences.append(words["words_statement"] % told)
    return StudyFigure("attrition", words["figure_attrition"], " ".join(sentences), styled(chart))


def plan_figure(characteristics: Sequence[OperatingCharacteristic], *, locale: str = "en") -> StudyFigure:
    """Curves: the chance of a wrong decision by group size, one panel for each assumed attrition."""
    words = phrases_of(locale)
    rows: list[dict[str, Any]] = []
    sentences = []
    for one in characteristics:
        told = []
        for name in ("false_consensus", "missed_consensus"):
            value = getattr(one, name)
            if isinstance(value, NotAssessable):
                continue
            label = words[f"chance_{name}"]
            attrition = words["attrition_of"] % {"percent": number_text(100 * one.attrition, locale, 0)}
            line = {"size": one.group_size, "chance": 100 * value, "attrition": attrition}
            rows.append(line | {"line": f"{one.statement}: {label}"})
            told.append(f"{label} {number_text(100 * value, locale, 1)}%")
        where = {
            "statement": one.statement,
            "n": one.group_size,
            "percent": number_text(100 * one.attrition, locale, 0),
        }
        sentences.append(words["words_plan"] % {**where, "text": ", ".join(told)})
    order = list(dict.fromkeys(row["line"] for row in rows))
    legend = alt.Legend(title=None, orient="bottom", columns=2)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("size:Q", title=words["axis_group_size"], axis=alt.Axis(tickMinStep=1, format="d")),
        y=alt.Y("chance:Q", title=words["axis_chance"], scale=alt.Scale(domain=[0, 100])),
        color=alt.Color(
            "line:N", sort=order, scale=alt.Scale(domain=order, range=[*GROUP_HUES, INK]), legend=legend
        ),
    )
    shapes = alt.Scale(domain=order, range=list(GROUP_SHAPES))
    points = base.mark_point(filled=True, size=60, opacity=1).encode(
        shape=alt.Shape("line:N", sort=order, scale=shapes, legend=legend)
    )
    drawn = (base.mark_line() + points).properties(width=WIDTH // 2, height=HEIGHT)
    chart = drawn.facet(column=alt.Column("attrition:N", sort=None, title=None))
    return StudyFigure("plan", words["figure_plan"], " ".join(sentences), styled(chart))
