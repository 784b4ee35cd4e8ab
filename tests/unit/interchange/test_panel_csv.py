"""Every fault of a panel file is named with its row and column."""

import pytest


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            ",relatives,",
            ",friends,",
            "group: “friends” is not a group of this study. Its groups are peers, relatives.",
        ),
        (
            "relatives,fr",
            "relatives,en",
            "language: “en” is not a language of this study. Its languages are fr, nl.",
        ),
        (
            "eloi@example.org",
            "eloi@example",
            "email: “eloi@example” does not look like an e-mail address. Check it for typing errors.",
        ),
        ("eloi@example.org", "", "email: is empty; nobody can be invited without an address."),
        ("Éloi Exemple", "", "name: is empty; an invitation needs a name."),
        (",relatives,", ",,", "group: is empty; every panelist belongs to a group."),
        ("relatives,fr", "relatives,", "language: is empty; say in which language to write."),
    ],
)
def test_a_wrong_cell_is_named(folder, old, new, fault):
    folder.edit("panel.csv", old, new)
    assert folder.faults() == [f"panel.csv, row 3, {fault}"]


def test_an_address_that_differs_in_case_only_is_a_duplicate(folder):
    folder.edit("panel.csv", "eloi@example.org", "ANN@example.ORG")
    assert folder.faults() == [
        "panel.csv, row 3, email: “ann@example.org” stands in row 2 already. Everybody is invited once."
    ]


def test_addresses_are_kept_in_lower_case(folder):
    folder.edit("panel.csv", "eloi@example.org", "Eloi@Example.org")
    assert folder.read().panel[1].email == "eloi@example.org"
