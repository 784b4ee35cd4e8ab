"""The coding workbench: what the panel wrote, piece by piece, and the themes that a coder gives it."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.account import Permission
from app.domain.material import CodedState
from app.domain.messages import N_
from app.interchange.coded_csv import coded_table
from app.services.coded_table import CodedTable, coded_pieces
from app.services.coding import Workbench, code_piece, read_workbench
from app.web.researcher.coding_filter import (
    Asked,
    FilterChoices,
    asked_before,
    asked_in,
    coder_at,
    filter_choices,
)
from app.web.researcher.coding_parts import PieceLine, PieceReader, coding_tabs, texts_asked
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.pages import Pages, pages_of, whole_number
from app.web.shared.downloads import file_of
from app.web.shared.parts import NavLink
from app.web.shared.refusal_pages import wants_json
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm

router = APIRouter()

PAGE_SIZE: Final = 20


@dataclass(frozen=True, slots=True)
class CodingPage:
    """A page of pieces, with what chooses among them."""

    tabs: tuple[NavLink, ...]
    states: tuple[NavLink, ...]
    asked: Asked
    query: str
    is_narrowed: bool
    choices: FilterChoices
    lines: tuple[PieceLine, ...]
    n_found: int
    n_themes: int
    is_empty: bool
    sees_originals: bool
    can_write_statements: bool
    pages: Pages
    action: str
    table_href: str
    new_theme_href: str
    new_statement_action: str


@router.get("/research/{slug}/coding")
def show_workbench(request: Request, slug: str) -> Response:
    """Show a page of the pieces that are asked for."""
    desk = find_study_desk(request, slug, Room.CODING)
    asked = asked_in(request.query_params.get)
    coder = coder_at(desk)
    first = (asked.page - 1) * PAGE_SIZE
    bench = read_workbench(database_of(request), slug, coder, asked.wanted, first=first, most=PAGE_SIZE)
    return desk.show("coding.html", _page(desk, bench, asked))


@router.post("/research/{slug}/coding")
def code(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Give a piece the themes that are ticked, and take those away that no longer are."""
    desk = find_study_desk(request, slug, Room.CODING)
    reference = form.one("piece")
    code_piece(
        database_of(request),
        clock_of(request),
        slug,
        coder_at(desk),
        reference,
        shown=_numbers(form.one("shown").split()),
        wanted=_numbers(form.all("theme")),
        fits_none=form.one("none") == "1",
    )
    if wants_json(request):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return desk.go(f"{Room.CODING}?{asked_before(form.one('query')).query()}#piece-{reference}")


@router.get("/research/{slug}/coding.csv")
def download_codings(request: Request, slug: str) -> Response:
    """Give the pieces that are asked for as a table, with everybody's codes."""
    desk = find_study_desk(request, slug, Room.CODING)
    wanted = asked_in(request.query_params.get).wanted
    with coded_pieces(database_of(request), slug, coder_at(desk), wanted) as table:
        rows = coded_table(_rows(table))
        return file_of(rows, media_type="text/csv; charset=utf-8", name=f"{slug}-coding.csv")


def _numbers(typed: tuple[str, ...] | list[str]) -> frozenset[int]:
    return frozenset(whole_number(one, otherwise=0) for one in typed)


def _rows(table: CodedTable) -> Iterator[tuple[str, ...]]:
    """A row for each piece and coder, and one for a piece that nobody has coded."""
    place_of = {number: place for place, number in enumerate(table.themes)}
    for number, piece in enumerate(table.pieces, start=1):
        stored = piece.stored
        round_number = str(stored.key.round_number or "")
        place = (str(number), stored.key.kind.value, round_number, stored.about, stored.group)
        written = (*place, stored.language, piece.band, stored.text)
        for coder, said in piece.said.items():
            given = sorted((one.theme_id for one in said if one.theme_id), key=place_of.__getitem__)
            themes = "; ".join(table.themes[theme] for theme in given)
            fits_none = "1" if any(one.theme_id is None for one in said) else ""
            yield (*written, table.coders.get(coder, ""), themes, fits_none)
        if not piece.said:
            yield (*written, "", "", "")


def _page(desk: StudyDesk, bench: Workbench, asked: Asked) -> CodingPage:
    address = desk.path(Room.CODING)
    count, state = bench.count, asked.wanted.state
    n_in = {None: count.n, CodedState.OPEN: count.n - count.n_coded, CodedState.CODED: count.n_coded}
    coder = coder_at(desk)
    reader = PieceReader(desk, coder, bench.protocol, bench.themes, bench.coders, texts_asked(bench))
    words = {None: N_("All"), CodedState.OPEN: N_("Not coded by me"), CodedState.CODED: N_("Coded by me")}
    return CodingPage(
        tabs=coding_tabs(desk, ""),
        states=tuple(
            NavLink(
                desk.say(word),
                _address(address, asked.query(state=one or "", page="")),
                is_current=one is state,
                count=n_in[one],
            )
            for one, word in words.items()
        ),
        asked=asked,
        query=asked.query(),
        is_narrowed=asked.is_narrowed,
        lines=tuple(reader.line(piece, shows_others=asked.shows_others) for piece in bench.pieces),
        n_found=n_in[state],
        n_themes=len(bench.themes),
        is_empty=not (count.n or asked.is_narrowed),
        sees_originals=coder.sees_originals,
        can_write_statements=desk.may(Permission.DESIGN_STUDY),
        pages=pages_of(desk, _address(address, asked.query(page="")), asked.page, n_in[state], PAGE_SIZE)
        if n_in[state] > PAGE_SIZE
        else Pages(),
        action=address,
        table_href=_address(f"{address}.csv", asked.query(page="", others="")),
        new_theme_href=desk.path(Room.CODING, "new-theme"),
        new_statement_action=desk.path("new-statement"),
        choices=filter_choices(desk, bench),
    )


def _address(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address
