"""What a study is made of, to be read: its protocol with every version, and its statements."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.protocol import ProtocolVersion
from app.domain.statement import Statement, Topic
from app.domain.study import Study
from app.services.finding import get_study_of
from app.services.results import LastDecision, last_decisions
from app.services.stored_analyses import read_round_analyses
from app.storage import statements, studies
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


@dataclass(frozen=True)
class StatementList:
    """All statements in their newest wording, with the last decisions on each that was rated."""

    study: Study
    topics: tuple[Topic, ...]
    statements: tuple[Statement, ...]
    decisions: Mapping[str, tuple[LastDecision, ...]]


def read_protocol_history(database: Database, slug: str) -> ProtocolHistory:
    """The protocol and how it came to be.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        return ProtocolHistory(study, studies.read_protocol_versions(connection, study.id))


def read_statement_list(database: Database, slug: str) -> StatementList:
    """The statements and where each stands.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        decided: dict[str, tuple[LastDecision, ...]] = {}
        for last in last_decisions(read_round_analyses(connection, study.id)):
            decided[last.analysis.statement] = (*decided.get(last.analysis.statement, ()), last)
        return StatementList(
            study=study,
            topics=studies.read_topics(connection, study.id),
            statements=tuple(s.statement for s in statements.read_newest_statements(connection, study.id)),
            decisions=decided,
        )
