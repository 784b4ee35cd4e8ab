"""The long-frame contract: what ratings must look like, and errors that name the rows that do not.

Columns: ``study``, ``round``, ``statement``, ``criterion``, ``group``, ``panelist``, ``rating`` and
``abstained``. ``study`` and ``criterion`` may be left out where there is only one. A rating is a whole
number on its criterion's scale; where ``abstained`` is true the rating is empty. A row that is not there
is a missing rating.
"""

import csv
import io
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.counts import ABSTAINED, MISSING, Counts, Integers, Positions, oriented_positions
from analysis.protocol import AnalysisProtocol
from analysis.rating_faults import (
    NO_SUCH_COLUMN,
    NOT_ASKED,
    OFF_SCALE,
    RATED_TWICE,
    UNKNOWN_CRITERION,
    UNKNOWN_GROUP,
    RatingContractError,
    RatingFault,
)
from analysis.scale import N_, Scale

COLUMNS = ("study", "round", "statement", "criterion", "group", "panelist", "rating", "abstained")
REQUIRED = ("round", "statement", "group", "panelist", "rating")
TRUE_WORDS = frozenset({"true", "1", "yes"})
FALSE_WORDS = frozenset({"false", "0", "no", ""})


@dataclass(frozen=True, slots=True, eq=False)
class RatingMatrix:
    """One round's ratings on one criterion.

    ``positions`` (panelist, statement) holds the position of the point on the scale, ABSTAINED or MISSING.
    ``panelists`` and ``group_of`` are those of the whole round, so every criterion has the same rows.
    """

    scale: Scale
    statements: tuple[str, ...]
    groups: tuple[str, ...]
    panelists: tuple[str, ...]
    group_of: Integers
    positions: Positions

    def counts(self) -> Counts:
        """Count the ratings."""
        return Counts.from_positions(self.scale, self.statements, self.groups, self.positions, self.group_of)


@dataclass(frozen=True, slots=True, eq=False)
class RoundRatings:
    """One round: its panelists in canonical order and a matrix for each criterion that was rated.

    Canonical: by group in the study's order, then by their own row of ratings. Neither the order of rows
    nor the panelists' names can change anything that is computed from it.
    """

    round: int
    panelists: tuple[str, ...]
    matrices: Mapping[str, RatingMatrix]


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """All rounds of a study, checked."""

    rounds: tuple[RoundRatings, ...]

    def round(self, number: int) -> RoundRatings:
        """The round of that number."""
        return next(entry for entry in self.rounds if entry.round == number)


def read_ratings(path: Path, protocol: AnalysisProtocol) -> Ratings:
    """Read a long CSV (UTF-8, comma or semicolon) and hold it to the contract.

    Raises
    ------
    RatingContractError
    """
    return ratings_from_frame(read_table(path), protocol)


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV (UTF-8, comma or semicolon) as texts, every cell as it is written.

    Raises
    ------
    RatingContractError
        Also where a row has more cells than the header.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        message = N_("is not UTF-8; save it as UTF-8.")
        raise RatingContractError([RatingFault.of((), message).in_file(path.name)]) from None
    if not text.strip():
        raise RatingContractError([RatingFault.of((), N_("is empty.")).in_file(path.name)])
    header = text.partition("\n")[0]
    separator = ";" if header.count(";") > header.count(",") else ","
    named = [name.strip() for name in next(csv.reader([header], delimiter=separator))]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        message = N_("the header names %(names)s more than once.")
        raise RatingContractError([RatingFault.of((1,), message, names=", ".join(twice))])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(
                io.StringIO(text),
                sep=separator,
                dtype=str,
                keep_default_na=False,
                skip_blank_lines=False,
                index_col=False,
            )
    except (pd.errors.ParserError, pd.errors.ParserWarning):
        raise RatingContractError([_broken_table(text, separator, len(named), path.name)]) from None
    return frame.set_axis(named, axis="columns").fillna("")


def _broken_table(text: str, separator: str, n_columns: int, file: str) -> RatingFault:
    """Say why a text is no table: which rows are too long, or that a quotation mark is never closed."""
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    longer = [reader.line_num for cells in reader if len(cells) > n_columns]
    if longer:
        return RatingFault.of(longer, N_("more cells than the header has.")).in_file(file)
    return RatingFault.of((), N_("is not a table; a quotation mark may be missing.")).in_file(file)


def ratings_from_rows(
    rows: Iterable[tuple[int, str, str, str, str, int | None]],
    protocol: AnalysisProtocol,
    *,
    asked: Mapping[int, Sequence[str]] | None = None,
) -> Ratings:
    """Build from tuples (round, statement, criterion, group, panelist, rating or None for an abstention).

    ``asked`` is as for :func:`ratings_from_frame`.

    Raises
    ------
    RatingContractError
    """
    columns = ("round", "statement", "criterion", "group", "panelist", "rating")
    frame = pd.DataFrame(list(rows), columns=list(columns), dtype=object)
    frame["abstained"] = frame["rating"].isna()
    return ratings_from_frame(frame, protocol, asked=asked, first_row=1)


def ratings_from_frame(
    frame: pd.DataFrame,
    protocol: AnalysisProtocol,
    *,
    asked: Mapping[int, Sequence[str]] | None = None,
    first_row: int = 2,
) -> Ratings:
    """Hold a long frame to the contract and code it.

    Parameters
    ----------
    frame : DataFrame
        Columns as in the module's docstring, in any order; rows in any order.
    asked : mapping of int to sequence of str, optional
        The statements asked in each round, in the study's order. A statement, or a whole round, that nobody
        rated then stands there without ratings. Otherwise what was rated is all there is, and codes sort
        naturally (S2 before S10).
    first_row : int
        The number of the first row in messages: 2 for a CSV, whose header is line 1.

    Raises
    ------
    RatingContractError
        Every kind of fault, each with its rows.
    """
    check = _ContractCheck(frame, protocol, first_row)
    coded = check.coded()
    if asked is None:
        if coded.empty:
            raise RatingContractError([RatingFault.of((), N_("there are no ratings."))])
        order = sorted(coded["statement"].unique(), key=natural_order)
        numbers = sorted(coded["round"].unique().tolist())
        return Ratings(tuple(_round(coded, number, order, protocol, only_rated=True) for number in numbers))
    known = {(number, code) for number, codes in asked.items() for code in codes}
    pairs = zip(coded["round"], coded["statement"], strict=True)
    check.note(pd.Series([pair not in known for pair in pairs]), NOT_ASKED)
    if check.faults:
        raise RatingContractError(check.faults)
    return Ratings(tuple(_round(coded, number, asked[number], protocol) for number in sorted(asked)))


def natural_order(code: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key by which S2 comes before S10."""
    parts = re.findall(r"\d+|\D+", code)
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


class _ContractCheck:
    """Checks a frame step by step, noting each kind of fault with its rows."""

    def __init__(self, frame: pd.DataFrame, protocol: AnalysisProtocol, first_row: int) -> None:
        self.frame = frame.reset_index(drop=True)
        self.protocol = protocol
        self.first_row = first_row
        self.faults: list[RatingFault] = []

    def note(self, wrong: "pd.Series[bool]", message: str, **params: object) -> None:
        rows = np.flatnonzero(wrong.to_numpy()) + self.first_row
        if rows.size:
            self.faults.append(RatingFault.of(rows.tolist(), message, **params))

    def coded(self) -> pd.DataFrame:
        """The frame with whole-number rounds and ratings; raises when anything is wrong."""
        self._columns()
        self._stop_at_faults()
        coded = pd.DataFrame(
            {name: self._text(name) for name in ("statement", "criterion", "group", "panelist")}
        )
        coded["round"] = self._rounds()
        self._names(coded)
        coded["rating"] = self._ratings()
        self._stop_at_faults()
        self._points(coded)
        self._relations(coded)
        self._stop_at_faults()
        return coded

    def _stop_at_faults(self) -> None:
        if self.faults:
            raise RatingContractError(self.faults)

    def _columns(self) -> None:
        for name in REQUIRED:
            if name not in self.frame.columns:
                self.faults.append(RatingFault.of((), NO_SUCH_COLUMN, name=name))
        for name in self.frame.columns:
            if name not in COLUMNS:
                known = ", ".join(COLUMNS)
                message = N_("%(name)s is not a column of ratings; they are %(known)s.")
                self.faults.append(RatingFault.of((), message, name=name, known=known))
        if "criterion" not in self.frame.columns and len(self.protocol.criteria) > 1:
            message = N_("the column criterion is missing; the study has several.")
            self.faults.append(RatingFault.of((), message))
        if "study" in self.frame.columns and len(self.frame["study"].unique()) > 1:
            message = N_("the column study names several studies; give one at a time.")
            self.faults.append(RatingFault.of((), message))

    def _text(self, name: str) -> "pd.Series[str]":
        if name not in self.frame.columns:
            return pd.Series(self.protocol.criteria[0].code, index=self.frame.index, dtype=object)
        return self.frame[name].astype(object).where(self.frame[name].notna(), "").astype(str).str.strip()

    def _rounds(self) -> "pd.Series[int]":
        numbers = pd.to_numeric(self.frame["round"], errors="coerce")
        wrong = numbers.isna() | (numbers < 1) | (numbers % 1 != 0)
        self.note(wrong, N_("the round must be a whole number from 1."))
        return numbers.where(~wrong, 1).astype(np.int64)

    def _names(self, coded: pd.DataFrame) -> None:
        self.note(coded["statement"] == "", N_("the statement is empty."))
        self.note(coded["panelist"] == "", N_("the panelist is empty."))
        groups = self.protocol.group_codes
        self.note(~coded["group"].isin(groups), UNKNOWN_GROUP, known=", ".join(groups))
        criteria = [criterion.code for criterion in self.protocol.criteria]
        self.note(~coded["criterion"].isin(criteria), UNKNOWN_CRITERION, known=", ".join(criteria))

    def _ratings(self) -> "pd.Series[float]":
        given = self.frame["rating"]
        empty = given.isna() | (given.astype(str).str.strip() == "")
        numbers = pd.to_numeric(given.where(~empty), errors="coerce")
        self.note(~empty & (numbers.isna() | (numbers % 1 != 0)), N_("the rating is not a whole number."))
        abstained = self._abstained()
        self.note(empty & ~abstained, N_("the rating is empty, but abstained is not true."))
        self.note(~empty & abstained, N_("there is a rating, but abstained is true."))
        return numbers

    def _abstained(self) -> "pd.Series[bool]":
        if "abstained" not in self.frame.columns:
            return pd.Series(data=False, index=self.frame.index)
        words = self.frame["abstained"].astype(object)
        words = words.where(words.notna(), "").astype(str).str.strip().str.lower()
        self.note(~words.isin(TRUE_WORDS | FALSE_WORDS), N_("abstained must be true or false."))
        return words.isin(TRUE_WORDS)

    def _points(self, coded: pd.DataFrame) -> None:
        for criterion in self.protocol.criteria:
            low, high = criterion.scale.points[0], criterion.scale.points[-1]
            off = (coded["criterion"] == criterion.code) & (
                (coded["rating"] < low) | (coded["rating"] > high)
            )
            self.note(off, OFF_SCALE, criterion=criterion.code, low=low, high=high)

    def _relations(self, coded: pd.DataFrame) -> None:
        key = ["round", "statement", "criterion", "panelist"]
        self.note(coded.duplicated(key, keep=False), RATED_TWICE)
        groups_of = coded.groupby("panelist")["group"].transform("nunique")
        self.note(groups_of > 1, N_("this panelist stands in two groups."))


def _round(
    coded: pd.DataFrame,
    number: int,
    order: Sequence[str],
    protocol: AnalysisProtocol,
    *,
    only_rated: bool = False,
) -> RoundRatings:
    rows = coded[coded["round"] == number]
    panelists = sorted(rows["panelist"].unique())
    row_of = pd.Categorical(rows["panelist"], categories=panelists).codes.astype(np.int64)
    group_codes = pd.Categorical(rows["group"], categories=list(protocol.group_codes)).codes
    group_of = np.zeros(len(panelists), np.int64)
    group_of[row_of] = group_codes
    blocks: dict[str, tuple[tuple[str, ...], Positions]] = {}
    for criterion in protocol.criteria:
        here = (rows["criterion"] == criterion.code).to_numpy()
        if len(rows) and not here.any():
            continue
        statements = tuple(order)
        if only_rated:
            present = set(rows.loc[here, "statement"])
            statements = tuple(code for code in order if code in present)
        columns = pd.Categorical(rows.loc[here, "statement"], categories=list(statements)).codes
        positions = np.full((len(panelists), len(statements)), MISSING, np.int8)
        given = rows.loc[here, "rating"].to_numpy(dtype=float, na_value=np.nan)
        places = np.where(np.isnan(given), ABSTAINED, np.nan_to_num(given) - criterion.scale.points[0])
        positions[row_of[here], columns] = places.astype(np.int8)
        blocks[criterion.code] = (statements, positions)
    names = tuple(panelists)
    matrices = {
        code: RatingMatrix(
            protocol.criterion(code).scale, statements, protocol.group_codes, names, group_of, positions
        )
        for code, (statements, positions) in blocks.items()
    }
    return in_canonical_order(RoundRatings(number, names, matrices))


def in_canonical_order(one: RoundRatings) -> RoundRatings:
    """The round with its panelists by group, then by their own row of ratings."""
    oriented = [oriented_positions(matrix.positions, matrix.scale) for matrix in one.matrices.values()]
    everything = np.concatenate(oriented, axis=1)
    group_of = next(iter(one.matrices.values())).group_of
    canonical = np.lexsort((*everything.T[::-1], group_of))
    names = tuple(one.panelists[place] for place in canonical)
    matrices = {
        code: replace(
            matrix,
            panelists=names,
            group_of=matrix.group_of[canonical],
            positions=matrix.positions[canonical],
        )
        for code, matrix in one.matrices.items()
    }
    return RoundRatings(one.round, names, matrices)
