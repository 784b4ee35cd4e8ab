"""Which studies a researcher has a part in, and whether their role allows what they ask for."""

from app.domain.account import Permission, Researcher, Role, may
from app.domain.errors import NotAllowed, StudyNotFound
from app.domain.study import Study
from app.services.finding import get_study_of
from app.storage import memberships, studies
from app.storage.database import Database


def list_studies(database: Database, researcher: Researcher) -> tuple[tuple[Study, Role], ...]:
    """List the studies in which the researcher has a role, the newest first."""
    with database.reading() as connection:
        roles = memberships.read_roles(connection, researcher.id)
        return tuple((study, roles[study.id]) for study in studies.read_studies(connection, roles))


def require(
    database: Database, researcher: Researcher, slug: str, permission: Permission
) -> tuple[Study, Role]:
    """Return the study and the researcher's role in it, if that role includes the permission.

    Raises
    ------
    StudyNotFound
        There is no such study, or the researcher has no part in it: the answer is the same.
    NotAllowed
        The role does not include the permission.
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        role = memberships.find_role(connection, study.id, researcher.id)
    if role is None:
        raise StudyNotFound(slug=slug)
    if not may(role, permission):
        raise NotAllowed
    return study, role
