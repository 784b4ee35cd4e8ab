"""Themes keep their hierarchy free of circles, and their names apart."""

import pytest

from app.domain.statement_editing import FieldsRefused
from app.domain.theme import (
    KEYS,
    MOST_THEMES,
    Colour,
    MergeUnclear,
    Theme,
    ThemeDraft,
    ThemeInsideItself,
    ThemeNameMissing,
    ThemeNameTaken,
    ThemeNotFound,
    TooManyThemes,
    checked_theme,
    find_theme,
    in_hierarchy,
    moved,
    place_at_end,
    refuse_merging,
    with_parts,
)

LANGUAGES = ("en", "fr")


def theme(number: int, name: str, parent: int | None = None, position: int = 1) -> Theme:
    return Theme(number, name, "", Colour.TEAL, parent, position)


THEMES = (
    theme(1, "Hope", position=2),
    theme(2, "Light", parent=1),
    theme(3, "Time"),
    theme(4, "Sun", parent=2),
    theme(5, "Lamp", parent=2),
)


def problems(
    draft: ThemeDraft, theme_id: int | None = None, themes: tuple[Theme, ...] = THEMES
) -> dict[str, type[Exception]]:
    with pytest.raises(FieldsRefused) as refused:
        checked_theme(draft, themes, LANGUAGES, theme_id)
    return {name: type(problem) for name, problem in refused.value.problems.items()}


def test_every_theme_is_followed_by_what_stands_under_it_and_has_the_next_key():
    placed = in_hierarchy(THEMES)
    assert [(one.theme.name, one.depth, one.key) for one in placed] == [
        ("Time", 0, "1"),
        ("Hope", 0, "2"),
        ("Light", 1, "3"),
        ("Sun", 2, "4"),
        ("Lamp", 2, "5"),
    ]


def test_where_keys_run_out_a_theme_has_none_and_no_key_moves_or_chooses():
    many = [theme(number, f"T{number}", position=number) for number in range(1, len(KEYS) + 3)]
    assert [one.key for one in in_hierarchy(many)][-3:] == [KEYS[-1], "", ""]
    assert not set("jkx0") & set(KEYS)
    assert len(set(KEYS)) == len(KEYS)


def test_the_parts_of_a_theme_are_found_however_deep():
    assert with_parts(THEMES, 1) == {1, 2, 4, 5}
    assert with_parts(THEMES, 3) == {3}
    assert find_theme(THEMES, 3).name == "Time"
    with pytest.raises(ThemeNotFound):
        find_theme(THEMES, 9)


def test_a_good_draft_is_stored_with_one_space_between_words_and_without_empty_headings():
    draft = ThemeDraft("  Way   home ", " Of walking. ", Colour.PINK, 1, {"en": " Home ", "fr": " "})
    assert checked_theme(draft, THEMES, LANGUAGES) == ThemeDraft(
        "Way home", "Of walking.", Colour.PINK, 1, {"en": "Home"}
    )
    same = checked_theme(ThemeDraft("HOPE", parent_id=3), THEMES, LANGUAGES, 1)
    assert (same.name, same.parent_id) == ("HOPE", 3)


def test_every_field_that_cannot_be_stored_is_named():
    assert problems(ThemeDraft(" ", "x" * 1001, "#123456", heading={"fr": "x" * 81})).keys() == {
        "name",
        "description",
        "colour",
        "heading.fr",
    }
    assert problems(ThemeDraft(" "))["name"] is ThemeNameMissing
    assert problems(ThemeDraft("hope"))["name"] is ThemeNameTaken
    assert problems(ThemeDraft("x" * 81)).keys() == {"name"}


@pytest.mark.parametrize("parent", [1, 2, 4])
def test_a_theme_never_stands_under_itself_or_its_parts(parent):
    assert problems(ThemeDraft("Hope", parent_id=parent), 1) == {"parent": ThemeInsideItself}


def test_a_parent_that_is_gone_is_said_to_be_gone():
    with pytest.raises(ThemeNotFound):
        checked_theme(ThemeDraft("New", parent_id=9), THEMES, LANGUAGES)


def test_no_more_themes_than_anybody_can_code_with():
    many = tuple(theme(number, f"T{number}") for number in range(MOST_THEMES))
    assert problems(ThemeDraft("One more"), themes=many) == {"name": TooManyThemes}
    assert checked_theme(ThemeDraft("T7b"), many, LANGUAGES, 7).name == "T7b"


def test_a_theme_changes_places_with_its_sibling_and_with_nobody_else():
    assert moved(THEMES, 3, up=False) == {1: 1, 3: 2}
    assert moved(THEMES, 5, up=True) == {5: 1, 4: 2}
    assert moved(THEMES, 3, up=True) == moved(THEMES, 2, up=True) == moved(THEMES, 2, up=False) == {}
    assert (place_at_end(THEMES, None), place_at_end(THEMES, 3)) == (3, 1)


def test_a_theme_is_merged_into_another_one_that_is_not_a_part_of_it():
    refuse_merging(THEMES, 4, 1)
    with pytest.raises(ThemeInsideItself):
        refuse_merging(THEMES, 1, 4)
    for into in (1, 0, 9):
        with pytest.raises(MergeUnclear):
            refuse_merging(THEMES, 1, into)


def test_whoever_saves_is_told_by_any_change():
    one = theme(1, "Hope")
    others = (theme(1, "Hop"), theme(1, "Hope", parent=2), Theme(1, "Hope", "", Colour.PINK, None, 1))
    assert len({one.fingerprint, *(other.fingerprint for other in others)}) == 4
    assert theme(1, "Hope", position=7).fingerprint == one.fingerprint
