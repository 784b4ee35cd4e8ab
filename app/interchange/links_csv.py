"""The list of personal links as CSV, for a team that sends its mail by other means."""

from collections.abc import Iterable, Sequence

from app.interchange.csv_writing import csv_table

COLUMNS = ("name", "email", "group", "language", "link")


def links_table(rows: Iterable[Sequence[str]]) -> bytes:
    """One line for each row of ``COLUMNS``."""
    return csv_table(COLUMNS, rows)
