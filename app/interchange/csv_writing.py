"""Tables written as CSV: a spreadsheet shows every cell as text, and what is read back is the same."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

_GUARDED: Final = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")
_BEGINS_A_FORMULA: Final = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A heading and its rows, in UTF-8 with the mark by which spreadsheets know it."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([as_text(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_text(cell: str) -> str:
    """Return the cell as a spreadsheet shows it as it is: what would begin a formula gets an apostrophe.

    So does what looks as if it had got one already, so that `from_text` gives every cell back.
    """
    return f"'{cell}" if _BEGINS_A_FORMULA.match(cell) else cell


def from_text(cell: str) -> str:
    """Return the cell without the apostrophe that keeps it from being a formula."""
    return cell[1:] if _GUARDED.match(cell) else cell
