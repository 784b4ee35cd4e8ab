"""Tables written as CSV: a spreadsheet shows every cell as text, and what is read back is the same."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

_GUARDED: Final = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")
_BEGINS_A_FORMULA: Final = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_MAY_BEGIN_ONE: Final = frozenset("'=+-@\t\r\n＝＋－＠")
_ROWS_AT_ONCE: Final = 1000


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A heading and its rows, in UTF-8 with the mark by which spreadsheets know it."""
    return b"".join(csv_pieces(columns, rows))


def csv_pieces(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The same piece by piece, so that a large table needs no more room than a small one."""
    yield codecs.BOM_UTF8 + _lines([columns])
    cells = ([as_text(cell) for cell in row] for row in rows)
    while some := list(islice(cells, _ROWS_AT_ONCE)):
        yield _lines(some)


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def as_text(cell: str) -> str:
    """Return the cell as a spreadsheet shows it as it is: what would begin a formula gets an apostrophe.

    So does what looks as if it had got one already, so that `from_text` gives every cell back.
    """
    # Most cells are told by their first letter, and a large table has a million of them.
    return f"'{cell}" if cell[:1] in _MAY_BEGIN_ONE and _BEGINS_A_FORMULA.match(cell) else cell


def from_text(cell: str) -> str:
    """Return the cell without the apostrophe that keeps it from being a formula."""
    return cell[1:] if _GUARDED.match(cell) else cell
