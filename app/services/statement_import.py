"""Importing statements from a table: looked at first, then stored whole or not at all."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from app.clock import Clock
from app.domain.account import Researcher
from app.domain.event import EventKind
from app.domain.fault import Fault
from app.domain.import_preview import NothingToImport
from app.domain.messages import Sentence
from app.domain.statement_editing import (
    checked_reason,
    editing_hindrance,
    fingerprint_of,
)
from app.domain.statement_import import (
    ComparedRow,
    PreviewStale,
    RowKind,
    UploadedRow,
    compare_rows,
)
from app.domain.study import Study
from app.interchange.statement_table import read_statement_table
from app.interchange.tables import encoding_of
from app.services.finding import get_study_of
from app.services.kept_uploads import find_upload, keep_upload
from app.services.statement_holding import hold_statements, record_change, store_drafts
from app.storage import previews, rounds, statement_changes, studies
from app.storage.database import Connection, Database
from app.storage.statement_entries import StoredEntry, read_entries

_KIND = "statements"


@dataclass(frozen=True)
class StatementPreview:
    """What an uploaded table would do.

    ``token`` names it as long as it waits, and is empty where it cannot be stored. ``known`` is the sign of
    what it was compared with. ``encoding`` is what was assumed of a file that does not say how it is written.
    """

    study: Study
    file: str
    rows: tuple[ComparedRow, ...]
    faults: tuple[Fault, ...]
    hindrance: Sentence | None
    token: str = ""
    known: str = ""
    encoding: str = ""

    @property
    def needs_reason(self) -> bool:
        """Whether it changes what the panel has seen."""
        return any(
            row.kind is RowKind.CHANGED
            and row.before is not None
            and row.before.needs_reason
            and row.draft.text != row.before.statement.text
            for row in self.rows
        )

    def of_kind(self, kind: RowKind) -> tuple[ComparedRow, ...]:
        """The rows that would do this."""
        return tuple(row for row in self.rows if row.kind is kind)


def preview_statements(
    database: Database, clock: Clock, slug: str, researcher: Researcher, file: str, content: bytes
) -> StatementPreview:
    """Read an uploaded table, and keep it to be stored if nothing is wrong in it.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
    faults: list[Fault] = []
    uploaded = read_statement_table(content, file, study.languages, faults)
    with database.writing() as connection:
        if faults:
            return _preview(connection, study, file, uploaded, faults)
        preview = _preview(connection, study, file, uploaded, (), token=secrets.token_urlsafe(24))
        if preview.token:
            kept = {
                "file": file,
                "encoding": encoding_of(content),
                "rows": [asdict(row) for row in uploaded],
            }
            keep_upload(connection, study, researcher, preview.token, _KIND, kept, clock.now())
        return preview


def read_preview(
    database: Database, clock: Clock, slug: str, researcher: Researcher, token: str
) -> StatementPreview:
    """A preview that waits, compared with what is stored now.

    Raises
    ------
    StudyNotFound, PreviewGone
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        kept = find_upload(connection, study, researcher, token, _KIND, clock.now())
        preview = _preview(connection, study, kept["file"], _rows(kept), (), token=token)
        return replace(preview, encoding=kept.get("encoding", ""))


def store_preview(
    database: Database,
    clock: Clock,
    slug: str,
    researcher: Researcher,
    token: str,
    *,
    known: str,
    reason: str = "",
) -> StatementPreview:
    """Store every row of a preview, or none; return what was stored.

    Raises
    ------
    StudyNotFound, PreviewGone, ActionBlocked, FieldsRefused
    PreviewStale
        The statements are not those that the preview was compared with.
    NothingToImport
    """
    with database.writing() as connection:
        held = hold_statements(connection, slug)
        study, now = held.study, clock.now()
        kept = find_upload(connection, study, researcher, token, _KIND, now)
        preview = _preview(connection, study, kept["file"], _rows(kept), (), token=token)
        if preview.known != known:
            raise PreviewStale
        new, changed = preview.of_kind(RowKind.NEW), preview.of_kind(RowKind.CHANGED)
        if not new and not changed:
            raise NothingToImport
        why = checked_reason(reason, is_needed=preview.needs_reason)
        store_drafts(connection, study, [(held.get(row.draft.code), row.draft) for row in changed], why, now)
        statement_changes.order_statements(connection, study.id, [one.id for one in held.stored])
        place = len(held.stored) + 1
        statement_changes.insert_statements(connection, study.id, [row.draft for row in new], place, now)
        previews.remove_preview(connection, study.id, token)
        payload = {
            "file": kept["file"],
            "new": [row.draft.code for row in new],
            "changed": [row.draft.code for row in changed],
            "reason": why,
        }
        actor = f"researcher:{researcher.id}"
        record_change(connection, study, EventKind.STATEMENTS_IMPORTED, actor, now, payload)
        return preview


def _rows(kept: Mapping[str, Any]) -> tuple[UploadedRow, ...]:
    return tuple(UploadedRow(**row) for row in kept["rows"])


def _preview(
    connection: Connection,
    study: Study,
    file: str,
    uploaded: Sequence[UploadedRow],
    faults: Sequence[Fault],
    *,
    token: str = "",
) -> StatementPreview:
    stored = read_entries(connection, study.id)
    topics = [topic.code for topic in studies.read_topics(connection, study.id)]
    hindrance = editing_hindrance(study.status, rounds.read_rounds(connection, study.id))
    entries = {one.entry.statement.code: one.entry for one in stored}
    compared, wrong = compare_rows(uploaded, entries, topics, study.languages, file)
    if not faults:
        faults = wrong
    return StatementPreview(
        study=study,
        file=file,
        rows=compared,
        faults=tuple(faults),
        hindrance=hindrance,
        token="" if faults or hindrance else token,
        known=_sign(stored, topics),
    )


def _sign(stored: Sequence[StoredEntry], topics: Sequence[str]) -> str:
    """A sign of all that a comparison rests on."""
    return fingerprint_of([[one.entry.fingerprint, one.entry.asked_version] for one in stored] + [topics])
