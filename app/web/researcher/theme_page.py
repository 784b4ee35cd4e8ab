"""One theme: its texts, the statements with which it is matched, and how it is merged or removed."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.account import Permission
from app.domain.errors import DomainError
from app.domain.material import PieceFilter
from app.domain.messages import N_
from app.domain.theme import MergeUnclear, ThemeChangedMeanwhile, ThemeInsideItself, ThemeInUse
from app.services.coding import read_workbench
from app.services.themes import match_statements, merge_theme, read_theme_desk, remove_theme
from app.web.researcher.coding_filter import Asked, coder_at
from app.web.researcher.coding_parts import (
    PieceLine,
    PieceReader,
    StoredNumber,
    ThemeChip,
    chip_of,
    texts_asked,
)
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.pages import Pages, pages_of, whole_number
from app.web.researcher.texts import Told, told
from app.web.researcher.themes_page import DONE
from app.web.shared.parts import Choice, Crumb
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words

router = APIRouter()

PAGE_SIZE: Final = 20


@dataclass(frozen=True, slots=True)
class MatchLine:
    """A statement, and whether the theme is matched with it."""

    code: str
    text: Told
    href: str
    is_matched: bool


@dataclass(frozen=True, slots=True)
class ThemePage:
    """One theme."""

    chip: ThemeChip
    description: str
    headings: tuple[Told, ...]
    parts: tuple[ThemeChip, ...]
    n_pieces: int
    matched: tuple[MatchLine, ...]
    statements: tuple[MatchLine, ...]
    shown: str
    lines: tuple[PieceLine, ...]
    pages: Pages
    can_write_statements: bool
    new_statement_href: str
    workbench_href: str
    edit_href: str
    remove_href: str
    match_action: str
    done: str


@dataclass(frozen=True, slots=True)
class ThemeRemovalPage:
    """What happens when a theme is removed, or merged into another."""

    name: str
    n_pieces: int
    n_coders: int
    n_codings: int
    n_parts: int
    n_statements: int
    known: str
    others: tuple[Choice, ...]
    into: str
    refusal: str
    merge_error: str
    remove_action: str
    merge_action: str
    cancel_href: str


@router.get("/research/{slug}/coding/themes/{number}")
def show_theme(request: Request, slug: str, number: StoredNumber, page: str = "", done: str = "") -> Response:
    """Show a theme with its texts, by whomever they were coded."""
    desk = find_study_desk(request, slug, Room.CODING)
    shown = _page(desk, number, max(whole_number(page), 1), done if done in DONE else "")
    crumb = Crumb(desk.say(N_("Themes")), desk.path(Room.CODING, "themes"))
    return desk.inside(crumb, Crumb(shown.chip.name)).show("theme.html", shown)


@router.post("/research/{slug}/coding/themes/{number}/statements")
def match(
    request: Request, slug: str, number: StoredNumber, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Match a theme with the statements that are ticked."""
    desk = find_study_desk(request, slug, Room.CODING)
    match_statements(
        database_of(request),
        clock_of(request),
        slug,
        desk.actor,
        number,
        wanted=form.all("statement"),
        shown=form.one("shown").split(),
    )
    return desk.go(Room.CODING, "themes", number, done="matched")


@router.get("/research/{slug}/coding/themes/{number}/remove")
def ask_before_removing(request: Request, slug: str, number: StoredNumber) -> Response:
    """Say what happens when a theme is removed, and offer to merge it instead."""
    return _ask(find_study_desk(request, slug, Room.CODING), number)


@router.post("/research/{slug}/coding/themes/{number}/remove")
def remove(
    request: Request, slug: str, number: StoredNumber, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Remove a theme, if it is still given as often as the page has said."""
    desk = find_study_desk(request, slug, Room.CODING)
    known = whole_number(form.one("known"), otherwise=0)
    try:
        remove_theme(database_of(request), clock_of(request), slug, desk.actor, number, known_codings=known)
    except (ThemeChangedMeanwhile, ThemeInUse) as refusal:
        return _ask(desk, number, refusal)
    return desk.go(Room.CODING, "themes", done="removed")


@router.post("/research/{slug}/coding/themes/{number}/merge")
def merge(
    request: Request, slug: str, number: StoredNumber, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Give all that a theme has to another one."""
    desk = find_study_desk(request, slug, Room.CODING)
    into, known = whole_number(form.one("into"), otherwise=0), form.one("known")
    try:
        merge_theme(database_of(request), clock_of(request), slug, desk.actor, number, into, known=known)
    except (ThemeChangedMeanwhile, MergeUnclear, ThemeInsideItself) as refusal:
        return _ask(desk, number, refusal, into=form.one("into"))
    return desk.go(Room.CODING, "themes", into, done="merged")


def _page(desk: StudyDesk, number: int, page: int, done: str) -> ThemePage:
    database, coder = database_of(desk.request), coder_at(desk)
    themes = read_theme_desk(database, desk.slug)
    theme = themes.get(number)
    wanted = PieceFilter(theme_id=number, by_anybody=True)
    bench = read_workbench(database, desk.slug, coder, wanted, first=(page - 1) * PAGE_SIZE, most=PAGE_SIZE)
    reader = PieceReader(desk, coder, bench.protocol, bench.themes, bench.coders, texts_asked(bench))
    address = desk.path(Room.CODING, "themes", number)
    matched = themes.matches.get(number, ())
    statements = tuple(
        MatchLine(
            one.code,
            told(one.text, desk.locale),
            desk.path(Room.STATEMENTS, one.code),
            one.code in matched,
        )
        for one in bench.statements
    )
    placed = next(one for one in themes.themes if one.theme.id == number)
    return ThemePage(
        chip=chip_of(desk, placed),
        description=theme.description,
        headings=tuple(Told(text, code) for code, text in theme.heading.items()),
        parts=tuple(chip_of(desk, one) for one in themes.themes if one.theme.parent_id == number),
        n_pieces=bench.count.n,
        matched=tuple(one for one in statements if one.is_matched),
        statements=statements,
        shown=" ".join(matched),
        lines=tuple(reader.line(piece, shows_others=True) for piece in bench.pieces),
        pages=pages_of(desk, address, page, bench.count.n, PAGE_SIZE)
        if bench.count.n > PAGE_SIZE
        else Pages(),
        can_write_statements=desk.may(Permission.DESIGN_STUDY),
        new_statement_href=f"{desk.path('new-statement')}?theme={number}",
        workbench_href=f"{desk.path(Room.CODING)}?{Asked(wanted, shows_others=True).query()}",
        edit_href=f"{address}/edit",
        remove_href=f"{address}/remove",
        match_action=f"{address}/statements",
        done=done,
    )


def _ask(desk: StudyDesk, number: int, refusal: DomainError | None = None, *, into: str = "") -> Response:
    themes = read_theme_desk(database_of(desk.request), desk.slug)
    theme, use = themes.get(number), themes.use(number)
    said = error_in_words(refusal, desk.locale) if refusal else ""
    is_unclear = isinstance(refusal, MergeUnclear | ThemeInsideItself)
    address = desk.path(Room.CODING, "themes", number)
    page = ThemeRemovalPage(
        name=theme.name,
        n_pieces=use.n_pieces,
        n_coders=use.n_coders,
        n_codings=use.n_codings,
        n_parts=sum(one.theme.parent_id == number for one in themes.themes),
        n_statements=len(themes.matches.get(number, ())),
        known=theme.fingerprint,
        others=(
            Choice("", desk.say(N_("Choose a theme"))),
            *(
                Choice(str(one.theme.id), "\u2003" * one.depth + one.theme.name)
                for one in themes.themes
                if one.theme.id != number
            ),
        ),
        into=into,
        refusal="" if is_unclear else said,
        merge_error=said if is_unclear else "",
        remove_action=f"{address}/remove",
        merge_action=f"{address}/merge",
        cancel_href=address,
    )
    crumb = Crumb(desk.say(N_("Themes")), desk.path(Room.CODING, "themes"))
    inside = desk.inside(crumb, Crumb(theme.name, address), Crumb(desk.say(N_("Remove"))))
    return inside.show("theme_remove.html", page, status=answer_to(refusal).status if refusal else 200)
