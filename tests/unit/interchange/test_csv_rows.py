"""CSV files come from many spreadsheets: what can be read is read, what cannot is named by its row."""

import pytest

from app.interchange import source_text, table_rows
from tests.small_study import PANEL, STATEMENTS


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(PANEL.replace(",", ";"), id="semicolons"),
        pytest.param(PANEL.replace(",", "\t"), id="tabs"),
        pytest.param(PANEL.replace("\n", "\r\n"), id="Windows line ends"),
        pytest.param(PANEL.replace("\n", "\r"), id="old Macintosh line ends"),
        pytest.param(PANEL.rstrip(), id="no last line end"),
        pytest.param(PANEL.replace("\n", ",,\n"), id="empty cells at the ends of rows"),
        pytest.param(PANEL + "\n,,,\n\n", id="empty rows at the end"),
        pytest.param(PANEL.replace("name,email", " Name , EMAIL "), id="heading in capitals"),
        pytest.param(PANEL.encode("utf-8-sig"), id="UTF-8 with its mark"),
        pytest.param(PANEL.encode("utf-16"), id="UTF-16 with its mark"),
        pytest.param(b"\xfe\xff" + PANEL.encode("utf-16-be"), id="UTF-16, big end first"),
        pytest.param(PANEL.encode("utf-32"), id="UTF-32 with its mark"),
        pytest.param(PANEL.replace(",", "\t").replace("\n", "\r\n").encode("utf-16"), id="Unicode text"),
    ],
)
def test_what_spreadsheets_write_is_read(folder, file):
    expected = folder.read().panel
    folder.write("panel.csv", file)
    assert folder.read().panel == expected


def test_columns_may_stand_in_any_order(folder):
    expected = folder.read().panel
    rows = [row.split(",") for row in PANEL.splitlines()]
    folder.write("panel.csv", "\n".join(",".join(reversed(row)) for row in rows))
    assert folder.read().panel == expected


def test_semicolons_part_the_cells_though_the_texts_have_commas(folder):
    folder.write("statements.csv", STATEMENTS.replace('"', "").replace(", ", "‚ ").replace(",", ";"))
    assert folder.read().statements[1].text["fr"] == "Le salaire‚ pour tous‚ est égal."


def test_every_row_in_a_wrong_encoding_is_named_with_what_it_was_meant_to_say(folder):
    folder.write("statements.csv", STATEMENTS.encode("cp1252"))
    meant = {2: "L’espoir grandit.", 3: "ire, pour tous, est égal.", 4: "Le rôle est “connu”."}
    assert folder.faults() == [
        f"statements.csv, row {row}, text_fr: is not written in UTF-8. In Windows-1252 it reads “{text}”. "
        "Save the whole file again in UTF-8 (in a spreadsheet: “CSV UTF-8”)."
        for row, text in meant.items()
    ]


def test_one_row_in_another_encoding_is_found_among_good_ones(folder):
    good, bad = PANEL.encode(), "Zoé Élève,zoe@example.org,peers,fr\n".encode("cp1252")
    folder.write("panel.csv", good + bad)
    assert [fault.partition(":")[0] for fault in folder.faults()] == ["panel.csv, row 4, name"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_named(folder, encoding):
    folder.write("panel.csv", PANEL.encode(encoding))
    assert folder.faults() == [
        "panel.csv: is written in UTF-16 without saying so. Save the file again in UTF-8."
    ]


def test_a_character_lost_in_an_earlier_saving_is_named(folder):
    folder.edit("panel.csv", "Éloi", "\N{REPLACEMENT CHARACTER}loi")
    message = "has a character that was lost when the file was saved, now “�”. Write it again."
    assert folder.faults() == [f"panel.csv, row 3, name: {message}"]


def test_a_cut_off_utf_16_file_is_named_by_its_last_row(folder):
    folder.write("panel.csv", PANEL.rstrip().encode("utf-16")[:-1])
    assert [fault.partition(":")[0] for fault in folder.faults()] == ["panel.csv, row 3, language"]


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", ",,,\n"])
def test_an_empty_file_is_named(folder, content):
    folder.write("panel.csv", content)
    assert folder.faults() == [
        "panel.csv: is empty. Its first row must name the columns name, email, group, language."
    ]


def test_a_heading_alone_is_not_enough(folder):
    folder.write("panel.csv", "name,email,group,language\n")
    assert folder.faults() == ["panel.csv: has a heading, but no row under it."]


@pytest.mark.parametrize(
    ("heading", "fault"),
    [
        (
            "name,email,group",
            "language: is missing. The columns of this file are name, email, group, language.",
        ),
        ("name,email,email,group,language", "email: stands twice in the heading. Delete one of the columns."),
        (
            "name,email,group,language,phone",
            "phone: is not a column of this file. Its columns are name, email, group, language.",
        ),
    ],
)
def test_a_wrong_heading_is_named_once_and_not_with_every_row(folder, heading, fault):
    n_cells = heading.count(",") + 1
    row = ",".join(["Ann", "ann@example.org", "peers", "nl", "x"][:n_cells])
    folder.write("panel.csv", f"{heading}\n{row}\n")
    assert folder.faults() == [f"panel.csv, row 1, {fault}"]


def test_a_column_without_a_name_is_named_by_its_place(folder):
    folder.write("panel.csv", "name,email,group,,language\nAnn,ann@example.org,peers,,nl\n")
    assert folder.faults() == ["panel.csv, row 1: has no name above column 4. Name it, or delete the column."]


@pytest.mark.parametrize(("row", "n_cells"), [("Ann Example,ann@example.org,peers", 3), ("a,b,c,d,e,f", 6)])
def test_a_row_with_a_wrong_number_of_cells_is_named(folder, row, n_cells):
    folder.edit("panel.csv", "Ann Example,ann@example.org,peers,nl", row)
    advice = "A text with the separator in it needs quotation marks around it."
    assert folder.faults() == [f"panel.csv, row 2: has {n_cells} cells where the heading has 4. {advice}"]


@pytest.mark.parametrize("spoiled", ['"Éloi Exemple', '"Éloi" Exemple'])
def test_a_quotation_mark_out_of_place_is_named_by_its_row(folder, spoiled):
    folder.edit("panel.csv", "Éloi Exemple", spoiled)
    faults = folder.faults()
    assert len(faults) == 1
    assert faults[0].startswith("panel.csv, row 3: cannot be read, nor what follows: a quotation mark")


def test_a_quotation_mark_out_of_place_in_the_heading_is_the_only_fault(folder):
    folder.edit("panel.csv", "name,email", '"name" ,email')
    assert [fault.partition(":")[0] for fault in folder.faults()] == ["panel.csv, row 1"]


def test_rows_are_counted_as_a_spreadsheet_shows_them(folder):
    folder.write(
        "panel.csv",
        'name,email,group,language\n"Ann\nExample",ann@example.org,peers,nl\n\nX,x@example.org,,nl\n',
    )
    assert folder.faults() == ["panel.csv, row 4, group: is empty; every panelist belongs to a group."]


def test_a_file_that_is_too_large_is_not_read(folder, monkeypatch):
    monkeypatch.setattr(source_text, "SIZE_LIMIT", 2_000_000)
    folder.write("panel.csv", PANEL + " " * 2_000_000)
    assert folder.faults() == ["panel.csv: is larger than 2 MB, which no study needs. Is it the right file?"]


def test_rows_beyond_the_limit_are_not_read(folder, monkeypatch):
    monkeypatch.setattr(table_rows, "ROW_LIMIT", 4)
    folder.write("panel.csv", PANEL + "X,x@example.org,peers,nl\nY,y@example.org,peers,nl\n")
    assert folder.faults() == [
        "panel.csv, row 5: is more than the 4 rows that are read. Is it the right file?"
    ]


def test_a_fault_quotes_nothing_that_a_terminal_would_obey(folder):
    folder.write("panel.csv", "name,email,group,language,\x1b[31m\xa0" + "x" * 100 + "\n" + "a,b,c,d,e\n")
    assert all(fault.isprintable() and len(fault) < 200 for fault in folder.faults())
