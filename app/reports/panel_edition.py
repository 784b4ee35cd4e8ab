"""The report for the panel: what was decided, and nothing that tells how one person answered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from analysis.results import RoundAnalysis, StatementAnalysis
from analysis.rules import Decision, rule_sentence
from app.domain.protocol import Criterion, ProtocolVersion, StakeholderGroup
from app.domain.round import Round
from app.domain.statement import Statement, Topic
from app.domain.telling import may_tell_decision
from app.i18n import N_
from app.reports.facts import ReportedStudy
from app.reports.rendering import report_environment
from app.reports.words import Text, Words

TOLD_WORDS: Mapping[Decision, str] = {
    Decision.CONSENSUS_IN: N_("Accepted by consensus"),
    Decision.CONSENSUS_OUT: N_("Rejected by consensus"),
    Decision.NO_CONSENSUS: N_("No consensus"),
    Decision.NOT_ASSESSABLE: N_("Too few answers to decide"),
}


@dataclass(frozen=True)
class PanelReport:
    """The stored facts that the panel's edition is made from; nothing of single panelists is among them.

    ``analyses`` are those of every analysed round, first round first; ``statements`` stand in the wording
    that was rated last. ``left_behind`` names what was decided, by round, statement and criterion, on other
    ratings than those in the released figures.
    """

    study: ReportedStudy
    protocols: tuple[ProtocolVersion, ...]
    rounds: tuple[Round, ...]
    topics: tuple[Topic, ...]
    statements: tuple[Statement, ...]
    analyses: tuple[RoundAnalysis, ...]
    left_behind: frozenset[tuple[int, str, str]] = frozenset()

    @property
    def groups(self) -> tuple[StakeholderGroup, ...]:
        """The stakeholder groups, in the study's order."""
        return self.protocols[-1].protocol.groups

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """What statements are rated on."""
        return self.protocols[-1].protocol.criteria


@dataclass(frozen=True)
class ToldDecision:
    """A statement and what was decided on it; without ``decision`` that is not told."""

    code: str
    text: Text
    decision: Decision | None
    words: str


@dataclass(frozen=True)
class ToldTopic:
    """The decisions on one topic."""

    id: str
    name: Text
    decisions: tuple[ToldDecision, ...]


@dataclass(frozen=True)
class Outcome:
    """How many statements ended in one way."""

    decision: Decision | None
    words: str
    n: str


@dataclass(frozen=True)
class CriterionOutcome:
    """How the study ended on one criterion, and by which rule."""

    name: str
    rule: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class PanelEditionPage:
    """What the template of the panel's edition sees."""

    locale: str
    title: Text
    organiser: Text
    purpose: tuple[Text, ...]
    contact: str
    is_synthetic: bool
    computed: str
    course: str
    criteria: tuple[CriterionOutcome, ...]
    topics: tuple[ToldTopic, ...]
    keeps_some_back: bool
    nonce: str
    back_path: str


def render_panel_edition(report: PanelReport, locale: str, *, nonce: str = "", back_path: str = "") -> str:
    """The panel's edition in one language, as one HTML page that needs nothing else.

    Parameters
    ----------
    locale
        One of the product's languages.
    nonce
        What the page's own style must carry where a content security policy asks for it.
    back_path
        Where the way back leads; empty for a page that stands alone.
    """
    page = _Edition(report, Words(report, locale)).page(nonce, back_path)
    return report_environment(locale).get_template("panel_edition.html").render(page=page)


class _Edition:
    """Says in the words of one language what was decided, where it may be told."""

    def __init__(self, report: PanelReport, words: Words) -> None:
        self._report = report
        self._words = words

    def page(self, nonce: str, back_path: str) -> PanelEditionPage:
        report, words = self._report, self._words
        texts = report.study.texts
        purpose = words.text(texts.purpose)
        return PanelEditionPage(
            locale=words.locale,
            title=words.text(texts.title),
            organiser=words.text(texts.organiser),
            purpose=tuple(Text(part.strip(), purpose.language) for part in purpose.text.split("\n\n")),
            contact=report.study.contact,
            is_synthetic=report.study.synthetic,
            computed=words.day(report.study.concluded_at) if report.study.concluded_at else "",
            course=self._course(),
            criteria=tuple(self._outcome(criterion) for criterion in report.criteria),
            topics=tuple(topic for topic in map(self._topic, report.topics) if topic.decisions),
            keeps_some_back=None in self._told.values(),
            nonce=nonce,
            back_path=back_path,
        )

    @cached_property
    def _last(self) -> dict[tuple[str, str], tuple[int, StatementAnalysis]]:
        """The round in which a statement was rated last, and its analysis, by statement and criterion."""
        return {
            (entry.statement, entry.criterion): (analysis.round, entry)
            for analysis in self._report.analyses
            for entry in analysis.statements
        }

    @cached_property
    def _told(self) -> dict[tuple[str, str], Decision | None]:
        return {
            key: entry.decision if self._may_tell(number, entry) else None
            for key, (number, entry) in self._last.items()
        }

    def _may_tell(self, number: int, entry: StatementAnalysis) -> bool:
        report = self._report
        counts = {figures.group: figures.counts for figures in entry.groups}
        return may_tell_decision(
            {group.code: counts[group.code] for group in report.groups if group.code in counts},
            k=max(version.protocol.minimum_group_size for version in report.protocols),
            is_as_shown=(number, entry.statement, entry.criterion) not in report.left_behind,
        )

    def _course(self) -> str:
        words, report = self._words, self._report
        n_statements = len({statement for statement, _ in self._last})
        asked = words.gettext(
            "The panel rated %(statements)s in %(rounds)s. It has these groups: %(groups)s.",
            statements=words.ngettext("%(n)s statement", "%(n)s statements", n_statements),
            rounds=words.ngettext("%(n)s round", "%(n)s rounds", len(report.analyses)),
            groups=words.formats.listing(words.group_names.values()),
        )
        opened = [one.opened_at for one in report.rounds if one.opened_at]
        closed = [one.closed_at for one in report.rounds if one.closed_at]
        dates = words.gettext(
            "The first round opened on %(opened)s; the last one closed on %(closed)s.",
            opened=words.day(min(opened)),
            closed=words.day(max(closed)),
        )
        return f"{asked} {dates}"

    def _outcome(self, criterion: Criterion) -> CriterionOutcome:
        words = self._words
        told = [decision for (_, code), decision in self._told.items() if code == criterion.code]
        return CriterionOutcome(
            name=words.criterion(criterion.code) if words.has_many_criteria else "",
            rule=rule_sentence(criterion.rule, words.locale),
            outcomes=tuple(
                Outcome(decision, self._said(decision), words.number(told.count(decision)))
                for decision in (*Decision, None)
                if decision in told or decision in (Decision.CONSENSUS_IN, Decision.NO_CONSENSUS)
            ),
        )

    def _topic(self, topic: Topic) -> ToldTopic:
        asked = [one for one in self._report.statements if one.topic == topic.code]
        return ToldTopic(
            id=f"topic-{topic.code}",
            name=self._words.text(topic.name),
            decisions=tuple(told for statement in asked for told in self._decisions(statement)),
        )

    def _decisions(self, statement: Statement) -> Iterator[ToldDecision]:
        for criterion in self._report.criteria:
            key = (statement.code, criterion.code)
            if key in self._told:
                yield ToldDecision(
                    code=self._words.statement(statement.code, criterion.code),
                    text=self._words.text(statement.text),
                    decision=self._told[key],
                    words=self._said(self._told[key]),
                )

    def _said(self, decision: Decision | None) -> str:
        if decision is None:
            return self._words.gettext("Not told here, to protect single people")
        return self._words.gettext(TOLD_WORDS[decision])
