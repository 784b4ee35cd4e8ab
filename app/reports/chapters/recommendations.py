"""What the study recommends, a chapter for each audience, with what every recommendation rests on."""

from dataclasses import dataclass

from analysis.rules import Decision
from app.reports.chapters.statements import statement_address
from app.reports.facts import ReportedAudience, ReportedRecommendation, StudyReport
from app.reports.words import Text, Words


@dataclass(frozen=True)
class Foundation:
    """Something that a recommendation rests on; ``address`` is where it stands in the report, if it does."""

    label: str
    text: Text
    address: str = ""
    decision: Decision | None = None
    decision_word: str = ""


@dataclass(frozen=True)
class ToldRecommendation:
    """A recommendation, the reservation under it, and what it rests on."""

    text: Text
    reservation: Text
    foundations: tuple[Foundation, ...]


@dataclass(frozen=True)
class RecommendationsChapter:
    """What is said to one audience."""

    id: str
    title: str
    recommendations: tuple[ToldRecommendation, ...]


def recommendations_chapters(report: StudyReport, words: Words) -> tuple[RecommendationsChapter, ...]:
    """A chapter for every audience to whom something is said."""
    return tuple(_chapter(report, audience, words) for audience in report.audiences)


def _chapter(report: StudyReport, audience: ReportedAudience, words: Words) -> RecommendationsChapter:
    name = words.text(audience.name).text or audience.code
    return RecommendationsChapter(
        id=f"recommendations-{audience.code}",
        title=words.gettext("Recommendations: %(audience)s", audience=name),
        recommendations=tuple(
            ToldRecommendation(
                text=words.text(one.text),
                reservation=words.text(one.reservation),
                foundations=_foundations(report, one, words),
            )
            for one in audience.recommendations
        ),
    )


def _foundations(report: StudyReport, one: ReportedRecommendation, words: Words) -> tuple[Foundation, ...]:
    texts = {statement.code: words.text(statement.text) for statement in report.statements}
    cards = {card.code: words.text(card.title) for card in report.evidence}
    statements = [
        Foundation(
            label=words.statement(final.statement, final.criterion),
            text=texts.get(code, Text("")),
            address=statement_address(final.statement, final.criterion),
            decision=final.decision,
            decision_word=words.decision(final.decision),
        )
        for code in one.statements
        for final in report.analysis.final
        if final.statement == code
    ]
    evidence = [
        Foundation(code, cards.get(code, Text("")), f"evidence-{code}" if code in cards else "")
        for code in one.evidence
    ]
    themes = [
        Foundation(words.gettext("Theme"), Text(theme.heading.get(words.locale, "") or theme.name))
        for theme in one.themes
    ]
    return (*statements, *themes, *evidence)
