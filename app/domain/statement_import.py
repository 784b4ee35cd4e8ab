"""Uploaded statements held against those that are stored: new, changed, unchanged, or wrong."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import DomainError
from app.domain.fault import Fault
from app.domain.messages import N_
from app.domain.statement_editing import EntryState, StatementDraft, StatementEntry


class PreviewStale(DomainError):
    """The statements were changed since the preview was shown; nothing was stored."""

    message = N_(
        "The statements were changed since this preview was made, so nothing was stored. "
        "Here is the comparison with what is stored now: look at it, and store it then."
    )


class RowKind(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class UploadedRow:
    """A row of a table of statements; what is empty leaves that part as it is stored."""

    number: int
    code: str
    topic: str
    origin: str
    text: Mapping[str, str]


@dataclass(frozen=True)
class ComparedRow:
    """A row beside the statement that it would change; ``before`` is None for a new one."""

    number: int
    kind: RowKind
    draft: StatementDraft
    before: StatementEntry | None


def compare_rows(
    rows: Sequence[UploadedRow],
    entries: Mapping[str, StatementEntry],
    topics: Collection[str],
    languages: Sequence[str],
    file: str,
) -> tuple[tuple[ComparedRow, ...], tuple[Fault, ...]]:
    """What each row would do, and what is wrong with those that cannot be stored."""
    compared: list[ComparedRow] = []
    faults: list[Fault] = []
    for row in rows:
        before = entries.get(row.code)
        found = list(_faults(row, before, topics, languages, file))
        faults.extend(found)
        if not found:
            draft = _draft(row, before)
            compared.append(ComparedRow(row.number, _kind(draft, before), draft, before))
    return tuple(compared), tuple(faults)


def _faults(
    row: UploadedRow,
    before: StatementEntry | None,
    topics: Collection[str],
    languages: Sequence[str],
    file: str,
) -> list[Fault]:
    found = []
    if before is not None and before.state is EntryState.WITHDRAWN:
        message = N_("“%(code)s” was withdrawn. Restore it first, or give the statement another code.")
        found.append(Fault(file, row.number, "code", message, {"code": row.code}))
    if row.topic and row.topic not in topics:
        message = N_("“%(topic)s” is not a topic of the study. Its topics are %(topics)s.")
        params = {"topic": row.topic, "topics": ", ".join(topics)}
        found.append(Fault(file, row.number, "topic", message, params))
    if before is None and not row.topic:
        message = N_("is empty; a new statement needs a topic.")
        found.append(Fault(file, row.number, "topic", message))
    if before is None and not any(row.text.values()):
        message = N_("is empty; a new statement needs a text in at least one language.")
        found.append(Fault(file, row.number, f"text_{languages[0]}", message))
    return found


def _draft(row: UploadedRow, before: StatementEntry | None) -> StatementDraft:
    written = {language: text for language, text in row.text.items() if text}
    if before is None:
        return StatementDraft(row.code, row.topic, written, {}, row.origin)
    now = before.draft
    return StatementDraft(
        row.code, row.topic or now.topic, {**now.text, **written}, now.note, row.origin or now.origin
    )


def _kind(draft: StatementDraft, before: StatementEntry | None) -> RowKind:
    if before is None:
        return RowKind.NEW
    return RowKind.UNCHANGED if draft == before.draft else RowKind.CHANGED
