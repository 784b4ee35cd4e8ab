"""One statement in one round: how each group rated it, why it was decided so, where the groups part, and what moved."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

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
from app.services.results import StudyResults, read_results, statement_analyses
from app.web.researcher.desk import Room, StudyDesk, find_study_desk
from app.web.researcher.figures import FigureCell, GroupLabel, RatedCriterion, ShareCell, StudyWords
from app.web.researcher.results_page import rated_criteria
from app.web.researcher.texts import Told, told
from app.web.researcher.wording import DIVERGENCE_WORDS, STABILITY_WORDS
from app.web.shared.parts import Column, Crumb, Histogram, NavLink, ShareBar
from app.web.shared.state import database_of

router = APIRouter()


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
    consensus: FigureCell


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


@dataclass(frozen=True, slots=True)
class ResultColumns:
    """The heads of the tables of the page."""

    groups: tuple[Column, ...]
    tests: tuple[Column, ...]
    pairs: tuple[Column, ...]
    stability: tuple[Column, ...]
    history: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class StatementResultPage:
    """One statement in one round."""

    code: str
    text: Told
    topic: Told
    version: int
    round_number: int
    criteria: tuple[CriterionResult, ...]
    columns: ResultColumns
    previous: NavLink | None
    next: NavLink | None


@router.get("/research/{slug}/results/{number}/{code}")
def show_statement_result(request: Request, slug: str, number: int, code: str) -> Response:
    """Show everything about one statement in one round."""
    desk = find_study_desk(request, slug, Room.RESULTS)
    results = read_results(database_of(request), slug, number)
    analyses = statement_analyses(results, number, code)
    round_ = Crumb(desk.say(N_("Round %(round)s")) % {"round": number}, desk.path(Room.RESULTS, number))
    shown = _page(desk, results, number, analyses)
    return desk.inside(round_, Crumb(code)).show("statement_result.html", shown)


def _page(
    desk: StudyDesk, results: StudyResults, number: int, analyses: tuple[StatementAnalysis, ...]
) -> StatementResultPage:
    code = analyses[0].statement
    statement = results.statements[code]
    words = StudyWords(results.protocol, desk.locale)
    topics = {topic.code: told(topic.name, desk.locale) for topic in results.topics}
    asked = list(dict.fromkeys(e.statement for e in results.analysis_of(number).statements))
    place = asked.index(code)
    reader = _Reader(desk, results, words, rated_criteria(results, desk.locale), number)
    return StatementResultPage(
        code=code,
        text=told(statement.text, desk.locale),
        topic=topics[statement.topic],
        version=statement.version,
        round_number=number,
        criteria=tuple(reader.criterion(analysis) for analysis in analyses),
        columns=_columns(desk, results, code),
        previous=_link(desk, number, asked[place - 1]) if place else None,
        next=_link(desk, number, asked[place + 1]) if place + 1 < len(asked) else None,
    )


def _link(desk: StudyDesk, number: int, code: str) -> NavLink:
    return NavLink(code, desk.path(Room.RESULTS, number, code))


@dataclass(frozen=True)
class _Reader:
    """Reads stored analyses into the lines of the page."""

    desk: StudyDesk
    results: StudyResults
    words: StudyWords
    rated: dict[tuple[int, str], RatedCriterion]
    number: int

    def criterion(self, analysis: StatementAnalysis) -> CriterionResult:
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
            key=rated.share_bar(analysis.figures_of(OVERALL).counts),
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
            shares=rated.share_bar(figures.counts) if figures.counts else None,
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
            consensus=self.words.figure(divergence.group_informed_consensus_geometric),
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


def _columns(desk: StudyDesk, results: StudyResults, code: str) -> ResultColumns:
    def heads(first: str, *numbers: str, last: str = "") -> tuple[Column, ...]:
        return (
            Column(desk.say(first), is_sortable=False),
            *(Column(desk.say(label), "number", is_sortable=False) for label in numbers),
            *((Column(desk.say(last), is_sortable=False),) if last else ()),
        )

    asked_in = (a.round for a in results.analyses if any(e.statement == code for e in a.statements))
    return ResultColumns(
        groups=heads(
            N_("Group"),
            N_("Ratings"),
            N_("Unable"),
            N_("No answer"),
            N_("Agree"),
            N_("Neutral"),
            N_("Disagree"),
            N_("Median"),
            N_("Quartiles"),
            N_("Mean"),
            N_("SD"),
            N_("Cns"),
            N_("A"),
            last=N_("By the rule alone"),
        ),
        tests=heads(N_("Test"), N_("Effect (ε²)"), N_("p"), N_("p, over all statements")),
        pairs=heads(
            N_("Groups"), N_("Cliff’s delta"), N_("Distance"), N_("p, corrected"), last=N_("What it means")
        ),
        stability=heads(
            N_("Group"),
            N_("Rated twice"),
            N_("Unchanged"),
            N_("Towards agreement"),
            N_("Towards disagreement"),
            N_("Net change"),
            N_("Kappa"),
            N_("p (Wilcoxon)"),
            last=N_("Verdict"),
        ),
        history=(
            Column(desk.say(N_("Group")), is_sortable=False),
            *(
                Column(desk.say(N_("Round %(round)s")) % {"round": n}, "number", is_sortable=False)
                for n in asked_in
            ),
        ),
    )
