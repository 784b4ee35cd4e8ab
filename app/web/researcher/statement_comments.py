"""What the panel wrote on a statement in one round, by theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.account import Permission
from app.services.coded_material import read_themes_of_statement
from app.services.coding import Coder, Piece
from app.web.researcher.desk import StudyDesk
from app.web.shared.state import database_of, settings_of

MOST_SHOWN: Final = 20
"""So many comments are shown under a theme; the others can be read where they are coded."""


@dataclass(frozen=True, slots=True)
class ShownText:
    """A comment in the language in which it was written."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class ThemeComments:
    """A theme with its comments: the first of ``n``; without a `name` those that have none."""

    name: str
    description: str
    comments: tuple[ShownText, ...]
    n: int


@dataclass(frozen=True, slots=True)
class StatementComments:
    """The comments by theme, and the themes that the statement is matched with."""

    matched: tuple[str, ...]
    themes: tuple[ThemeComments, ...]


def statement_comments(desk: StudyDesk, code: str, number: int) -> StatementComments:
    """What was written on a statement in a round, as far as the researcher may read it."""
    coder = Coder(
        desk.researcher,
        desk.may(Permission.MODERATE_COMMENTS),
        settings_of(desk.request).secret.get_secret_value().encode(),
    )
    found = read_themes_of_statement(database_of(desk.request), desk.slug, coder, code, round_number=number)
    themes = [_under(one.theme.name, one.theme.description, one.comments) for one in found.by_theme]
    if found.uncoded:
        themes.append(_under("", "", found.uncoded))
    return StatementComments(tuple(theme.name for theme in found.matched), tuple(themes))


def _under(name: str, description: str, pieces: Sequence[Piece]) -> ThemeComments:
    shown = tuple(ShownText(one.stored.text, one.stored.language) for one in pieces[:MOST_SHOWN])
    return ThemeComments(name, description, shown, len(pieces))
