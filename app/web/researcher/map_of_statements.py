"""The map of statements by agreement and by the gap between groups, each a way to its page."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.divergence_map import N_STEPS, STEP, divergence_map
from analysis.results import OVERALL
from analysis.rules import Decision
from app.services.results import LastDecision
from app.web.researcher.desk import Room, StudyDesk
from app.web.researcher.figure_links import FigureLinks


@dataclass(frozen=True, slots=True)
class MapStatement:
    """A statement in its field, with what was decided on it."""

    code: str
    href: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class MapLine:
    """One distance between groups; its fields go from the least agreement to the most."""

    gap_from: int
    gap_to: int
    cells: tuple[tuple[MapStatement, ...], ...]


@dataclass(frozen=True, slots=True)
class StatementMap:
    """The map of one criterion; `unplaced` are statements on which groups cannot be compared."""

    criterion: str
    columns: tuple[tuple[int, int], ...]
    lines: tuple[MapLine, ...]
    unplaced: tuple[MapStatement, ...]
    links: FigureLinks


def statement_map(
    desk: StudyDesk, criterion: str, entries: Iterable[LastDecision], links: FigureLinks
) -> StatementMap:
    """Place the statements of one criterion.

    Parameters
    ----------
    criterion
        Its name, or nothing where there is only one.
    """
    listed = {entry.analysis.statement: entry for entry in entries}
    found = divergence_map(
        (code, entry.analysis.figures_of(OVERALL), entry.analysis.divergence)
        for code, entry in listed.items()
    )

    def shown(codes: Iterable[str]) -> tuple[MapStatement, ...]:
        return tuple(
            MapStatement(
                code,
                desk.path(Room.RESULTS, listed[code].round_number, code),
                listed[code].analysis.decision,
            )
            for code in codes
        )

    return StatementMap(
        criterion=criterion,
        columns=tuple((STEP * step, STEP * (step + 1)) for step in range(N_STEPS)),
        lines=tuple(
            MapLine(row.gap_from, row.gap_from + STEP, tuple(shown(cell.statements) for cell in row.cells))
            for row in found.rows
        ),
        unplaced=shown(found.unplaced),
        links=links,
    )
