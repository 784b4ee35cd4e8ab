"""The decisions: how many in each round, which on which statement, and why some are still open."""

from dataclasses import dataclass

from analysis.results import DecisionCounts, FinalDecision
from analysis.rules import Decision
from app.reports.chapters.statements import statement_address
from app.reports.facts import StudyReport
from app.reports.tables import Body, Cell, Cells, Column, Row, Table
from app.reports.words import Text, Words

OPEN = (Decision.NO_CONSENSUS, Decision.NOT_ASSESSABLE)


@dataclass(frozen=True)
class OpenStatement:
    """A statement that was not decided, and why, reason by reason; ``figures`` is where its figures stand."""

    code: str
    text: Text
    decision: Decision
    decision_word: str
    round: str
    figures: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class DecisionsChapter:
    """The chapter on decisions."""

    by_round: Table
    by_statement: Table
    open_statements: tuple[OpenStatement, ...]


def decisions_chapter(report: StudyReport, words: Words) -> DecisionsChapter:
    """Decisions per round and statement; what was not decided, and why."""
    texts = {statement.code: words.text(statement.text) for statement in report.statements}
    return DecisionsChapter(
        by_round=_round_table(report, words),
        by_statement=_statement_table(report, words, texts),
        open_statements=tuple(
            _open_statement(final, texts, words) for final in report.analysis.final if final.decision in OPEN
        ),
    )


def _round_table(report: StudyReport, words: Words) -> Table:
    cells = Cells(words)
    bodies = []
    for final in report.analysis.final_counts:
        rows = [
            Row(cells.text(words.gettext("Round %(round)s", round=one.round)), _counts(counts, cells))
            for one in report.analysis.rounds
            for counts in one.decision_counts
            if counts.criterion == final.criterion
        ]
        rows.append(Row(cells.text(words.gettext("In the end")), _counts(final, cells), is_total=True))
        heading = words.criterion(final.criterion) if words.has_many_criteria else ""
        bodies.append(Body(tuple(rows), heading=heading))
    columns = (
        Column(words.gettext("Round")),
        Column(words.gettext("Statements rated"), "number"),
        *(Column(words.decision(decision), "number") for decision in Decision),
    )
    return cells.table("table-decisions", words.gettext("Decisions by round"), columns, bodies)


def _counts(counts: DecisionCounts, cells: Cells) -> tuple[Cell, ...]:
    return (
        cells.whole(counts.n_statements),
        cells.whole(counts.consensus_in),
        cells.whole(counts.consensus_out),
        cells.whole(counts.no_consensus),
        cells.whole(counts.not_assessable),
    )


def _statement_table(report: StudyReport, words: Words, texts: dict[str, Text]) -> Table:
    cells = Cells(words)
    decided = {
        (one.round, entry.statement, entry.criterion): entry.decision
        for one in report.analysis.rounds
        for entry in one.statements
    }
    rows = []
    for final in report.analysis.final:
        of_rounds = (
            decided.get((one.round, final.statement, final.criterion)) for one in report.analysis.rounds
        )
        rows.append(
            Row(
                cells.text(words.statement(final.statement, final.criterion)),
                (
                    cells.said(texts.get(final.statement, Text(""))),
                    *(
                        cells.text("") if decision is None else cells.decision(decision)
                        for decision in of_rounds
                    ),
                ),
            )
        )
    columns = (
        Column(words.gettext("Code")),
        Column(words.gettext("Statement"), "words"),
        *(
            Column(words.gettext("Round %(round)s", round=one.round), "decision")
            for one in report.analysis.rounds
        ),
    )
    caption = words.gettext(
        "Decisions by statement and round; an empty cell means that it was not asked again"
    )
    return cells.table("table-decisions-statements", caption, columns, [Body(tuple(rows))])


def _open_statement(final: FinalDecision, texts: dict[str, Text], words: Words) -> OpenStatement:
    return OpenStatement(
        code=words.statement(final.statement, final.criterion),
        text=texts.get(final.statement, Text("")),
        decision=final.decision,
        decision_word=words.decision(final.decision),
        round=words.gettext("after round %(round)s", round=final.round),
        figures=statement_address(final.statement, final.criterion),
        reasons=tuple(words.reason(reason) for reason in final.reasons),
    )
