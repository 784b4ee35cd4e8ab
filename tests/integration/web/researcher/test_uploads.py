"""Every file that people upload, statements, people or texts: read, or refused by row and column."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from sqlalchemy import Column, func, select

from app.interchange import source_text, table_rows, xlsx_package
from app.storage.tables.coding import material
from app.storage.tables.panel import panelist
from app.storage.tables.statement import statement
from tests.integration.web.researcher.conftest import words
from tests.panel_study import SLUG
from tests.workbooks import packed, raw_sheet, workbook


@dataclass(frozen=True)
class Kind:
    """What can be uploaded: where, its columns, a row that is good, and the column of a text in it.

    ``alike`` is the column at which it is said that two rows are the same, ``limit`` the most characters of
    the text.
    """

    page: str
    stored: Column[int]
    columns: tuple[str, ...]
    good: tuple[str, ...]
    text: str
    alike: str
    limit: int

    def rows(self, *, text: str = "Zoë’s rest", n: int = 1) -> list[tuple[str, ...]]:
        """The heading and good rows, with some text in the first of them."""
        first = tuple(text if name == self.text else cell for name, cell in self.named())
        others = [
            tuple(f"{n}{cell}" if place < 2 else cell for place, cell in enumerate(self.good))
            for n in range(1, n)
        ]
        return [self.columns, first, *others]

    def named(self) -> list[tuple[str, str]]:
        """The cells of the good row with their columns."""
        return list(zip(self.columns, self.good, strict=True))


STATEMENTS = Kind(
    "statement-import",
    statement.c.id,
    ("code", "text_en", "topic"),
    ("S09", "", "pay"),
    "text_en",
    "code",
    2000,
)
PEOPLE = Kind(
    "panel-import",
    panelist.c.id,
    ("email", "name", "group", "language"),
    ("zoe@example.org", "", "gardeners", "nl"),
    "name",
    "email",
    200,
)
LETTERS = Kind(
    "coding/import",
    material.c.id,
    ("source", "text", "language"),
    ("Letters", "", "nl"),
    "text",
    "text",
    4000,
)
KINDS = pytest.mark.parametrize(
    "kind", [STATEMENTS, PEOPLE, LETTERS], ids=["statements", "people", "texts from elsewhere"]
)


def as_csv(rows: Sequence[Sequence[str]], separator: str = ",", end: str = "\n") -> str:
    return "".join(separator.join(row) + end for row in rows)


def send(desk, kind: Kind, content: bytes, name: str = "table.csv"):
    """Send a file as the form would."""
    return desk.client.post(
        f"/research/{SLUG}/{kind.page}", data={"csrf_token": desk.token}, files={"file": (name, content)}
    )


def n_stored(study, kind: Kind) -> int:
    with study.database.reading() as connection:
        return int(connection.execute(select(func.count(kind.stored))).scalar_one())


READ = {
    "UTF-8": lambda kind: as_csv(kind.rows()).encode(),
    "its mark": lambda kind: as_csv(kind.rows()).encode("utf-8-sig"),
    "UTF-16": lambda kind: as_csv(kind.rows()).encode("utf-16"),
    "semicolons": lambda kind: as_csv(kind.rows(), ";").encode(),
    "tabs": lambda kind: as_csv(kind.rows(), "\t").encode(),
    "CRLF": lambda kind: as_csv(kind.rows(), end="\r\n").encode(),
    "a workbook": lambda kind: workbook(kind.rows()),
    "a workbook with a hidden sheet": lambda kind: workbook(kind.rows(), hidden_first=True),
}


@KINDS
@pytest.mark.parametrize("written", READ.values(), ids=READ)
def test_a_file_is_read_whatever_wrote_it(study, owner, kind, written):
    answer = send(owner, kind, written(kind))
    assert answer.status_code == 303, words(answer)
    page = owner.client.get(answer.headers["location"])
    assert "New: 1." in words(page)
    assert "Zoë’s rest" in page.text


REFUSED = {
    "nothing": (lambda kind: b"", "– – is empty."),
    "a heading alone": (lambda kind: as_csv(kind.rows()[:1]).encode(), "– – has a heading, but no row"),
    "no heading": (lambda kind: b"what\nis this\n", "1 what is not a column of this file."),
    "a NUL": (
        lambda kind: as_csv(kind.rows(text="a\0b")).encode(),
        "2 {text} This text has a character that",
    ),
    "too few cells": (
        lambda kind: (as_csv(kind.rows()) + "x,y\n").encode(),
        "3 – has 2 cells where the heading has",
    ),
    "a quotation mark": (lambda kind: (as_csv(kind.rows()) + '"x" y\n').encode(), "3 –"),
    "the same twice": (lambda kind: as_csv([*kind.rows(), kind.rows()[1]]).encode(), "3 {alike} "),
    "UTF-16 without its mark": (lambda kind: as_csv(kind.rows()).encode("utf-16-le"), "UTF-16"),
    "a lost character": (lambda kind: as_csv(kind.rows(text="Zo\ufffd")).encode(), "2 {text} "),
    "too long a text": (
        lambda kind: as_csv(kind.rows(text="x" * (kind.limit + 1))).encode(),
        "2 {text} This text has {too_many}",
    ),
    "a formula": (lambda kind: workbook(kind.rows(text="=1+1")), "2 {text} is a formula."),
    "an error": (lambda kind: workbook(kind.rows(text="#REF!")), "2 {text} shows the error #REF!"),
    "merged cells": (
        lambda kind: workbook(kind.rows(n=2), merged="B2:B3"),
        "2 {text} is part of merged cells.",
    ),
    "a text without heading": (
        lambda kind: workbook([kind.columns, (*kind.rows()[1], "more")]),
        "2 – has a text in column",
    ),
    "a damaged workbook": (lambda kind: workbook(kind.rows())[:-200], "– – cannot be read as a workbook."),
    "another archive": (
        lambda kind: packed({"content.xml": "<office/>"}),
        "– – cannot be read as a workbook.",
    ),
    "an old workbook": (
        lambda kind: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
        "– – is an old or a protected",
    ),
    "entities": (lambda kind: raw_sheet("", before="<!DOCTYPE a [<!ENTITY b 'c'>]>"), "– – has XML in it"),
    "a strange packing": (
        lambda kind: raw_sheet("", packing=zipfile.ZIP_BZIP2),
        "– – cannot be read as a workbook.",
    ),
}


@KINDS
@pytest.mark.parametrize(("written", "said"), REFUSED.values(), ids=REFUSED)
def test_each_fault_is_named_with_row_and_column_and_nothing_is_stored(study, owner, kind, written, said):
    before = n_stored(study, kind)
    answer = send(owner, kind, written(kind))
    assert answer.status_code == 422
    expected = said.format(text=kind.text, alike=kind.alike, too_many=kind.limit + 1)
    assert expected in words(answer)
    assert re.search(r'<input[^>]*type="file"', answer.text), "another file can be chosen at once"
    assert n_stored(study, kind) == before


@KINDS
def test_no_file_is_too_large_to_be_refused(study, owner, kind, monkeypatch):
    before = n_stored(study, kind)
    monkeypatch.setattr(table_rows, "ROW_LIMIT", 3)
    assert "4 – is more than the 3 rows that are read." in words(
        send(owner, kind, as_csv(kind.rows(n=4)).encode())
    )
    assert "is more than the 3 rows" in words(send(owner, kind, workbook(kind.rows(n=4))))
    monkeypatch.setattr(xlsx_package, "UNPACKED_LIMIT", 2_000_000)
    bomb = raw_sheet("<row/>" * 2_000_000)
    assert len(bomb) < 40_000
    assert "unpacks to more than 2 MB, which no table needs." in words(send(owner, kind, bomb))
    monkeypatch.setattr(source_text, "SIZE_LIMIT", 1000)
    large = send(owner, kind, as_csv(kind.rows()).encode() + b"#" * 1001)
    assert (large.status_code, "table.csv" in large.text) == (422, True)
    assert send(owner, kind, b"x" * 10_600_000).status_code == 413
    assert n_stored(study, kind) == before


@KINDS
def test_a_files_name_cannot_do_anything(study, owner, kind):
    answer = send(owner, kind, b"", "../../<img src=x onerror=alert(1)>.csv\x1b[2J")
    assert answer.status_code == 422
    assert "<img" not in answer.text
    assert "\x1b" not in answer.text
