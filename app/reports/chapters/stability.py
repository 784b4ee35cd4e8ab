"""Between rounds: how far the same panelists kept their ratings; and how far the panel agrees as a whole."""

from dataclasses import dataclass

from analysis.results import OVERALL, Stability
from app.reports.facts import StudyReport
from app.reports.tables import Body, Cell, Cells, Column, Row, Table
from app.reports.words import STABILITY_WORDS, Words


@dataclass(frozen=True)
class StabilityChapter:
    """The chapter on stability and agreement. ``stability`` is missing where nothing was asked twice."""

    stability: Table | None
    agreement: Table
    notes: tuple[str, ...]


def stability_chapter(report: StudyReport, words: Words) -> StabilityChapter:
    """Stability of each statement in its last round; agreement coefficients of every round and group."""
    notes = dict.fromkeys(
        words.reason(note)
        for one in report.analysis.rounds
        for entry in one.agreement
        for note in entry.notes
    )
    return StabilityChapter(
        stability=_stability_table(report, words),
        agreement=_agreement_table(report, words),
        notes=tuple(notes),
    )


def _stability_table(report: StudyReport, words: Words) -> Table | None:
    cells = Cells(words)
    rows = tuple(
        Row(
            cells.text(words.statement(entry.statement, entry.criterion)),
            (
                cells.text(
                    words.gettext(
                        "%(before)s to %(after)s", before=stability.previous_round, after=final.round
                    )
                ),
                *_stability_cells(stability, cells),
                cells.decision(entry.decision),
            ),
        )
        for final, entry in report.last_entries
        for stability in entry.stability
        if stability.group == OVERALL
    )
    if not rows:
        return None
    columns = (
        Column(words.gettext("Code")),
        Column(words.gettext("Rounds")),
        Column(words.gettext("Rated twice"), "number"),
        Column(words.gettext("Unchanged"), "number"),
        Column(words.gettext("Towards the group"), "number"),
        Column(words.gettext("Away from it"), "number"),
        Column(words.gettext("Net change"), "number"),
        Column(words.gettext("p"), "number", words.gettext("Wilcoxon")),
        Column(words.gettext("Stability")),
        Column(words.gettext("Decision"), "decision"),
    )
    caption = words.gettext("Stability of the whole panel: panelists who rated in both rounds")
    return cells.table("table-stability", caption, columns, [Body(rows)])


def _stability_cells(stability: Stability, cells: Cells) -> tuple[Cell, ...]:
    return (
        cells.whole(stability.n),
        cells.percent(stability.unchanged),
        cells.percent(stability.towards),
        cells.percent(stability.away),
        cells.percent(stability.net_change),
        cells.p_value(stability.wilcoxon_p),
        cells.text(cells.words.gettext(STABILITY_WORDS[stability.verdict])),
    )


def _agreement_table(report: StudyReport, words: Words) -> Table:
    cells = Cells(words)
    bodies = [
        Body(
            tuple(
                Row(
                    cells.text(words.group(entry.group)),
                    (
                        cells.whole(entry.n_panelists),
                        cells.whole(entry.n_statements),
                        cells.estimate(entry.krippendorff_alpha),
                        cells.estimate(entry.gwet_ac2),
                    ),
                    is_total=entry.group == OVERALL,
                )
                for entry in one.agreement
                if entry.criterion == criterion
            ),
            heading=_agreement_heading(one.round, criterion, words),
        )
        for one in report.analysis.rounds
        for criterion in one.criteria
    ]
    columns = (
        Column(words.gettext("Group")),
        Column(words.gettext("Panelists"), "number"),
        Column(words.gettext("Statements"), "number"),
        Column(words.gettext("Krippendorff’s alpha"), "number", words.gettext("ordinal, 95%% interval")),
        Column(words.gettext("Gwet’s AC2"), "number", words.gettext("quadratic, 95%% interval")),
    )
    return cells.table(
        "table-agreement", words.gettext("Agreement over all statements, by round and group"), columns, bodies
    )


def _agreement_heading(number: int, criterion: str, words: Words) -> str:
    heading = words.gettext("Round %(round)s", round=number)
    return f"{heading} · {words.criterion(criterion)}" if words.has_many_criteria else heading
