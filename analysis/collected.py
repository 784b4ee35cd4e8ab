"""Ratings collected elsewhere, read from a file: long or wide, by the study's groups or by others."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.attrition import panel_flow
from analysis.grouping import grouping_in_table, regroup
from analysis.protocol import AnalysisProtocol
from analysis.rating_faults import NO_SUCH_COLUMN, UNKNOWN_GROUP, RatingContractError, RatingFault
from analysis.ratings import COLUMNS, Ratings, ratings_from_frame, read_table
from analysis.scale import N_
from analysis.wide import long_from_wide, read_wide_mapping

INVITED_COLUMNS = ("round", "group", "invited")
WHOLE_NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True, eq=False)
class CollectedRatings:
    """Checked ratings, and the protocol they are to be analysed by, whose groups may be others by now."""

    ratings: Ratings
    protocol: AnalysisProtocol


def read_collected(
    path: Path, protocol: AnalysisProtocol, *, wide: Path | None = None, group_by: str | None = None
) -> CollectedRatings:
    """Read a file of ratings.

    Parameters
    ----------
    path : Path
        CSV, UTF-8, comma or semicolon.
    protocol : AnalysisProtocol
    wide : Path, optional
        A mapping file (:mod:`analysis.wide`); the table then has one row a panelist, otherwise it is long.
    group_by : str, optional
        What takes the place of the stakeholder groups (:func:`analysis.grouping.grouping_in_table`): a column
        of the file, or ``column=answer`` of a question with several answers. A long table may then have more
        columns, which are left aside.

    Raises
    ------
    RatingContractError, ProtocolFieldError
    """
    frame = read_table(path)
    mapping = None if wide is None else read_wide_mapping(wide, protocol)
    grouping = None
    if group_by is not None:
        grouping = grouping_in_table(frame, group_by, "panelist" if mapping is None else mapping.panelist)
        if mapping is None:
            frame = frame[[name for name in frame.columns if name in COLUMNS]]
    long = frame if mapping is None else long_from_wide(frame, mapping, protocol)
    ratings = ratings_from_frame(long, protocol)
    if grouping is None:
        return CollectedRatings(ratings, protocol)
    rated = {panelist for one in ratings.rounds for panelist in one.panelists}
    occur = {grouping.group_of[panelist] for panelist in rated}
    groups = [group for group in grouping.groups if group.code in occur]
    return CollectedRatings(*regroup(ratings, protocol, grouping.group_of, groups))


def read_invited(path: Path, collected: CollectedRatings) -> dict[tuple[int, str], int]:
    """Read how many were invited to each round, for response rates.

    Parameters
    ----------
    path : Path
        CSV with the columns ``round``, ``group`` and ``invited``; the groups are those of the analysis.
    collected : CollectedRatings
        The ratings that came of it.

    Returns
    -------
    dict of (round, group) to int

    Raises
    ------
    RatingContractError
        Every wrong row: an unknown group, no whole number, a group twice, fewer invited than took part.
    """
    frame = read_table(path)
    missing = [name for name in INVITED_COLUMNS if name not in frame.columns]
    if missing:
        raise RatingContractError(
            [RatingFault.of((), NO_SUCH_COLUMN, name=name).in_file(path.name) for name in missing]
        )
    flow = panel_flow(collected.ratings, collected.protocol.group_codes)
    took_part = {(one.round, one.group): one.took_part for one in flow}
    invited: dict[tuple[int, str], int] = {}
    faults = []
    rows = frame[list(INVITED_COLUMNS)].itertuples(index=False, name=None)
    for row, (number, group, n) in enumerate(rows, start=2):
        wrong = _invited_fault(number.strip(), group.strip(), n.strip(), collected, took_part, invited)
        if wrong:
            message, told = wrong
            faults.append(RatingFault.of((row,), message, **told).in_file(path.name))
    if faults:
        raise RatingContractError(faults)
    return invited


def _invited_fault(
    number: str,
    group: str,
    n: str,
    collected: CollectedRatings,
    took_part: Mapping[tuple[int, str], int],
    invited: dict[tuple[int, str], int],
) -> tuple[str, dict[str, object]] | None:
    """Note a good row in ``invited``; of another say what is wrong."""
    groups = collected.protocol.group_codes
    if group not in groups:
        return UNKNOWN_GROUP, {"known": ", ".join(groups)}
    if not (WHOLE_NUMBER.fullmatch(number) and WHOLE_NUMBER.fullmatch(n)):
        return N_("round and invited must be whole numbers."), {}
    where = int(number), group
    if where in invited:
        return N_("this group stands twice in this round."), {}
    if int(n) < took_part.get(where, 0):
        return N_("%(n)s of the group took part, more than were invited."), {"n": took_part[where]}
    invited[where] = int(n)
    return None
