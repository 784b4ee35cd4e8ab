"""The two count tensors that nearly every measure is a function of.

``Counts[statement, group, point]`` describes one round, ``Transitions[statement, group, point before,
point after]`` the panelists who rated in both of two rounds. Points are positions on the scale from its
lowest point (0) up; abstentions and missing ratings are counted beside, never as points.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from analysis.results import OVERALL
from analysis.scale import Scale

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int8]

ABSTAINED = -1
MISSING = -2
CELLS_AT_ONCE = 2**17
"""So many are counted at a time, which stay in the processor's cache: twice as fast as all at once."""


def oriented_positions(positions: Positions, scale: Scale) -> Positions:
    """Turn positions so that higher is nearer to agreement; negative states stay."""
    if scale.high_is_agreement:
        return positions
    return np.where(positions >= 0, len(scale.points) - 1 - positions, positions).astype(np.int8)


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Ratings of one criterion in one round, counted.

    Parameters
    ----------
    scale : Scale
    statements, groups : tuple of str
        What the first two axes stand for.
    rated : int array (statement, group, point)
    abstained, missing : int array (statement, group)
        Panelists who could not rate; panelists of the round who said nothing.
    """

    scale: Scale
    statements: tuple[str, ...]
    groups: tuple[str, ...]
    rated: Integers
    abstained: Integers
    missing: Integers

    @classmethod
    def from_rows(
        cls,
        scale: Scale,
        statements: Sequence[str],
        groups: Sequence[str],
        rows: Iterable[tuple[str, str, int | None, int]],
        panel: dict[str, int] | None = None,
    ) -> Self:
        """Build from the rows of a ``GROUP BY statement, group, rating``.

        Parameters
        ----------
        rows : iterable of (statement, group, rating or None for an abstention, how many)
        panel : dict of group to number of panelists in the round, optional
            Gives the missing ratings; without it none are counted.
        """
        place_of = {code: place for place, code in enumerate(statements)}
        group_of = {code: place for place, code in enumerate(groups)}
        rated = np.zeros((len(statements), len(groups), len(scale.points)), np.int64)
        abstained = np.zeros(rated.shape[:2], np.int64)
        for statement, group, point, how_many in rows:
            where = place_of[statement], group_of[group]
            if point is None:
                abstained[where] += how_many
            elif point in scale:
                rated[(*where, point - scale.points[0])] += how_many
            else:
                raise ValueError(f"statement {statement}, group {group}: {point} is not on the scale")
        answered = rated.sum(axis=2) + abstained
        missing = np.zeros_like(abstained)
        if panel is not None:
            missing = np.array([panel[group] for group in groups], np.int64) - answered
        return cls(scale, tuple(statements), tuple(groups), rated, abstained, missing)

    @classmethod
    def from_positions(
        cls,
        scale: Scale,
        statements: tuple[str, ...],
        groups: tuple[str, ...],
        positions: Positions,
        group_of: Integers,
    ) -> Self:
        """Count a matrix (panelist, statement) of positions, ABSTAINED or MISSING."""
        n_states = len(scale.points) + 2
        shape = (len(statements), len(groups), n_states)
        totals = np.zeros(int(np.prod(shape)), np.int64)
        of_statement = (np.arange(len(statements)) * (len(groups) * n_states) + 2)[None, :]
        of_panelist = (group_of * n_states)[:, None]
        block = max(1, CELLS_AT_ONCE // max(len(statements), 1))
        for start in range(0, positions.shape[0], block):
            cells = positions[start : start + block] + of_statement
            cells += of_panelist[start : start + block]
            totals += np.bincount(cells.ravel(), minlength=totals.size)
        tensor = totals.reshape(shape)
        return cls(scale, statements, groups, tensor[:, :, 2:], tensor[:, :, 1], tensor[:, :, 0])

    @property
    def points(self) -> Integers:
        """The scale's points."""
        return np.array(self.scale.points, np.int64)

    @property
    def n(self) -> Integers:
        """Number of ratings (statement, group)."""
        return np.asarray(self.rated.sum(axis=2))

    def with_overall(self) -> Self:
        """Add a last group ``overall``, the sum of the others."""
        return type(self)(
            self.scale,
            self.statements,
            (*self.groups, OVERALL),
            np.concatenate([self.rated, self.rated.sum(axis=1, keepdims=True)], axis=1),
            np.concatenate([self.abstained, self.abstained.sum(axis=1, keepdims=True)], axis=1),
            np.concatenate([self.missing, self.missing.sum(axis=1, keepdims=True)], axis=1),
        )

    def without_group(self, group: str) -> Self:
        """Drop one group."""
        kept = [place for place, code in enumerate(self.groups) if code != group]
        return type(self)(
            self.scale,
            self.statements,
            tuple(self.groups[place] for place in kept),
            self.rated[:, kept],
            self.abstained[:, kept],
            self.missing[:, kept],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Transitions:
    """The same panelists' ratings in two rounds, counted.

    ``moved`` is an int array (statement, group, point before, point after) over those who rated in both.
    """

    scale: Scale
    statements: tuple[str, ...]
    groups: tuple[str, ...]
    moved: Integers

    @classmethod
    def from_positions(
        cls,
        scale: Scale,
        statements: tuple[str, ...],
        groups: tuple[str, ...],
        before: Positions,
        after: Positions,
        group_of: Integers,
    ) -> Self:
        """Count two matrices (panelist, statement) over the same panelists and statements."""
        k = len(scale.points)
        rows, columns = np.nonzero((before >= 0) & (after >= 0))
        cells = (columns * len(groups) + group_of[rows]) * (k * k)
        cells += before[rows, columns].astype(np.int64) * k + after[rows, columns]
        shape = (len(statements), len(groups), k, k)
        moved = np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape)
        return cls(scale, statements, groups, moved)

    @classmethod
    def from_rows(
        cls,
        scale: Scale,
        statements: Sequence[str],
        groups: Sequence[str],
        rows: Iterable[tuple[str, str, int, int, int]],
    ) -> Self:
        """Build from rows (statement, group, rating before, rating after, how many)."""
        place_of = {code: place for place, code in enumerate(statements)}
        group_of = {code: place for place, code in enumerate(groups)}
        k, lowest = len(scale.points), scale.points[0]
        moved = np.zeros((len(statements), len(groups), k, k), np.int64)
        for statement, group, before, after, how_many in rows:
            if before not in scale or after not in scale:
                raise ValueError(
                    f"statement {statement}, group {group}: {before} or {after} is not on the scale"
                )
            moved[place_of[statement], group_of[group], before - lowest, after - lowest] += how_many
        return cls(scale, tuple(statements), tuple(groups), moved)

    def with_overall(self) -> Self:
        """Add a last group ``overall``, the sum of the others."""
        moved = np.concatenate([self.moved, self.moved.sum(axis=1, keepdims=True)], axis=1)
        return type(self)(self.scale, self.statements, (*self.groups, OVERALL), moved)
