"""Every statement with each group's figures, in the round that decided it last."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.results import GROUP_EQUAL, OVERALL, FinalDecision, GroupFigures, NotAssessable, StatementAnalysis
from analysis.scale import Band, Scale
from app.domain.statement import Statement
from app.reports.facts import StudyReport
from app.reports.tables import Body, Cell, Cells, Column, Row, Table
from app.reports.words import BAND_WORDS, Text, Words


@dataclass(frozen=True)
class KeyEntry:
    """What a colour of the distribution bars means."""

    band: Band
    label: str


@dataclass(frozen=True)
class TopicFigures:
    """The statements of one topic."""

    id: str
    name: Text
    table: Table


@dataclass(frozen=True)
class StatementsChapter:
    """The chapter with all figures."""

    key: tuple[KeyEntry, ...]
    topics: tuple[TopicFigures, ...]


def statements_chapter(report: StudyReport, words: Words) -> StatementsChapter:
    """Topic by topic; statements without a topic stand under no heading."""
    return StatementsChapter(
        key=tuple(KeyEntry(band, words.gettext(BAND_WORDS[band])) for band in reversed(Band)),
        topics=tuple(
            _topic(report, words, code, name)
            for code, name in _topics(report, words)
            if any(statement.topic == code for statement in report.statements)
        ),
    )


def _topics(report: StudyReport, words: Words) -> Iterable[tuple[str, Text]]:
    return [(topic.code, words.text(topic.name)) for topic in report.topics]


def _topic(report: StudyReport, words: Words, code: str, name: Text) -> TopicFigures:
    cells = Cells(words)
    entries = {
        (one.round, entry.statement, entry.criterion): entry
        for one in report.analysis.rounds
        for entry in one.statements
    }
    bodies = [
        _body(final, entries[final.round, final.statement, final.criterion], statement, report, cells)
        for statement in report.statements
        if statement.topic == code
        for final in report.analysis.final
        if final.statement == statement.code
    ]
    columns = (
        Column(words.gettext("Group")),
        Column(words.gettext("Distribution"), "bar"),
        Column(words.gettext("Ratings"), "number"),
        Column(words.gettext("Unable"), "number", words.gettext("to rate")),
        Column(words.gettext("Agree"), "number"),
        Column(words.gettext("95% interval"), "number", words.gettext("Wilson")),
        Column(words.gettext("Median"), "number"),
        Column(words.gettext("IQR"), "number", words.gettext("quartiles")),
        Column(words.gettext("Decision"), "decision"),
    )
    caption = words.gettext("Figures by group: %(topic)s", topic=name.text)
    return TopicFigures(f"topic-{code}", name, cells.table(f"table-topic-{code}", caption, columns, bodies))


def _body(
    final: FinalDecision, entry: StatementAnalysis, statement: Statement, report: StudyReport, cells: Cells
) -> Body:
    scale = next(one.scale for one in report.criteria if one.code == entry.criterion)
    return Body(
        rows=tuple(_row(figures, scale, cells) for figures in entry.groups),
        heading=cells.words.statement(statement.code, entry.criterion),
        text=cells.words.text(statement.text),
        decision=final.decision,
        note=cells.words.gettext("Round %(round)s", round=final.round),
        id=f"statement-{statement.code}-{entry.criterion}",
    )


def _row(figures: GroupFigures, scale: Scale, cells: Cells) -> Row:
    return Row(
        cells.text(cells.words.group(figures.group)),
        (
            cells.bar(figures, scale),
            cells.whole(figures.n),
            cells.whole(figures.n_abstained),
            cells.percent(figures.agree.value),
            cells.percent_range(figures.agree.lower, figures.agree.upper),
            cells.number(figures.median),
            _spread(figures, cells),
            cells.decision(figures.decision),
        ),
        is_total=figures.group in (OVERALL, GROUP_EQUAL),
    )


def _spread(figures: GroupFigures, cells: Cells) -> Cell:
    """The interquartile range, and the quartiles it lies between."""
    shown = cells.number(figures.iqr)
    if isinstance(figures.q1, NotAssessable) or isinstance(figures.q3, NotAssessable):
        return shown
    quartiles = cells.number_range(figures.q1, figures.q3)
    return Cell(f"{shown.text} ({quartiles.text})", "number", shown.mark)
