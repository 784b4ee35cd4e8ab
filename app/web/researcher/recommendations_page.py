"""What the study finally says, audience by audience: read, put in order, removed."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.account import Permission
from app.domain.messages import N_
from app.domain.recommendation import Audience, Recommendation
from app.domain.study import Texts
from app.services.recommending import (
    RecommendationDesk,
    move_recommendation,
    read_recommendation_desk,
    remove_recommendation,
)
from app.web.researcher.desk import Room, RoundNumber, StudyDesk, find_study_desk, read_form
from app.web.researcher.statements_page import LastWord, last_word
from app.web.researcher.texts import Told, told
from app.web.shared.parts import Crumb
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm

router = APIRouter()

PLACE: Final = "recommendations"
NEW: Final = "new-recommendation"
_DONE: Final = frozenset({"saved", "removed", "moved", "audiences"})


@dataclass(frozen=True, slots=True)
class SaidIn:
    """What a recommendation says in one language; an empty text is missing."""

    language: str
    name: str
    text: str
    reservation: str


@dataclass(frozen=True, slots=True)
class BasisStatement:
    """A statement under a recommendation, with its last decisions."""

    code: str
    href: str
    text: Told
    decisions: tuple[LastWord, ...]


@dataclass(frozen=True, slots=True)
class RecommendationLine:
    """One recommendation; ``doubtful`` lists statements not accepted over which no reservation is written."""

    number: int
    place: int
    said: tuple[SaidIn, ...]
    has_reservation: bool
    doubtful: tuple[str, ...]
    statements: tuple[BasisStatement, ...]
    themes: tuple[str, ...]
    evidence: tuple[Told, ...]
    edit_href: str
    move_action: str
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class AudienceSection:
    """What is said to one audience."""

    code: str
    name: Told
    lines: tuple[RecommendationLine, ...]
    new_href: str


@dataclass(frozen=True, slots=True)
class RecommendationsPage:
    """All recommendations; ``can_edit``: the role includes it."""

    audiences: tuple[AudienceSection, ...]
    n_accepted: int
    n_missing: int
    is_concluded: bool
    can_edit: bool
    audiences_href: str
    reports_href: str
    done: str


@router.get("/research/{slug}/recommendations")
def show_recommendations(request: Request, slug: str, done: str = "") -> Response:
    """Show what the study says to each audience, and what it rests on."""
    desk = find_study_desk(request, slug, Room.REPORTS)
    found = read_recommendation_desk(database_of(request), slug)
    page = RecommendationsPage(
        audiences=tuple(_section(desk, found, audience) for audience in found.audiences),
        n_accepted=sum(found.accepted.values()),
        n_missing=sum(bool(one.missing(desk.study.languages)) for one in found.recommendations),
        is_concluded=desk.study.concluded_at is not None,
        can_edit=desk.may(Permission.DESIGN_STUDY),
        audiences_href=desk.path("audiences"),
        reports_href=desk.path(Room.REPORTS),
        done=done if done in _DONE else "",
    )
    return desk.inside(Crumb(desk.say(N_("Recommendations")))).show("recommendations.html", page)


@router.post("/research/{slug}/recommendations/{number}/move")
def move(
    request: Request, slug: str, number: RoundNumber, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Put a recommendation a place further up or down."""
    desk = find_study_desk(request, slug, Room.REPORTS)
    up = form.one("to") == "up"
    move_recommendation(database_of(request), clock_of(request), slug, desk.actor, number, up=up)
    return desk.go(PLACE, done="moved")


@router.post("/research/{slug}/recommendations/{number}/remove")
def remove(
    request: Request,
    slug: str,
    number: RoundNumber,
    form: Annotated[SentForm, Depends(read_form)],  # noqa: ARG001 - checked
) -> Response:
    """Remove a recommendation."""
    desk = find_study_desk(request, slug, Room.REPORTS)
    remove_recommendation(database_of(request), clock_of(request), slug, desk.actor, number)
    return desk.go(PLACE, done="removed")


def audience_name(audience: Audience, locale: str) -> Told:
    """What an audience is called; one without a name, by its code."""
    return told(audience.name, locale) if audience.name else Told(audience.code)


def _section(desk: StudyDesk, found: RecommendationDesk, audience: Audience) -> AudienceSection:
    mine = [one for one in found.recommendations if one.audience == audience.code]
    return AudienceSection(
        code=audience.code,
        name=audience_name(audience, desk.locale),
        lines=tuple(_line(desk, found, one, place, len(mine)) for place, one in enumerate(mine, start=1)),
        new_href=desk.path(NEW) + f"?audience={audience.code}",
    )


def _line(
    desk: StudyDesk, found: RecommendationDesk, one: Recommendation, place: int, n: int
) -> RecommendationLine:
    languages, titles = desk.study.languages, {card.code: card.title for card in found.evidence}
    return RecommendationLine(
        number=one.number,
        place=place,
        said=tuple(
            SaidIn(code, desk.written.language(code), one.text.get(code, ""), one.reservation.get(code, ""))
            for code in languages
        ),
        has_reservation=bool(one.reservation),
        doubtful=() if one.reservation else one.not_accepted(found.accepted),
        statements=tuple(_statement(desk, found, code) for code in one.basis.statements),
        themes=tuple(found.themes[number] for number in one.basis.themes),
        evidence=tuple(_card(desk, code, titles.get(code, {})) for code in one.basis.evidence),
        edit_href=desk.path(PLACE, one.number),
        move_action=desk.path(PLACE, one.number, "move"),
        is_first=place == 1,
        is_last=place == n,
    )


def _statement(desk: StudyDesk, found: RecommendationDesk, code: str) -> BasisStatement:
    return BasisStatement(
        code=code,
        href=desk.path(Room.STATEMENTS, code),
        text=told(found.statements[code].text, desk.locale),
        decisions=tuple(last_word(desk, last) for last in found.decisions[code]),
    )


def _card(desk: StudyDesk, code: str, title: Texts) -> Told:
    said = told(title, desk.locale) if title else Told("")
    return Told(f"{code} {said.text}".strip(), said.language)
