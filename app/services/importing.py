"""A study enters the engine whole, as its folder of files says."""

from dataclasses import dataclass

from app.clock import Clock
from app.domain.account import Role
from app.domain.event import EventKind
from app.domain.panel import new_pseudonyms
from app.domain.protocol import protocol_sha256
from app.domain.study_definition import StudyDefinition
from app.services.joining import store_joining
from app.storage.database import Database
from app.storage.events import append_event
from app.storage.importing import insert_whole_study


@dataclass(frozen=True)
class ImportedStudy:
    """What was stored."""

    slug: str
    n_statements: int
    n_panelists: int


def import_study(
    database: Database, clock: Clock, definition: StudyDefinition, *, owner_id: int | None = None
) -> ImportedStudy:
    """Store a study with its protocol, statements, evidence, questions and panel: all or nothing.

    Every panelist gets a random pseudonym; who is who stands apart from everything else. With ``owner_id``
    that researcher owns the study.

    Raises
    ------
    StudyAlreadyImported
        A study of this slug is stored; nothing was changed.
    ResearcherNotFound
        There is no researcher ``owner_id``.
    """
    return _store(database, clock, definition, owner_id, EventKind.STUDY_IMPORTED)


def begin_study(
    database: Database, clock: Clock, definition: StudyDefinition, owner_id: int
) -> ImportedStudy:
    """Store a study that has nothing but its design yet; the researcher ``owner_id`` owns it.

    Raises
    ------
    StudyAlreadyImported, ResearcherNotFound
    """
    return _store(database, clock, definition, owner_id, EventKind.STUDY_BEGUN)


def _store(
    database: Database, clock: Clock, definition: StudyDefinition, owner_id: int | None, kind: EventKind
) -> ImportedStudy:
    now = clock.now()
    imported = ImportedStudy(definition.slug, len(definition.statements), len(definition.panel))
    actor = "system" if owner_id is None else f"researcher:{owner_id}"
    with database.writing() as connection:
        study_id = insert_whole_study(connection, definition, new_pseudonyms(imported.n_panelists), now)
        payload = {
            "slug": imported.slug,
            "n_statements": imported.n_statements,
            "n_panelists": imported.n_panelists,
            "n_open_questions": len(definition.open_questions),
            "protocol_sha256": protocol_sha256(definition.tables),
        }
        append_event(connection, study_id, kind, actor, now, payload)
        if owner_id is not None:
            store_joining(connection, study_id, owner_id, Role.OWNER, actor, now)
    return imported
