"""How far coders agree, theme by theme and over all, with what the number means in words."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from analysis.coding_results import CodingAgreement, Coefficient, Strength, strength
from analysis.results import NotAssessable
from analysis.wording import reason_sentence
from app.domain.messages import N_
from app.services.coding_agreement import StudyAgreement, read_agreement
from app.web.researcher.coding_parts import ThemeChip, chip_of, coding_tabs
from app.web.researcher.desk import Room, StudyDesk, find_study_desk
from app.web.researcher.figures import FigureCell
from app.web.shared.parts import Column, Crumb, NavLink
from app.web.shared.state import database_of

router = APIRouter()

_STRENGTHS: Final[dict[Strength, str]] = {
    Strength.POOR: N_("no agreement beyond chance"),
    Strength.SLIGHT: N_("slight"),
    Strength.FAIR: N_("fair"),
    Strength.MODERATE: N_("moderate"),
    Strength.SUBSTANTIAL: N_("substantial"),
    Strength.ALMOST_PERFECT: N_("almost perfect"),
}


@dataclass(frozen=True, slots=True)
class AgreementCell:
    """One value with what it rests on; ``agreed`` and ``expected`` are shares."""

    value: FigureCell
    word: str
    n_pieces: int
    agreed: FigureCell
    expected: FigureCell


@dataclass(frozen=True, slots=True)
class ThemeAgreement:
    """Agreement on one theme."""

    chip: ThemeChip
    depth: int
    cell: AgreementCell


@dataclass(frozen=True, slots=True)
class PairLine:
    """Agreement of two coders."""

    first: str
    second: str
    cell: AgreementCell


@dataclass(frozen=True, slots=True)
class CoderLine:
    """Somebody who coded, and how many texts."""

    name: str
    n_coded: int


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """The agreement of all who coded."""

    tabs: tuple[NavLink, ...]
    coders: tuple[CoderLine, ...]
    is_kappa: bool
    overall: AgreementCell
    themes: tuple[ThemeAgreement, ...]
    pairs: tuple[PairLine, ...]
    coder_columns: tuple[Column, ...]
    theme_columns: tuple[Column, ...]
    pair_columns: tuple[Column, ...]
    workbench_href: str


@router.get("/research/{slug}/coding/agreement")
def show_agreement(request: Request, slug: str) -> Response:
    """Show how far those who coded agree."""
    desk = find_study_desk(request, slug, Room.CODING)
    page = _page(desk, read_agreement(database_of(request), slug))
    return desk.inside(Crumb(desk.say(N_("Agreement")))).show("coding_agreement.html", page)


def _page(desk: StudyDesk, read: StudyAgreement) -> AgreementPage:
    found = read.agreement
    is_kappa = found.coefficient is Coefficient.KAPPA
    names = {str(number): name for number, name in read.coders.items()}
    return AgreementPage(
        tabs=coding_tabs(desk, "agreement"),
        coders=tuple(CoderLine(name, read.n_coded[number]) for number, name in read.coders.items()),
        is_kappa=is_kappa,
        overall=_cell(desk, found.overall),
        themes=tuple(
            ThemeAgreement(chip_of(desk, placed), placed.depth, _cell(desk, one))
            for placed, one in zip(read.themes, found.themes, strict=True)
        ),
        pairs=tuple(
            PairLine(names[pair.first], names[pair.second], _cell(desk, pair.agreement))
            for pair in (() if is_kappa else found.pairs)
        ),
        coder_columns=(Column(desk.say(N_("Coder"))), Column(desk.say(N_("Texts coded")), "number")),
        theme_columns=_columns(desk, N_("Theme"), desk.say(N_("Kappa")) if is_kappa else "α"),
        pair_columns=_columns(desk, N_("Coders"), desk.say(N_("Kappa"))),
        workbench_href=desk.path(Room.CODING),
    )


def _columns(desk: StudyDesk, first: str, value: str) -> tuple[Column, ...]:
    return (
        Column(desk.say(first)),
        Column(value, "number"),
        Column(desk.say(N_("What it means")), is_sortable=False),
        Column(desk.say(N_("Texts that two coded")), "number"),
        Column(desk.say(N_("Said the same")), "number"),
        Column(desk.say(N_("By chance")), "number"),
    )


def _cell(desk: StudyDesk, one: CodingAgreement) -> AgreementCell:
    if isinstance(one.value, NotAssessable):
        value = FigureCell(None, reason_sentence(one.value.reason, desk.locale))
        word = value.why
    else:
        value, word = FigureCell(one.value), desk.say(_STRENGTHS[strength(one.value)])
    agreed = one.n_agreed / one.n_compared if one.n_compared else None
    expected = None if isinstance(one.expected, NotAssessable) else one.expected
    return AgreementCell(
        value, word, one.n_pieces, FigureCell(agreed, value.why), FigureCell(expected, value.why)
    )
