"""Cards of evidence written, changed and removed."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import ActionBlocked, DomainError
from app.domain.evidence_editing import CardChangedMeanwhile, CardInUse, card_fingerprint
from app.domain.messages import N_
from app.domain.statement import Evidence, EvidenceKind
from app.domain.statement_editing import FieldsRefused, next_code
from app.services.evidence import add_card, change_card, list_card_codes, read_card, remove_card
from app.services.statement_desk import read_editable_statements
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.statement_fields import field_errors, problems_in_words
from app.web.shared.parts import Choice, Crumb, FieldError
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words

router = APIRouter()


@dataclass(frozen=True, slots=True)
class CardTexts:
    """What a card says in one language."""

    code: str
    name: str
    title: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class CardFormPage:
    """The form of one card; ``stored`` is what it says now, where somebody else was faster."""

    code: str
    is_new: bool
    kind: str
    kinds: tuple[Choice, ...]
    country: str
    statements: str
    source: str
    languages: tuple[CardTexts, ...]
    stored: tuple[CardTexts, ...]
    known: str
    errors: tuple[FieldError, ...]
    problems: dict[str, str]
    refusal: str
    action: str
    remove_action: str
    cancel_href: str


@router.get("/research/{slug}/statements/{code}/evidence")
def write_card(request: Request, slug: str, code: str) -> Response:
    """Show an empty card beside a statement."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    _refuse_now(desk, code)
    free = next_code(list_card_codes(database_of(request), slug) or ("E00",))
    card = Evidence(free, EvidenceKind.LITERATURE, (code,), {}, {}, {}, "")
    return _show(desk, card, beside=code)


@router.post("/research/{slug}/statements/{code}/evidence")
def add(request: Request, slug: str, code: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Store a new card."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    card = _typed(desk, form, form.one("code").strip())
    try:
        add_card(database_of(request), clock_of(request), slug, desk.actor, card)
    except FieldsRefused as refusal:
        return _show(desk, card, beside=code, refusal=refusal)
    return desk.go(Room.STATEMENTS, code, done="card")


@router.get("/research/{slug}/evidence/{card}")
def card_form(request: Request, slug: str, card: str) -> Response:
    """Show the form of a card."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    found = read_card(database_of(request), slug, card).card
    _refuse_now(desk, found.statements[0])
    return _show(desk, found, known=card_fingerprint(found))


@router.post("/research/{slug}/evidence/{card}")
def change(request: Request, slug: str, card: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Store what a card is to say."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    typed, known = _typed(desk, form, card), form.one("known")
    try:
        change_card(database_of(request), clock_of(request), slug, desk.actor, typed, known=known)
    except (FieldsRefused, CardChangedMeanwhile) as refusal:
        return _show(desk, typed, known=known, refusal=refusal)
    return desk.go(Room.STATEMENTS, typed.statements[0].strip(), done="card")


@router.post("/research/{slug}/evidence/{card}/remove")
def remove(
    request: Request,
    slug: str,
    card: str,
    form: Annotated[SentForm, Depends(read_form)],  # noqa: ARG001 - checked
) -> Response:
    """Remove a card."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    found = read_card(database_of(request), slug, card).card
    try:
        remove_card(database_of(request), clock_of(request), slug, desk.actor, card)
    except CardInUse as refusal:
        return _show(desk, found, known=card_fingerprint(found), refusal=refusal)
    return desk.go(Room.STATEMENTS, found.statements[0], done="card")


def _refuse_now(desk: StudyDesk, code: str) -> None:
    """Refuse while nothing can be changed, or where the statement is not there."""
    table = read_editable_statements(database_of(desk.request), desk.slug)
    table.get(code)
    if table.hindrance is not None:
        raise ActionBlocked([table.hindrance])


def _typed(desk: StudyDesk, form: SentForm, code: str) -> Evidence:
    kind = form.one("kind")
    texts = {
        name: {language: form.one(f"{name}.{language}") for language in desk.study.languages}
        for name in ("title", "what", "why")
    }
    return Evidence(
        code=code,
        kind=EvidenceKind(kind) if kind in set(EvidenceKind) else EvidenceKind.LITERATURE,
        statements=tuple(form.one("statements").split(",")),
        title=texts["title"],
        what=texts["what"],
        why=texts["why"],
        source=form.one("source"),
        country=form.one("country"),
    )


def _show(
    desk: StudyDesk,
    card: Evidence,
    *,
    beside: str = "",
    known: str = "",
    refusal: DomainError | None = None,
) -> Response:
    problems = problems_in_words(desk, refusal)
    is_stale = isinstance(refusal, CardChangedMeanwhile)
    stored = read_card(database_of(desk.request), desk.slug, card.code).card if is_stale else None
    page = CardFormPage(
        code=card.code,
        is_new=bool(beside),
        kind=card.kind.value,
        kinds=(
            Choice(EvidenceKind.LITERATURE, desk.say(N_("Literature"))),
            Choice(EvidenceKind.GOOD_PRACTICE, desk.say(N_("Good practice"))),
        ),
        country=card.country or "",
        statements=", ".join(one.strip() for one in card.statements),
        source=card.source,
        languages=_texts(desk, card),
        stored=_texts(desk, stored) if stored else (),
        known=card_fingerprint(stored) if stored else known,
        errors=field_errors(problems),
        problems=problems,
        refusal=error_in_words(refusal, desk.locale) if refusal and not problems else "",
        action=desk.path(Room.STATEMENTS, beside, "evidence") if beside else desk.path("evidence", card.code),
        remove_action="" if beside else desk.path("evidence", card.code, "remove"),
        cancel_href=desk.path(Room.STATEMENTS, beside or next(iter(card.statements)).strip()),
    )
    inside = desk.inside(Crumb(desk.say(N_("Evidence"))))
    return inside.show("evidence_form.html", page, status=answer_to(refusal).status if refusal else 200)


def _texts(desk: StudyDesk, card: Evidence) -> tuple[CardTexts, ...]:
    return tuple(
        CardTexts(
            code,
            desk.written.language(code),
            card.title.get(code, ""),
            card.what.get(code, ""),
            card.why.get(code, ""),
        )
        for code in desk.study.languages
    )
