"""Two rounds side by side: what was decided before and after, what changed, and who was lost."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from analysis.other_views import GroupMovement
from analysis.results import OVERALL, GroupFigures, RoundAnalysis, StatementAnalysis
from analysis.rules import Decision
from app.domain.messages import N_, Sentence
from app.services.results import StudyResults, read_beside, read_results
from app.web.researcher.desk import Room, StudyDesk, find_study_desk
from app.web.researcher.figures import FigureCell, ShareCell, StudyWords
from app.web.researcher.pages import Pages, cut_to_page
from app.web.researcher.statement_facts import EstimateCell, estimate_cell
from app.web.researcher.statement_rules import DECISION_WORDS
from app.web.researcher.texts import Told, told
from app.web.researcher.wording import STABILITY_WORDS
from app.web.shared.parts import Choice, Column, Crumb
from app.web.shared.state import database_of

router = APIRouter()

NOT_ASKED: Final = "not_asked"
"""In place of a decision: that round did not ask the statement."""
_PATH: Final = "compare"
PAGE_SIZE: Final = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: two rounds, a criterion, a group, and decisions before and after."""

    before: int
    after: int
    criterion: str
    group: str
    was: str
    now: str

    def query(self, **changed: object) -> str:
        """The parameters of the address, but for what is ``changed``."""
        fields = {name: getattr(self, name) for name in Asked.__slots__} | changed
        return urlencode({name: value for name, value in fields.items() if value})


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """One group's figures on a statement in one round."""

    decision: Decision
    median: FigureCell
    agree: ShareCell


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A statement in both rounds; None where a round did not ask it, or nothing was kept of the change."""

    code: str
    href: str
    text: Told
    before: RoundFigures | None
    after: RoundFigures | None
    change: EstimateCell | None
    verdict: Sentence | None
    n_twice: int | None
    n_lost: int | None


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """How many statements went one way, and the table of them."""

    n: int
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """Where the statements of one decision went."""

    word: str
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """Two rounds of a study; without `asked` fewer than two have figures."""

    asked: Asked | None
    action: str
    rounds: tuple[Choice, ...]
    criteria: tuple[Choice, ...]
    groups: tuple[Choice, ...]
    matrix_columns: tuple[Column, ...]
    matrix: tuple[MatrixLine, ...]
    columns: tuple[Column, ...]
    lines: tuple[ComparedLine, ...]
    pages: Pages
    all_href: str
    results_href: str


@router.get("/research/{slug}/compare")
def show_comparison(request: Request, slug: str) -> Response:
    """Show two rounds side by side."""
    desk = find_study_desk(request, slug, Room.RESULTS)
    results = read_results(database_of(request), slug)
    here = desk.inside(Crumb(desk.say(N_("Compare rounds"))))
    return here.show("comparison.html", _page(desk, results))


def _page(desk: StudyDesk, results: StudyResults) -> ComparisonPage:
    words = StudyWords(results.protocol, desk.locale)
    asked = _asked(desk.request.query_params, results, words)
    path = desk.path(_PATH)
    everyone = words.group(OVERALL)
    criteria = dict.fromkeys(code for one in results.analyses for code in one.criteria)
    lines: list[tuple[str, str, ComparedLine]] = []
    address = path
    if asked is not None:
        lines = [(_was(one.before), _was(one.after), one) for one in _lines(desk, results, words, asked)]
        address = f"{path}?{asked.query()}"
    chosen = [one for was, now, one in lines if asked and asked.was in ("", was) and asked.now in ("", now)]
    typed = desk.request.query_params.get("page", "")
    on_page, pages = cut_to_page(desk, address, typed, chosen, PAGE_SIZE)
    return ComparisonPage(
        asked=asked,
        action=path,
        rounds=tuple(
            Choice(str(one), desk.say(N_("Round %(round)s")) % {"round": one})
            for one in results.analysed_rounds
        ),
        criteria=tuple(Choice(code, words.criterion(code)) for code in criteria),
        groups=tuple(Choice(label.code, label.name) for label in (everyone, *words.groups)),
        matrix_columns=_matrix_columns(desk, lines),
        matrix=_matrix(desk, lines, asked, path) if asked else (),
        columns=_columns(desk),
        lines=tuple(on_page),
        pages=pages,
        all_href=f"{path}?{asked.query(was='', now='')}" if asked and (asked.was or asked.now) else "",
        results_href=desk.path(Room.RESULTS),
    )


def _asked(given: Mapping[str, str], results: StudyResults, words: StudyWords) -> Asked | None:
    """What the address asks for; the last two rounds where it asks for no two that are there."""
    numbers = {str(number): number for number in results.analysed_rounds}
    if len(numbers) <= 1:
        return None
    chosen = sorted({numbers[given[name]] for name in ("before", "after") if given.get(name) in numbers})
    before, after = chosen if len(chosen) > 1 else list(numbers.values())[-2:]
    criteria = results.analysis_of(after).criteria
    groups = [label.code for label in words.groups]
    ways = {*map(str, Decision), NOT_ASKED}
    return Asked(
        before=before,
        after=after,
        criterion=given.get("criterion", "") if given.get("criterion") in criteria else criteria[0],
        group=given.get("group", "") if given.get("group") in groups else OVERALL,
        was=given.get("was", "") if given.get("was") in ways else "",
        now=given.get("now", "") if given.get("now") in ways else "",
    )


def _was(figures: RoundFigures | None) -> str:
    return NOT_ASKED if figures is None else str(figures.decision)


def _lines(desk: StudyDesk, results: StudyResults, words: StudyWords, asked: Asked) -> Iterable[ComparedLine]:
    before, after = (_of_criterion(results.analysis_of(n), asked) for n in (asked.before, asked.after))
    moved = _movements(desk, results, asked)
    for code in {**before, **after}:
        change, movement = None, moved.get(code)
        if movement is not None:
            change = estimate_cell(words, movement.agree_change)
        asked_last = asked.after if code in after else asked.before
        yield ComparedLine(
            code=code,
            href=desk.path(Room.RESULTS, asked_last, code),
            text=told(results.statements[code].text, desk.locale),
            before=_figures(words, before.get(code), asked.group),
            after=_figures(words, after.get(code), asked.group),
            change=change,
            verdict=Sentence(STABILITY_WORDS[movement.verdict]) if movement else None,
            n_twice=movement.n if movement else None,
            n_lost=movement.n_lost if movement else None,
        )


def _of_criterion(analysis: RoundAnalysis, asked: Asked) -> dict[str, StatementAnalysis]:
    return {one.statement: one for one in analysis.statements if one.criterion == asked.criterion}


def _movements(desk: StudyDesk, results: StudyResults, asked: Asked) -> dict[str, GroupMovement]:
    """What the panelists of the chosen group did, by statement."""
    beside = read_beside(database_of(desk.request), results.study.id, asked.after)
    return {
        statement.statement: statement.of(asked.group)
        for one in beside.comparisons
        if (one.before, one.criterion) == (asked.before, asked.criterion)
        for statement in one.statements
    }


def _figures(words: StudyWords, analysis: StatementAnalysis | None, group: str) -> RoundFigures | None:
    """The decision is that of the protocol's rule; the figures are those of the chosen group."""
    if analysis is None:
        return None
    figures: GroupFigures = analysis.figures_of(group)
    return RoundFigures(
        decision=analysis.decision,
        median=words.figure(figures.median),
        agree=words.share(figures, figures.agree),
    )


def _ways(found: Iterable[str]) -> list[str]:
    """The decisions that occur in a round, and `NOT_ASKED` where it does."""
    occurring = set(found)
    return [way for way in (*map(str, Decision), NOT_ASKED) if way in occurring]


def _way_word(desk: StudyDesk, way: str, not_asked: str) -> str:
    return desk.say(not_asked if way == NOT_ASKED else DECISION_WORDS[Decision(way)])


def _matrix(
    desk: StudyDesk, lines: list[tuple[str, str, ComparedLine]], asked: Asked, path: str
) -> tuple[MatrixLine, ...]:
    tally = Counter((was, now) for was, now, _ in lines)
    return tuple(
        MatrixLine(
            _way_word(desk, was, N_("not asked yet")),
            tuple(
                MatrixCell(
                    tally[was, now],
                    f"{path}?{asked.query(was=was, now=now)}",
                    (asked.was, asked.now) == (was, now),
                )
                for now in _ways(now for _, now, _ in lines)
            ),
        )
        for was in _ways(was for was, _, _ in lines)
    )


def _matrix_columns(desk: StudyDesk, lines: list[tuple[str, str, ComparedLine]]) -> tuple[Column, ...]:
    return (
        Column(desk.say(N_("Earlier round")), is_sortable=False),
        *(
            Column(_way_word(desk, way, N_("not asked again")), "number", is_sortable=False)
            for way in _ways(now for _, now, _ in lines)
        ),
    )


def _columns(desk: StudyDesk) -> tuple[Column, ...]:
    return (
        Column(desk.say(N_("Code"))),
        Column(desk.say(N_("Statement"))),
        Column(desk.say(N_("Decision"))),
        Column(desk.say(N_("Agree")), "number"),
        Column(
            desk.say(N_("Change in agreement")), "number", note=desk.say(N_("points, 95%% interval")) % {}
        ),
        Column(desk.say(N_("Median")), "number"),
        Column(desk.say(N_("Stability"))),
    )
