"""An uploaded table is read whichever spreadsheet wrote it; what is wrong in it has its row and column."""

import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.fault import Fault
from app.interchange import table_rows, xlsx_package
from app.interchange.tables import encoding_of, read_table
from tests.workbooks import WORKBOOK, WORKBOOK_RELATIONS, inline, packed, raw_sheet, workbook

COLUMNS = ("code", "text_fr", "text_nl")
HEADING = ["code", "text_fr", "text_nl"]
GOOD: list[list[str]] = [HEADING, ["S01", "L’espoir", "De hoop"], ["S02", "Le rôle", "De rol"]]
HEADING_XML = (
    '<row r="1">' + "".join(inline(f"{c}1", n) for c, n in zip("ABC", HEADING, strict=True)) + "</row>"
)


def read(content: bytes, *, optional=()) -> tuple[list[tuple[str, ...]], list[str]]:
    """The rows with their numbers, and the faults as sentences."""
    faults: list[Fault] = []
    rows = read_table(content, "table", COLUMNS, faults, optional=optional)
    found = [(str(row.number), *(row.text(c, 100) for c in COLUMNS if c in row)) for row in rows]
    return found, [str(fault) for fault in faults]


def as_csv(rows, separator=",") -> str:
    return "".join(separator.join(map(str, row)) + "\r\n" for row in rows)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(as_csv(GOOD).encode(), id="UTF-8"),
        pytest.param(as_csv(GOOD, ";").encode("utf-8-sig"), id="semicolons, with its mark"),
        pytest.param(as_csv(GOOD, "\t").encode("utf-16"), id="tabs in UTF-16"),
        pytest.param(workbook(GOOD), id="XLSX"),
        pytest.param(workbook(GOOD, hidden_first=True), id="XLSX with a hidden sheet before"),
        pytest.param(workbook([[*row, None] for row in GOOD]), id="XLSX with an empty column"),
    ],
)
def test_the_same_table_is_read_from_every_file(content):
    expected = [("2", "S01", "L’espoir", "De hoop"), ("3", "S02", "Le rôle", "De rol")]
    assert read(content) == (expected, [])


def test_a_cell_of_a_workbook_is_read_as_it_is_shown():
    rows: list[list[object]] = [
        [*HEADING],
        ["S01", 7, True],
        ["S02", 0.1, " two\nlines "],
        ["S03", 12345678, None],
    ]
    assert read(workbook(rows)) == (
        [("2", "S01", "7", "TRUE"), ("3", "S02", "0.1", "two\nlines"), ("4", "S03", "12345678", "")],
        [],
    )


def test_rows_keep_the_numbers_that_the_spreadsheet_shows():
    rows: list[list[str]] = [HEADING, [], ["S01", "a", "b"], [], ["S02", "", "c"]]
    assert [row[0] for row in read(workbook(rows))[0]] == ["3", "5"]


def test_columns_that_may_be_missing_are_told_from_those_that_are_there():
    found, faults = read(workbook([["text_nl", "code"], ["De hoop", "S01"]]), optional={"text_fr"})
    assert (found, faults) == ([("2", "S01", "De hoop")], [])


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([HEADING, ["S01", "=1+1", "b"]], "row 2, text_fr: is a formula."),
        ([HEADING, [date(2026, 1, 2), "a", "b"]], "row 2, code: has been turned into a date"),
        ([HEADING, ["S01", "#REF!", "b"]], "row 2, text_fr: shows the error #REF!"),
        ([HEADING, ["S01", "a", "b", "c"]], "row 2: has a text in column D, which has no heading."),
        ([["code", "=1", "text_nl"], ["S01", "a", "b"]], "row 1: is a formula."),
        ([["code", "text_fr"], ["S01", "a"]], "row 1, text_nl: is missing."),
        ([[*HEADING, "text_xx"], ["S01", "a", "b", "c"]], "row 1, text_xx: is not a column of this file."),
        ([HEADING, ["S01", "x" * 101, "b"]], "row 2, text_fr: This text has 101 characters"),
        ([HEADING], ": has a heading, but no row under it."),
        ([], ": is empty. Its first row must name the columns"),
    ],
)
def test_each_fault_of_a_workbook_has_its_row_and_column(rows, fault):
    assert any(fault in said for said in read(workbook(rows))[1]), read(workbook(rows))[1]


def test_every_cell_of_merged_cells_is_named():
    rows = [HEADING, ["S01", "a", "b"], ["S02", "", "c"], ["S03", "d", "e"]]
    faults = read(workbook(rows, merged="B2:B3"))[1]
    assert [fault.partition(" is part")[0] for fault in faults] == [
        "table, row 2, text_fr:",
        "table, row 3, text_fr:",
    ]


def test_what_is_read_aloud_beside_a_word_is_not_part_of_it():
    cell = '<c r="A2" t="inlineStr"><is><t>S01</t><rPh sb="0" eb="1"><t>loud</t></rPh></is></c>'
    rows = HEADING_XML + f'<row r="2">{cell}{inline("B2", "a_x0041_")}{inline("C2", "b")}</row>'
    assert read(raw_sheet(rows))[0] == [("2", "S01", "aA", "b")]


def test_a_character_that_no_text_has_is_named():
    rows = (
        HEADING_XML + f'<row r="2">{inline("A2", "S01")}{inline("B2", "a_x0000_")}{inline("C2", "b")}</row>'
    )
    assert [fault.partition(": ")[0] for fault in read(raw_sheet(rows))[1]] == ["table, row 2, text_fr"]
    csv = as_csv([HEADING, ["S01", "a\x00b", "c"]]).encode()
    assert [fault.partition(": ")[0] for fault in read(csv)[1]] == ["table, row 2, text_fr"]


def test_a_workbook_that_unpacks_to_more_than_any_table_is_left_packed(monkeypatch):
    monkeypatch.setattr(xlsx_package, "UNPACKED_LIMIT", 2_000_000)
    bomb = raw_sheet(HEADING_XML + "<row/>" * 2_000_000)
    assert len(bomb) < 40_000
    assert read(bomb) == (
        [],
        ["table: unpacks to more than 2 MB, which no table needs. Is it the right file?"],
    )


BILLION = (
    '<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY file SYSTEM "file:///etc/passwd">]>'
)


def test_xml_that_declares_entities_is_not_read():
    rows = HEADING_XML + f'<row r="2">{inline("A2", "&file;")}</row>'
    assert read(raw_sheet(rows, before=BILLION)) == (
        [],
        ["table: has XML in it that no spreadsheet writes, so it is not read. Save it again as XLSX."],
    )


NOT_READABLE = "table: cannot be read as a workbook. Open it in a spreadsheet, and save it again as XLSX."


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(workbook(GOOD)[:-200], id="cut off"),
        pytest.param(b"PK\x03\x04" + bytes(3000) + workbook(GOOD)[3004:], id="damaged"),
        pytest.param(packed({"content.xml": "<office/>"}), id="another kind of archive"),
        pytest.param(raw_sheet(HEADING_XML, packing=zipfile.ZIP_BZIP2), id="packed as no spreadsheet does"),
        pytest.param(raw_sheet("<row"), id="no XML"),
        pytest.param(raw_sheet('<row r="2"/><row r="1"/>'), id="rows in no order"),
        pytest.param(
            packed({"xl/workbook.xml": WORKBOOK, "xl/_rels/workbook.xml.rels": WORKBOOK_RELATIONS}),
            id="without its sheet",
        ),
        pytest.param(
            packed(
                {
                    "xl/workbook.xml": WORKBOOK,
                    "xl/_rels/workbook.xml.rels": WORKBOOK_RELATIONS.replace("worksheets/", "../../etc/"),
                }
            ),
            id="a sheet elsewhere",
        ),
    ],
)
def test_a_workbook_that_is_damaged_or_none_is_named(content):
    assert read(content) == ([], [NOT_READABLE])


def test_an_old_or_protected_workbook_is_named():
    assert read(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)) == (
        [],
        ["table: is an old or a protected workbook. Save it without a password as XLSX, or as CSV."],
    )


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ('<row r="1048576"><c r="A1048576"><v>1</v></c></row>', "row 1048576: is more than the 50000 rows"),
        ('<row r="2"><c r="XFD2"><v>1</v></c></row>', "row 2: has a cell beyond the 200 columns"),
        ('<row r="2"><c r="A2"><v>1e999</v></c></row>', "row 2, code: cannot be read. Type the cell again."),
        (
            '<row r="2"><c r="A2" t="s"><v>7</v></c></row>',
            "row 2, code: cannot be read. Type the cell again.",
        ),
        ('<row r="2"><c r="A2"><v>x</v></c></row>', "row 2, code: cannot be read. Type the cell again."),
    ],
)
def test_a_cell_far_out_or_without_sense_is_named_and_costs_nothing(row, fault):
    assert any(fault in said for said in read(raw_sheet(HEADING_XML + row))[1])


def test_rows_beyond_the_limit_are_named_once(monkeypatch):
    monkeypatch.setattr(table_rows, "ROW_LIMIT", 2)
    rows = [HEADING, *([f"S0{n}", "a", "b"] for n in range(4))]
    found, faults = read(workbook(rows))
    assert (len(found), faults) == (
        1,
        ["table, row 3: is more than the 2 rows that are read. Is it the right file?"],
    )


def test_a_table_from_a_western_spreadsheet_is_read_and_its_encoding_named():
    content = as_csv([HEADING, ["S01", "L’été à la mer coûte 3 €", "b"]]).encode("cp1252")
    rows, faults = read(content)
    assert (rows, faults) == ([("2", "S01", "L’été à la mer coûte 3 €", "b")], [])
    assert encoding_of(content) == "Windows-1252"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("code,é\n".encode(), id="UTF-8"),
        pytest.param("code,é\n".encode("utf-16"), id="marked UTF-16"),
        pytest.param("code,é\n".encode("utf-8-sig"), id="marked UTF-8"),
        pytest.param("code,é\n".encode("utf-16-le"), id="unmarked UTF-16"),
        pytest.param("é\n".encode() + "é".encode("cp1252"), id="a mixture"),
        pytest.param(b"a\xff\x81\n", id="no letter of Windows-1252"),
        pytest.param(b"PK\x03\x04\xff", id="a workbook"),
    ],
)
def test_no_other_file_is_taken_for_one(content):
    assert encoding_of(content) == ""


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, 4000))
def test_no_bytes_whatever_are_more_than_a_fault(junk, place):
    book = workbook(GOOD)
    for content in (junk, b"PK\x03\x04" + junk, book[:place] + junk + book[place + len(junk) :]):
        read(content)
