"""Themes are read from a study's file as they were written there, and every fault is named."""

import pytest

from analysis.scale import ProtocolFault
from app.domain.field_reading import FieldReader
from app.domain.theme import Colour, Theme
from app.domain.theme_reading import MatchedTheme, as_listed, read_themes, theme_tables

THEMES = (
    MatchedTheme(Theme(1, "Trust", "What makes it", Colour.TEAL, None, 1, {"en": "On trust"}), ("S01",)),
    MatchedTheme(Theme(2, "Broken trust", "", Colour.PINK, 1, 1)),
    MatchedTheme(Theme(3, "Money", "", Colour.GREY, None, 2), ("S02", "S03")),
)


def read(tables):
    faults: list[ProtocolFault] = []
    found = read_themes(FieldReader({"theme": tables}, "", faults), ["en", "fr"])
    return found, [str(fault) for fault in faults]


def test_themes_come_back_as_they_were_written():
    assert read(theme_tables(THEMES, ["en", "fr"])) == (THEMES, [])


def test_what_stands_above_comments_in_a_language_given_up_is_not_written():
    assert "heading" not in theme_tables(THEMES, ["fr"])[0]


def test_a_theme_needs_no_more_than_its_name():
    assert read([{"name": "Hope"}]) == ((MatchedTheme(Theme(1, "Hope", "", Colour.TEAL, None, 1)),), [])


def test_stored_themes_are_listed_in_their_hierarchy_and_numbered_anew():
    stored = (
        Theme(9, "Money", "", Colour.GREY, None, 4),
        Theme(5, "Broken trust", "", Colour.PINK, 7, 3),
        Theme(7, "Trust", "What makes it", Colour.TEAL, None, 2, {"en": "On trust"}),
    )
    assert as_listed(stored, {7: ("S01",), 9: ("S02", "S03")}) == THEMES


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ({}, "theme[2].name: is missing; write a text."),
        ({"name": "trust"}, "theme[2].name: Another theme is called “trust”. Choose another name."),
        ({"name": "x", "colour": "red"}, "theme[2].colour: Choose one of the colours."),
        (
            {"name": "x", "under": "Hope"},
            "theme[2].under: “Hope” is not the name of a theme before this one.",
        ),
        ({"name": "x", "heading": "On x"}, "theme[2].heading: must be a table of fields."),
        (
            {"name": "x", "heading": {"nl": "x"}},
            "theme[2].heading.nl: is not in one of the study's languages.",
        ),
        (
            {"name": "x", "statements": "S01"},
            'theme[2].statements: must list the codes of one or more statements, such as ["S07"].',
        ),
        ({"name": "x", "statements": ["S01", "S01"]}, "theme[2].statements: names a statement twice."),
        ({"name": "x", "color": "teal"}, "theme[2].color: is not a field here; check its spelling."),
        (
            {"name": "x" * 81},
            "theme[2].name: This text has 81 characters; at most 80 can be kept. Shorten it, and save again.",
        ),
    ],
)
def test_a_wrong_theme_is_named_by_its_field(table, fault):
    assert read([{"name": "Trust"}, table])[1] == [fault]
