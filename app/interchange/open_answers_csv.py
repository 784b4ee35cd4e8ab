"""The answers to open questions as CSV, for a team that reads them elsewhere; nothing tells who gave them."""

import csv
import io
from collections.abc import Iterable, Sequence

from app.interchange.links_csv import as_text

COLUMNS = ("question", "text", "group", "language", "answer")


def open_answers_table(rows: Iterable[Sequence[str]]) -> bytes:
    """One line for each row of ``COLUMNS``, in UTF-8 with the mark by which spreadsheets know it."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([as_text(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
