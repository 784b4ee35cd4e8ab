"""A study leaves the engine whole, as the folder of files from which it can be brought in again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.clock import Clock
from app.domain.design import design_document, design_from_document
from app.domain.event import EventKind
from app.domain.panel import Invitee
from app.domain.protocol import ProtocolVersion
from app.domain.study import Study
from app.domain.study_definition import StudyDefinition
from app.domain.theme_reading import as_listed
from app.interchange.study_folder import write_study_folder
from app.reports.archive import zip_tables
from app.services.finding import hold_study_of
from app.storage import identities, panel, profiles, statements, studies, themes
from app.storage.database import Connection, Database
from app.storage.events import append_event
from app.storage.planned_questions import read_planned_questions
from app.storage.statement_entries import StoredEntry, read_entries


@dataclass(frozen=True)
class ExportedStudy:
    """The files of a study by name, with the version of the protocol that they say."""

    slug: str
    version: ProtocolVersion
    files: Mapping[str, bytes]

    @property
    def archive(self) -> bytes:
        """The folder as one ZIP file; the same study gives the same bytes."""
        return zip_tables({f"{self.slug}/{name}": content for name, content in self.files.items()})


def export_study(
    database: Database, clock: Clock, slug: str, actor: str, *, with_panel: bool
) -> ExportedStudy:
    """Write a study's files, as it stands, and the log's entry that somebody took them out.

    The protocol is the one in force, the statements are those that are not withdrawn, each in its newest
    wording; themes go with the statements that they are matched with, and without what was coded.
    ``with_panel`` adds the names and addresses of everybody who has not left, without pseudonyms.

    Raises
    ------
    StudyNotFound
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        version = studies.protocol_in_force(connection, study.id)
        definition = _definition(connection, study, version)
        invitees = _invitees(connection, study) if with_panel else ()
        payload: dict[str, object] = {"version": version.version, "sha256": version.sha256}
        if with_panel:
            payload["n_panelists"] = len(invitees)
        append_event(connection, study.id, EventKind.STUDY_EXPORTED, actor, clock.now(), payload)
    return ExportedStudy(slug, version, write_study_folder(definition, invitees))


def _definition(connection: Connection, study: Study, version: ProtocolVersion) -> StudyDefinition:
    tables = studies.read_protocol_tables(connection, study.id, version.version)
    standing = [one for one in read_entries(connection, study.id) if one.entry.withdrawn_at is None]
    return StudyDefinition(
        **vars(design_from_document(design_document(study, tables))),
        topics=studies.read_topics(connection, study.id),
        statements=tuple(one.entry.statement for one in standing),
        evidence=statements.read_evidence(connection, study.id, [one.id for one in standing]),
        profile_questions=profiles.read_profile_questions(connection, study.id),
        panel=(),
        open_questions=read_planned_questions(connection, study.id),
        themes=as_listed(themes.read_themes(connection, study.id), _matches(connection, study, standing)),
    )


def _matches(
    connection: Connection, study: Study, standing: Sequence[StoredEntry]
) -> dict[int, tuple[str, ...]]:
    codes = {one.entry.statement.code for one in standing}
    return {
        theme_id: tuple(code for code in matched if code in codes)
        for theme_id, matched in themes.read_matches(connection, study.id).items()
    }


def _invitees(connection: Connection, study: Study) -> tuple[Invitee, ...]:
    known = identities.read_identities(connection, study.id)
    return tuple(
        Invitee(known[one.id].name, known[one.id].email, one.group, one.language)
        for one in panel.read_panel(connection, study.id)
        if not one.has_left and not known[one.id].is_disowned
    )
