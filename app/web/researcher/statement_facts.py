"""What is told of one statement in one round: figures, why it was decided so, divergence and stability."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.results import (
    GROUP_EQUAL,
    OVERALL,
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
from app.services.results import StudyResults
from app.web.researcher.desk import Room, StudyDesk
from app.web.researcher.figures import FigureCell, GroupLabel, RatedCriterion, ShareCell, StudyWords
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


@dataclass(frozen=True, slots=True)
class TestLine:
    """A permutation test between the groups: its p, and p corrected over all statements."""

    name: str
    question: str
    effect: FigureCell | None
    p: FigureCell
    p_corrected: FigureCell


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two groups on the statement; `higher` is the one that rates nearer to agreement, None for neither."""

    first: GroupLabel
    second: GroupLabel
    higher: GroupLabel | None
    lower: GroupLabel | None
    delta: EstimateCell
    wasserstein: FigureCell
    p: FigureCell


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


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One group's share of agreement in every round that asked the statement."""

    label: GroupLabel
    shares: tuple[ShareCell | None, ...]


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
    decisions_by_round: tuple[tuple[int, Decision, str], ...]
    history: tuple[HistoryLine, ...]


@dataclass(frozen=True)
class StatementReader:
    """Reads the stored analyses of one round's statement into the lines of its page."""

    desk: StudyDesk
    results: StudyResults
    words: StudyWords
    rated: Mapping[tuple[int, str], RatedCriterion]
    number: int

    def criterion(self, analysis: StatementAnalysis) -> CriterionResult:
        """Everything about the statement on one criterion."""
        rated = self.rated[self.number, analysis.criterion]
        earlier = self._earlier(analysis)
        criterion = self.results.protocol.criterion(analysis.criterion)
        return CriterionResult(
            name=self.words.criterion(analysis.criterion),
            question=told(criterion.question, self.desk.locale).text,
            decision=analysis.decision,
            reasons=tuple(self.words.reason(reason) for reason in analysis.reasons),
            rule=rule_sentence(rated.rule, self.desk.locale),
            groups=tuple(self._group(rated, figures) for figures in analysis.groups),
            key=rated.share_bar(analysis.groups[0].group, analysis.groups[0].counts),
            histograms=tuple(
                rated.histogram(self.words.group(figures.group), figures)
                for figures in analysis.groups
                if figures.group != GROUP_EQUAL
            ),
            divergence=self._divergence(analysis.divergence),
            previous_round=analysis.stability[0].previous_round if analysis.stability else None,
            stability=tuple(self._stability(one) for one in analysis.stability),
            decisions_by_round=tuple(
                (number, one.decision, self.desk.path(Room.RESULTS, number, one.statement))
                for number, one in earlier
            ),
            history=self._history(tuple(one for _, one in earlier)),
        )

    def _earlier(self, analysis: StatementAnalysis) -> tuple[tuple[int, StatementAnalysis], ...]:
        """The statement in every round that asked it, this one included."""
        return tuple(
            (one.round, entry)
            for one in self.results.analyses
            for entry in one.statements
            if (entry.statement, entry.criterion) == (analysis.statement, analysis.criterion)
        )

    def _group(self, rated: RatedCriterion, figures: GroupFigures) -> GroupLine:
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
        )

    def _estimate(self, estimate: Estimate) -> EstimateCell:
        return EstimateCell(
            *(self.words.figure(one) for one in (estimate.value, estimate.lower, estimate.upper))
        )

    def _divergence(self, divergence: Divergence) -> DivergenceFacts:
        gap = divergence.gap
        return DivergenceFacts(
            word=Sentence(DIVERGENCE_WORDS[divergence.decision_class]),
            gap=self._estimate(gap.estimate),
            highest=self.words.group(gap.highest_group) if gap.highest_group else None,
            lowest=self.words.group(gap.lowest_group) if gap.lowest_group else None,
            tests=(
                self._test(
                    N_("Location (Kruskal-Wallis)"),
                    N_("Do some groups rate nearer to agreement than others?"),
                    divergence.kruskal_wallis,
                    self.words.figure(divergence.epsilon_squared),
                ),
                self._test(
                    N_("Shape (Cramér-von Mises)"),
                    N_("Are the groups’ ratings spread differently?"),
                    divergence.cramer_von_mises,
                    None,
                ),
            ),
            pairs=tuple(self._pair(pair) for pair in divergence.pairs),
        )

    def _test(self, name: str, question: str, test: TestResult, effect: FigureCell | None) -> TestLine:
        say, figure = self.desk.say, self.words.figure
        return TestLine(say(name), say(question), effect, figure(test.p), figure(test.p_fdr))

    def _pair(self, pair: PairDivergence) -> PairLine:
        first, second = self.words.group(pair.first), self.words.group(pair.second)
        delta = self._estimate(pair.cliffs_delta)
        higher, lower = {True: (first, second), False: (second, first)}[(delta.value.value or 0) > 0]
        return PairLine(
            first=first,
            second=second,
            higher=higher if delta.value.value else None,
            lower=lower if delta.value.value else None,
            delta=delta,
            wasserstein=self.words.figure(pair.wasserstein),
            p=self.words.figure(pair.p_holm),
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
        )

    def _history(self, rounds: Iterable[StatementAnalysis]) -> tuple[HistoryLine, ...]:
        listed = tuple(rounds)
        codes = [*(label.code for label in self.words.groups), OVERALL]
        return tuple(
            HistoryLine(
                self.words.group(code),
                tuple(self.words.share(one.figures_of(code), one.figures_of(code).agree) for one in listed),
            )
            for code in codes
        )
