"""Every statement with each group's figures, in the round that decided it last."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.results import (
    OVERALL,
    FinalDecision,
    GroupFigures,
    NotAssessable,
    StatementAnalysis,
)
from analysis.scale import Band, Scale
from app.domain.statement import Statement, Topic
from app.reports.drawings import Drawing
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
    medians: tuple[Drawing, ...]


@dataclass(frozen=True)
class StatementsChapter:
    """The chapter with all figures."""

    key: tuple[KeyEntry, ...]
    topics: tuple[TopicFigures, ...]


def statements_chapter(
    report: StudyReport, words: Words, medians: Mapping[str, tuple[Drawing, ...]]
) -> StatementsChapter:
    """Topic by topic, with the figures of the topic's medians."""
    return StatementsChapter(
        key=tuple(KeyEntry(band, words.gettext(BAND_WORDS[band])) for band in reversed(Band)),
        topics=tuple(
            _topic(report, words, topic, medians[topic.code])
            for topic in report.topics
            if any(statement.topic == topic.code for statement in report.statements)
        ),
    )


def statement_address(statement: str, criterion: str) -> str:
    """Where in the document a statement's figures stand."""
    return f"statement-{statement}-{criterion}"


def _topic(report: StudyReport, words: Words, topic: Topic, medians: tuple[Drawing, ...]) -> TopicFigures:
    cells = Cells(words)
    bodies = [
        _body(final, entry, statement, report, cells)
        for statement in report.statements
        if statement.topic == topic.code
        for final, entry in report.last_entries
        if final.statement == statement.code
    ]
    columns = (
        Column(words.gettext("Group")),
        Column(words.gettext("Distribution"), "bar"),
        Column(words.gettext("Ratings"), "number"),
        Column(words.gettext("Unable"), "number", words.gettext("to rate")),
        Column(words.gettext("Agree"), "number"),
        Column(words.gettext("95%% interval"), "number", words.gettext("Wilson")),
        Column(words.gettext("Median"), "number"),
        Column(words.gettext("IQR"), "number", words.gettext("quartiles")),
        Column(words.gettext("Decision"), "decision"),
    )
    name = words.text(topic.name)
    caption = words.gettext("Figures by group")
    if name.text:
        caption = words.gettext("Figures by group: %(topic)s", topic=name.text)
    table = cells.table(f"table-topic-{topic.code}", caption, columns, bodies)
    return TopicFigures(f"topic-{topic.code}", name, table, medians)


def _body(
    final: FinalDecision, entry: StatementAnalysis, statement: Statement, report: StudyReport, cells: Cells
) -> Body:
    scale = next(one.scale for one in report.criteria if one.code == entry.criterion)
    return Body(
        rows=tuple(_row(figures, scale, cells) for figures in entry.groups),
        heading=cells.words.statement(statement.code, entry.criterion),
        text=cells.words.text(statement.text),
        decision=final.decision,
        decision_word=cells.words.decision(final.decision),
        note=cells.words.gettext("Round %(round)s", round=final.round),
        id=statement_address(statement.code, entry.criterion),
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
        is_total=figures.group == OVERALL,
    )


def _spread(figures: GroupFigures, cells: Cells) -> Cell:
    """The interquartile range, and the quartiles it lies between."""
    shown = cells.number(figures.iqr)
    if isinstance(figures.q1, NotAssessable) or isinstance(figures.q3, NotAssessable):
        return shown
    quartiles = cells.number_range(figures.q1, figures.q3)
    return Cell(f"{shown.text} ({quartiles.text})", "number", shown.mark)
