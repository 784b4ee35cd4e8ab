"""The statements as researchers keep them: the whole table, one of them with its history, and the topics."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.carry_forward import Override
from app.domain.messages import Sentence
from app.domain.statement import Evidence, Topic
from app.domain.statement_editing import (
    Lineage,
    StatementEntry,
    StatementNotFound,
    StatementVersion,
    editing_hindrance,
)
from app.domain.study import Study
from app.services.finding import get_study_of
from app.services.results import LastDecision, last_decisions
from app.services.stored_analyses import read_round_analyses
from app.storage import carry_overrides, codings, rounds, statements, studies
from app.storage.database import Connection, Database
from app.storage.statement_entries import read_entries, read_lineage, read_versions


@dataclass(frozen=True)
class StatementTable:
    """All statements in their order, the withdrawn too; ``hindrance`` says why none can be changed now."""

    study: Study
    topics: tuple[Topic, ...]
    entries: tuple[StatementEntry, ...]
    decisions: Mapping[str, tuple[LastDecision, ...]]
    hindrance: Sentence | None

    @property
    def standing(self) -> tuple[StatementEntry, ...]:
        """Those that are not withdrawn."""
        return tuple(entry for entry in self.entries if entry.withdrawn_at is None)

    def get(self, code: str) -> StatementEntry:
        """The statement of a code.

        Raises
        ------
        StatementNotFound
        """
        for entry in self.entries:
            if entry.statement.code == code:
                return entry
        raise StatementNotFound(code=code[:40])


@dataclass(frozen=True)
class StatementHistory:
    """One statement with every wording, what it came from and what came from it, and its evidence.

    ``overrides`` say by round what was decided against the rule; ``planned`` what is for the next one.
    ``n_sources`` is out of how many coded texts it was written.
    """

    table: StatementTable
    entry: StatementEntry
    versions: tuple[StatementVersion, ...]
    came_from: tuple[Lineage, ...]
    became: tuple[Lineage, ...]
    evidence: tuple[Evidence, ...]
    overrides: Mapping[int, Override]
    planned: Override | None
    n_sources: int


def read_statement_table(database: Database, slug: str) -> StatementTable:
    """All statements, and where each stands.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        return _table(connection, slug, with_decisions=True)


def read_editable_statements(database: Database, slug: str) -> StatementTable:
    """The same without the decisions, for pages on which statements are changed.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        return _table(connection, slug, with_decisions=False)


def read_statement_history(database: Database, slug: str, code: str) -> StatementHistory:
    """One statement with its whole history.

    Raises
    ------
    StudyNotFound, StatementNotFound
    """
    with database.reading() as connection:
        table = _table(connection, slug, with_decisions=True)
        entry = table.get(code)
        study_id = table.study.id
        ids = {one.entry.statement.code: one.id for one in read_entries(connection, study_id)}
        lineage = read_lineage(connection, study_id)
        return StatementHistory(
            table=table,
            entry=entry,
            versions=read_versions(connection, study_id, ids[code]),
            came_from=tuple(one for one in lineage if one.code == code),
            became=tuple(one for one in lineage if one.from_code == code),
            evidence=statements.read_evidence(connection, study_id, [ids[code]]),
            overrides={
                number: one
                for number, of_round in carry_overrides.read_applied_overrides(connection, study_id).items()
                for one in of_round
                if one.statement == code
            },
            planned=carry_overrides.read_planned_overrides(connection, study_id).get(code),
            n_sources=codings.count_sources(connection, study_id).get(ids[code], 0),
        )


def _table(connection: Connection, slug: str, *, with_decisions: bool) -> StatementTable:
    study = get_study_of(connection, slug)
    decided: dict[str, tuple[LastDecision, ...]] = {}
    if with_decisions:
        for last in last_decisions(read_round_analyses(connection, study.id)):
            decided[last.analysis.statement] = (*decided.get(last.analysis.statement, ()), last)
    return StatementTable(
        study=study,
        topics=studies.read_topics(connection, study.id),
        entries=tuple(one.entry for one in read_entries(connection, study.id)),
        decisions=decided,
        hindrance=editing_hindrance(study.status, rounds.read_rounds(connection, study.id)),
    )
