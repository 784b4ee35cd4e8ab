"""Researchers join studies, in a role."""

from datetime import datetime

from app.clock import Clock
from app.domain.account import Part, Role
from app.domain.errors import ResearcherNotFound
from app.domain.event import EventKind
from app.services.finding import hold_study_of
from app.storage import memberships
from app.storage.accounts import find_researcher_by_id
from app.storage.database import Connection, Database
from app.storage.events import append_event


def join_study(
    database: Database, clock: Clock, slug: str, researcher_id: int, role: Role, actor: str
) -> None:
    """Give a researcher a role in a study, or another one than before; the same one again changes nothing.

    Raises
    ------
    StudyNotFound
    ResearcherNotFound
        There is no such researcher.
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        store_joining(connection, study.id, researcher_id, role, actor, clock.now())


def store_joining(
    connection: Connection, study_id: int, researcher_id: int, role: Role, actor: str, at: datetime
) -> None:
    """Store within a transaction, and write in the study's log, that a researcher has a role.

    Raises
    ------
    ResearcherNotFound
        There is no such researcher.
    """
    if find_researcher_by_id(connection, researcher_id) is None:
        raise ResearcherNotFound(name=researcher_id)
    before = memberships.find_part(connection, study_id, researcher_id)
    if before is not None and before.role is role:
        return
    if before is None:
        memberships.insert_part(connection, study_id, researcher_id, Part(role), at)
    else:
        memberships.replace_part(connection, study_id, researcher_id, Part(role))
    payload = {"researcher": researcher_id, "role": role}
    append_event(connection, study_id, EventKind.RESEARCHER_JOINED, actor, at, payload)
