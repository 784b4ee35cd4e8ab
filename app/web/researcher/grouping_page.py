"""A round by another grouping: exploratory figures, computed when somebody asks for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from analysis.other_views import GroupedAnalysis, GroupedStatement
from analysis.results import OVERALL
from analysis.rules import Decision, rule_sentence
from app.domain.errors import UnknownStatement
from app.domain.messages import N_, Sentence
from app.services.groupings import GroupedResults, analyse_by, read_grouped_results
from app.web.researcher.desk import Room, RoundNumber, StudyDesk, find_study_desk, read_form
from app.web.researcher.figures import FigureCell, GroupLabel, RatedCriterion, ShareCell, StudyWords
from app.web.researcher.grouping_words import category_names, grouping_choices, grouping_name
from app.web.researcher.pages import Pages, cut_to_page
from app.web.researcher.results_page import rated_criteria
from app.web.researcher.statement_facts import DivergenceFacts, FiguresReader, GroupLine
from app.web.researcher.statement_result_page import ResultColumns, result_columns
from app.web.researcher.statement_rounds import SideBySide, one_round
from app.web.researcher.texts import Told, told
from app.web.researcher.wording import DIVERGENCE_WORDS
from app.web.shared.parts import Choice, Column, Crumb, NavLink, ShareBar
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm

router = APIRouter()

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class GroupSize:
    """A group, with how many of it took part; `is_small`: fewer than the minimum of the protocol."""

    label: GroupLabel
    n: int
    is_small: bool


@dataclass(frozen=True, slots=True)
class GroupedLine:
    """One statement by the grouping, beside what the protocol decided on it.

    ``joint`` is what the study's rule says of these groups together; None in figures of an earlier version.
    """

    code: str
    href: str
    text: Told
    criterion: str
    decision: Decision
    joint: Decision | None
    shares: tuple[tuple[ShareCell, ShareBar], ...]
    everyone: ShareCell
    divergence_word: Sentence
    gap: FigureCell


@dataclass(frozen=True, slots=True)
class GroupingPage:
    """A round by a grouping; without `is_computed` there is only the button that has it computed."""

    round_number: int
    name: str
    chosen: str
    choices: tuple[Choice, ...]
    action: str
    rounds: tuple[NavLink, ...]
    is_computed: bool
    computed_at: str
    allows_several: bool
    is_exclusive: bool
    rests_on_other_ratings: bool
    minimum: int
    sizes: tuple[GroupSize, ...]
    columns: tuple[Column, ...]
    lines: tuple[GroupedLine, ...]
    lacks_joint: bool
    pages: Pages
    key: ShareBar | None
    shows_criteria: bool
    notes: tuple[str, ...]
    results_href: str


@dataclass(frozen=True, slots=True)
class GroupedCriterion:
    """A statement on one criterion by the grouping."""

    name: str
    question: str
    decision: Decision
    rule: str
    joint: Decision | None
    reasons: tuple[str, ...]
    key: ShareBar
    distributions: SideBySide
    groups: tuple[GroupLine, ...]
    divergence: DivergenceFacts


@dataclass(frozen=True, slots=True)
class GroupedStatementPage:
    """One statement by the grouping."""

    code: str
    text: Told
    round_number: int
    name: str
    criteria: tuple[GroupedCriterion, ...]
    columns: ResultColumns
    back_href: str
    statement_href: str


@router.get("/research/{slug}/groupings/{number}")
def show_grouping(request: Request, slug: str, number: RoundNumber, by: str = "") -> Response:
    """Show a round by another grouping, or the button that has it computed."""
    desk = find_study_desk(request, slug, Room.RESULTS)
    found = read_grouped_results(database_of(request), slug, number, by)
    return _inside(desk, found, number).show("grouping.html", _page(desk, found, number))


# Having figures computed is an event of the study, so it is asked for by a form and not by a link.
@router.post("/research/{slug}/groupings/{number}")
def compute_grouping(
    request: Request, slug: str, number: RoundNumber, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Have the figures computed, and go to them."""
    desk = find_study_desk(request, slug, Room.RESULTS)
    code = form.one("by")
    analyse_by(database_of(request), clock_of(request), slug, desk.actor, number, code)
    return RedirectResponse(_address(desk, number, code), 303)


@router.get("/research/{slug}/groupings/{number}/{code}")
def show_grouped_statement(
    request: Request, slug: str, number: RoundNumber, code: str, by: str = ""
) -> Response:
    """Show one statement by another grouping."""
    desk = find_study_desk(request, slug, Room.RESULTS)
    found = read_grouped_results(database_of(request), slug, number, by)
    entries = found.analysis.statements if found.analysis else ()
    listed = tuple(entry for entry in entries if entry.statement == code)
    if found.analysis is None or not listed:
        raise UnknownStatement(statement=code)
    shown = _statement_page(desk, found, found.analysis, number, listed)
    return _inside(desk, found, number, Crumb(code)).show("grouped_statement.html", shown)


def _address(desk: StudyDesk, number: int, code: str, statement: str = "") -> str:
    return f"{desk.path('groupings', number, statement)}?by={code}"


def _inside(desk: StudyDesk, found: GroupedResults, number: int, *way: Crumb) -> StudyDesk:
    href = _address(desk, number, found.grouping.code) if way else ""
    round_ = Crumb(desk.say(N_("Round %(round)s")) % {"round": number}, desk.path(Room.RESULTS, number))
    return desk.inside(round_, Crumb(grouping_name(desk, found.grouping), href), *way)


def _words(desk: StudyDesk, found: GroupedResults, analysis: GroupedAnalysis) -> StudyWords:
    names = category_names(desk, found.grouping, analysis.groups)
    return StudyWords(found.results.protocol, desk.locale, names)


def _page(desk: StudyDesk, found: GroupedResults, number: int) -> GroupingPage:
    analysis, study = found.analysis, found.results.study
    words = None if analysis is None else _words(desk, found, analysis)
    address = _address(desk, number, found.grouping.code)
    entries, pages = cut_to_page(
        desk,
        address,
        desk.request.query_params.get("page", ""),
        analysis.statements if analysis else (),
        PAGE_SIZE,
    )
    lines = tuple(_lines(desk, words, found, entries, number)) if words else ()
    minimum = found.results.protocol.minimum_group_size
    sizes = zip(words.groups, analysis.sizes, strict=True) if analysis and words else ()
    return GroupingPage(
        round_number=number,
        name=grouping_name(desk, found.grouping),
        chosen=found.grouping.code,
        choices=grouping_choices(desk, found.choices),
        action=desk.path("groupings", number),
        rounds=tuple(
            NavLink(
                desk.say(N_("Round %(round)s")) % {"round": one},
                _address(desk, one, found.grouping.code),
                is_current=one == number,
            )
            for one in found.results.analysed_rounds
        ),
        is_computed=analysis is not None,
        computed_at=desk.written.moment(found.computed_at, study.time_zone) if found.computed_at else "",
        allows_several=found.grouping.allows_several,
        is_exclusive=analysis is None or analysis.is_exclusive,
        rests_on_other_ratings=found.rests_on_other_ratings,
        minimum=minimum,
        sizes=tuple(GroupSize(label, n, n < minimum) for label, n in sizes),
        columns=_columns(desk, words, found) if words else (),
        lines=lines,
        lacks_joint=any(line.joint is None for line in lines),
        pages=pages,
        key=lines[0].shares[0][1] if lines else None,
        shows_criteria=len(found.round.criteria) > 1,
        notes=tuple(words.reason(note) for note in analysis.notes) if analysis and words else (),
        results_href=desk.path(Room.RESULTS, number),
    )


def _lines(
    desk: StudyDesk,
    words: StudyWords,
    found: GroupedResults,
    entries: Iterable[GroupedStatement],
    number: int,
) -> Iterable[GroupedLine]:
    rated = rated_criteria(found.results, desk.locale)
    decided = {(one.statement, one.criterion): one.decision for one in found.round.statements}
    for entry in entries:
        everyone = entry.figures_of(OVERALL)
        yield GroupedLine(
            code=entry.statement,
            href=_address(desk, number, found.grouping.code, entry.statement),
            text=told(found.results.statements[entry.statement].text, desk.locale),
            criterion=words.criterion(entry.criterion),
            decision=decided[entry.statement, entry.criterion],
            joint=entry.decision,
            shares=tuple(
                (words.share(one, one.agree), rated[number, entry.criterion].share_bar(one.group, one.counts))
                for one in (entry.figures_of(label.code) for label in words.groups)
            ),
            everyone=words.share(everyone, everyone.agree),
            divergence_word=Sentence(DIVERGENCE_WORDS[entry.divergence.decision_class]),
            gap=words.figure(entry.divergence.gap.estimate.value),
        )


def _columns(desk: StudyDesk, words: StudyWords, found: GroupedResults) -> tuple[Column, ...]:
    return (
        Column(desk.say(N_("Code"))),
        Column(desk.say(N_("Statement"))),
        *((Column(desk.say(N_("Criterion"))),) if len(found.round.criteria) > 1 else ()),
        Column(desk.say(N_("Decision of the study"))),
        *(Column(label.name, "number") for label in words.groups),
        Column(desk.say(N_("Everyone")), "number"),
        Column(desk.say(N_("Gap")), "number"),
        Column(desk.say(N_("Between these groups"))),
    )


def _statement_page(
    desk: StudyDesk,
    found: GroupedResults,
    analysis: GroupedAnalysis,
    number: int,
    entries: tuple[GroupedStatement, ...],
) -> GroupedStatementPage:
    words = _words(desk, found, analysis)
    rated = rated_criteria(found.results, desk.locale)
    code = entries[0].statement
    return GroupedStatementPage(
        code=code,
        text=told(found.results.statements[code].text, desk.locale),
        round_number=number,
        name=grouping_name(desk, found.grouping),
        criteria=tuple(
            _criterion(desk, words, found, entry, rated[number, entry.criterion]) for entry in entries
        ),
        columns=result_columns(desk),
        back_href=_address(desk, number, found.grouping.code),
        statement_href=desk.path(Room.RESULTS, number, code),
    )


def _criterion(
    desk: StudyDesk, words: StudyWords, found: GroupedResults, entry: GroupedStatement, rated: RatedCriterion
) -> GroupedCriterion:
    reader = FiguresReader(desk, words)
    question = found.results.protocol.criterion(entry.criterion).question
    return GroupedCriterion(
        name=words.criterion(entry.criterion),
        question=told(question, desk.locale).text,
        decision=found.round.statement_on(entry.statement, entry.criterion).decision,
        rule=rule_sentence(rated.rule, desk.locale),
        joint=entry.decision,
        reasons=tuple(words.reason(reason) for reason in entry.reasons),
        key=rated.share_bar(OVERALL, entry.figures_of(OVERALL).counts),
        distributions=one_round(desk, words, rated, entry.groups, found.round.round),
        groups=tuple(reader.group(rated, figures) for figures in entry.groups),
        divergence=reader.divergence(entry.divergence),
    )
