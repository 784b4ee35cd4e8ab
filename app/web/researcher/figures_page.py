"""The figures of a round as pictures, and as files that say by themselves what they show."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from analysis.results import OVERALL, RoundAnalysis, StudyAnalysis
from analysis.rules import rule_sentence
from app.domain.errors import NotFound
from app.domain.messages import N_
from app.domain.study import in_language
from app.services.results import (
    StudyResults,
    last_decisions,
    read_beside,
    read_results,
    statement_analyses,
)
from app.web.researcher.desk import Room, RoundNumber, StudyDesk, find_study_desk
from app.web.researcher.figure_links import LAST, FigureForm, FigureKind, FigureLinks, figure_links
from app.web.researcher.figures import RatedCriterion, StudyWords
from app.web.shared.parts import Crumb, NavLink
from app.web.shared.state import database_of

if TYPE_CHECKING:
    from analysis.figures import StudyFigure

router = APIRouter()

_MEDIA: Final = {FigureForm.SVG: "image/svg+xml", FigureForm.PNG: "image/png"}
_NAMES: Final = {
    FigureKind.MAP: N_("Map of the statements"),
    FigureKind.DISTRIBUTIONS: N_("Ratings by group"),
    FigureKind.MEDIANS: N_("Medians and quartiles by group"),
    FigureKind.DIVERGENCE: N_("How far every two groups are apart"),
    FigureKind.TRANSITIONS: N_("Which way panelists moved"),
    FigureKind.DECISIONS: N_("How decisions flowed from round to round"),
    FigureKind.RULES: N_("How many statements each rule would have accepted"),
    FigureKind.SENSITIVITY: N_("Decisions under other rules"),
}
_LAST_TITLE: Final = N_("Agreement, and the gap between groups, in the round that rated each statement last")


@dataclass(frozen=True, slots=True)
class CriterionFigures:
    """The figures of one criterion."""

    name: str
    figures: tuple[FigureLinks, ...]


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """Every figure of a round."""

    round_number: int
    rounds: tuple[NavLink, ...]
    criteria: tuple[CriterionFigures, ...]
    results_href: str


@dataclass(frozen=True)
class _Subject:
    """What is drawn: a round, one criterion of it, and what else of the study a figure needs."""

    desk: StudyDesk
    results: StudyResults
    analysis: RoundAnalysis
    criterion: str

    @property
    def words(self) -> StudyWords:
        return StudyWords(self.results.protocol, self.desk.locale)

    @property
    def group_names(self) -> Mapping[str, str]:
        return {label.code: label.name for label in self.words.groups}

    @property
    def rated(self) -> RatedCriterion:
        criterion = self.results.protocol.criterion(self.criterion)
        return RatedCriterion.of(self.analysis, criterion, self.desk.locale)


@router.get("/research/{slug}/figures/{number}")
def show_figures(request: Request, slug: str, number: RoundNumber) -> Response:
    """Show every figure of a round, with its files."""
    desk = find_study_desk(request, slug, Room.RESULTS)
    results = read_results(database_of(request), slug, number)
    analysis = results.analysis_of(number)
    words = StudyWords(results.protocol, desk.locale)
    page = FiguresPage(
        round_number=number,
        rounds=tuple(
            NavLink(
                desk.say(N_("Round %(round)s")) % {"round": one},
                desk.path("figures", one),
                is_current=one == number,
            )
            for one in results.analysed_rounds
        ),
        criteria=tuple(
            CriterionFigures(
                words.criterion(code) if len(analysis.criteria) > 1 else "",
                tuple(
                    figure_links(desk, number, kind, code, desk.say(_NAMES[kind]))
                    for kind in _kinds(desk, results, analysis, code)
                ),
            )
            for code in analysis.criteria
        ),
        results_href=desk.path(Room.RESULTS, number),
    )
    round_ = Crumb(desk.say(N_("Round %(round)s")) % {"round": number}, desk.path(Room.RESULTS, number))
    return desk.inside(round_, Crumb(desk.say(N_("Charts")))).show("figures.html", page)


@router.get("/research/{slug}/figures/{place}/{kind}/{name}")
def draw_figure(
    request: Request, slug: str, place: str, kind: FigureKind, name: str, statement: str = ""
) -> Response:
    """Draw one figure as a file, with its title, and under it what it rests on."""
    desk = find_study_desk(request, slug, Room.RESULTS)
    criterion, _, ending = name.rpartition(".")
    if ending not in set(FigureForm) or (place == LAST and kind is not FigureKind.MAP):
        raise NotFound(name=name)
    subject, about = _subject(desk, slug, place, criterion, name), ""
    if kind is FigureKind.STATEMENT:
        statement_analyses(subject.results, subject.analysis.round, statement)
        about = statement
    elif kind not in _kinds(desk, subject.results, subject.analysis, criterion):
        raise NotFound(name=name)
    # Drawing needs libraries that no other page needs.
    from analysis.figures import captioned, to_png, to_svg  # noqa: PLC0415

    figure = _draw(subject, kind, statement)
    if place == LAST:
        figure = replace(figure, title=desk.say(_LAST_TITLE))
    drawn = captioned(figure, *_caption(subject, place))
    form = FigureForm(ending)
    content = to_svg(drawn).encode() if form is FigureForm.SVG else to_png(drawn)
    parts = (slug, "round" if place != LAST else "", place, kind, about, criterion)
    file = "-".join(part for part in parts if part)
    disposition = f'attachment; filename="{file}.{form}"'
    return Response(content, media_type=_MEDIA[form], headers={"Content-Disposition": disposition})


def _subject(desk: StudyDesk, slug: str, place: str, criterion: str, name: str) -> _Subject:
    database = database_of(desk.request)
    if place == LAST:
        results = read_results(database, slug)
        last = tuple(entry.analysis for entry in last_decisions(results.analyses))
        analysis = replace(results.analyses[-1], statements=last) if last else None
    elif place.isascii() and place.isdigit() and len(place) <= 4:  # noqa: PLR2004 - as many rounds as can be
        results = read_results(database, slug, int(place))
        analysis = results.analysis_of(int(place))
    else:
        raise NotFound(name=name)
    if analysis is None or criterion not in analysis.criteria:
        raise NotFound(name=name)
    return _Subject(desk, results, analysis, criterion)


def _kinds(
    desk: StudyDesk, results: StudyResults, analysis: RoundAnalysis, criterion: str
) -> tuple[FigureKind, ...]:
    """The figures that have something to show."""
    entries = [entry for entry in analysis.statements if entry.criterion == criterion]
    left_out = {FigureKind.STATEMENT}
    if len(analysis.groups) == 1:
        left_out |= {FigureKind.MAP, FigureKind.DIVERGENCE}
    if not any(one.n for entry in entries for one in entry.stability):
        left_out.add(FigureKind.TRANSITIONS)
    beside = read_beside(database_of(desk.request), results.study.id, analysis.round)
    if all(one.criterion != criterion for one in beside.other_rules):
        left_out |= {FigureKind.RULES, FigureKind.SENSITIVITY}
    return tuple(kind for kind in _NAMES if kind not in left_out)


def _draw(subject: _Subject, kind: FigureKind, statement: str) -> "StudyFigure":
    from analysis import figures  # noqa: PLC0415 - as above

    locale, analysis, criterion = subject.desk.locale, subject.analysis, subject.criterion
    names = subject.group_names
    if kind is FigureKind.MAP:
        return figures.map_figure(analysis, criterion, locale=locale)
    if kind is FigureKind.MEDIANS:
        return figures.medians_figure(analysis, criterion, locale=locale, group_names=names)
    if kind is FigureKind.DIVERGENCE:
        return figures.divergence_figure(analysis, criterion, locale=locale, group_names=names)
    if kind is FigureKind.TRANSITIONS:
        return figures.transitions_figure(analysis, criterion, locale=locale)
    if kind is FigureKind.DISTRIBUTIONS:
        labels = subject.rated.labels
        return figures.distribution_figure(
            analysis, criterion, locale=locale, group_names=names, labels=labels
        )
    return _draw_of_study(subject, kind, statement)


def _draw_of_study(subject: _Subject, kind: FigureKind, statement: str) -> "StudyFigure":
    """The figures that need more than the round itself."""
    from analysis import figures  # noqa: PLC0415 - as above

    locale, analysis, criterion = subject.desk.locale, subject.analysis, subject.criterion
    if kind is FigureKind.STATEMENT:
        return figures.statement_figure(
            _that_asked(subject.results.analyses, statement, criterion),
            statement,
            criterion,
            locale=locale,
            group_names=subject.group_names,
            labels=subject.rated.labels,
        )
    if kind is FigureKind.DECISIONS:
        held = tuple(one for one in subject.results.analyses if one.round <= analysis.round)
        return figures.decisions_figure(StudyAnalysis(held, (), (), ()), criterion, locale=locale)
    beside = read_beside(database_of(subject.desk.request), subject.results.study.id, analysis.round)
    sensitivity = next(one for one in beside.other_rules if one.criterion == criterion)
    draw = figures.rules_figure if kind is FigureKind.RULES else figures.sensitivity_figure
    return draw(sensitivity, locale=locale)


def _that_asked(
    analyses: tuple[RoundAnalysis, ...], statement: str, criterion: str
) -> tuple[RoundAnalysis, ...]:
    return tuple(
        one
        for one in analyses
        if any((entry.statement, entry.criterion) == (statement, criterion) for entry in one.statements)
    )


def _caption(subject: _Subject, place: str) -> tuple[str, ...]:
    """The study, the round with its day and panel, and the rule."""
    desk, study, analysis = subject.desk, subject.results.study, subject.analysis
    parts = [in_language(study.texts.title, desk.locale)]
    if place != LAST:
        parts.append(desk.say(N_("Round %(round)s")) % {"round": analysis.round})
    if len(analysis.criteria) > 1:
        parts.append(subject.words.criterion(subject.criterion))
    n = next(
        one.n_panelists
        for one in analysis.agreement
        if (one.criterion, one.group) == (subject.criterion, OVERALL)
    )
    parts.append(desk.say(N_("n = %(n)s panelists")) % {"n": n})
    held = next(one for one in subject.results.rounds if one.number == analysis.round)
    if held.closed_at is not None:
        parts.append(desk.written.date(held.closed_at, study.time_zone))
    lines = [" · ".join(parts), rule_sentence(subject.rated.rule, desk.locale)]
    if study.synthetic:
        lines.append(desk.say(N_("Illustration: invented study and panel")))
    return tuple(lines)
