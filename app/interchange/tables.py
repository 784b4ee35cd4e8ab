"""A table that somebody uploads, CSV or XLSX, as rows that know where they stand."""

from collections.abc import Collection, Sequence
from typing import Final

from app.domain.fault import Fault
from app.domain.messages import N_
from app.interchange.csv_rows import read_rows
from app.interchange.source_text import assumed_encoding, is_too_large, text_of
from app.interchange.table_rows import RowReader, rows_under_heading
from app.interchange.xlsx_rows import xlsx_records

_ARCHIVE: Final = b"PK\x03\x04"
_OLD_OR_PROTECTED: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_table(
    content: bytes,
    file: str,
    columns: Sequence[str],
    faults: list[Fault],
    *,
    optional: Collection[str] = (),
) -> tuple[RowReader, ...]:
    """Read the rows of a CSV file or of the first sheet of a workbook; what it is shows in its first bytes.

    Of a CSV file that does not say its encoding it is assumed; whoever looks at it is told (`encoding_of`).

    Parameters
    ----------
    content
        The bytes of the file.
    file
        Its name, for the faults.
    columns
        The columns that its first row must name, in any order.
    faults
        Where everything that is wrong is added; each fault names its row and column.
    optional
        Those of the columns that may be missing: ``column in row`` tells.
    """
    if is_too_large(file, content, faults):
        return ()
    if content.startswith(_ARCHIVE):
        records = xlsx_records(file, content, faults)
        return rows_under_heading(file, records, columns, faults, optional=optional)
    if content.startswith(_OLD_OR_PROTECTED):
        message = N_("is an old or a protected workbook. Save it without a password as XLSX, or as CSV.")
        faults.append(Fault(file, None, "", message))
        return ()
    if assumed_encoding(content):
        text: str | None = content.decode("cp1252")
    else:
        text = text_of(file, content, faults)
    return () if text is None else read_rows(file, text, columns, faults, optional=optional)


def encoding_of(content: bytes) -> str:
    """The encoding that was assumed of a table; empty where there was nothing to assume."""
    return "" if content.startswith((_ARCHIVE, _OLD_OR_PROTECTED)) else assumed_encoding(content)
