"""What was coded, read by statement and by theme."""

from dataclasses import dataclass

from app.domain.material import PieceFilter, PieceKind
from app.domain.statement_editing import StatementNotFound
from app.domain.theme import Theme, in_hierarchy
from app.services.coding import Coder, Piece, read_as, with_codes
from app.services.finding import get_study_of
from app.storage import pieces, studies, themes
from app.storage.database import Database
from app.storage.statement_entries import read_entries


@dataclass(frozen=True)
class CommentsUnderTheme:
    """Comments that some coder gave a theme."""

    theme: Theme
    comments: tuple[Piece, ...]


@dataclass(frozen=True)
class ThemesOfStatement:
    """The comments on a statement by theme, and the themes with which it is matched.

    ``uncoded`` are the comments to which nobody gave a theme. A comment with two themes stands under both.
    """

    matched: tuple[Theme, ...]
    by_theme: tuple[CommentsUnderTheme, ...]
    uncoded: tuple[Piece, ...]


def read_themes_of_statement(
    database: Database, slug: str, coder: Coder, code: str, *, round_number: int | None = None
) -> ThemesOfStatement:
    """The comments on a statement, of one closed round if asked, as far as the coder may read them.

    Who may not see originals reads what was released, and redacted comments as redacted.

    Raises
    ------
    StudyNotFound, StatementNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        if code not in {one.entry.statement.code for one in read_entries(connection, study.id)}:
            raise StatementNotFound(code=code[:40])
        protocol = studies.protocol_in_force(connection, study.id).protocol
        stored = themes.read_themes(connection, study.id)
        wanted = PieceFilter(kind=PieceKind.COMMENT, about=code, round_number=round_number)
        reading = read_as(connection, study, protocol, coder, wanted, stored)
        found = with_codes(connection, study, protocol, coder, pieces.read_pieces(connection, reading))
        matches = themes.read_matches(connection, study.id)
    given = {piece.reference: _themes_of(piece) for piece in found}
    ordered = [one.theme for one in in_hierarchy(stored)]
    return ThemesOfStatement(
        matched=tuple(one for one in ordered if code in matches.get(one.id, ())),
        by_theme=tuple(
            CommentsUnderTheme(one, under)
            for one in ordered
            if (under := tuple(piece for piece in found if one.id in given[piece.reference]))
        ),
        uncoded=tuple(piece for piece in found if not given[piece.reference]),
    )


def _themes_of(piece: Piece) -> frozenset[int]:
    return frozenset(one.theme_id for one in piece.codes if one.theme_id is not None)
