"""Between rounds: how far the same panelists kept their ratings; and how far the panel agrees as a whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.comparisons import ConsensusByStability, consensus_by_stability
from analysis.results import OVERALL, Stability
from app.reports.facts import StudyReport
from app.reports.tables import Body, Cell, Cells, Column, Row, Table
from app.reports.words import STABILITY_WORDS, Words


@dataclass(frozen=True)
class CrossedVerdicts:
    """Consensus against stability, of one criterion: the table, what it says, and who has no place in it."""

    table: Table
    finding: str
    left_out: str


@dataclass(frozen=True)
class StabilityChapter:
    """The chapter on stability and agreement. ``stability`` is missing where nothing was asked twice."""

    crossed: tuple[CrossedVerdicts, ...]
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
        crossed=tuple(_crossed(report, words)),
        stability=_stability_table(report, words),
        agreement=_agreement_table(report, words),
        notes=tuple(notes),
    )


def _crossed(report: StudyReport, words: Words) -> Iterator[CrossedVerdicts]:
    for criterion in report.criteria:
        crossed = consensus_by_stability(report.last_of_every_statement, criterion.code)
        placed = (
            crossed.decided_stable,
            crossed.decided_unstable,
            crossed.open_stable,
            crossed.open_unstable,
        )
        if any(placed):
            yield CrossedVerdicts(
                table=_crossed_table(crossed, words),
                finding=_finding(crossed.open_stable, words),
                left_out=_left_out(len(crossed.not_assessable), words),
            )


def _crossed_table(crossed: ConsensusByStability, words: Words) -> Table:
    cells = Cells(words)

    def counted(statements: Sequence[str]) -> Cell:
        if not statements:
            return cells.text(words.number(0))
        return cells.sentence(f"{words.number(len(statements))} ({words.formats.listing(statements)})")

    rows = (
        Row(
            cells.text(words.gettext("Decided: in or out")),
            (counted(crossed.decided_stable), counted(crossed.decided_unstable)),
        ),
        Row(
            cells.text(words.gettext("No consensus")),
            (counted(crossed.open_stable), counted(crossed.open_unstable)),
        ),
    )
    columns = (
        Column(words.gettext("Statements")),
        Column(words.gettext("Stable"), "text", words.gettext("net change below 15%%")),
        Column(words.gettext("Still moving"), "text", words.gettext("net change of 15%% or more")),
    )
    caption = words.gettext("Consensus and stability: two verdicts on every statement that was rated twice")
    if words.has_many_criteria:
        caption = f"{caption} ({words.criterion(crossed.criterion)})"
    return cells.table(f"table-crossed-{crossed.criterion}", caption, columns, [Body(rows)])


def _finding(open_stable: Sequence[str], words: Words) -> str:
    """A stable split is a result of its own."""
    if not open_stable:
        return ""
    return words.ngettext(
        "%(statements)s has no consensus and is stable: the panel is split, and another round is unlikely to "
        "change that. The split is itself a finding.",
        "%(statements)s have no consensus and are stable: the panel is split on them, and another round is "
        "unlikely to change that. The split is itself a finding.",
        len(open_stable),
        statements=words.formats.listing(open_stable),
    )


def _left_out(n: int, words: Words) -> str:
    if not n:
        return ""
    return words.ngettext(
        "%(n)s statement has no place here: it was rated in one round only, or could not be assessed.",
        "%(n)s statements have no place here: they were rated in one round only, or could not be assessed.",
        n,
    )


def _stability_table(report: StudyReport, words: Words) -> Table | None:
    cells = Cells(words)
    rows = tuple(
        Row(
            cells.text(words.statement(entry.statement, entry.criterion)),
            (
                cells.unbroken(
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
