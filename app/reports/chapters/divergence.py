"""Differences between the groups: decisions, gap, effect sizes, and tests corrected for many statements."""

from dataclasses import dataclass

from analysis.figures.divergence import shade_of
from analysis.results import Divergence, NotAssessable, PairDivergence
from app.reports.facts import StudyReport
from app.reports.tables import Body, Cell, Cells, Column, Row, Table
from app.reports.words import DIVERGENCE_WORDS, Words


@dataclass(frozen=True)
class DivergenceChapter:
    """The chapter on differences between groups. ``pairs`` is missing where there is only one group."""

    notes: tuple[str, ...]
    statements: Table
    pairs: Table | None


def divergence_chapter(report: StudyReport, words: Words) -> DivergenceChapter:
    """How far the groups were apart on each statement when it was rated last."""
    last = report.analysis.rounds[-1]
    return DivergenceChapter(
        notes=tuple(words.reason(note) for note in last.notes),
        statements=_statement_table(report, words),
        pairs=_pair_table(report, words) if len(report.groups) > 1 else None,
    )


def _statement_table(report: StudyReport, words: Words) -> Table:
    cells = Cells(words)
    rows = tuple(
        Row(
            cells.text(words.statement(entry.statement, entry.criterion)),
            (cells.whole(final.round), *_divergence_cells(entry.divergence, cells)),
        )
        for final, entry in report.last_entries
    )
    columns = (
        Column(words.gettext("Code")),
        Column(words.gettext("Round"), "number"),
        Column(words.gettext("Decisions of the groups")),
        Column(words.gettext("Gap"), "number", words.gettext("percentage points")),
        Column(words.gettext("95%% interval"), "number"),
        Column(words.gettext("Highest and lowest")),
        Column(words.gettext("ε²"), "number", words.gettext("location")),
        Column(words.gettext("p location"), "number", words.gettext("corrected")),
        Column(words.gettext("p shape"), "number", words.gettext("corrected")),
    )
    return cells.table(
        "table-divergence",
        words.gettext("Differences between all groups, by statement"),
        columns,
        [Body(rows)],
    )


def _divergence_cells(divergence: Divergence, cells: Cells) -> tuple[Cell, ...]:
    words, gap = cells.words, divergence.gap
    whose = ""
    if gap.highest_group is not None and gap.lowest_group is not None:
        whose = f"{words.group(gap.highest_group)} – {words.group(gap.lowest_group)}"
    return (
        cells.sentence(words.gettext(DIVERGENCE_WORDS[divergence.decision_class])),
        cells.number(
            gap.estimate.value if isinstance(gap.estimate.value, NotAssessable) else 100 * gap.estimate.value,
            1,
        ),
        cells.percent_range(gap.estimate.lower, gap.estimate.upper),
        cells.sentence(whose),
        cells.number(divergence.epsilon_squared, 2),
        cells.p_value(divergence.kruskal_wallis.p_fdr),
        cells.p_value(divergence.cramer_von_mises.p_fdr),
    )


def _pair_table(report: StudyReport, words: Words) -> Table:
    cells = Cells(words)
    _, first_entry = report.last_entries[0]
    pairs = [(pair.first, pair.second) for pair in first_entry.divergence.pairs]
    rows = tuple(
        Row(
            cells.text(words.statement(entry.statement, entry.criterion)),
            tuple(_pair_cell(pair, cells) for pair in entry.divergence.pairs),
        )
        for _, entry in report.last_entries
    )
    columns = (
        Column(words.gettext("Code")),
        *(Column(words.group(first), "number", words.group(second)) for first, second in pairs),
    )
    caption = words.gettext(
        "Cliff’s delta of every pair of groups, the stronger the colour the farther apart; in brackets the "
        "p value corrected by Holm"
    )
    return cells.table("table-pairs", caption, columns, [Body(rows)])


def _pair_cell(pair: PairDivergence, cells: Cells) -> Cell:
    delta = cells.number(pair.cliffs_delta.value, 2)
    p = cells.p_value(pair.p_holm)
    shade = None
    if not isinstance(pair.cliffs_delta.value, NotAssessable):
        shade = shade_of(pair.cliffs_delta.value)
    return Cell(f"{delta.text} ({p.text})", "number", delta.mark or p.mark, shade=shade)
