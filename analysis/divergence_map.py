"""A map of statements: how much the whole panel agrees, against how far its groups are apart."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.results import Divergence, GroupFigures, NotAssessable

STEP = 10
N_STEPS = 10


@dataclass(frozen=True, slots=True)
class MapCell:
    """The statements in one field of the map; ``agree_from`` in per cent."""

    agree_from: int
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapRow:
    """The fields of one distance; ``gap_from`` in percentage points, ``STEP`` wide."""

    gap_from: int
    cells: tuple[MapCell, ...]


@dataclass(frozen=True, slots=True)
class DivergenceMap:
    """Rows from the farthest apart to the closest; statements that cannot be placed beside it."""

    rows: tuple[MapRow, ...]
    unplaced: tuple[str, ...]


def divergence_map(entries: Iterable[tuple[str, GroupFigures, Divergence]]) -> DivergenceMap:
    """Place every statement by the panel's share of agreement and the largest gap between two groups.

    A field is ``STEP`` points wide; its lower edge belongs to it, and 100 to the last one.

    Parameters
    ----------
    entries : iterable of (statement, figures of ``overall``, Divergence)
    """
    placed: dict[tuple[int, int], list[str]] = {}
    unplaced: list[str] = []
    for statement, overall, divergence in entries:
        agree, gap = overall.agree.value, divergence.gap.estimate.value
        if isinstance(agree, NotAssessable) or isinstance(gap, NotAssessable):
            unplaced.append(statement)
        else:
            placed.setdefault((_step(gap), _step(agree)), []).append(statement)
    farthest = max((gap for gap, _ in placed), default=-1)
    rows = tuple(
        MapRow(
            STEP * gap,
            tuple(MapCell(STEP * agree, tuple(placed.get((gap, agree), ()))) for agree in range(N_STEPS)),
        )
        for gap in range(farthest, -1, -1)
    )
    return DivergenceMap(rows, tuple(unplaced))


def _step(share: float) -> int:
    """The step that a share from 0 to 1 falls in; what rounding of the machine has taken is given back."""
    return min(int(share * N_STEPS + 1e-9), N_STEPS - 1)
