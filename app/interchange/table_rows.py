"""Rows of a table under its heading, cell by cell; what is wrong is named by column and by row."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.domain.errors import DomainError
from app.domain.fault import Fault
from app.domain.messages import N_, Sentence
from app.domain.rating import checked_text
from app.domain.study import is_code
from app.interchange.source_text import misreading, shown

ROW_LIMIT: Final = 50_000
"""The most rows that are read of a file."""

CODE_LIMIT: Final = 40


@dataclass(frozen=True)
class Record:
    """A row as it stands in its file, counted from 1.

    ``wrong`` says, by a cell's place in the row from 0, why the cell cannot be taken as it is.
    """

    number: int
    cells: list[str]
    wrong: Mapping[int, Sentence] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self.wrong and not any(cell.strip() for cell in self.cells)


class RowReader:
    """One row under its heading; what is wrong with a cell is added to the file's faults."""

    def __init__(
        self,
        file: str,
        number: int,
        cells: Mapping[str, str],
        faults: list[Fault],
        wrong: Mapping[str, Sentence] | None = None,
    ) -> None:
        self.number = number
        self._file = file
        self._cells = cells
        self._faults = faults
        self._wrong = wrong or {}

    def __contains__(self, column: object) -> bool:
        return column in self._cells

    @property
    def n_faults(self) -> int:
        """How many faults its file has so far."""
        return len(self._faults)

    def fault(self, column: str, message: str, **params: object) -> None:
        """Note what is wrong with the cell in ``column``."""
        self._faults.append(Fault(self._file, self.number, column, message, params))

    def text(self, column: str, limit: int, *, when_empty: str | None = None) -> str:
        """Read a text of at most ``limit`` characters; ``""`` after a fault.

        An empty cell is a fault if ``when_empty`` says what to write there.
        """
        cell = self._cells[column]
        wrong = self._wrong.get(column) or misreading(cell)
        if wrong is not None:
            self.fault(column, wrong.message, **wrong.params)
            return ""
        try:
            text = checked_text(cell, limit)
        except DomainError as refusal:
            self.fault(column, refusal.message, **refusal.params)
            return ""
        if not text and when_empty is not None:
            self.fault(column, when_empty)
        return text

    def code(self, column: str, *, when_empty: str) -> str:
        """Read a code; ``""`` after a fault."""
        code = self.text(column, CODE_LIMIT, when_empty=when_empty)
        if code and not is_code(code):
            self.fault(column, N_("may have letters, digits, hyphens, dots and underscores only."))
            return ""
        return code


def rows_under_heading(
    file: str,
    records: Iterator[Record],
    columns: Sequence[str],
    faults: list[Fault],
    *,
    optional: Collection[str] = (),
    may_be_empty: bool = False,
) -> tuple[RowReader, ...]:
    """The rows of a table whose first row names these columns, in any order.

    A row with too few or too many cells is a fault and not read; without its columns no row is.

    Parameters
    ----------
    file
        The file's name, for the faults.
    records
        Its rows, those without any text left out.
    columns
        The names that the heading must have.
    faults
        Where everything that is wrong is added.
    optional
        Those of the columns that may be missing.
    may_be_empty
        Whether there may be no row under the heading.
    """
    heading = next(records, None)
    if heading is None:
        if not any(fault.file == file for fault in faults):
            message = N_("is empty. Its first row must name the columns %(columns)s.")
            faults.append(Fault(file, None, "", message, {"columns": ", ".join(columns)}))
        return ()
    names = column_names(heading.cells)
    if not _is_usable(file, heading, names, columns, faults, optional):
        return ()
    n_before = len(faults)
    rows = tuple(_fitting(file, names, records, faults))
    if not (rows or may_be_empty) and len(faults) == n_before:
        faults.append(Fault(file, None, "", N_("has a heading, but no row under it.")))
    return rows


def column_names(cells: Sequence[str]) -> list[str]:
    """What the cells of a heading name, without the empty ones at its end."""
    names = [cell.strip().lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def too_many_rows(file: str, number: int) -> Fault:
    """The fault of the first row that is not read."""
    message = N_("is more than the %(limit)s rows that are read. Is it the right file?")
    return Fault(file, number, "", message, {"limit": ROW_LIMIT})


def _is_usable(
    file: str,
    heading: Record,
    names: Sequence[str],
    columns: Sequence[str],
    faults: list[Fault],
    optional: Collection[str],
) -> bool:
    """Note what is wrong with the heading, and tell whether its rows can be read all the same."""
    number, listed = heading.number, {"columns": ", ".join(columns)}
    for position, wrong in heading.wrong.items():
        name = names[position] if position < len(names) else ""
        faults.append(Fault(file, number, shown(name), wrong.message, wrong.params))
    for position, name in enumerate(names, start=1):
        if not name:
            message = N_("has no name above column %(position)s. Name it, or delete the column.")
            faults.append(Fault(file, number, "", message, {"position": position}))
        elif name not in columns:
            message = N_("is not a column of this file. Its columns are %(columns)s.")
            faults.append(Fault(file, number, shown(name), message, listed))
    missing = [column for column in columns if column not in names and column not in optional]
    for column in missing:
        message = N_("is missing. The columns of this file are %(columns)s.")
        faults.append(Fault(file, number, column, message, listed))
    repeated = [column for column in columns if names.count(column) > 1]
    faults.extend(
        Fault(file, number, column, N_("stands twice in the heading. Delete one of the columns."))
        for column in repeated
    )
    return not missing and not repeated


def _fitting(
    file: str, names: Sequence[str], records: Iterator[Record], faults: list[Fault]
) -> Iterator[RowReader]:
    for record in records:
        number, cells = record.number, record.cells
        # Spreadsheets like to end rows with empty cells.
        while len(cells) > len(names) and not cells[-1].strip():
            cells.pop()
        if len(cells) == len(names):
            wrong = {names[place]: said for place, said in record.wrong.items() if place < len(names)}
            yield RowReader(file, number, dict(zip(names, cells, strict=True)), faults, wrong)
        else:
            message = N_(
                "has %(n_cells)s cells where the heading has %(n_columns)s. "
                "A text with the separator in it needs quotation marks around it."
            )
            faults.append(Fault(file, number, "", message, {"n_cells": len(cells), "n_columns": len(names)}))
