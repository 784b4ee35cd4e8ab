"""A recommendation written in all languages side by side, with what it rests on."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import DomainError
from app.domain.messages import N_
from app.domain.recommendation import (
    RECOMMENDATION_LIMIT,
    RESERVATION_LIMIT,
    Basis,
    Recommendation,
    RecommendationChangedMeanwhile,
)
from app.domain.statement_editing import FieldsRefused
from app.services.recommending import (
    RecommendationDesk,
    add_recommendation,
    change_recommendation,
    read_recommendation_desk,
)
from app.web.researcher.desk import Room, RoundNumber, StudyDesk, find_study_desk, read_form
from app.web.researcher.pages import whole_number
from app.web.researcher.recommendations_page import NEW, PLACE, SaidIn, audience_name
from app.web.researcher.statement_fields import field_errors, problems_in_words
from app.web.researcher.texts import Told, told
from app.web.shared.parts import Choice, Crumb, FieldError
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Foundation:
    """Something that a recommendation can rest on."""

    code: str
    text: Told


@dataclass(frozen=True, slots=True)
class RecommendationFormPage:
    """The form of one recommendation; ``stored`` is what it says now, where somebody else was faster."""

    is_new: bool
    audience: str
    audiences: tuple[Choice, ...]
    languages: tuple[SaidIn, ...]
    statements: str
    evidence: str
    themes: tuple[Choice, ...]
    chosen_themes: tuple[str, ...]
    accepted: tuple[Foundation, ...]
    cards: tuple[Foundation, ...]
    stored: tuple[SaidIn, ...]
    stored_basis: str
    known: str
    text_maximum: int
    reservation_maximum: int
    errors: tuple[FieldError, ...]
    problems: dict[str, str]
    refusal: str
    action: str
    remove_action: str
    audiences_href: str
    cancel_href: str


@router.get("/research/{slug}/new-recommendation")
def write_recommendation(request: Request, slug: str, audience: str = "") -> Response:
    """Show an empty form."""
    desk = find_study_desk(request, slug, Room.REPORTS)
    return _show(desk, Recommendation(0, audience, {}, Basis()))


@router.post("/research/{slug}/new-recommendation")
def add(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Store a new recommendation."""
    desk = find_study_desk(request, slug, Room.REPORTS)
    typed = _typed(desk, form, 0)
    try:
        add_recommendation(database_of(request), clock_of(request), slug, desk.actor, typed)
    except FieldsRefused as refusal:
        return _show(desk, typed, refusal=refusal)
    return desk.go(PLACE, done="saved")


@router.get("/research/{slug}/recommendations/{number}")
def recommendation_form(request: Request, slug: str, number: RoundNumber) -> Response:
    """Show the form of a recommendation."""
    desk = find_study_desk(request, slug, Room.REPORTS)
    found = read_recommendation_desk(database_of(request), slug).get(number)
    return _show(desk, found, known=found.fingerprint)


@router.post("/research/{slug}/recommendations/{number}")
def change(
    request: Request, slug: str, number: RoundNumber, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Store what a recommendation is to say."""
    desk = find_study_desk(request, slug, Room.REPORTS)
    typed, known = _typed(desk, form, number), form.one("known")
    try:
        change_recommendation(database_of(request), clock_of(request), slug, desk.actor, typed, known=known)
    except (FieldsRefused, RecommendationChangedMeanwhile) as refusal:
        return _show(desk, typed, known=known, refusal=refusal)
    return desk.go(PLACE, done="saved")


def _typed(desk: StudyDesk, form: SentForm, number: int) -> Recommendation:
    texts = {
        name: {language: form.one(f"{name}.{language}") for language in desk.study.languages}
        for name in ("text", "reservation")
    }
    basis = Basis(
        statements=_codes(form.one("statements")),
        themes=tuple(whole_number(one, otherwise=0) for one in form.all("themes")),
        evidence=_codes(form.one("evidence")),
    )
    return Recommendation(number, form.one("audience"), texts["text"], basis, texts["reservation"])


def _codes(typed: str) -> tuple[str, ...]:
    return tuple(filter(None, (code.strip() for code in typed.split(","))))


def _show(
    desk: StudyDesk, one: Recommendation, *, known: str = "", refusal: DomainError | None = None
) -> Response:
    found = read_recommendation_desk(database_of(desk.request), desk.slug)
    problems = problems_in_words(desk, refusal)
    is_stale = isinstance(refusal, RecommendationChangedMeanwhile)
    stored = found.get(one.number) if is_stale else None
    page = RecommendationFormPage(
        is_new=not one.number,
        audience=one.audience,
        audiences=tuple(
            Choice(audience.code, audience_name(audience, desk.locale).text) for audience in found.audiences
        ),
        languages=_said(desk, one),
        statements=", ".join(one.basis.statements),
        evidence=", ".join(one.basis.evidence),
        themes=tuple(Choice(str(number), name) for number, name in found.themes.items()),
        chosen_themes=tuple(map(str, one.basis.themes)),
        accepted=_accepted(desk, found),
        cards=tuple(Foundation(card.code, told(card.title, desk.locale)) for card in found.evidence),
        stored=_said(desk, stored) if stored else (),
        stored_basis=_basis_in_words(found, stored) if stored else "",
        known=stored.fingerprint if stored else known,
        text_maximum=RECOMMENDATION_LIMIT,
        reservation_maximum=RESERVATION_LIMIT,
        errors=field_errors(problems),
        problems=problems,
        refusal=error_in_words(refusal, desk.locale) if refusal and not problems else "",
        action=desk.path(PLACE, one.number) if one.number else desk.path(NEW),
        remove_action=desk.path(PLACE, one.number, "remove") if one.number else "",
        audiences_href=desk.path("audiences"),
        cancel_href=desk.path(PLACE),
    )
    way = (Crumb(desk.say(N_("Recommendations")), desk.path(PLACE)), Crumb(desk.say(N_("Write"))))
    status = answer_to(refusal).status if refusal else 200
    return desk.inside(*way).show("recommendation_form.html", page, status=status)


def _said(desk: StudyDesk, one: Recommendation) -> tuple[SaidIn, ...]:
    return tuple(
        SaidIn(code, desk.written.language(code), one.text.get(code, ""), one.reservation.get(code, ""))
        for code in desk.study.languages
    )


def _accepted(desk: StudyDesk, found: RecommendationDesk) -> tuple[Foundation, ...]:
    return tuple(
        Foundation(code, told(found.statements[code].text, desk.locale))
        for code, is_accepted in found.accepted.items()
        if is_accepted
    )


def _basis_in_words(found: RecommendationDesk, one: Recommendation) -> str:
    themes = (found.themes[number] for number in one.basis.themes)
    return ", ".join((*one.basis.statements, *one.basis.evidence, *themes))
