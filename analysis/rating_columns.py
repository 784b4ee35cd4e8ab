"""Millions of ratings as columns of whole numbers, as a database hands them over: without a text for each.

The contract is that of :mod:`analysis.ratings`, and what is built is the same to the last bit.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.counts import ABSTAINED, MISSING, Flags, Integers, Positions
from analysis.protocol import AnalysisProtocol
from analysis.rating_faults import (
    NOT_ASKED,
    OFF_SCALE,
    RATED_TWICE,
    UNKNOWN_CRITERION,
    UNKNOWN_GROUP,
    RatingContractError,
    RatingFault,
)
from analysis.ratings import RatingMatrix, Ratings, RoundRatings, in_canonical_order


@dataclass(frozen=True, slots=True, eq=False)
class RatingColumns:
    """One rating a row, every column an int array.

    Parameters
    ----------
    statements, criteria, groups : tuple of str
        The codes that the columns of the same names point into, in the study's order.
    round, statement, criterion, group, panelist, point : int array
        Of an abstention the point says nothing.
    abstained : bool array
    """

    statements: tuple[str, ...]
    criteria: tuple[str, ...]
    groups: tuple[str, ...]
    round: Integers
    statement: Integers
    criterion: Integers
    group: Integers
    panelist: Integers
    point: Integers
    abstained: Flags

    def counted(self, number: int) -> Counter[tuple[str, str, str, int | None]]:
        """How many ratings a round has of each statement, criterion, group and point (None: abstained)."""
        here = self.round == number
        point = np.where(self.abstained, 0, self.point)
        columns = [c[here] for c in (self.statement, self.criterion, self.group, point, self.abstained)]
        _, first, _, n = _alike(*columns)
        cells = zip(*(column[first].tolist() for column in columns), n.tolist(), strict=True)
        return Counter(
            {
                (
                    self.statements[statement],
                    self.criteria[criterion],
                    self.groups[group],
                    None if abstained else point,
                ): count
                for statement, criterion, group, point, abstained, count in cells
            }
        )

    def in_order(self) -> Iterator[tuple[int, str, str, list[tuple[str, int, int | None]]]]:
        """Round, statement and criterion in the study's order, each with group, panelist and point of all."""
        key = (self.panelist, self.criterion, self.statement, self.round)
        order = np.lexsort(key)
        begins = np.any([np.diff(column[order], prepend=-1) != 0 for column in key[1:]], axis=0)
        for rows in np.split(order, np.flatnonzero(begins))[1:]:
            first = rows[0]
            points = zip(self.point[rows].tolist(), self.abstained[rows].tolist(), strict=True)
            yield (
                int(self.round[first]),
                self.statements[self.statement[first]],
                self.criteria[self.criterion[first]],
                [
                    (self.groups[group], panelist, None if abstained else point)
                    for group, panelist, (point, abstained) in zip(
                        self.group[rows].tolist(), self.panelist[rows].tolist(), points, strict=True
                    )
                ],
            )


def ratings_from_columns(
    columns: RatingColumns, protocol: AnalysisProtocol, *, asked: Mapping[int, Sequence[str]]
) -> Ratings:
    """Hold the columns to the contract and code them; ``asked`` is as for ``ratings_from_frame``.

    Raises
    ------
    RatingContractError
        Every kind of fault, each with its rows, from 1.
    """
    faults = tuple(_faults(columns, protocol, asked))
    if faults:
        raise RatingContractError(faults)
    return Ratings(tuple(_round(columns, protocol, number, asked[number]) for number in sorted(asked)))


def _faults(
    columns: RatingColumns, protocol: AnalysisProtocol, asked: Mapping[int, Sequence[str]]
) -> Iterator[RatingFault]:
    known = [criterion.code for criterion in protocol.criteria]
    wrong = ~np.isin(np.array(columns.groups), protocol.group_codes)[columns.group]
    yield from _fault(wrong, UNKNOWN_GROUP, known=", ".join(protocol.group_codes))
    wrong = ~np.isin(np.array(columns.criteria), known)[columns.criterion]
    yield from _fault(wrong, UNKNOWN_CRITERION, known=", ".join(known))
    for criterion in protocol.criteria:
        low, high = criterion.scale.points[0], criterion.scale.points[-1]
        here = (np.array(columns.criteria) == criterion.code)[columns.criterion] & ~columns.abstained
        wrong = here & ((columns.point < low) | (columns.point > high))
        yield from _fault(wrong, OFF_SCALE, criterion=criterion.code, low=low, high=high)
    wrong = np.ones(columns.round.size, bool)
    for number, codes in asked.items():
        is_asked = np.isin(np.array(columns.statements), codes)
        wrong[(columns.round == number) & is_asked[columns.statement]] = False
    yield from _fault(wrong, NOT_ASKED)
    _, _, where, n = _alike(columns.round, columns.panelist, columns.statement, columns.criterion)
    yield from _fault((n > 1)[where], RATED_TWICE)


def _alike(*columns: Integers | Flags) -> tuple[Integers, Integers, Integers, Integers]:
    """What ``np.unique`` says of the rows of several columns, which as one number each are sorted at once."""
    key = np.zeros(columns[0].size, np.int64)
    for column in columns:
        numbers = column.astype(np.int64) - column.min(initial=0)
        key = key * (numbers.max(initial=0) + 1) + numbers
    return np.unique(key, return_index=True, return_inverse=True, return_counts=True)


def _fault(wrong: Flags, message: str, **params: object) -> Iterator[RatingFault]:
    rows = np.flatnonzero(wrong) + 1
    if rows.size:
        yield RatingFault.of(rows.tolist(), message, **params)


def _round(
    columns: RatingColumns, protocol: AnalysisProtocol, number: int, order: Sequence[str]
) -> RoundRatings:
    here = np.flatnonzero(columns.round == number)
    ids, first, row_of = np.unique(columns.panelist[here], return_index=True, return_inverse=True)
    # As their names are sorted elsewhere: between panelists who rated alike this order stays.
    by_name = sorted(range(len(ids)), key=lambda row: str(ids[row]))
    row_of = np.argsort(by_name)[row_of] if len(ids) else row_of
    names = tuple(str(ids[row]) for row in by_name)
    places = [
        protocol.group_codes.index(code) if code in protocol.group_codes else -1 for code in columns.groups
    ]
    group_of = np.array(places, np.int64)[columns.group[here][first]][by_name]
    columns_of = np.array([order.index(c) if c in order else -1 for c in columns.statements], np.int64)
    matrices = {}
    for criterion in protocol.criteria:
        one = here[(np.array(columns.criteria) == criterion.code)[columns.criterion[here]]]
        if here.size and not one.size:
            continue
        positions: Positions = np.full((len(ids), len(order)), MISSING, np.int8)
        points = np.where(columns.abstained[one], ABSTAINED, columns.point[one] - criterion.scale.points[0])
        rows = row_of[np.searchsorted(here, one)]
        positions[rows, columns_of[columns.statement[one]]] = points.astype(np.int8)
        matrices[criterion.code] = RatingMatrix(
            criterion.scale, tuple(order), protocol.group_codes, names, group_of, positions
        )
    return in_canonical_order(RoundRatings(number, names, matrices))
