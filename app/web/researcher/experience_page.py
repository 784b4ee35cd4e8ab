"""Texts from elsewhere: pasted, one piece a paragraph, and coded beside what the panel wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import DomainError
from app.domain.material import PieceFilter, PieceKind
from app.domain.messages import N_
from app.domain.statement_editing import FieldsRefused
from app.services.coding import read_workbench
from app.services.experience import bring_in_texts, remove_text
from app.web.researcher.coding_filter import Asked, coder_at
from app.web.researcher.coding_parts import StoredNumber, coding_tabs
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.pages import Pages, pages_of, whole_number
from app.web.researcher.statement_fields import field_errors, problems_in_words
from app.web.shared.parts import Choice, Column, Crumb, FieldError, NavLink
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm

router = APIRouter()

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """One text that was brought in."""

    number: int
    text: str
    language: str
    source: str
    remove_action: str


@dataclass(frozen=True, slots=True)
class ExperiencePage:
    """A form for texts from elsewhere, and those that are there."""

    tabs: tuple[NavLink, ...]
    source: str
    language: str
    text: str
    languages: tuple[Choice, ...]
    errors: tuple[FieldError, ...]
    wrong: Mapping[str, str]
    columns: tuple[Column, ...]
    texts: tuple[BroughtIn, ...]
    n_texts: int
    pages: Pages
    action: str
    import_href: str
    workbench_href: str
    done: str


@router.get("/research/{slug}/coding/experience")
def show_texts(request: Request, slug: str, page: str = "", done: str = "") -> Response:
    """Show the form, and what was brought in."""
    return _show(find_study_desk(request, slug, Room.CODING), SentForm(), page=page, done=done)


@router.post("/research/{slug}/coding/experience")
def bring_in(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Store pasted texts."""
    desk = find_study_desk(request, slug, Room.CODING)
    try:
        bring_in_texts(
            database_of(request),
            clock_of(request),
            slug,
            desk.actor,
            pasted=form.one("text"),
            source=form.one("source"),
            language=form.one("language"),
        )
    except FieldsRefused as refusal:
        return _show(desk, form, refusal=refusal)
    return desk.go(Room.CODING, "experience", done="added")


@router.post("/research/{slug}/coding/experience/{number}/remove")
def remove(
    request: Request,
    slug: str,
    number: StoredNumber,
    form: Annotated[SentForm, Depends(read_form)],  # noqa: ARG001 - checked
) -> Response:
    """Remove a text that was brought in."""
    desk = find_study_desk(request, slug, Room.CODING)
    remove_text(database_of(request), clock_of(request), slug, coder_at(desk), number)
    return desk.go(Room.CODING, "experience", done="removed")


def _show(
    desk: StudyDesk,
    form: SentForm,
    *,
    page: str = "",
    done: str = "",
    refusal: DomainError | None = None,
) -> Response:
    database, number = database_of(desk.request), max(whole_number(page), 1)
    wanted = PieceFilter(kind=PieceKind.EXPERIENCE)
    bench = read_workbench(
        database, desk.slug, coder_at(desk), wanted, first=(number - 1) * PAGE_SIZE, most=PAGE_SIZE
    )
    errors = problems_in_words(desk, refusal)
    address, n_texts = desk.path(Room.CODING, "experience"), bench.count.n
    shown = ExperiencePage(
        tabs=coding_tabs(desk, "experience"),
        source=form.one("source"),
        language=form.one("language") or desk.study.languages[0],
        text=form.one("text"),
        languages=tuple(Choice(code, desk.written.language(code)) for code in desk.study.languages),
        errors=field_errors(errors),
        wrong={"source": "", "language": "", "text": "", **errors},
        columns=tuple(
            Column(desk.say(label), is_sortable=False)
            for label in (N_("Text"), N_("Where it comes from"), N_("Language"), N_("Remove"))
        ),
        texts=tuple(
            BroughtIn(
                one.stored.key.place,
                one.stored.text,
                one.stored.language,
                one.stored.about,
                f"{address}/{one.stored.key.place}/remove",
            )
            for one in bench.pieces
        ),
        n_texts=n_texts,
        pages=pages_of(desk, address, number, n_texts, PAGE_SIZE) if n_texts > PAGE_SIZE else Pages(),
        action=address,
        import_href=desk.path(Room.CODING, "import"),
        workbench_href=f"{desk.path(Room.CODING)}?{Asked(wanted).query()}",
        done=done if done in ("added", "removed") else "",
    )
    inside = desk.inside(Crumb(desk.say(N_("Texts from elsewhere"))))
    return inside.show("experience.html", shown, status=answer_to(refusal).status if refusal else 200)
