"""Adding and editing statements, and putting them in order."""

from collections.abc import Sequence
from dataclasses import replace

from app.clock import Clock
from app.domain.errors import DomainError
from app.domain.event import EventKind
from app.domain.statement_editing import (
    FieldsRefused,
    StatementChangedMeanwhile,
    StatementDraft,
    StatementEntry,
    checked_draft,
    checked_reason,
)
from app.services.statement_holding import hold_statements, record_change, store_drafts
from app.storage import statement_changes
from app.storage.database import Database


def add_statement(database: Database, clock: Clock, slug: str, actor: str, draft: StatementDraft) -> str:
    """Store a new statement behind all others; return its code.

    Raises
    ------
    StudyNotFound, ActionBlocked, FieldsRefused
    """
    with database.writing() as connection:
        held = hold_statements(connection, slug)
        new = checked_draft(draft, held.study.languages, held.topic_codes, held.codes)
        now, place = clock.now(), len(held.stored) + 1
        statement_changes.order_statements(connection, held.study.id, [one.id for one in held.stored])
        statement_changes.insert_statements(connection, held.study.id, [new], place, now)
        payload = {"statement": new.code, "text": dict(new.text)}
        record_change(connection, held.study, EventKind.STATEMENT_ADDED, actor, now, payload)
        return new.code


def edit_statement(
    database: Database,
    clock: Clock,
    slug: str,
    actor: str,
    draft: StatementDraft,
    *,
    known: str,
    reason: str = "",
) -> None:
    """Store what a statement is to be, if it is still what the editor has ``known``.

    Before the panel has seen it, it is simply written anew. Afterwards another text or note is a new version,
    whose reason the panel reads. Nothing changed is no change.

    Raises
    ------
    StudyNotFound, StatementNotFound, ActionBlocked
    StatementChangedMeanwhile
        Somebody else was faster; nothing was stored.
    FieldsRefused
    """
    with database.writing() as connection:
        held = hold_statements(connection, slug)
        stored = held.get_standing(draft.code)
        entry = stored.entry
        if entry.fingerprint != known:
            raise StatementChangedMeanwhile(code=draft.code)
        changed, why = _checked(draft, entry, held.study.languages, held.topic_codes, reason)
        if changed == entry.draft:
            return
        now = clock.now()
        versions = store_drafts(connection, held.study, [(stored, changed)], why, now)
        is_successor = versions[changed.code] != entry.statement.version
        kind = EventKind.STATEMENT_REWORDED if is_successor else EventKind.STATEMENT_EDITED
        payload = {
            "statement": changed.code,
            "version": versions[changed.code],
            "topic": changed.topic,
            "text": dict(changed.text),
            "reason": why,
        }
        record_change(connection, held.study, kind, actor, now, payload)


def order_statements(database: Database, clock: Clock, slug: str, actor: str, codes: Sequence[str]) -> None:
    """Put the statements in this order; those that are not named follow in their own.

    Raises
    ------
    StudyNotFound, ActionBlocked
    """
    with database.writing() as connection:
        held = hold_statements(connection, slug)
        wanted = {code: place for place, code in enumerate(codes)}
        ordered = sorted(held.stored, key=lambda one: wanted.get(one.entry.statement.code, len(wanted)))
        if ordered == list(held.stored):
            return
        statement_changes.order_statements(connection, held.study.id, [one.id for one in ordered])
        payload = {"statements": [one.entry.statement.code for one in ordered]}
        record_change(connection, held.study, EventKind.STATEMENTS_ORDERED, actor, clock.now(), payload)


def _checked(
    draft: StatementDraft,
    entry: StatementEntry,
    languages: Sequence[str],
    topics: Sequence[str],
    reason: str,
) -> tuple[StatementDraft, str]:
    """The draft and the reason as they will be stored, or every problem of both at once."""
    problems: dict[str, DomainError] = {}
    changed, why = draft, ""
    try:
        changed = checked_draft(draft, languages, topics)
    except FieldsRefused as refused:
        problems |= refused.problems
    is_reworded = replace(changed, topic="", origin="") != replace(entry.draft, topic="", origin="")
    try:
        why = checked_reason(reason, is_needed=is_reworded and entry.needs_reason)
    except FieldsRefused as refused:
        problems |= refused.problems
    if problems:
        raise FieldsRefused(problems)
    return changed, why
