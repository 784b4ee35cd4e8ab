"""Rows of the first sheet of an XLSX workbook, each cell as its text; what is no plain text is named."""

import math
import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from app.domain.fault import Fault
from app.domain.messages import N_, Sentence
from app.interchange import table_rows, xlsx_package
from app.interchange.table_rows import Record, column_names, too_many_rows
from app.interchange.xlsx_package import (
    Attributes,
    Package,
    PackageDeclaresEntities,
    PackageNotReadable,
    PackageTooLarge,
)

COLUMN_LIMIT: Final = 200
"""The most columns that are read of a sheet."""

_MOST_MERGED: Final = 200
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_DATE_FORMATS: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_QUOTED: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_WHOLE_NUMBER_LIMIT: Final = 1e15
_LONGEST_NUMBER: Final = 9
_CORNERS: Final = 2
_NEAR: Final = 3
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")

_FORMULA: Final = Sentence(
    N_("is a formula. Put its value in its place (copy it, and paste the value only).")
)
_DATE: Final = Sentence(
    N_("has been turned into a date by the spreadsheet. Format the column as text, and type the cell again.")
)
_MERGED: Final = Sentence(N_("is part of merged cells. Unmerge them, and fill every cell."))
_BROKEN: Final = Sentence(N_("cannot be read. Type the cell again."))


def xlsx_records(file: str, content: bytes, faults: list[Fault]) -> Iterator[Record]:
    """The rows of the first sheet that is not hidden, those without any text left out.

    Nothing comes back, and the fault is named, where the workbook is damaged, protected, larger than a table
    can be, or has XML in it that no spreadsheet writes.
    """
    try:
        return iter(_read_sheet(file, content, faults))
    except PackageTooLarge:
        message = N_("unpacks to more than %(limit)s MB, which no table needs. Is it the right file?")
        faults.append(Fault(file, None, "", message, {"limit": xlsx_package.UNPACKED_LIMIT // 1_000_000}))
    except PackageDeclaresEntities:
        message = N_("has XML in it that no spreadsheet writes, so it is not read. Save it again as XLSX.")
        faults.append(Fault(file, None, "", message))
    except PackageNotReadable:
        message = N_("cannot be read as a workbook. Open it in a spreadsheet, and save it again as XLSX.")
        faults.append(Fault(file, None, "", message))
    return iter(())


def _read_sheet(file: str, content: bytes, faults: list[Fault]) -> list[Record]:
    package = Package(content)
    shown = [sheet for sheet in package.sheets() if not sheet.is_hidden]
    if not shown:
        raise PackageNotReadable
    reading = _SheetReading(file, _shared_texts(package), _date_styles(package), faults)
    package.read(shown[0].part, reading.on_start, reading.on_end, reading.on_text)
    return reading.finished()


class _SheetReading:
    """What is known of a sheet while its elements go by."""

    def __init__(self, file: str, shared: list[str], date_styles: set[int], faults: list[Fault]) -> None:
        self._file = file
        self._shared = shared
        self._date_styles = date_styles
        self._faults = faults
        self._records: list[Record] = []
        self._merged: list[tuple[int, int, int, int]] = []
        self._number = 0
        self._cells: dict[int, str] = {}
        self._wrong: dict[int, Sentence] = {}
        self._place = -1
        self._kind = "n"
        self._style = 0
        self._is_formula = False
        self._takes_text = False
        # How East Asian words are read aloud stands beside a text, and is not part of it.
        self._is_phonetic = False
        self._text: list[str] = []
        self._is_full = False

    def on_start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self._start_row(attributes)
        elif name == "c":
            self._start_cell(attributes)
        elif name == "f":
            self._is_formula = True
        elif name in ("v", "t"):
            self._takes_text = not self._is_phonetic
        elif name == "rPh":
            self._is_phonetic = True
        elif name == "mergeCell" and len(self._merged) < _MOST_MERGED:
            self._merge(attributes.get("ref", ""))

    def on_end(self, name: str) -> None:
        if name in ("v", "t"):
            self._takes_text = False
        elif name == "rPh":
            self._is_phonetic = False
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()

    def on_text(self, text: str) -> None:
        if self._takes_text:
            self._text.append(text)

    def finished(self) -> list[Record]:
        """The rows, as wide as the heading, with the cells marked that are merged."""
        width = len(column_names(self._records[0].cells)) if self._records else 0
        return [record for record in map(partial(self._fitted, width), self._records) if record]

    def _fitted(self, width: int, record: Record) -> Record | None:
        beyond = next(
            (place for place, cell in enumerate(record.cells) if place >= width and cell.strip()), None
        )
        if beyond is not None:
            message = N_(
                "has a text in column %(column)s, which has no heading. Name the column, or empty it."
            )
            params = {"column": _letters_of(beyond)}
            self._faults.append(Fault(self._file, record.number, "", message, params))
            return None
        cells = (record.cells + [""] * width)[:width]
        wrong = {
            place: _MERGED
            for first_row, last_row, first, last in self._merged
            if first_row <= record.number <= last_row
            for place in range(first, min(last + 1, width))
        }
        return Record(record.number, cells, {**record.wrong, **wrong})

    def _start_row(self, attributes: Attributes) -> None:
        given = attributes.get("r", "")
        number = int(given) if given.isdecimal() and len(given) <= _LONGEST_NUMBER else self._number + 1
        if number <= self._number:
            raise PackageNotReadable
        self._number, self._place = number, -1
        self._cells, self._wrong = {}, {}

    def _start_cell(self, attributes: Attributes) -> None:
        reference = _REFERENCE.fullmatch(attributes.get("r", ""))
        self._place = _place_of(reference[1]) if reference else self._place + 1
        self._kind = attributes.get("t", "n")
        style = attributes.get("s", "0")
        self._style = int(style) if style.isdecimal() and len(style) <= _LONGEST_NUMBER else 0
        self._is_formula, self._text = False, []

    def _end_cell(self) -> None:
        written = "".join(self._text)
        if not written and not self._is_formula:
            return
        found = self._value(written)
        if isinstance(found, Sentence):
            self._cells[self._place], self._wrong[self._place] = written, found
        else:
            self._cells[self._place] = found

    def _value(self, written: str) -> str | Sentence:
        """A cell as its text, or what is wrong with it."""
        if self._kind == "e":
            return Sentence(N_("shows the error %(error)s. Type the cell again."), {"error": written[:20]})
        if self._is_formula:
            return _FORMULA
        if self._kind == "s":
            place = int(written) if written.isdecimal() and len(written) <= _LONGEST_NUMBER else -1
            return self._shared[place] if 0 <= place < len(self._shared) else _BROKEN
        if self._kind == "b":
            return "TRUE" if written == "1" else "FALSE"
        if self._kind == "d" or (self._kind == "n" and self._style in self._date_styles):
            return _DATE
        return _number(written) if self._kind == "n" else _unescaped(written)

    def _end_row(self) -> None:
        if not self._cells:
            return
        if self._number > table_rows.ROW_LIMIT:
            if not self._is_full:
                self._faults.append(too_many_rows(self._file, self._number))
            self._is_full = True
            return
        last = max(self._cells)
        if last >= COLUMN_LIMIT:
            message = N_("has a cell beyond the %(limit)s columns that are read. Is it the right file?")
            self._faults.append(Fault(self._file, self._number, "", message, {"limit": COLUMN_LIMIT}))
            return
        cells = [self._cells.get(place, "") for place in range(last + 1)]
        record = Record(self._number, cells, self._wrong)
        if not record.is_empty:
            self._records.append(record)

    def _merge(self, reference: str) -> None:
        corners = [_REFERENCE.fullmatch(corner) for corner in reference.split(":")]
        if len(corners) == _CORNERS and corners[0] and corners[1]:
            first, last = corners[0], corners[1]
            self._merged.append((int(first[2]), int(last[2]), _place_of(first[1]), _place_of(last[1])))


def _shared_texts(package: Package) -> list[str]:
    """The texts that cells name by their place."""
    part = package.find("sharedStrings")
    if part is None:
        return []
    texts: list[str] = []
    pieces: list[str] = []
    inside: list[str] = []

    def on_start(name: str, _attributes: Attributes) -> None:
        inside.append(name)
        if name == "si":
            pieces.clear()

    def on_end(name: str) -> None:
        inside.pop()
        if name == "si":
            texts.append(_unescaped("".join(pieces)))

    def on_text(text: str) -> None:
        if inside[-1] == "t" and "rPh" not in inside[-_NEAR:]:
            pieces.append(text)

    package.read(part, on_start, on_end, on_text)
    return texts


def _date_styles(package: Package) -> set[int]:
    """The styles, by their place, that show a number as a date or a time."""
    part = package.find("styles")
    if part is None:
        return set()
    own_formats: set[int] = set()
    formats: list[int] = []
    inside: list[str] = []

    def on_start(name: str, attributes: Attributes) -> None:
        given = attributes.get("numFmtId", "0")
        number = int(given) if given.isdecimal() and len(given) <= _LONGEST_NUMBER else 0
        if name == "cellXfs":
            inside.append(name)
        elif name == "numFmt" and re.search(
            "[ymdhs]", _QUOTED.sub("", attributes.get("formatCode", "").lower())
        ):
            own_formats.add(number)
        elif name == "xf" and inside:
            formats.append(number)

    def on_end(name: str) -> None:
        if name == "cellXfs":
            inside.clear()

    package.read(part, on_start, on_end)
    dates = _DATE_FORMATS | own_formats
    return {place for place, number in enumerate(formats) if number in dates}


def _number(written: str) -> str | Sentence:
    """A number as people write it: 7, not 7.0."""
    try:
        value = float(written)
    except ValueError:
        return _BROKEN
    if not math.isfinite(value):
        return _BROKEN
    return str(int(value)) if value.is_integer() and abs(value) < _WHOLE_NUMBER_LIMIT else repr(value)


def _unescaped(text: str) -> str:
    """A text with the characters that XML cannot hold, which spreadsheets write by their numbers."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _place_of(letters: str) -> int:
    """The place of a column from 0, by its letters."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _letters_of(place: int) -> str:
    letters, rest = "", place + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
