"""The figures of the report, drawn from the stored analysis; loads the drawing library, so import it late."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from markupsafe import Markup

from analysis.figures import StudyFigure, decisions_figure, distribution_figure, medians_figure, to_svg
from analysis.results import RoundAnalysis
from analysis.rules import Decision
from app.reports.facts import StudyReport
from app.reports.words import Words

MOST_STATEMENTS_IN_A_FIGURE = 8
"""More would not fit on a printed page."""

_NAME = re.compile(r'(\bid="|url\(#|href="#|aria-(?:labelledby|describedby)=")')


@dataclass(frozen=True)
class Drawing:
    """A figure as inline SVG, with its title; the same content in words is inside the SVG."""

    title: str
    svg: Markup


@dataclass(frozen=True)
class Drawings:
    """All figures: decisions by criterion, medians by topic code, distributions of what is still open."""

    decisions: tuple[Drawing, ...]
    medians: Mapping[str, tuple[Drawing, ...]]
    still_open: tuple[Drawing, ...]


def draw(report: StudyReport, words: Words) -> Drawings:
    """Draw every figure of a report."""
    desk = _Desk(report, words)
    return Drawings(
        decisions=tuple(desk.decisions(criterion) for criterion in desk.criteria),
        medians={
            topic.code: tuple(
                desk.medians(criterion, part)
                for criterion in desk.criteria
                for part in _parts(desk.statements_of(topic.code, criterion))
            )
            for topic in report.topics
        },
        still_open=tuple(
            desk.distributions(criterion, part)
            for criterion in desk.criteria
            for part in _parts(desk.open_statements(criterion))
        ),
    )


def _parts(statements: Sequence[str]) -> list[Sequence[str]]:
    """The statements in parts of about equal length, none too long for a page."""
    n_parts = -(-len(statements) // MOST_STATEMENTS_IN_A_FIGURE)
    bounds = [round(part * len(statements) / n_parts) for part in range(n_parts + 1)] if n_parts else []
    return [statements[low:high] for low, high in pairwise(bounds)]


class _Desk:
    """Draws one figure after the other and keeps their names apart in the document."""

    def __init__(self, report: StudyReport, words: Words) -> None:
        self._report = report
        self._words = words
        self._n_drawn = 0
        self._last = _last_of_every_statement(report)
        self.criteria = tuple(counts.criterion for counts in report.analysis.final_counts)

    def statements_of(self, topic: str, criterion: str) -> list[str]:
        """The statements of a topic that were rated on a criterion."""
        rated = {entry.statement for entry in self._last.statements if entry.criterion == criterion}
        return [one.code for one in self._report.statements if one.topic == topic and one.code in rated]

    def open_statements(self, criterion: str) -> list[str]:
        """The statements that ended without consensus on a criterion."""
        return [
            final.statement
            for final in self._report.analysis.final
            if final.criterion == criterion and final.decision is Decision.NO_CONSENSUS
        ]

    def decisions(self, criterion: str) -> Drawing:
        """Decisions by round on one criterion."""
        title = self._titled(self._words.gettext("Decisions by round"), criterion)
        return self._drawn(
            decisions_figure(self._report.analysis, criterion, locale=self._words.locale), title
        )

    def medians(self, criterion: str, statements: Sequence[str]) -> Drawing:
        """Each group's median and quartiles, in the round in which a statement was rated last."""
        title = self._words.gettext(
            "Medians, and the range from the lower to the upper quartile: %(statements)s",
            statements=self._span(statements),
        )
        figure = medians_figure(
            self._last,
            criterion,
            locale=self._words.locale,
            statements=statements,
            group_names=self._words.group_names,
        )
        return self._drawn(figure, self._titled(title, criterion))

    def distributions(self, criterion: str, statements: Sequence[str]) -> Drawing:
        """Each group's distribution, in the round in which a statement was rated last."""
        title = self._words.gettext(
            "How the groups rated what is still open: %(statements)s", statements=self._span(statements)
        )
        figure = distribution_figure(
            self._last,
            criterion,
            locale=self._words.locale,
            statements=statements,
            group_names=self._words.group_names,
            labels=self._labels(criterion),
        )
        return self._drawn(figure, self._titled(title, criterion))

    def _labels(self, criterion: str) -> tuple[str, ...]:
        of = next(one for one in self._report.criteria if one.code == criterion)
        return tuple(
            self._words.text({code: labels[place] for code, labels in of.labels.items()}).text
            for place in range(len(of.scale.points))
        )

    def _span(self, statements: Sequence[str]) -> str:
        return self._words.formats.listing(statements)

    def _titled(self, title: str, criterion: str) -> str:
        return f"{title} ({self._words.criterion(criterion)})" if self._words.has_many_criteria else title

    def _drawn(self, figure: StudyFigure, title: str) -> Drawing:
        self._n_drawn += 1
        svg = to_svg(replace(figure, title=title))
        # Names must not meet those of another figure in the document.
        svg = _NAME.sub(rf"\g<1>figure-{self._n_drawn}-", svg)
        return Drawing(title, Markup(svg))  # noqa: S704 - our own drawing, in which names are escaped


def _last_of_every_statement(report: StudyReport) -> RoundAnalysis:
    """The last analysed round with, beside its own statements, those that were decided before it."""
    last = tuple(entry for _, entry in report.last_entries)
    newest = report.analysis.rounds[-1]
    scales = {one.code: one.scale.to_mapping() for one in report.criteria}
    return replace(newest, statements=last, scales=scales)
