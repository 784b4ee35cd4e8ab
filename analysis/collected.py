"""Ratings collected elsewhere, read from a file: long or wide, by the study's groups or by others."""

from dataclasses import dataclass
from pathlib import Path

from analysis.grouping import grouping_in_table, regroup
from analysis.protocol import AnalysisProtocol
from analysis.ratings import COLUMNS, Ratings, ratings_from_frame, read_table
from analysis.wide import long_from_wide, read_wide_mapping


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
