"""The statements of a study, held while they change: nobody else changes them meanwhile, or opens a round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import ActionBlocked
from app.domain.event import EventKind
from app.domain.messages import N_, Sentence
from app.domain.statement import Topic
from app.domain.statement_editing import (
    EntryState,
    StatementDraft,
    StatementNotFound,
    refuse_editing_now,
)
from app.domain.study import Study
from app.services.finding import hold_study_of
from app.storage import rounds, statement_changes, studies
from app.storage.database import Connection
from app.storage.events import append_event
from app.storage.statement_entries import StoredEntry, read_entries


@dataclass(frozen=True)
class HeldStatements:
    """A study whose statements may be changed now, with all of them."""

    study: Study
    topics: tuple[Topic, ...]
    stored: tuple[StoredEntry, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all statements, the withdrawn ones too."""
        return tuple(one.entry.statement.code for one in self.stored)

    @property
    def topic_codes(self) -> tuple[str, ...]:
        """The codes of all topics."""
        return tuple(topic.code for topic in self.topics)

    def get(self, code: str) -> StoredEntry:
        """The statement of a code.

        Raises
        ------
        StatementNotFound
        """
        for one in self.stored:
            if one.entry.statement.code == code:
                return one
        raise StatementNotFound(code=code[:40])

    def get_standing(self, code: str) -> StoredEntry:
        """The same, if it is not withdrawn.

        Raises
        ------
        StatementNotFound, ActionBlocked
        """
        found = self.get(code)
        if found.entry.state is EntryState.WITHDRAWN:
            message = N_("%(code)s is withdrawn. Restore it before you change it.")
            raise ActionBlocked([Sentence(message, {"code": code})])
        return found


def hold_statements(connection: Connection, slug: str) -> HeldStatements:
    """Hold a study, if its statements, topics and evidence may be changed now.

    Raises
    ------
    StudyNotFound, ActionBlocked
    """
    study = hold_study_of(connection, slug)
    refuse_editing_now(study.status, rounds.read_rounds(connection, study.id))
    return HeldStatements(
        study, studies.read_topics(connection, study.id), read_entries(connection, study.id)
    )


def store_drafts(
    connection: Connection,
    study: Study,
    changed: Sequence[tuple[StoredEntry, StatementDraft]],
    reason: str,
    at: datetime,
) -> dict[str, int]:
    """Store what statements are to be; return their versions by code.

    A wording that a round has asked about stays, and gets a successor with the reason; one that the panel has
    not seen is written anew.
    """
    succeeding, rewritten, versions = [], [], {}
    for stored, draft in changed:
        entry, version = stored.entry, stored.entry.statement.version
        is_reworded = (draft.text, draft.note) != (entry.statement.text, entry.statement.note)
        if is_reworded and entry.state is EntryState.ASKED:
            version += 1
            succeeding.append((stored.id, version, draft, reason))
        elif is_reworded:
            why = reason if entry.needs_reason else ""
            rewritten.append((stored.id, version, draft, why))
        versions[draft.code] = version
    statement_changes.insert_versions(connection, study.id, succeeding, at)
    statement_changes.replace_versions(connection, study.id, rewritten, at)
    statement_changes.update_statements(connection, study.id, [(one.id, draft) for one, draft in changed])
    return versions


def record_change(
    connection: Connection,
    study: Study,
    kind: EventKind,
    actor: str,
    at: datetime,
    payload: Mapping[str, object],
) -> None:
    """Write the change into the log, and let every process read the study's contents anew."""
    studies.count_contents_change(connection, study.id)
    append_event(connection, study.id, kind, actor, at, payload)
