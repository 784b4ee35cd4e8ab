"""The answers to open questions as CSV, for a team that reads them elsewhere; nothing tells who gave them."""

from collections.abc import Iterable, Sequence

from app.interchange.csv_writing import csv_table

COLUMNS = ("question", "text", "group", "language", "answer")


def open_answers_table(rows: Iterable[Sequence[str]]) -> bytes:
    """One line for each row of ``COLUMNS``."""
    return csv_table(COLUMNS, rows)
