"""The table of decisions: which statements it shows, in which order, and what each line tells."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal
from urllib.parse import urlencode

from analysis.results import OVERALL, DivergenceClass, Figure, NotAssessable, RoundAnalysis, StatementAnalysis
from analysis.rules import Decision
from app.domain.messages import N_, Sentence
from app.services.results import LastDecision, StudyResults
from app.web.researcher.desk import Room, StudyDesk
from app.web.researcher.figures import FigureCell, RatedCriterion, ShareCell, StudyWords
from app.web.researcher.pages import Pages, cut_to_page
from app.web.researcher.texts import Told, told
from app.web.researcher.wording import DIVERGENCE_WORDS
from app.web.shared.parts import Choice, Column, ShareBar


class Since(StrEnum):
    """What became of a decision since the round before that asked the statement."""

    CHANGED = "changed"
    KEPT = "kept"
    FIRST = "first"


class Order(StrEnum):
    """By what the lines are sorted, besides the share of one group; otherwise they stand as in the study."""

    DECISION = "decision"
    EVERYONE = "everyone"
    GAP = "gap"


PAGE_SIZE: Final = 100
BY_GROUP: Final = "group-"
"""Stands before the code of a group by whose share of agreement the lines are sorted."""
REVERSED: Final = "yes"

_SINCE_WORDS: Final = {
    Since.CHANGED: N_("Decided otherwise"),
    Since.KEPT: N_("Decided alike"),
    Since.FIRST: N_("Asked for the first time"),
}


@dataclass(frozen=True, slots=True)
class TableChoice:
    """Which lines are asked for, and their order; what is empty asks for nothing."""

    decision: str = ""
    divergence: str = ""
    topic: str = ""
    since: str = ""
    sort: str = ""
    reverse: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str], topics: Iterable[str], groups: Iterable[str]) -> "TableChoice":
        """What an address asks for; what the table does not know is left out."""
        known: dict[str, set[str]] = {
            "decision": set(Decision),
            "divergence": set(DivergenceClass),
            "topic": set(topics),
            "since": set(Since),
            "sort": {*Order, *(f"{BY_GROUP}{code}" for code in groups)},
            "reverse": {REVERSED},
        }
        return cls(**{name: asked[name] for name, values in known.items() if asked.get(name) in values})

    def address(self, path: str, **changed: str) -> str:
        """The address of the table as chosen, but for what is ``changed``."""
        chosen = replace(self, **changed)
        asked = {name: getattr(chosen, name) for name in TableChoice.__slots__ if getattr(chosen, name)}
        return f"{path}?{urlencode(asked)}" if asked else path


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One statement on one criterion: what was decided, by whom, why, and how far the groups are apart.

    ``before`` is what the round before decided on it, where that was something else.
    """

    code: str
    href: str
    text: Told
    criterion: str
    round_number: int
    decision: Decision
    before: Decision | None
    shares: ShareBar
    groups: tuple[ShareCell, ...]
    everyone: ShareCell
    divergence: DivergenceClass
    divergence_word: Sentence
    gap: FigureCell
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """A link to the statements of one decision, or of all (None)."""

    decision: Decision | None
    n: int
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class TableFields:
    """The fields by which the table is narrowed down and put in order."""

    action: str
    chosen: TableChoice
    divergences: tuple[Choice, ...]
    topics: tuple[Choice, ...]
    since: tuple[Choice, ...]
    all_href: str


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """The table with its fields, and the links to the decisions with how many lines each has."""

    fields: TableFields
    filters: tuple[DecisionFilter, ...]
    columns: tuple[Column, ...]
    lines: tuple[ResultLine, ...]
    pages: Pages


def decision_table(
    desk: StudyDesk,
    results: StudyResults,
    rated: Mapping[tuple[int, str], RatedCriterion],
    entries: Sequence[LastDecision],
    asked: Mapping[str, str],
    path: str,
) -> DecisionTable:
    """The decisions that an address asks for.

    Parameters
    ----------
    rated
        Every criterion as it was rated in each round.
    entries
        The statements of one round, or the last decision on each.
    asked, path
        The parameters of the address, and the address without them.
    """
    words = StudyWords(results.protocol, desk.locale)
    groups = [label.code for label in words.groups]
    chosen = TableChoice.read(asked, (topic.code for topic in results.topics), groups)
    before = decisions_before(results.analyses)
    listed = [entry for entry in entries if _is_asked_for(results, entry, before.get(_key(entry)), chosen)]
    shown = _in_order([entry for entry in listed if chosen.decision in ("", entry.analysis.decision)], chosen)
    on_page, pages = cut_to_page(desk, chosen.address(path), asked.get("page", ""), shown, PAGE_SIZE)
    return DecisionTable(
        fields=_fields(desk, results, chosen, path),
        filters=_filters(listed, chosen, path),
        columns=_columns(
            desk, words, chosen, path, shows_criteria=len({e.analysis.criterion for e in entries}) > 1
        ),
        lines=tuple(
            _line(desk, results, words, rated[e.round_number, e.analysis.criterion], e, before.get(_key(e)))
            for e in on_page
        ),
        pages=pages,
    )


Key = tuple[int, str, str]


def decisions_before(analyses: Iterable[RoundAnalysis]) -> dict[Key, Decision]:
    """What was decided by the round before that asked a statement, by round, statement and criterion."""
    last: dict[tuple[str, str], Decision] = {}
    before: dict[Key, Decision] = {}
    for analysis in analyses:
        for entry in analysis.statements:
            rated = entry.statement, entry.criterion
            if rated in last:
                before[analysis.round, *rated] = last[rated]
            last[rated] = entry.decision
    return before


def _key(entry: LastDecision) -> Key:
    return entry.round_number, entry.analysis.statement, entry.analysis.criterion


def _is_asked_for(
    results: StudyResults, entry: LastDecision, before: Decision | None, chosen: TableChoice
) -> bool:
    analysis = entry.analysis
    since = Since.FIRST if before is None else Since.KEPT if before is analysis.decision else Since.CHANGED
    return (
        chosen.divergence in ("", analysis.divergence.decision_class)
        and chosen.topic in ("", results.statements[analysis.statement].topic)
        and chosen.since in ("", since)
    )


def _in_order(entries: list[LastDecision], chosen: TableChoice) -> list[LastDecision]:
    """Sorted as asked: shares and gaps from the largest unless turned round, what has none always last."""
    if not chosen.sort:
        return entries
    if chosen.sort == Order.DECISION:
        places = list(Decision)
        return sorted(entries, key=lambda e: places.index(e.analysis.decision), reverse=bool(chosen.reverse))
    figures = [(_figure_of(entry.analysis, chosen.sort), entry) for entry in entries]
    known = [(figure, entry) for figure, entry in figures if not isinstance(figure, NotAssessable)]
    known.sort(key=lambda one: one[0], reverse=not chosen.reverse)
    unknown = (entry for figure, entry in figures if isinstance(figure, NotAssessable))
    return [*(entry for _, entry in known), *unknown]


def _figure_of(analysis: StatementAnalysis, sort: str) -> Figure:
    if sort == Order.GAP:
        return analysis.divergence.gap.estimate.value
    group = OVERALL if sort == Order.EVERYONE else sort.removeprefix(BY_GROUP)
    return analysis.figures_of(group).agree.value


def _line(
    desk: StudyDesk,
    results: StudyResults,
    words: StudyWords,
    rated: RatedCriterion,
    entry: LastDecision,
    before: Decision | None,
) -> ResultLine:
    analysis = entry.analysis
    everyone = analysis.figures_of(OVERALL)
    divergence = analysis.divergence
    groups = (analysis.figures_of(label.code) for label in words.groups)
    return ResultLine(
        code=analysis.statement,
        href=desk.path(Room.RESULTS, entry.round_number, analysis.statement),
        text=told(results.statements[analysis.statement].text, desk.locale),
        criterion=words.criterion(analysis.criterion),
        round_number=entry.round_number,
        decision=analysis.decision,
        before=before if before is not analysis.decision else None,
        shares=rated.share_bar(OVERALL, everyone.counts),
        groups=tuple(words.share(figures, figures.agree) for figures in groups),
        everyone=words.share(everyone, everyone.agree),
        divergence=divergence.decision_class,
        divergence_word=Sentence(DIVERGENCE_WORDS[divergence.decision_class]),
        gap=words.figure(divergence.gap.estimate.value),
        reasons=tuple(words.reason(reason) for reason in analysis.reasons),
    )


def _filters(entries: Iterable[LastDecision], chosen: TableChoice, path: str) -> tuple[DecisionFilter, ...]:
    tally = Counter(entry.analysis.decision for entry in entries)
    every = DecisionFilter(None, tally.total(), chosen.address(path, decision=""), not chosen.decision)
    return (
        every,
        *(
            DecisionFilter(one, tally[one], chosen.address(path, decision=one), chosen.decision == one)
            for one in Decision
            if tally[one] or chosen.decision == one
        ),
    )


def _fields(desk: StudyDesk, results: StudyResults, chosen: TableChoice, path: str) -> TableFields:
    def choices(words: Mapping[str, str], every: str) -> tuple[Choice, ...]:
        listed = (Choice(str(value), desk.say(word)) for value, word in words.items())
        return (Choice("", desk.say(every)), *listed)

    topics = (Choice(topic.code, told(topic.name, desk.locale).text) for topic in results.topics)
    return TableFields(
        action=path,
        chosen=chosen,
        divergences=choices({str(one): word for one, word in DIVERGENCE_WORDS.items()}, N_("All")),
        topics=(Choice("", desk.say(N_("All topics"))), *topics),
        since=choices({str(one): word for one, word in _SINCE_WORDS.items()}, N_("All")),
        all_href=path if chosen != TableChoice() else "",
    )


def _columns(
    desk: StudyDesk, words: StudyWords, chosen: TableChoice, path: str, *, shows_criteria: bool
) -> tuple[Column, ...]:
    def sorted_by(sort: str, label: str, kind: Literal["text", "number"] = "number") -> Column:
        """A head that sorts by its column; once sorted, it turns the order round."""
        is_now = chosen.sort == sort
        turned = REVERSED if is_now and not chosen.reverse else ""
        falls = (kind == "number") is not bool(chosen.reverse)
        return Column(
            label,
            kind,
            href=chosen.address(path, sort=sort, reverse=turned),
            order=("descending" if falls else "ascending") if is_now else "",
        )

    return (
        Column(desk.say(N_("Code")), is_sortable=False),
        Column(desk.say(N_("Statement")), is_sortable=False),
        *((Column(desk.say(N_("Criterion")), is_sortable=False),) if shows_criteria else ()),
        sorted_by(Order.DECISION, desk.say(N_("Decision")), "text"),
        *(sorted_by(f"{BY_GROUP}{label.code}", label.name) for label in words.groups),
        sorted_by(Order.EVERYONE, desk.say(N_("Everyone"))),
        sorted_by(Order.GAP, desk.say(N_("Gap"))),
    )
