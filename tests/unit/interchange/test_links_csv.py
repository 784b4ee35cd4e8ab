"""The list of links is a table of texts, whatever somebody is called."""

import csv
import io

import pytest

from app.interchange.csv_writing import as_text, from_text
from app.interchange.links_csv import COLUMNS, links_table


def test_the_table_reads_back_as_it_was_and_spreadsheets_know_its_encoding():
    row = (
        "Éloi “E.” Exemple, dr",
        "eloi@example.org",
        "relatives",
        "fr",
        "https://delphi.example.org/p/a-b_c",
    )
    content = links_table([row])
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) == [
        list(COLUMNS),
        list(row),
    ]


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(beginning):
    name = f'{beginning}HYPERLINK("https://elsewhere.example")'
    assert as_text(name) == f"'{name}"
    assert from_text(as_text(name)) == name
    assert from_text(as_text(f"'{name}")) == f"'{name}"
    (_, read) = csv.reader(io.StringIO(links_table([(name,)]).decode("utf-8-sig"), newline=""))
    assert read == [f"'{name}"]


@pytest.mark.parametrize("name", ["Ann", "1=1", "", "Jean-Luc", "'t Hooft"])
def test_an_ordinary_cell_stays_as_it_is(name):
    assert as_text(name) == name
    assert from_text(name) == name
