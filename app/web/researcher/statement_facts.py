"""What is told of one statement in one round: figures, why it was decided so, divergence and stability."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.results import (
    GROUP_EQUAL,
    Divergence,
    Estimate,
    GroupFigures,
    PairDivergence,
    Stability,
    StabilityVerdict,
    StatementAnalysis,
    TestResult,
)
from analysis.rules import Decision, rule_sentence
from app.domain.messages import N_, Sentence
from app.services.results import RoundBeside, StudyResults
from app.web.researcher.desk import StudyDesk
from app.web.researcher.figure_links import FigureKind, FigureLinks, figure_links
from app.web.researcher.figures import FigureCell, GroupLabel, RatedCriterion, ShareCell, StudyWords
from app.web.researcher.result_words import ResultWords
from app.web.researcher.statement_rounds import Moves, SideBySide, moves_of, side_by_side
from app.web.researcher.statement_rules import OtherRules, other_rules
from app.web.researcher.texts import told
from app.web.researcher.wording import DIVERGENCE_WORDS, STABILITY_WORDS
from app.web.shared.parts import Histogram, ShareBar


@dataclass(frozen=True, slots=True)
class EstimateCell:
    """A figure with its 95% interval."""

    value: FigureCell
    lower: FigureCell
    upper: FigureCell


@dataclass(frozen=True, slots=True)
class GroupLine:
    """The figures of one group, everyone, or the groups counted equally (which have no counts)."""

    label: GroupLabel
    shares: ShareBar | None
    n: int
    n_abstained: int
    n_missing: int
    agree: ShareCell
    neutral: ShareCell
    disagree: ShareCell
    median: FigureCell
    q1: FigureCell
    q3: FigureCell
    mean: FigureCell
    sd: FigureCell
    cns: FigureCell
    a: FigureCell
    decision: Decision
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TestLine:
    """A permutation test between the groups: its p, and p corrected over all statements."""

    name: str
    question: str
    effect: FigureCell | None
    p: FigureCell
    p_corrected: FigureCell
    meaning: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two groups on the statement."""

    first: GroupLabel
    second: GroupLabel
    delta: EstimateCell
    wasserstein: FigureCell
    p: FigureCell
    meaning: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DivergenceFacts:
    """How far the groups are apart."""

    word: Sentence
    gap: EstimateCell
    highest: GroupLabel | None
    lowest: GroupLabel | None
    tests: tuple[TestLine, ...]
    pairs: tuple[PairLine, ...]


@dataclass(frozen=True, slots=True)
class StabilityLine:
    """The same panelists of one group in the round before and in this one."""

    label: GroupLabel
    n: int
    unchanged: FigureCell
    up: FigureCell
    down: FigureCell
    net_change: FigureCell
    kappa: FigureCell
    p: FigureCell
    verdict: StabilityVerdict
    verdict_word: Sentence
    meaning: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """Everything about the statement on one criterion."""

    name: str
    question: str
    decision: Decision
    reasons: tuple[str, ...]
    rule: str
    groups: tuple[GroupLine, ...]
    key: ShareBar
    histograms: tuple[Histogram, ...]
    divergence: DivergenceFacts
    previous_round: int | None
    stability: tuple[StabilityLine, ...]
    rounds: SideBySide
    moves: tuple[Moves, ...]
    other_rules: OtherRules | None
    figure: FigureLinks


@dataclass(frozen=True)
class FiguresReader:
    """Reads figures by group, and how far the groups are apart, into lines."""

    desk: StudyDesk
    words: StudyWords

    def group(self, rated: RatedCriterion, figures: GroupFigures) -> GroupLine:
        """The figures of one group."""
        words = self.words
        return GroupLine(
            label=words.group(figures.group),
            shares=rated.share_bar(figures.group, figures.counts) if figures.counts else None,
            n=figures.n,
            n_abstained=figures.n_abstained,
            n_missing=figures.n_missing,
            agree=words.share(figures, figures.agree),
            neutral=words.share(figures, figures.neutral),
            disagree=words.share(figures, figures.disagree),
            median=words.figure(figures.median),
            q1=words.figure(figures.q1),
            q3=words.figure(figures.q3),
            mean=words.figure(figures.mean),
            sd=words.figure(figures.sd),
            cns=words.figure(figures.cns),
            a=words.figure(figures.a),
            decision=figures.decision,
            reasons=tuple(words.reason(reason) for reason in figures.reasons),
        )

    def divergence(self, divergence: Divergence) -> DivergenceFacts:
        """How far the groups are apart, with what each test means."""
        gap, told = divergence.gap, ResultWords(self.desk, self.words)
        return DivergenceFacts(
            word=Sentence(DIVERGENCE_WORDS[divergence.decision_class]),
            gap=estimate_cell(self.words, gap.estimate),
            highest=self.words.group(gap.highest_group) if gap.highest_group else None,
            lowest=self.words.group(gap.lowest_group) if gap.lowest_group else None,
            tests=(
                self._test(
                    N_("Location (Kruskal-Wallis)"),
                    N_("Do some groups rate nearer to agreement than others?"),
                    divergence.kruskal_wallis,
                    self.words.figure(divergence.epsilon_squared),
                    told.location(divergence),
                ),
                self._test(
                    N_("Shape (Cramér-von Mises)"),
                    N_("Are the groups’ ratings spread differently?"),
                    divergence.cramer_von_mises,
                    None,
                    told.shape(divergence),
                ),
            ),
            pairs=tuple(self._pair(pair, told.pair(pair)) for pair in divergence.pairs),
        )

    def _test(
        self, name: str, question: str, test: TestResult, effect: FigureCell | None, meaning: tuple[str, ...]
    ) -> TestLine:
        say, figure = self.desk.say, self.words.figure
        return TestLine(say(name), say(question), effect, figure(test.p), figure(test.p_fdr), meaning)

    def _pair(self, pair: PairDivergence, meaning: tuple[str, ...]) -> PairLine:
        return PairLine(
            first=self.words.group(pair.first),
            second=self.words.group(pair.second),
            delta=estimate_cell(self.words, pair.cliffs_delta),
            wasserstein=self.words.figure(pair.wasserstein),
            p=self.words.figure(pair.p_holm),
            meaning=meaning,
        )


def estimate_cell(words: StudyWords, estimate: Estimate) -> EstimateCell:
    """A figure with its interval."""
    return EstimateCell(*(words.figure(one) for one in (estimate.value, estimate.lower, estimate.upper)))


def histograms(
    words: StudyWords, rated: RatedCriterion, groups: Iterable[GroupFigures]
) -> tuple[Histogram, ...]:
    """Every group's distribution as bars by point; the mean of groups has no counts to draw."""
    return tuple(
        rated.histogram(words.group(figures.group), figures)
        for figures in groups
        if figures.group != GROUP_EQUAL
    )


@dataclass(frozen=True)
class StatementReader(FiguresReader):
    """Reads the stored analyses of one round's statement into the lines of its page."""

    results: StudyResults
    beside: RoundBeside
    rated: Mapping[tuple[int, str], RatedCriterion]
    number: int

    def criterion(self, analysis: StatementAnalysis) -> CriterionResult:
        """Everything about the statement on one criterion."""
        rated = self.rated[self.number, analysis.criterion]
        criterion = self.results.protocol.criterion(analysis.criterion)
        links = figure_links(
            self.desk,
            self.number,
            FigureKind.STATEMENT,
            analysis.criterion,
            self.desk.say(N_("How the groups rated")),
            statement=analysis.statement,
        )
        return CriterionResult(
            name=self.words.criterion(analysis.criterion),
            question=told(criterion.question, self.desk.locale).text,
            decision=analysis.decision,
            reasons=tuple(self.words.reason(reason) for reason in analysis.reasons),
            rule=rule_sentence(rated.rule, self.desk.locale),
            groups=tuple(self.group(rated, figures) for figures in analysis.groups),
            key=rated.share_bar(analysis.groups[0].group, analysis.groups[0].counts),
            histograms=histograms(self.words, rated, analysis.groups),
            divergence=self.divergence(analysis.divergence),
            previous_round=analysis.stability[0].previous_round if analysis.stability else None,
            stability=tuple(self._stability(one) for one in analysis.stability),
            rounds=side_by_side(self.desk, self.words, self.rated, self._held(analysis), self.number),
            moves=moves_of(self.desk, self.words, rated, self.beside.comparisons, analysis),
            other_rules=other_rules(self.desk, self.words, self.beside.other_rules, analysis),
            figure=links,
        )

    def _held(self, analysis: StatementAnalysis) -> tuple[tuple[int, StatementAnalysis], ...]:
        """The statement in every round that asked it, this one included."""
        return tuple(
            (one.round, entry)
            for one in self.results.analyses
            for entry in one.statements
            if (entry.statement, entry.criterion) == (analysis.statement, analysis.criterion)
        )

    def _stability(self, one: Stability) -> StabilityLine:
        figure = self.words.figure
        return StabilityLine(
            label=self.words.group(one.group),
            n=one.n,
            unchanged=figure(one.unchanged),
            up=figure(one.up),
            down=figure(one.down),
            net_change=figure(one.net_change),
            kappa=figure(one.kappa),
            p=figure(one.wilcoxon_p),
            verdict=one.verdict,
            verdict_word=Sentence(STABILITY_WORDS[one.verdict]),
            meaning=ResultWords(self.desk, self.words).stability(one),
        )
