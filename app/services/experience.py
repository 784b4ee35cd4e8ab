"""Texts from elsewhere that are coded beside the panel's: brought in by a researcher, and removed again."""

from app.clock import Clock
from app.domain.event import EventKind
from app.domain.material import (
    PieceKey,
    PieceKind,
    PieceNotFound,
    TextFromElsewhere,
    checked_texts_brought_in,
)
from app.services.coding import Coder
from app.services.finding import hold_study_of
from app.storage import codings, pieces
from app.storage.database import Database
from app.storage.events import append_event
from app.storage.piece_selection import PieceReading


def bring_in_texts(
    database: Database, clock: Clock, slug: str, actor: str, *, pasted: str, source: str, language: str
) -> int:
    """Store pasted texts, one piece for each paragraph; return how many.

    Raises
    ------
    StudyNotFound, FieldsRefused
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        texts, named = checked_texts_brought_in(pasted, source, language, study.languages)
        codings.insert_experiences(
            connection, study.id, [TextFromElsewhere(one, named, language) for one in texts]
        )
        payload = {"source": named, "language": language, "n_pieces": len(texts)}
        append_event(connection, study.id, EventKind.MATERIAL_BROUGHT_IN, actor, clock.now(), payload)
        return len(texts)


def remove_text(database: Database, clock: Clock, slug: str, coder: Coder, number: int) -> None:
    """Remove a text that was brought in, with all that was coded of it.

    Raises
    ------
    StudyNotFound
    PieceNotFound
        No text was brought in under this number; what panelists wrote is not the team's to remove.
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        place = PieceKey(PieceKind.EXPERIENCE, 0, number)
        reading = PieceReading(study.id, coder.researcher.id, coder.sees_originals)
        found = pieces.read_pieces_at(connection, reading, place)
        if not found:
            raise PieceNotFound
        codings.remove_experience(connection, study.id, number)
        payload = {"source": found[0].about, "piece": number}
        actor, now = coder.researcher.actor, clock.now()
        append_event(connection, study.id, EventKind.MATERIAL_REMOVED, actor, now, payload)
