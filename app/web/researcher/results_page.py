"""Decisions per statement and group: after all rounds, or of one round."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from analysis.results import OVERALL, DivergenceClass
from analysis.rules import Decision, rule_sentence
from app.domain.messages import N_, Sentence
from app.services.results import LastDecision, StudyResults, last_decisions, read_results
from app.web.researcher.desk import Room, RoundNumber, StudyDesk, find_study_desk
from app.web.researcher.figures import (
    DecisionCount,
    FigureCell,
    RatedCriterion,
    ShareCell,
    StudyWords,
    decision_counts,
)
from app.web.researcher.texts import Told, told
from app.web.researcher.wording import DIVERGENCE_WORDS
from app.web.shared.parts import Column, Crumb, NavLink, ShareBar
from app.web.shared.state import database_of

router = APIRouter()


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One statement on one criterion: what was decided, by whom, why, and how far the groups are apart."""

    code: str
    href: str
    text: Told
    criterion: str
    round_number: int
    decision: Decision
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
class ResultsPage:
    """The decisions of one round, or (`round_number` None) the last on every statement."""

    round_number: int | None
    rounds: tuple[NavLink, ...]
    counts: tuple[DecisionCount, ...]
    filters: tuple[DecisionFilter, ...]
    columns: tuple[Column, ...]
    lines: tuple[ResultLine, ...]
    shows_criteria: bool
    rules: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    just_closed: bool
    rounds_href: str


@router.get("/research/{slug}/results")
def show_results(request: Request, slug: str, decision: str = "") -> Response:
    """Show the last decision on every statement."""
    desk = find_study_desk(request, slug, Room.RESULTS)
    results = read_results(database_of(request), slug)
    return desk.show("results.html", _page(desk, results, last_decisions(results.analyses), decision))


@router.get("/research/{slug}/results/{number}")
def show_round_results(
    request: Request, slug: str, number: RoundNumber, decision: str = "", done: str = ""
) -> Response:
    """Show what one round decided."""
    desk = find_study_desk(request, slug, Room.RESULTS)
    results = read_results(database_of(request), slug, number)
    entries = (LastDecision(number, entry) for entry in results.analysis_of(number).statements)
    page = _page(desk, results, entries, decision, number, just_closed=done == "closed")
    here = Crumb(desk.say(N_("Round %(round)s")) % {"round": number})
    return desk.inside(here).show("results.html", page)


def _page(
    desk: StudyDesk,
    results: StudyResults,
    entries: Iterable[LastDecision],
    decision: str,
    number: int | None = None,
    *,
    just_closed: bool = False,
) -> ResultsPage:
    words = StudyWords(results.protocol, desk.locale)
    chosen = Decision(decision) if decision in set(Decision) else None
    every = tuple(entries)
    tally = {one: sum(entry.analysis.decision is one for entry in every) for one in Decision}
    rated = rated_criteria(results, desk.locale)
    shown = results.analyses[-1:] if number is None else (results.analysis_of(number),)
    criteria = tuple(dict.fromkeys(entry.analysis.criterion for entry in every))
    return ResultsPage(
        round_number=number,
        rounds=_round_links(desk, results, number),
        counts=decision_counts(tally),
        filters=_filters(desk.path(Room.RESULTS, "" if number is None else number), tally, chosen),
        columns=_columns(desk, words, shows_criteria=len(criteria) > 1),
        lines=tuple(
            _line(desk, results, words, rated[entry.round_number, entry.analysis.criterion], entry)
            for entry in every
            if chosen in (None, entry.analysis.decision)
        ),
        shows_criteria=len(criteria) > 1,
        rules=tuple(
            (words.criterion(code), rule_sentence(rated[shown[-1].round, code].rule, desk.locale))
            for code in criteria
        ),
        notes=tuple(words.reason(note) for analysis in shown for note in analysis.notes),
        just_closed=just_closed,
        rounds_href=desk.path(Room.ROUNDS),
    )


def _round_links(desk: StudyDesk, results: StudyResults, number: int | None) -> tuple[NavLink, ...]:
    after_all = NavLink(desk.say(N_("After all rounds")), desk.path(Room.RESULTS), is_current=number is None)
    return (
        after_all,
        *(
            NavLink(
                desk.say(N_("Round %(round)s")) % {"round": one},
                desk.path(Room.RESULTS, one),
                is_current=one == number,
            )
            for one in results.analysed_rounds
        ),
    )


def rated_criteria(results: StudyResults, locale: str) -> dict[tuple[int, str], RatedCriterion]:
    """Every criterion as it was rated in each analysed round."""
    return {
        (analysis.round, code): RatedCriterion.of(analysis, results.protocol.criterion(code), locale)
        for analysis in results.analyses
        for code in analysis.criteria
    }


def _line(
    desk: StudyDesk, results: StudyResults, words: StudyWords, rated: RatedCriterion, entry: LastDecision
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
        shares=rated.share_bar(OVERALL, everyone.counts),
        groups=tuple(words.share(figures, figures.agree) for figures in groups),
        everyone=words.share(everyone, everyone.agree),
        divergence=divergence.decision_class,
        divergence_word=Sentence(DIVERGENCE_WORDS[divergence.decision_class]),
        gap=words.figure(divergence.gap.estimate.value),
        reasons=tuple(words.reason(reason) for reason in analysis.reasons),
    )


def _filters(address: str, tally: dict[Decision, int], chosen: Decision | None) -> tuple[DecisionFilter, ...]:
    every = DecisionFilter(None, sum(tally.values()), address, chosen is None)
    return (
        every,
        *(
            DecisionFilter(one, n, f"{address}?decision={one}", chosen is one)
            for one, n in tally.items()
            if n or chosen is one
        ),
    )


def _columns(desk: StudyDesk, words: StudyWords, *, shows_criteria: bool) -> tuple[Column, ...]:
    return (
        Column(desk.say(N_("Code"))),
        Column(desk.say(N_("Statement"))),
        *((Column(desk.say(N_("Criterion"))),) if shows_criteria else ()),
        Column(desk.say(N_("Decision"))),
        *(Column(label.name, "number") for label in words.groups),
        Column(desk.say(N_("Everyone")), "number"),
        Column(desk.say(N_("Gap")), "number"),
    )
