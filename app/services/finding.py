"""Finding the study somebody asks for, or saying that it is not there."""

from app.domain.errors import StudyNotFound
from app.domain.study import Study, is_slug
from app.storage import studies
from app.storage.database import Connection


def get_study_of(connection: Connection, slug: str) -> Study:
    """The study of this slug.

    Raises
    ------
    StudyNotFound
    """
    study = studies.find_study(connection, slug) if is_slug(slug) else None
    if study is None:
        raise StudyNotFound(slug=slug)
    return study


def hold_study_of(connection: Connection, slug: str) -> Study:
    """The study of this slug, held: nobody else changes its course before this transaction ends.

    Raises
    ------
    StudyNotFound
    """
    study = get_study_of(connection, slug)
    studies.lock_study(connection, study.id)
    # It may have changed while this transaction waited for it.
    return studies.get_study(connection, study.id)
