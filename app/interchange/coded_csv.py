"""Coded material as CSV: a line for each piece and coder; nothing tells who wrote a piece."""

from collections.abc import Iterable, Sequence

from app.interchange.csv_writing import csv_table

COLUMNS = (
    "piece", "kind", "round", "about", "group", "language",
    "band", "text", "coder", "themes", "fits_no_theme",
)  # fmt: skip


def coded_table(rows: Iterable[Sequence[str]]) -> bytes:
    """One line for each row of ``COLUMNS``."""
    return csv_table(COLUMNS, rows)
