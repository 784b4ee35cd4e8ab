"""Decisions per statement and group: after all rounds, or of one round."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from analysis.rules import rule_sentence
from app.domain.messages import N_
from app.services.groupings import read_groupings
from app.services.results import LastDecision, StudyResults, last_decisions, read_results
from app.web.researcher.decision_table import DecisionTable, decision_table
from app.web.researcher.desk import Room, RoundNumber, StudyDesk, find_study_desk
from app.web.researcher.figure_links import LAST, FigureKind, figure_links
from app.web.researcher.figures import DecisionCount, RatedCriterion, StudyWords, decision_counts
from app.web.researcher.grouping_words import grouping_choices
from app.web.researcher.map_of_statements import StatementMap, statement_map
from app.web.shared.parts import Choice, Crumb, NavLink
from app.web.shared.state import database_of

router = APIRouter()


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """The decisions of one round, or (`round_number` None) the last on every statement."""

    round_number: int | None
    rounds: tuple[NavLink, ...]
    counts: tuple[DecisionCount, ...]
    table: DecisionTable
    maps: tuple[StatementMap, ...]
    shows_criteria: bool
    rules: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    just_closed: bool
    rounds_href: str
    compare_href: str
    figures_href: str
    groupings: tuple[Choice, ...]
    grouping_action: str


@router.get("/research/{slug}/results")
def show_results(request: Request, slug: str) -> Response:
    """Show the last decision on every statement."""
    desk = find_study_desk(request, slug, Room.RESULTS)
    results = read_results(database_of(request), slug)
    return desk.show("results.html", _page(desk, results, last_decisions(results.analyses)))


@router.get("/research/{slug}/results/{number}")
def show_round_results(request: Request, slug: str, number: RoundNumber, done: str = "") -> Response:
    """Show what one round decided."""
    desk = find_study_desk(request, slug, Room.RESULTS)
    results = read_results(database_of(request), slug, number)
    entries = (LastDecision(number, entry) for entry in results.analysis_of(number).statements)
    page = _page(desk, results, entries, number, just_closed=done == "closed")
    here = Crumb(desk.say(N_("Round %(round)s")) % {"round": number})
    return desk.inside(here).show("results.html", page)


def _page(
    desk: StudyDesk,
    results: StudyResults,
    entries: Iterable[LastDecision],
    number: int | None = None,
    *,
    just_closed: bool = False,
) -> ResultsPage:
    words = StudyWords(results.protocol, desk.locale)
    every = tuple(entries)
    rated = rated_criteria(results, desk.locale)
    shown = results.analyses[-1:] if number is None else (results.analysis_of(number),)
    criteria = tuple(dict.fromkeys(entry.analysis.criterion for entry in every))
    latest = number or (shown[-1].round if shown else None)
    path = desk.path(Room.RESULTS, "" if number is None else number)
    return ResultsPage(
        round_number=number,
        rounds=_round_links(desk, results, number),
        counts=decision_counts(Counter(entry.analysis.decision for entry in every)),
        table=decision_table(desk, results, rated, every, desk.request.query_params, path),
        maps=_maps(desk, words, every, criteria, number),
        shows_criteria=len(criteria) > 1,
        rules=tuple(
            (words.criterion(code), rule_sentence(rated[shown[-1].round, code].rule, desk.locale))
            for code in criteria
        ),
        notes=tuple(words.reason(note) for analysis in shown for note in analysis.notes),
        just_closed=just_closed,
        rounds_href=desk.path(Room.ROUNDS),
        compare_href=desk.path("compare") if len(results.analyses) > 1 else "",
        figures_href=desk.path("figures", latest) if latest else "",
        groupings=grouping_choices(desk, read_groupings(database_of(desk.request), results.study.id)),
        grouping_action=desk.path("groupings", latest) if latest else "",
    )


def _maps(
    desk: StudyDesk,
    words: StudyWords,
    entries: tuple[LastDecision, ...],
    criteria: tuple[str, ...],
    number: int | None,
) -> tuple[StatementMap, ...]:
    if len(words.groups) == 1:
        return ()
    return tuple(
        statement_map(
            desk,
            words.criterion(code) if len(criteria) > 1 else "",
            (entry for entry in entries if entry.analysis.criterion == code),
            figure_links(desk, number or LAST, FigureKind.MAP, code, desk.say(N_("Map of the statements"))),
        )
        for code in criteria
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
