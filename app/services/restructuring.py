"""Statements split, merged, withdrawn and restored between rounds; what came from what is kept."""

from collections.abc import Sequence
from datetime import datetime

from app.clock import Clock
from app.domain.errors import DomainError
from app.domain.event import EventKind
from app.domain.statement import LineageKind
from app.domain.statement_editing import (
    FieldsRefused,
    PartsMissing,
    StatementDraft,
    WithdrawalNeedsReason,
    checked_draft,
    checked_reason,
)
from app.services.statement_holding import HeldStatements, hold_statements, record_change
from app.storage import statement_changes
from app.storage.database import Connection, Database
from app.storage.statement_entries import StoredEntry


def split_statement(
    database: Database,
    clock: Clock,
    slug: str,
    actor: str,
    code: str,
    parts: Sequence[StatementDraft],
    reason: str,
) -> None:
    """Put new statements in the place of one, which is withdrawn.

    Raises
    ------
    StudyNotFound, StatementNotFound, ActionBlocked
    FieldsRefused
        The fields of the n-th part, from 1, are named ``<n>.<field>``.
    """
    with database.writing() as connection:
        held = hold_statements(connection, slug)
        whole = held.get_standing(code)
        new, why = _checked_parts(held, parts, reason, is_needed=whole.entry.needs_reason)
        now = clock.now()
        _replace(connection, held, [whole], new, LineageKind.SPLIT, why, now)
        payload = {"statement": code, "into": [one.code for one in new], "reason": why}
        record_change(connection, held.study, EventKind.STATEMENT_SPLIT, actor, now, payload)


def merge_statements(
    database: Database,
    clock: Clock,
    slug: str,
    actor: str,
    codes: Sequence[str],
    draft: StatementDraft,
    reason: str,
) -> None:
    """Put one new statement in the place of several, which are withdrawn.

    Raises
    ------
    StudyNotFound, StatementNotFound, ActionBlocked, PartsMissing, FieldsRefused
    """
    with database.writing() as connection:
        held = hold_statements(connection, slug)
        merged = [held.get_standing(code) for code in dict.fromkeys(codes)]
        if len(merged) < 2:  # noqa: PLR2004 - one alone is not merged
            raise PartsMissing
        is_needed = any(one.entry.needs_reason for one in merged)
        new, why = _checked_parts(held, [draft], reason, is_needed=is_needed)
        now = clock.now()
        _replace(connection, held, merged, new, LineageKind.MERGED, why, now)
        payload = {
            "statements": [one.entry.statement.code for one in merged],
            "into": new[0].code,
            "reason": why,
        }
        record_change(connection, held.study, EventKind.STATEMENTS_MERGED, actor, now, payload)


def withdraw_statement(
    database: Database, clock: Clock, slug: str, actor: str, code: str, reason: str
) -> None:
    """Take a statement out of the rounds to come; what was rated stays.

    Raises
    ------
    StudyNotFound, StatementNotFound, ActionBlocked, FieldsRefused
    """
    with database.writing() as connection:
        held = hold_statements(connection, slug)
        found = held.get_standing(code)
        why = checked_reason(reason, is_needed=found.entry.needs_reason, missing=WithdrawalNeedsReason)
        now = clock.now()
        statement_changes.mark_withdrawn(connection, held.study.id, [found.id], now, why)
        payload = {"statement": code, "reason": why}
        record_change(connection, held.study, EventKind.STATEMENT_WITHDRAWN, actor, now, payload)


def restore_statement(database: Database, clock: Clock, slug: str, actor: str, code: str) -> None:
    """Let a withdrawn statement stand again; one that stands stays as it is.

    Raises
    ------
    StudyNotFound, StatementNotFound, ActionBlocked
    """
    with database.writing() as connection:
        held = hold_statements(connection, slug)
        found = held.get(code)
        if found.entry.withdrawn_at is None:
            return
        statement_changes.mark_withdrawn(connection, held.study.id, [found.id], None)
        payload = {"statement": code}
        record_change(connection, held.study, EventKind.STATEMENT_RESTORED, actor, clock.now(), payload)


def _checked_parts(
    held: HeldStatements, parts: Sequence[StatementDraft], reason: str, *, is_needed: bool
) -> tuple[list[StatementDraft], str]:
    """The new statements and the reason as they will be stored, or every problem of all at once."""
    problems: dict[str, DomainError] = {}
    taken, new, why = set(held.codes), [], ""
    for place, part in enumerate(parts, start=1):
        try:
            new.append(checked_draft(part, held.study.languages, held.topic_codes, taken))
        except FieldsRefused as refused:
            problems |= {f"{place}.{name}": problem for name, problem in refused.problems.items()}
        taken.add(part.code.strip())
    try:
        why = checked_reason(reason, is_needed=is_needed)
    except FieldsRefused as refused:
        problems |= refused.problems
    if problems:
        raise FieldsRefused(problems)
    return new, why


def _replace(
    connection: Connection,
    held: HeldStatements,
    old: Sequence[StoredEntry],
    new: Sequence[StatementDraft],
    kind: LineageKind,
    reason: str,
    at: datetime,
) -> None:
    """Withdraw the old ones, and store the new ones right behind the first of them."""
    study_id = held.study.id
    ids = statement_changes.insert_statements(connection, study_id, new, len(held.stored) + 1, at)
    pairs = [(number, one.id) for number in ids for one in old]
    statement_changes.insert_lineage(connection, study_id, pairs, kind, reason)
    statement_changes.mark_withdrawn(connection, study_id, [one.id for one in old], at, reason)
    order = []
    for one in held.stored:
        order.append(one.id)
        if one is old[0]:
            order.extend(ids)
    statement_changes.order_statements(connection, study_id, order)
