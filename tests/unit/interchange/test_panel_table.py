"""Every fault of an uploaded table of people is named with its row and column."""

import pytest

from app.domain.fault import Fault
from app.domain.panel import Invitee
from app.interchange import panel_table
from app.interchange.panel_table import read_panel_table

GROUPS = ("gardeners", "neighbours")
GOOD = "Nora New,Nora@example.org,gardeners,nl"


def as_csv(*rows: str) -> bytes:
    return "\n".join(["name,email,group,language", *rows, ""]).encode()


def read(content: bytes) -> tuple[tuple[tuple[int, Invitee], ...], list[str]]:
    """The people of a file, and what is wrong in it."""
    faults: list[Fault] = []
    return read_panel_table(content, "people.csv", ("en", "fr", "nl"), GROUPS, faults), list(map(str, faults))


def test_people_are_read_with_their_rows_and_their_columns_in_any_order():
    content = b"\xef\xbb\xbflanguage;email;group;name\r\nnl;Nora@example.org;gardeners;Nora New\r\n"
    assert read(content) == (((2, Invitee("Nora New", "nora@example.org", "gardeners", "nl")),), [])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "people.csv: is empty. Its first row must name the columns name, email, group, language."),
        (b"name,email,group\nA,a@example.org,gardeners\n", "people.csv, row 1, language: is missing."),
        (as_csv(), "people.csv: has a heading, but no row under it."),
        (as_csv(GOOD, "B,b@example.org,friends,en"), "people.csv, row 3, group: “friends” is not a group"),
        (as_csv("B,b@example.org,gardeners,de"), "people.csv, row 2, language: “de” is not a language"),
        (as_csv("B,nowhere,gardeners,en"), "people.csv, row 2, email: “nowhere” does not look like"),
        (as_csv(",b@example.org,gardeners,en"), "people.csv, row 2, name: is empty; an invitation needs"),
        (as_csv(GOOD, "B,NORA@example.org,gardeners,en"), "row 3, email: “nora@example.org” stands in row 2"),
        (as_csv("B,b@example.org,gardeners"), "people.csv, row 2: has 3 cells where the heading has 4."),
    ],
)
def test_a_fault_is_named(content, said):
    _, faults = read(content)
    assert len(faults) == 1
    assert said in faults[0]


def test_a_file_that_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(panel_table, "MOST_PEOPLE", 1)
    people, faults = read(as_csv(GOOD, "B,b@example.org,gardeners,en"))
    assert people == ()
    assert faults == [
        "people.csv, row 3: is more than the 1 people that can be read at once. Divide the file."
    ]
