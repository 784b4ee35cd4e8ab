"""Figures of decisions: by round, between groups, and under other rules."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from analysis.figures.distributions import entries_of
from analysis.figures.drawing import BAND_COLOURS, DECISION_COLOURS, INK, WIDTH, StudyFigure, styled
from analysis.results import DecisionCounts, NotAssessable, RoundAnalysis
from analysis.rules import Decision
from analysis.scale import Band
from analysis.what_if_results import SensitivityAnalysis
from analysis.wording import group_name, number_text, phrases_of

DECISION_SIGNS = {
    Decision.CONSENSUS_IN: "●",
    Decision.CONSENSUS_OUT: "⊗",
    Decision.NO_CONSENSUS: "◐",
    Decision.NOT_ASSESSABLE: "–",
}
CELL = 22


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
                row = {"round": round_name(entry.round, locale), "decision": names[decision], "n": n}
                rows.append(row | {"from": reached, "to": reached + n, "middle": reached + n / 2})
            reached += n
    order = [round_name(entry.round, locale) for entry in counts]
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
    alternative = " ".join(_decisions_in_words(entry, locale) for entry in counts)
    return StudyFigure(
        "decisions", words["figure_decisions"], alternative, styled(chart), (BAND_COLOURS[Band.DISAGREE],)
    )


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
    words = phrases_of(locale)
    names = group_names or {}
    rows: list[dict[str, Any]] = []
    sentences = []
    for entry in entries_of(analysis, criterion, statements):
        told = []
        for pair in entry.divergence.pairs:
            label = f"{group_name(pair.first, locale, names)} – {group_name(pair.second, locale, names)}"
            delta = pair.cliffs_delta.value
            text = "–" if isinstance(delta, NotAssessable) else number_text(delta, locale)
            distance = 0.0 if isinstance(delta, NotAssessable) else abs(delta)
            rows.append({"statement": entry.statement, "pair": label, "distance": distance, "text": text})
            told.append(f"{label} {text}")
        sentences.append(words["words_statement"] % {"statement": entry.statement, "text": "; ".join(told)})
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("pair:N", sort=None, title=None, axis=alt.Axis(orient="top", labelAngle=-40)),
        y=alt.Y("statement:N", sort=None, title=None),
    )
    cells = base.mark_rect(stroke="#ffffff").encode(
        color=alt.Color(
            "distance:Q",
            scale=alt.Scale(domain=[0, 1], range=["#f7f7f7", "#0b5563"]),
            legend=alt.Legend(title=words["legend_delta"], orient="bottom"),
        )
    )
    numbers = base.mark_text(fontSize=11).encode(
        text="text:N", color=alt.condition("datum.distance > 0.5", alt.value("#ffffff"), alt.value(INK))
    )
    chart = (cells + numbers).properties(width=alt.Step(2 * CELL), height=alt.Step(CELL))
    title = words["figure_divergence"] % {"round": analysis.round}
    return StudyFigure("divergence", title, " ".join(sentences), styled(chart))


def sensitivity_figure(analysis: SensitivityAnalysis, *, locale: str = "en") -> StudyFigure:
    """A table of statements by rules: what each rule would have decided; the study's own stands first."""
    words = phrases_of(locale)
    own = words["own_rule"]
    rows: list[dict[str, str]] = []
    sentences = []
    for entry in analysis.statements:
        codes = [own, *(variant.code for variant in analysis.variants)]
        for code, decision in zip(codes, (entry.decision, *entry.decisions), strict=True):
            label = words[f"decision_{decision}"]
            sign = DECISION_SIGNS[decision]
            rows.append({"statement": entry.statement, "rule": code, "decision": label, "sign": sign})
        axes = ", ".join(words[f"axis_{axis}"] for axis in entry.hangs_on) or words["hangs_on_nothing"]
        told = {"statement": entry.statement, "decision": words[f"decision_{entry.decision}"], "axes": axes}
        sentences.append(words["words_sensitivity"] % told)
    names = [words[f"decision_{decision}"] for decision in Decision]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("rule:N", sort=None, title=None, axis=alt.Axis(orient="top", labelAngle=-50)),
        y=alt.Y("statement:N", sort=None, title=None),
    )
    legend = alt.Legend(title=None, orient="bottom", columns=4, symbolStrokeColor=INK, symbolStrokeWidth=0.5)
    colour = alt.Scale(domain=names, range=list(DECISION_COLOURS.values()))
    cells = base.mark_rect(stroke="#ffffff").encode(
        color=alt.Color("decision:N", sort=names, scale=colour, legend=legend)
    )
    on_dark = f"datum.decision === '{words['decision_consensus_in']}'"
    signs = base.mark_text(fontSize=13).encode(
        text="sign:N", color=alt.condition(on_dark, alt.value("#ffffff"), alt.value(INK))
    )
    chart = (cells + signs).properties(width=alt.Step(CELL), height=alt.Step(CELL))
    hatched = (DECISION_COLOURS[Decision.CONSENSUS_OUT],)
    return StudyFigure(
        "sensitivity", words["figure_sensitivity"], " ".join(sentences), styled(chart), hatched
    )


def round_name(number: int, locale: str) -> str:
    """What a round is called."""
    return phrases_of(locale)["round_name"] % {"round": number}


def _decisions_in_words(entry: DecisionCounts, locale: str) -> str:
    words = phrases_of(locale)
    counts = {decision.value: getattr(entry, decision.value) for decision in Decision}
    return words["words_decisions"] % {
        "round": round_name(entry.round, locale),
        "n": entry.n_statements,
        **counts,
    }
