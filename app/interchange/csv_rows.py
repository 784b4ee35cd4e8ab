"""Rows of a CSV file, cell by cell; what is wrong is named by column and by row, as a spreadsheet counts."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from app.domain.errors import DomainError
from app.domain.fault import Fault
from app.domain.messages import N_
from app.domain.rating import checked_text
from app.domain.study import is_code
from app.interchange.source_text import misreading, shown

ROW_LIMIT: Final = 50_000
"""The most rows that are read of a file."""

CODE_LIMIT: Final = 40

_DELIMITERS: Final = ",;\t"
_HEADING_LIMIT: Final = 10_000

_Record = tuple[int, list[str]]


class RowReader:
    """One row under its heading; what is wrong with a cell is added to the file's faults."""

    def __init__(self, file: str, number: int, cells: Mapping[str, str], faults: list[Fault]) -> None:
        self.number = number
        self._file = file
        self._cells = cells
        self._faults = faults

    def fault(self, column: str, message: str, **params: object) -> None:
        """Note what is wrong with the cell in ``column``."""
        self._faults.append(Fault(self._file, self.number, column, message, params))

    def text(self, column: str, limit: int, *, when_empty: str | None = None) -> str:
        """Read a text of at most ``limit`` characters; ``""`` after a fault.

        An empty cell is a fault if ``when_empty`` says what to write there.
        """
        cell = self._cells[column]
        wrong = misreading(cell)
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


def read_rows(file: str, text: str, columns: Sequence[str], faults: list[Fault]) -> tuple[RowReader, ...]:
    """Read the rows of a file whose heading has just these columns, in any order.

    Commas, semicolons or tabs may part the cells: the heading shows which. Rows without any text are passed
    over. A row with too few or too many cells is a fault and not read; without its columns no row is.

    Parameters
    ----------
    file
        The file's name, for the faults.
    text
        What stands in it.
    columns
        The names that the heading must have.
    faults
        Where everything that is wrong is added.
    """
    records = _records(file, text, _delimiter(text, columns), faults)
    heading = next(records, None)
    if heading is None:
        if not any(fault.file == file for fault in faults):
            message = N_("is empty. Its first row must name the columns %(columns)s.")
            faults.append(Fault(file, None, "", message, {"columns": ", ".join(columns)}))
        return ()
    names = _names(heading[1])
    if not _is_usable(file, heading[0], names, columns, faults):
        return ()
    n_before = len(faults)
    rows = tuple(_fitting(file, names, records, faults))
    if not rows and len(faults) == n_before:
        faults.append(Fault(file, None, "", N_("has a heading, but no row under it.")))
    return rows


def _records(file: str, text: str, delimiter: str, faults: list[Fault]) -> Iterator[_Record]:
    number = 0
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            number += 1
            if number > ROW_LIMIT:
                message = N_("is more than the %(limit)s rows that are read. Is it the right file?")
                faults.append(Fault(file, number, "", message, {"limit": ROW_LIMIT}))
                return
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error:
        message = N_(
            "cannot be read, nor what follows: a quotation mark is missing or out of place. "
            "Put quotation marks around the whole cell, and write one inside it twice."
        )
        faults.append(Fault(file, number + 1, "", message))


def _delimiter(text: str, columns: Sequence[str]) -> str:
    """Choose what parts the heading into the most of its columns."""
    lines = io.StringIO(text, newline=None)
    heading = next((line for line in lines if line.strip()), "")[:_HEADING_LIMIT]

    def n_columns(delimiter: str) -> int:
        return len(set(columns) & set(_names(next(csv.reader([heading], delimiter=delimiter), []))))

    return max(_DELIMITERS, key=n_columns)


def _names(cells: Sequence[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _is_usable(
    file: str, number: int, names: Sequence[str], columns: Sequence[str], faults: list[Fault]
) -> bool:
    """Note what is wrong with the heading, and tell whether its rows can be read all the same."""
    listed = {"columns": ", ".join(columns)}
    for position, name in enumerate(names, start=1):
        if not name:
            message = N_("has no name above column %(position)s. Name it, or delete the column.")
            faults.append(Fault(file, number, "", message, {"position": position}))
        elif name not in columns:
            message = N_("is not a column of this file. Its columns are %(columns)s.")
            faults.append(Fault(file, number, shown(name), message, listed))
    missing = [column for column in columns if column not in names]
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
    file: str, names: Sequence[str], records: Iterator[_Record], faults: list[Fault]
) -> Iterator[RowReader]:
    for number, cells in records:
        # Spreadsheets like to end rows with empty cells.
        while len(cells) > len(names) and not cells[-1].strip():
            cells.pop()
        if len(cells) == len(names):
            yield RowReader(file, number, dict(zip(names, cells, strict=True)), faults)
        else:
            message = N_(
                "has %(n_cells)s cells where the heading has %(n_columns)s. "
                "A text with the separator in it needs quotation marks around it."
            )
            faults.append(Fault(file, number, "", message, {"n_cells": len(cells), "n_columns": len(names)}))
