"""Statements that are born from open material, and the pieces out of which they came."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.clock import Clock
from app.domain.event import EventKind
from app.domain.material import PieceFilter
from app.domain.statement_editing import StatementDraft, checked_draft
from app.domain.theme import Theme, find_theme
from app.services.coding import Coder, Piece, find_piece, read_as, with_codes
from app.services.finding import get_study_of
from app.services.statement_holding import hold_statements, record_change
from app.storage import codings, pieces, statement_changes, studies, themes
from app.storage.database import Database


@dataclass(frozen=True)
class StatementSources:
    """The pieces and the theme from which a new statement is written; both may be missing."""

    pieces: tuple[Piece, ...]
    theme: Theme | None


def read_sources(
    database: Database, slug: str, coder: Coder, references: Sequence[str], theme_id: int | None
) -> StatementSources:
    """The pieces that were chosen, and all that anybody gave the theme if one was chosen.

    Raises
    ------
    StudyNotFound, PieceNotFound, ThemeNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        protocol = studies.protocol_in_force(connection, study.id).protocol
        stored = themes.read_themes(connection, study.id)
        theme = None if theme_id is None else find_theme(stored, theme_id)
        found = {one: find_piece(connection, study, coder, one) for one in dict.fromkeys(references)}
        if theme is not None and not found:
            wanted = PieceFilter(theme_id=theme.id, by_anybody=True)
            reading = read_as(connection, study, protocol, coder, wanted, stored)
            found = {str(one.key): one for one in pieces.read_pieces(connection, reading)}
        chosen = with_codes(connection, study, protocol, coder, tuple(found.values()))
        return StatementSources(chosen, theme)


def add_statement_from(
    database: Database,
    clock: Clock,
    slug: str,
    coder: Coder,
    draft: StatementDraft,
    references: Sequence[str],
    theme_id: int | None,
) -> str:
    """Store a new statement behind all others with the pieces it was written from; return its code.

    The theme, if there is one, is matched with it.

    Raises
    ------
    StudyNotFound, ActionBlocked, FieldsRefused, PieceNotFound, ThemeNotFound
    """
    with database.writing() as connection:
        held = hold_statements(connection, slug)
        study_id = held.study.id
        new = checked_draft(draft, held.study.languages, held.topic_codes, held.codes)
        found = [find_piece(connection, held.study, coder, one) for one in dict.fromkeys(references)]
        stored = themes.read_themes(connection, study_id)
        theme = None if theme_id is None else find_theme(stored, theme_id)
        now, place = clock.now(), len(held.stored) + 1
        statement_changes.order_statements(connection, study_id, [one.id for one in held.stored])
        (number,) = statement_changes.insert_statements(connection, study_id, [new], place, now)
        numbers = [codings.hold_material(connection, study_id, one.key) for one in found]
        codings.insert_sources(connection, study_id, number, numbers)
        if theme is not None:
            themes.match_statements(connection, study_id, theme.id, [new.code], [])
        payload = {
            "statement": new.code,
            "text": dict(new.text),
            "pieces": sorted(numbers),
            "places": sorted({f"{one.key.round_number}:{one.about}" for one in found}),
            "theme": theme.name if theme else "",
        }
        actor = coder.researcher.actor
        record_change(connection, held.study, EventKind.STATEMENT_ADDED, actor, now, payload)
        return new.code
