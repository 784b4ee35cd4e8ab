"""Which studies a researcher has a part in, and whether their role allows what they ask for."""

from app.domain.account import Part, Permission, Researcher, Role, may
from app.domain.errors import NotAllowed, StudyNotFound
from app.domain.study import Study
from app.services.finding import get_study_of
from app.storage import memberships, studies
from app.storage.database import Database


def list_studies(database: Database, researcher: Researcher) -> tuple[tuple[Study, Role], ...]:
    """List the studies in which the researcher has a role, the newest first."""
    with database.reading() as connection:
        parts = memberships.read_parts(connection, researcher.id)
        return tuple((study, parts[study.id].role) for study in studies.read_studies(connection, parts))


def require(
    database: Database, researcher: Researcher, slug: str, permission: Permission
) -> tuple[Study, Part]:
    """Return the study and the researcher's part in it, if that part includes the permission.

    Raises
    ------
    StudyNotFound
        There is no such study, or the researcher has no part in it: the answer is the same.
    NotAllowed
        Their part does not include the permission.
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        part = memberships.find_part(connection, study.id, researcher.id)
    if part is None:
        raise StudyNotFound(slug=slug)
    if not may(part, permission):
        raise NotAllowed
    return study, part
