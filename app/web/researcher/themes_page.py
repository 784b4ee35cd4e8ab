"""The themes of a study in their hierarchy, and the form in which a theme is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import DomainError
from app.domain.messages import N_
from app.domain.statement_editing import FieldsRefused
from app.domain.theme import (
    COLOUR_WORDS,
    Colour,
    ThemeChangedMeanwhile,
    ThemeDraft,
    with_parts,
)
from app.services.themes import ThemeDesk, add_theme, change_theme, move_theme, read_theme_desk
from app.web.researcher.coding_parts import StoredNumber, ThemeChip, chip_of, coding_tabs
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.pages import whole_number
from app.web.researcher.statement_fields import field_errors, problems_in_words
from app.web.shared.parts import Choice, Column, Crumb, FieldError, NavLink
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words

router = APIRouter()

DONE: Final = frozenset({"added", "saved", "merged", "removed", "matched"})


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """One theme of the table; ``depth`` is how far it stands in, ``key`` gives it on the workbench."""

    chip: ThemeChip
    depth: int
    key: str
    description: str
    n_pieces: int
    n_coders: int
    statements: tuple[str, ...]
    is_shown: bool
    move_action: str
    can_go_up: bool
    can_go_down: bool


@dataclass(frozen=True, slots=True)
class ThemesPage:
    """All themes."""

    tabs: tuple[NavLink, ...]
    columns: tuple[Column, ...]
    lines: tuple[ThemeLine, ...]
    new_href: str
    done: str


@dataclass(frozen=True, slots=True)
class HeadingField:
    """What the panel reads above comments of the theme, in one language."""

    code: str
    name: str
    text: str
    error: str


@dataclass(frozen=True, slots=True)
class ThemeFormPage:
    """The form of one theme; without a ``name`` above it, of a new one."""

    name: str
    draft: ThemeDraft
    known: str
    parents: tuple[Choice, ...]
    colours: tuple[Choice, ...]
    headings: tuple[HeadingField, ...]
    errors: tuple[FieldError, ...]
    wrong: Mapping[str, str]
    refusal: str
    stored_name: str
    action: str
    cancel_href: str


@router.get("/research/{slug}/coding/themes")
def show_themes(request: Request, slug: str, done: str = "") -> Response:
    """Show all themes with how often each is given."""
    desk = find_study_desk(request, slug, Room.CODING)
    themes = read_theme_desk(database_of(request), slug)
    page = ThemesPage(
        tabs=coding_tabs(desk, "themes"),
        columns=(
            Column(desk.say(N_("Theme")), is_sortable=False),
            Column(desk.say(N_("Key")), is_sortable=False),
            Column(desk.say(N_("Texts")), "number", is_sortable=False),
            Column(desk.say(N_("Coders")), "number", is_sortable=False),
            Column(desk.say(N_("Matched statements")), is_sortable=False),
            Column(desk.say(N_("Shown to the panel")), is_sortable=False),
            Column(desk.say(N_("Order")), is_sortable=False),
        ),
        lines=_lines(desk, themes),
        new_href=desk.path(Room.CODING, "new-theme"),
        done=done if done in DONE else "",
    )
    return desk.inside(Crumb(desk.say(N_("Themes")))).show("themes.html", page)


@router.get("/research/{slug}/coding/new-theme")
def write_theme(request: Request, slug: str, under: str = "") -> Response:
    """Show an empty form."""
    desk = find_study_desk(request, slug, Room.CODING)
    themes = read_theme_desk(database_of(request), slug)
    taken = [placed.theme.colour for placed in themes.themes]
    colour = min(Colour, key=lambda one: (taken.count(one), list(Colour).index(one)))
    parent = whole_number(under, otherwise=0)
    known = {placed.theme.id for placed in themes.themes}
    draft = ThemeDraft("", colour=colour, parent_id=parent if parent in known else None)
    return _show_form(desk, themes, draft)


@router.post("/research/{slug}/coding/new-theme")
def add(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Store a new theme."""
    desk = find_study_desk(request, slug, Room.CODING)
    draft = _typed(desk, form)
    try:
        add_theme(database_of(request), clock_of(request), slug, desk.actor, draft)
    except FieldsRefused as refusal:
        return _show_form(desk, read_theme_desk(database_of(request), slug), draft, refusal=refusal)
    return desk.go(Room.CODING, "themes", done="added")


@router.get("/research/{slug}/coding/themes/{number}/edit")
def edit_form(request: Request, slug: str, number: StoredNumber) -> Response:
    """Show the form of a theme."""
    desk = find_study_desk(request, slug, Room.CODING)
    themes = read_theme_desk(database_of(request), slug)
    theme = themes.get(number)
    return _show_form(desk, themes, theme.draft, number, known=theme.fingerprint)


@router.post("/research/{slug}/coding/themes/{number}/edit")
def save(
    request: Request, slug: str, number: StoredNumber, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Store what a theme is to be."""
    desk = find_study_desk(request, slug, Room.CODING)
    draft, known = _typed(desk, form), form.one("known")
    database, clock = database_of(request), clock_of(request)
    try:
        change_theme(database, clock, slug, desk.actor, number, draft, known=known)
    except (FieldsRefused, ThemeChangedMeanwhile) as refusal:
        themes = read_theme_desk(database, slug)
        is_stale = isinstance(refusal, ThemeChangedMeanwhile)
        known = themes.get(number).fingerprint if is_stale else known
        return _show_form(desk, themes, draft, number, known=known, refusal=refusal)
    return desk.go(Room.CODING, "themes", number, done="saved")


@router.post("/research/{slug}/coding/themes/{number}/move")
def move(
    request: Request, slug: str, number: StoredNumber, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Let a theme change places with the one before or after it."""
    desk = find_study_desk(request, slug, Room.CODING)
    is_up = form.one("to") == "up"
    move_theme(database_of(request), clock_of(request), slug, desk.actor, number, up=is_up)
    return desk.go(Room.CODING, f"themes#theme-{number}")


def _typed(desk: StudyDesk, form: SentForm) -> ThemeDraft:
    return ThemeDraft(
        name=form.one("name"),
        description=form.one("description"),
        colour=form.one("colour"),
        parent_id=whole_number(form.one("parent"), otherwise=0) or None,
        heading={code: form.one(f"heading.{code}") for code in desk.study.languages},
    )


def _lines(desk: StudyDesk, themes: ThemeDesk) -> tuple[ThemeLine, ...]:
    siblings: dict[int | None, list[int]] = {}
    for placed in themes.themes:
        siblings.setdefault(placed.theme.parent_id, []).append(placed.theme.id)
    return tuple(
        ThemeLine(
            chip=chip_of(desk, placed),
            depth=placed.depth,
            key=placed.key,
            description=placed.theme.description,
            n_pieces=themes.use(placed.theme.id).n_pieces,
            n_coders=themes.use(placed.theme.id).n_coders,
            statements=themes.matches.get(placed.theme.id, ()),
            is_shown=bool(placed.theme.heading),
            move_action=desk.path(Room.CODING, "themes", placed.theme.id, "move"),
            can_go_up=siblings[placed.theme.parent_id][0] != placed.theme.id,
            can_go_down=siblings[placed.theme.parent_id][-1] != placed.theme.id,
        )
        for placed in themes.themes
    )


def _show_form(
    desk: StudyDesk,
    themes: ThemeDesk,
    draft: ThemeDraft,
    number: int | None = None,
    *,
    known: str = "",
    refusal: DomainError | None = None,
) -> Response:
    errors = problems_in_words(desk, refusal)
    stored = themes.get(number) if number is not None else None
    is_stale = isinstance(refusal, ThemeChangedMeanwhile)
    own = with_parts([one.theme for one in themes.themes], number) if number is not None else frozenset()
    page = ThemeFormPage(
        name=stored.name if stored else "",
        draft=draft,
        known=known,
        parents=(
            Choice("", desk.say(N_("None: it stands by itself"))),
            *(
                Choice(str(one.theme.id), "\u2003" * one.depth + one.theme.name)
                for one in themes.themes
                if one.theme.id not in own
            ),
        ),
        colours=tuple(Choice(colour, desk.say(word)) for colour, word in COLOUR_WORDS.items()),
        headings=tuple(
            HeadingField(
                code,
                desk.written.language(code),
                draft.heading.get(code, ""),
                errors.get(f"heading.{code}", ""),
            )
            for code in desk.study.languages
        ),
        errors=field_errors(errors),
        wrong={"name": "", "description": "", "colour": "", "parent": "", **errors},
        refusal=error_in_words(refusal, desk.locale) if refusal and is_stale else "",
        stored_name=stored.name if stored and is_stale else "",
        action=desk.path(Room.CODING, *(("themes", number, "edit") if number else ("new-theme",))),
        cancel_href=desk.path(Room.CODING, "themes", *((number,) if number else ())),
    )
    crumb = Crumb(desk.say(N_("Themes")), desk.path(Room.CODING, "themes"))
    inside = desk.inside(crumb, Crumb(stored.name if stored else desk.say(N_("New theme"))))
    return inside.show("theme_form.html", page, status=answer_to(refusal).status if refusal else 200)
