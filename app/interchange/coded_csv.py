"""Coded material as CSV: a line for each piece and coder; nothing tells who wrote a piece."""

from collections.abc import Iterable, Iterator, Sequence

from app.interchange.csv_writing import csv_pieces

COLUMNS = (
    "piece", "kind", "round", "about", "group", "language",
    "band", "text", "coder", "themes", "fits_no_theme",
)  # fmt: skip


def coded_table(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """One line for each row of ``COLUMNS``, piece by piece."""
    return csv_pieces(COLUMNS, rows)
