"""The protocol of a study, to be read with every version."""

from dataclasses import dataclass

from app.domain.protocol import ProtocolVersion
from app.domain.study import Study
from app.services.finding import get_study_of
from app.storage import studies
from app.storage.database import Database


@dataclass(frozen=True)
class ProtocolHistory:
    """Every version of a study's protocol, oldest first; the last one is in force."""

    study: Study
    versions: tuple[ProtocolVersion, ...]

    @property
    def in_force(self) -> ProtocolVersion:
        """The version that the next round is held by."""
        return self.versions[-1]


def read_protocol_history(database: Database, slug: str) -> ProtocolHistory:
    """The protocol and how it came to be.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        return ProtocolHistory(study, studies.read_protocol_versions(connection, study.id))
