"""The answers to open questions as CSV, for a team that reads them elsewhere; nothing tells who gave them."""

from collections.abc import Iterable, Iterator, Sequence

from app.interchange.csv_writing import csv_pieces

COLUMNS = ("question", "text", "group", "language", "answer")


def open_answers_table(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """One line for each row of ``COLUMNS``, piece by piece."""
    return csv_pieces(COLUMNS, rows)
