"""Another grouping of the same panel: any profile answer, or the language, in place of the group."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.protocol import AnalysisProtocol, Group
from analysis.ratings import (
    RatingContractError,
    RatingFault,
    Ratings,
    RoundRatings,
    in_canonical_order,
    natural_order,
)
from analysis.results import RESERVED_GROUPS


def regroup(
    ratings: Ratings,
    protocol: AnalysisProtocol,
    group_of: Mapping[str, str],
    groups: Sequence[Group] | None = None,
) -> tuple[Ratings, AnalysisProtocol]:
    """Put every panelist into another group, and the rule's scope over those groups.

    Nothing else changes: the same ratings, scales and rules. Decisions by a grouping that the protocol did
    not fix beforehand are exploratory.

    Parameters
    ----------
    ratings : Ratings
    protocol : AnalysisProtocol
    group_of : mapping of panelist to group code
        Such as their language, or their answer to a profile question with one answer. Of panelists who rated
        nothing it may speak as well.
    groups : sequence of Group, optional
        Their order and names; otherwise those that occur, in natural order, named by their code.

    Returns
    -------
    Ratings, AnalysisProtocol
        For :func:`analysis.study_analysis.analyse_study`.

    Raises
    ------
    RatingContractError
        Names the panelists without a group, and codes that are reserved or not among ``groups``.
    ProtocolFieldError
        The rule asks for more groups than there are.
    """
    panel = sorted({panelist for one in ratings.rounds for panelist in one.panelists})
    found = sorted({group_of[panelist] for panelist in panel if panelist in group_of}, key=natural_order)
    listed = tuple(groups) if groups is not None else tuple(Group(code, {}) for code in found)
    codes = tuple(group.code for group in listed)
    faults = [
        RatingFault((), f"panelist {panelist} has no group in this grouping.")
        for panelist in panel
        if panelist not in group_of
    ]
    faults += [
        RatingFault(
            (), f"{code} cannot be a group here; it is a reserved word, or not in the list of groups."
        )
        for code in found
        if code in RESERVED_GROUPS or code not in codes
    ]
    if faults:
        raise RatingContractError(faults)
    place_of = {panelist: codes.index(group_of[panelist]) for panelist in panel}
    return (
        Ratings(tuple(_regrouped(one, codes, place_of) for one in ratings.rounds)),
        protocol.with_groups(listed),
    )


def _regrouped(one: RoundRatings, codes: tuple[str, ...], place_of: Mapping[str, int]) -> RoundRatings:
    group_of = np.array([place_of[panelist] for panelist in one.panelists], dtype=np.int64)
    matrices = {
        code: replace(matrix, groups=codes, group_of=group_of) for code, matrix in one.matrices.items()
    }
    return in_canonical_order(RoundRatings(one.round, one.panelists, matrices))


def grouping_in_column(frame: pd.DataFrame, column: str, panelist: str) -> dict[str, str]:
    """Read a grouping from a table: each panelist's entry in a column, the same in all of their rows.

    Parameters
    ----------
    frame : DataFrame
        As :func:`analysis.ratings.read_table` gives it.
    column, panelist : str
        The column with the groups, and the one with the panelists.

    Raises
    ------
    RatingContractError
        A column that is missing; rows without an entry; a panelist with two.
    """
    for name in (column, panelist):
        if name not in frame.columns:
            raise RatingContractError([RatingFault((), f"the column {name} is missing.")])
    entries = frame[column].str.strip()
    names = frame[panelist].str.strip()
    faults = []
    for wrong, sentence in (
        (entries == "", f"the column {column} is empty, so this panelist has no group."),
        (entries.groupby(names).transform("nunique") > 1, f"this panelist has several entries in {column}."),
    ):
        rows = np.flatnonzero(wrong.to_numpy()) + 2
        if rows.size:
            faults.append(RatingFault(tuple(rows.tolist()), sentence))
    if faults:
        raise RatingContractError(faults)
    return dict(zip(names, entries, strict=True))
