"""The figures of the report, drawn from the stored analysis; loads the drawing library, so import it late."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from markupsafe import Markup

from analysis.figures import (
    StudyFigure,
    attrition_figure,
    decisions_figure,
    distribution_figure,
    medians_figure,
    rules_figure,
    to_svg,
    transitions_figure,
)
from analysis.results import OVERALL
from analysis.rules import Decision
from analysis.what_if_results import SensitivityAnalysis
from app.reports.facts import StudyReport
from app.reports.tables import TO
from app.reports.words import Words

MOST_STATEMENTS_IN_A_FIGURE = 8
MOST_BARS_IN_A_FIGURE = 26
"""More would not fit on a printed page, be they drawn group by group or in one bar each."""

_NAME = re.compile(r'(\bid="|url\(#|href="#|aria-(?:labelledby|describedby)=")')


@dataclass(frozen=True)
class Drawing:
    """A figure as inline SVG, with its title; the same content in words is inside the SVG."""

    title: str
    svg: Markup


@dataclass(frozen=True)
class Drawings:
    """All figures: ``medians`` by the code of a topic, ``rules`` by that of a criterion."""

    panel: tuple[Drawing, ...]
    decisions: tuple[Drawing, ...]
    still_open: tuple[Drawing, ...]
    medians: Mapping[str, tuple[Drawing, ...]]
    transitions: tuple[Drawing, ...]
    rules: Mapping[str, Drawing]


def draw(report: StudyReport, words: Words) -> Drawings:
    """Draw every figure of a report."""
    desk = _Desk(report, words)
    sensitivity = ((criterion, report.last_sensitivity(criterion)) for criterion in desk.criteria)
    return Drawings(
        panel=(desk.panel(),) if report.analysis.flow else (),
        decisions=tuple(desk.decisions(criterion) for criterion in desk.criteria),
        still_open=tuple(
            desk.distributions(criterion, part)
            for criterion in desk.criteria
            for part in _parts(desk.open_statements(criterion), MOST_STATEMENTS_IN_A_FIGURE)
        ),
        medians={
            topic.code: tuple(
                desk.medians(criterion, part)
                for criterion in desk.criteria
                for part in _parts(desk.statements_of(topic.code, criterion), MOST_STATEMENTS_IN_A_FIGURE)
            )
            for topic in report.topics
        },
        transitions=tuple(
            desk.transitions(criterion, part)
            for criterion in desk.criteria
            for part in _parts(desk.statements_rated_twice(criterion), MOST_BARS_IN_A_FIGURE)
        ),
        rules={criterion: desk.rules(analysis) for criterion, analysis in sensitivity if analysis},
    )


def _parts(statements: Sequence[str], most: int) -> list[Sequence[str]]:
    """The statements in parts of about equal length, none too long for a page."""
    n_parts = -(-len(statements) // most)
    bounds = [round(part * len(statements) / n_parts) for part in range(n_parts + 1)] if n_parts else []
    return [statements[low:high] for low, high in pairwise(bounds)]


class _Desk:
    """Draws one figure after the other and keeps their names apart in the document."""

    def __init__(self, report: StudyReport, words: Words) -> None:
        self._report = report
        self._words = words
        self._n_drawn = 0
        self._last = report.last_of_every_statement
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

    def statements_rated_twice(self, criterion: str) -> list[str]:
        """The statements that somebody rated in their last round and in the one before it."""
        return [
            entry.statement
            for entry in self._last.statements
            if entry.criterion == criterion and any(one.group == OVERALL and one.n for one in entry.stability)
        ]

    def panel(self) -> Drawing:
        """Who took part in each round, who came later, and who was lost."""
        figure = attrition_figure(
            self._report.analysis.flow, locale=self._words.locale, group_names=self._words.group_names
        )
        return self._drawn(figure, figure.title)

    def transitions(self, criterion: str, statements: Sequence[str]) -> Drawing:
        """How the same panelists moved between the last two rounds of each statement."""
        title = self._words.gettext(
            "Which way panelists moved between the last two rounds: %(statements)s",
            statements=self._span(statements),
        )
        figure = transitions_figure(self._last, criterion, locale=self._words.locale, statements=statements)
        return self._drawn(figure, self._titled(title, criterion))

    def rules(self, analysis: SensitivityAnalysis) -> Drawing:
        """How many statements each rule would have accepted, left open or rejected."""
        figure = rules_figure(analysis, locale=self._words.locale)
        return self._drawn(figure, self._titled(figure.title, analysis.criterion))

    def decisions(self, criterion: str) -> Drawing:
        """The flow of decisions on one criterion."""
        figure = decisions_figure(self._report.analysis, criterion, locale=self._words.locale)
        return self._drawn(figure, self._titled(figure.title, criterion))

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
        if len(statements) > MOST_STATEMENTS_IN_A_FIGURE:
            return self._words.gettext(TO, first=statements[0], last=statements[-1])
        return self._words.formats.listing(statements)

    def _titled(self, title: str, criterion: str) -> str:
        return f"{title} ({self._words.criterion(criterion)})" if self._words.has_many_criteria else title

    def _drawn(self, figure: StudyFigure, title: str) -> Drawing:
        self._n_drawn += 1
        svg = to_svg(replace(figure, title=title))
        # Names must not meet those of another figure in the document.
        svg = _NAME.sub(rf"\g<1>figure-{self._n_drawn}-", svg)
        return Drawing(title, Markup(svg))  # noqa: S704 - our own drawing, in which names are escaped
