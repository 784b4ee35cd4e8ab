"""Themes: what researchers find in open material, in a hierarchy, each with a colour and a description."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from app.domain.errors import DomainError, NotFound
from app.domain.messages import N_
from app.domain.statement_editing import FieldsRefused, checked_field, checked_texts, fingerprint_of
from app.domain.study import Texts

NAME_LIMIT: Final = 80
DESCRIPTION_LIMIT: Final = 1000
HEADING_LIMIT: Final = 80
MOST_THEMES: Final = 200

KEYS: Final = "123456789abcdefghilmnopqrstuvwyz"
"""The keys that give a theme: those that move (j, k) and choose (x) are left out."""


class Colour(StrEnum):
    """The colours of themes: few, and each drawn so that it is seen on light and dark ground."""

    TEAL = "teal"
    ORANGE = "orange"
    PURPLE = "purple"
    GREEN = "green"
    PINK = "pink"
    BLUE = "blue"
    OCHRE = "ochre"
    GREY = "grey"


COLOUR_WORDS: Final[Mapping[Colour, str]] = {
    Colour.TEAL: N_("Teal"),
    Colour.ORANGE: N_("Orange"),
    Colour.PURPLE: N_("Purple"),
    Colour.GREEN: N_("Green"),
    Colour.PINK: N_("Pink"),
    Colour.BLUE: N_("Blue"),
    Colour.OCHRE: N_("Ochre"),
    Colour.GREY: N_("Grey"),
}


class ThemeNotFound(NotFound):
    """The study has no theme of this number; somebody may have removed or merged it."""

    message = N_("There is no such theme here. A colleague may have removed it, or merged it into another.")


class ThemeChangedMeanwhile(DomainError):
    """Somebody else changed the theme, or coded with it, since the page was opened."""

    message = N_(
        "“%(name)s” was changed by somebody else since you opened this page. Nothing was overwritten: "
        "what is stored now stands on this page."
    )


class ThemeNameMissing(DomainError):
    """A theme has no name."""

    message = N_("Write a name.")


class ThemeNameTaken(DomainError):
    """Another theme has the name already; two alike could not be told apart where pieces are coded."""

    message = N_("Another theme is called “%(name)s”. Choose another name.")


class ColourNotChosen(DomainError):
    """The colour is none of the palette."""

    message = N_("Choose one of the colours.")


class ThemeInsideItself(DomainError):
    """A theme would stand under itself, or under one that stands under it."""

    message = N_("A theme cannot stand under itself, or under one of its own parts. Choose another place.")


class ThemeInUse(DomainError):
    """A recommendation rests on the theme."""

    message = N_(
        "A recommendation rests on “%(name)s”, so it cannot be removed. Merge it into another theme."
    )


class TooManyThemes(DomainError):
    """More themes than anybody can code with."""

    message = N_("A study may have %(limit)s themes at most. Merge some first.")


class MergeUnclear(DomainError):
    """It was not said into which other theme one is to be merged."""

    message = N_("Choose the theme into which this one is merged.")


@dataclass(frozen=True)
class ThemeDraft:
    """What a researcher wants a theme to be; ``heading`` is what the panel reads above its comments."""

    name: str
    description: str = ""
    colour: str = Colour.TEAL
    parent_id: int | None = None
    heading: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Theme:
    """A theme of a study; ``parent_id`` is the one it stands under, ``position`` its place in the order."""

    id: int
    name: str
    description: str
    colour: Colour
    parent_id: int | None
    position: int
    heading: Texts = field(default_factory=dict)

    @property
    def draft(self) -> ThemeDraft:
        """What it is now, as a draft to change."""
        return ThemeDraft(self.name, self.description, self.colour, self.parent_id, self.heading)

    @property
    def fingerprint(self) -> str:
        """A short sign of all that can be changed: who saves sends back the one they have seen."""
        return fingerprint_of([*vars(self.draft).values()])


@dataclass(frozen=True)
class PlacedTheme:
    """A theme where it stands in the hierarchy; ``key`` gives it to a piece, empty where keys ran out."""

    theme: Theme
    depth: int
    key: str = ""


def in_hierarchy(themes: Sequence[Theme]) -> tuple[PlacedTheme, ...]:
    """All themes, each followed by those that stand under it, with the keys in this order."""
    under: dict[int | None, list[Theme]] = {}
    for one in sorted(themes, key=lambda theme: (theme.position, theme.id)):
        under.setdefault(one.parent_id, []).append(one)

    def walk(parent_id: int | None, depth: int) -> Iterator[tuple[Theme, int]]:
        for one in under.get(parent_id, ()):
            yield one, depth
            yield from walk(one.id, depth + 1)

    keys = iter(KEYS)
    return tuple(PlacedTheme(one, depth, next(keys, "")) for one, depth in walk(None, 0))


def with_parts(themes: Sequence[Theme], theme_id: int) -> frozenset[int]:
    """A theme and all that stand under it, however deep."""
    found, grown = frozenset[int](), frozenset({theme_id})
    while grown != found:
        found = grown
        grown = found | {one.id for one in themes if one.parent_id in found}
    return found


def find_theme(themes: Sequence[Theme], theme_id: int) -> Theme:
    """The theme of a number.

    Raises
    ------
    ThemeNotFound
    """
    for one in themes:
        if one.id == theme_id:
            return one
    raise ThemeNotFound


def checked_theme(
    draft: ThemeDraft, themes: Sequence[Theme], languages: Sequence[str], theme_id: int | None = None
) -> ThemeDraft:
    """The draft as it will be stored; ``theme_id`` is the theme that it changes, None for a new one.

    Raises
    ------
    FieldsRefused
        With every field that cannot be stored: ``name``, ``description``, ``colour``, ``parent`` and
        ``heading.<language>``.
    """
    problems: dict[str, DomainError] = {}
    name = " ".join(checked_field("name", draft.name, NAME_LIMIT, problems).split())
    if not name:
        problems.setdefault("name", ThemeNameMissing())
    elif name.casefold() in {one.name.casefold() for one in themes if one.id != theme_id}:
        problems["name"] = ThemeNameTaken(name=name)
    if theme_id is None and len(themes) >= MOST_THEMES:
        problems["name"] = TooManyThemes(limit=MOST_THEMES)
    description = checked_field("description", draft.description, DESCRIPTION_LIMIT, problems)
    if draft.colour not in set(Colour):
        problems["colour"] = ColourNotChosen()
    if not _may_stand_under(draft.parent_id, themes, theme_id):
        problems["parent"] = ThemeInsideItself()
    heading = checked_texts("heading", draft.heading, languages, HEADING_LIMIT, problems)
    if problems:
        raise FieldsRefused(problems)
    return ThemeDraft(name, description, draft.colour, draft.parent_id, heading)


def _may_stand_under(parent_id: int | None, themes: Sequence[Theme], theme_id: int | None) -> bool:
    if parent_id is None:
        return True
    find_theme(themes, parent_id)
    return theme_id is None or parent_id not in with_parts(themes, theme_id)


def refuse_merging(themes: Sequence[Theme], theme_id: int, into_id: int) -> None:
    """Refuse to merge a theme into none, into itself, or into one of its own parts.

    Raises
    ------
    MergeUnclear, ThemeInsideItself
    """
    if into_id == theme_id or into_id not in {one.id for one in themes}:
        raise MergeUnclear
    if into_id in with_parts(themes, theme_id):
        raise ThemeInsideItself


def moved(themes: Sequence[Theme], theme_id: int, *, up: bool) -> Mapping[int, int]:
    """The places of a theme and its siblings after it went one up or down; empty where it cannot go."""
    one = find_theme(themes, theme_id)
    siblings = sorted(
        (other for other in themes if other.parent_id == one.parent_id), key=lambda t: (t.position, t.id)
    )
    place = siblings.index(one)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(siblings):
        return {}
    siblings[place], siblings[other] = siblings[other], siblings[place]
    return {sibling.id: position for position, sibling in enumerate(siblings, start=1)}


def place_at_end(themes: Collection[Theme], parent_id: int | None) -> int:
    """The place behind all themes under a parent."""
    return max((one.position for one in themes if one.parent_id == parent_id), default=0) + 1
