"""Rows of a CSV file, as a spreadsheet counts them."""

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from app.domain.fault import Fault
from app.domain.messages import N_
from app.interchange import table_rows
from app.interchange.csv_writing import from_text
from app.interchange.table_rows import Record, RowReader, column_names, rows_under_heading, too_many_rows

_DELIMITERS: Final = ",;\t"
_HEADING_LIMIT: Final = 10_000


def read_rows(
    file: str,
    text: str,
    columns: Sequence[str],
    faults: list[Fault],
    *,
    optional: Collection[str] = (),
    may_be_empty: bool = False,
) -> tuple[RowReader, ...]:
    """Read the rows of a file whose heading has just these columns, in any order.

    Commas, semicolons or tabs may part the cells: the heading shows which. Rows without any text are passed
    over. ``optional`` are those of the columns that may be missing; with ``may_be_empty`` all rows may be.
    """
    records = _records(file, text, _delimiter(text, columns), faults)
    return rows_under_heading(file, records, columns, faults, optional=optional, may_be_empty=may_be_empty)


def _records(file: str, text: str, delimiter: str, faults: list[Fault]) -> Iterator[Record]:
    number = 0
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            number += 1
            if number > table_rows.ROW_LIMIT:
                faults.append(too_many_rows(file, number))
                return
            record = Record(number, [from_text(cell) for cell in cells])
            if not record.is_empty:
                yield record
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
        return len(set(columns) & set(column_names(next(csv.reader([heading], delimiter=delimiter), []))))

    return max(_DELIMITERS, key=n_columns)
