"""The list of personal links as CSV, for a team that sends its mail by other means."""

import csv
import io
from collections.abc import Iterable, Sequence

COLUMNS = ("name", "email", "group", "language", "link")

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def links_table(rows: Iterable[Sequence[str]]) -> bytes:
    """One line for each row of ``COLUMNS``, in UTF-8 with the mark by which spreadsheets know it."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([as_text(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_text(cell: str) -> str:
    """Return the cell as a spreadsheet shows it as it is: what would begin a formula gets an apostrophe."""
    return f"'{cell}" if cell.startswith(_BEGINS_A_FORMULA) else cell
