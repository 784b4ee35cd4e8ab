"""The consensus report as one HTML file that needs nothing else: styles and figures are inside, no script."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.reports.chapters.decisions import DecisionsChapter, decisions_chapter
from app.reports.chapters.divergence import DivergenceChapter, divergence_chapter
from app.reports.chapters.method import MethodChapter, method_chapter
from app.reports.chapters.panel import PanelChapter, panel_chapter
from app.reports.chapters.recommendations import RecommendationsChapter, recommendations_chapters
from app.reports.chapters.sensitivity import SensitivityChapter, sensitivity_chapter
from app.reports.chapters.sources import SourcesChapter, sources_chapter
from app.reports.chapters.stability import StabilityChapter, stability_chapter
from app.reports.chapters.statements import StatementsChapter, statements_chapter
from app.reports.chapters.summary import SummaryChapter, summary_chapter
from app.reports.drawings import Drawings, draw
from app.reports.facts import StudyReport
from app.reports.rendering import report_environment
from app.reports.words import Text, Words


@dataclass(frozen=True)
class Chapter:
    """A chapter as the contents list it; ``id`` is its address, and names its template if none is shared."""

    id: str
    title: str
    opens_page: bool = False
    shared_template: str = ""

    @property
    def template(self) -> str:
        """The name of its template."""
        return self.shared_template or self.id


@dataclass(frozen=True)
class ReportPage:
    """What the report's template sees; every text is in the reader's language or marked as another one."""

    locale: str
    title: Text
    organiser: Text
    purpose: tuple[Text, ...]
    contact: str
    is_synthetic: bool
    computed: str
    chapters: tuple[Chapter, ...]
    summary: SummaryChapter
    recommendations: Mapping[str, RecommendationsChapter]
    method: MethodChapter
    panel: PanelChapter
    decisions: DecisionsChapter
    statements: StatementsChapter
    divergence: DivergenceChapter
    stability: StabilityChapter
    sensitivity: SensitivityChapter
    sources: SourcesChapter
    drawings: Drawings


def render_html(report: StudyReport, locale: str) -> str:
    """The report in one language; the same facts give the same bytes, anywhere and at any time.

    Parameters
    ----------
    locale
        One of the product's languages. The study's own texts stand in it where the study has them, else in
        the study's reference language, marked as such.
    """
    page = _page(report, Words(report, locale))
    return report_environment(locale).get_template("report.html").render(page=page)


def _page(report: StudyReport, words: Words) -> ReportPage:
    texts = report.study.texts
    title = words.text(texts.title)
    drawings = draw(report, words)
    sensitivity = sensitivity_chapter(report, words, drawings.rules)
    recommendations = recommendations_chapters(report, words)
    return ReportPage(
        locale=words.locale,
        title=title if title.text else Text(report.study.slug),
        organiser=words.text(texts.organiser),
        purpose=_paragraphs(words.text(texts.purpose)),
        contact=report.study.contact,
        is_synthetic=report.study.synthetic,
        computed=words.day(report.analysed_at) if report.analysed_at else "",
        chapters=tuple(_chapters(report, words, recommendations, has_other_rules=bool(sensitivity.criteria))),
        summary=summary_chapter(report, words),
        recommendations={one.id: one for one in recommendations},
        method=method_chapter(report, words),
        panel=panel_chapter(report, words),
        decisions=decisions_chapter(report, words),
        statements=statements_chapter(report, words, drawings.medians),
        divergence=divergence_chapter(report, words),
        stability=stability_chapter(report, words),
        sensitivity=sensitivity,
        sources=sources_chapter(report, words),
        drawings=drawings,
    )


def _chapters(
    report: StudyReport,
    words: Words,
    recommendations: Sequence[RecommendationsChapter],
    *,
    has_other_rules: bool,
) -> Iterator[Chapter]:
    yield Chapter("summary", words.gettext("In brief"))
    for one in recommendations:
        yield Chapter(one.id, one.title, opens_page=True, shared_template="recommendations")
    yield Chapter("method", _method_title(report, words))
    yield Chapter("panel", words.gettext("The panel"))
    yield Chapter("decisions", words.gettext("Decisions"), opens_page=True)
    yield Chapter("open", words.gettext("What was not decided, and why"), opens_page=True)
    yield Chapter("statements", words.gettext("Every statement, group by group"), opens_page=True)
    yield Chapter("divergence", words.gettext("Where the groups differ"), opens_page=True)
    yield Chapter("stability", words.gettext("Stability and agreement"), opens_page=True)
    if has_other_rules:
        yield Chapter("sensitivity", words.gettext("How much hangs on the rule"), opens_page=True)
    if report.evidence:
        yield Chapter("evidence", words.gettext("Evidence shown to the panel"), opens_page=True)
    yield Chapter("sources", words.gettext("Where the figures come from"), opens_page=True)


def _method_title(report: StudyReport, words: Words) -> str:
    """Of ratings from a file it is not known when their rules were fixed."""
    return words.gettext("The method, fixed beforehand") if report.protocols else words.gettext("The method")


def _paragraphs(text: Text) -> tuple[Text, ...]:
    return tuple(Text(part.strip(), text.language) for part in text.text.split("\n\n") if part.strip())
