"""Workbooks for tests to upload: such as spreadsheets write, and such as only an attacker would."""

import io
import zipfile
from collections.abc import Sequence

import openpyxl

_OFFICE = "http://schemas.openxmlformats.org"
_MAIN = f"{_OFFICE}/spreadsheetml/2006/main"
_RELATIONS = f"{_OFFICE}/officeDocument/2006/relationships"

WORKBOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
    '<sheets><sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
WORKBOOK_RELATIONS = (
    f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)


def workbook(rows: Sequence[Sequence[object]], *, merged: str = "", hidden_first: bool = False) -> bytes:
    """A workbook as a spreadsheet writes it, with these rows in its first sheet that shows."""
    book = openpyxl.Workbook()
    sheet = book.active
    if hidden_first:
        sheet.append(["not", "for", "reading"])
        sheet.sheet_state = "hidden"
        sheet = book.create_sheet("Shown")
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def raw_sheet(rows: str, *, before: str = "", packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook of one sheet whose XML is given."""
    sheet = f'{before}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return packed(
        {
            "xl/workbook.xml": WORKBOOK,
            "xl/_rels/workbook.xml.rels": WORKBOOK_RELATIONS,
            "xl/worksheets/sheet1.xml": sheet,
        },
        packing=packing,
    )


def packed(parts: dict[str, str], *, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def inline(reference: str, text: str) -> str:
    """A cell that holds its own text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'
