"""Statements split, merged and withdrawn: forms that keep what was typed, with the reason for the panel."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from app.domain.errors import ActionBlocked, DomainError
from app.domain.messages import N_, Sentence
from app.domain.statement_editing import (
    FieldsRefused,
    PartsMissing,
    StatementDraft,
    StatementEntry,
    next_code,
    part_codes,
)
from app.services.restructuring import merge_statements, split_statement, withdraw_statement
from app.services.statement_desk import StatementTable, read_editable_statements
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.statement_fields import (
    StatementFields,
    field_errors,
    problems_in_words,
    statement_fields,
    typed_draft,
)
from app.web.researcher.texts import Told
from app.web.shared.parts import Crumb, FieldError
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm

router = APIRouter()

_MOST_PARTS: Final = 4
_MOST_MERGED: Final = 20


@dataclass(frozen=True, slots=True)
class OldStatement:
    """A statement that gives way, in all languages."""

    code: str
    texts: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class RestructuringPage:
    """The statements that give way, and those that come in their place.

    ``is_split``: one is split into parts; otherwise several are merged into one.
    """

    is_split: bool
    old: tuple[OldStatement, ...]
    new: tuple[StatementFields, ...]
    asks_reason: bool
    reason: str
    reason_error: str
    errors: tuple[FieldError, ...]
    action: str
    more_href: str
    cancel_href: str


@dataclass(frozen=True, slots=True)
class WithdrawalPage:
    """Before a statement is withdrawn."""

    code: str
    texts: tuple[Told, ...]
    was_rated: bool
    reason: str
    errors: tuple[FieldError, ...]
    action: str
    cancel_href: str


@router.get("/research/{slug}/statements/{code}/split")
def split_form(request: Request, slug: str, code: str, parts: str = "2") -> Response:
    """Show two copies of a statement, or more, to be made into its parts."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    table = _editable(desk)
    entry = table.get(code)
    n = int(parts) if parts in ("2", "3", "4") else 2
    codes = part_codes(code, n, [one.statement.code for one in table.entries])
    drafts = [
        StatementDraft(one, entry.statement.topic, entry.statement.text, {}, entry.statement.origin)
        for one in codes
    ]
    return _show_split(desk, table, entry, drafts)


@router.post("/research/{slug}/statements/{code}/split")
def split(request: Request, slug: str, code: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Put the parts in the place of the statement."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    drafts = [
        typed_draft(form, desk.study.languages, prefix=f"{n}.")
        for n in range(1, _MOST_PARTS + 1)
        if f"{n}.code" in form
    ]
    reason = form.one("reason")
    database, clock = database_of(request), clock_of(request)
    try:
        if len(drafts) < 2:  # noqa: PLR2004 - one part is no split
            raise PartsMissing
        split_statement(database, clock, slug, desk.actor, code, drafts, reason)
    except FieldsRefused as refusal:
        table = read_editable_statements(database, slug)
        return _show_split(desk, table, table.get(code), drafts, reason, refusal)
    return desk.go(Room.STATEMENTS, done="split")


@router.get("/research/{slug}/merge-statements")
def merge_form(request: Request, slug: str, code: Annotated[list[str] | None, Query()] = None) -> Response:
    """Show the chosen statements, and the form of the one that takes their place."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    table = _editable(desk)
    entries = _chosen(table, code or [])
    if len(entries) < 2:  # noqa: PLR2004 - one alone is not merged
        return desk.go(Room.STATEMENTS, done="too_few")
    languages = table.study.languages
    texts = {
        one: "\n".join(entry.statement.text[one] for entry in entries if entry.statement.text.get(one))
        for one in languages
    }
    free = next_code([entry.statement.code for entry in table.entries])
    draft = StatementDraft(free, entries[0].statement.topic, texts, {}, entries[0].statement.origin)
    return _show_merge(desk, table, entries, draft)


@router.post("/research/{slug}/merge-statements")
def merge(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Put one statement in the place of several."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    draft = typed_draft(form, desk.study.languages, prefix="1.")
    codes, reason = form.all("old")[:_MOST_MERGED], form.one("reason")
    database, clock = database_of(request), clock_of(request)
    try:
        merge_statements(database, clock, slug, desk.actor, codes, draft, reason)
    except FieldsRefused as refusal:
        table = read_editable_statements(database, slug)
        return _show_merge(desk, table, _chosen(table, codes), draft, reason, refusal)
    return desk.go(Room.STATEMENTS, done="merged")


@router.get("/research/{slug}/statements/{code}/withdraw")
def confirm_withdrawal(request: Request, slug: str, code: str) -> Response:
    """Say what withdrawing means, and ask why."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    table = _editable(desk)
    return _show_withdrawal(desk, table.get(code))


@router.post("/research/{slug}/statements/{code}/withdraw")
def withdraw(
    request: Request, slug: str, code: str, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Withdraw a statement."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    reason, database = form.one("reason"), database_of(request)
    try:
        withdraw_statement(database, clock_of(request), slug, desk.actor, code, reason)
    except FieldsRefused as refusal:
        table = read_editable_statements(database, slug)
        return _show_withdrawal(desk, table.get(code), reason, refusal)
    return desk.go(Room.STATEMENTS, code, done="withdrawn")


def _editable(desk: StudyDesk) -> StatementTable:
    table = read_editable_statements(database_of(desk.request), desk.slug)
    if table.hindrance is not None:
        raise ActionBlocked([table.hindrance])
    return table


def _chosen(table: StatementTable, codes: Sequence[str]) -> list[StatementEntry]:
    wanted = set(codes)
    return [one for one in table.standing if one.statement.code in wanted][:_MOST_MERGED]


def _show_split(
    desk: StudyDesk,
    table: StatementTable,
    entry: StatementEntry,
    drafts: Sequence[StatementDraft],
    reason: str = "",
    refusal: DomainError | None = None,
) -> Response:
    code = entry.statement.code
    address = desk.path(Room.STATEMENTS, code, "split")
    more = f"{address}?parts={len(drafts) + 1}" if len(drafts) < _MOST_PARTS and not refusal else ""
    page = _page(desk, table, [entry], drafts, reason, refusal)
    page = replace(page, is_split=True, action=address, more_href=more)
    inside = desk.inside(Crumb(code, desk.path(Room.STATEMENTS, code)), Crumb(desk.say(N_("Split"))))
    return inside.show("restructuring.html", page, status=answer_to(refusal).status if refusal else 200)


def _show_merge(
    desk: StudyDesk,
    table: StatementTable,
    entries: Sequence[StatementEntry],
    draft: StatementDraft,
    reason: str = "",
    refusal: DomainError | None = None,
) -> Response:
    page = _page(desk, table, entries, [draft], reason, refusal)
    inside = desk.inside(Crumb(desk.say(N_("Merge"))))
    return inside.show("restructuring.html", page, status=answer_to(refusal).status if refusal else 200)


def _page(
    desk: StudyDesk,
    table: StatementTable,
    old: Sequence[StatementEntry],
    drafts: Sequence[StatementDraft],
    reason: str,
    refusal: DomainError | None,
) -> RestructuringPage:
    """The page of a merger, which that of a split differs from in where it goes."""
    errors = problems_in_words(desk, refusal)
    return RestructuringPage(
        is_split=False,
        old=tuple(_old(desk, entry) for entry in old),
        new=tuple(
            statement_fields(desk, table.topics, draft, prefix=f"{n}.", errors=errors)
            for n, draft in enumerate(drafts, start=1)
        ),
        asks_reason=any(entry.needs_reason for entry in old),
        reason=reason,
        reason_error=errors.get("reason", ""),
        errors=field_errors(errors),
        action=desk.path("merge-statements"),
        more_href="",
        cancel_href=desk.path(Room.STATEMENTS),
    )


def _show_withdrawal(
    desk: StudyDesk, entry: StatementEntry, reason: str = "", refusal: DomainError | None = None
) -> Response:
    code = entry.statement.code
    if entry.withdrawn_at is not None:
        raise ActionBlocked([Sentence(N_("%(code)s is withdrawn already."), {"code": code})])
    page = WithdrawalPage(
        code=code,
        texts=_old(desk, entry).texts,
        was_rated=entry.needs_reason,
        reason=reason,
        errors=field_errors(problems_in_words(desk, refusal)),
        action=desk.path(Room.STATEMENTS, code, "withdraw"),
        cancel_href=desk.path(Room.STATEMENTS, code),
    )
    inside = desk.inside(Crumb(code, desk.path(Room.STATEMENTS, code)), Crumb(desk.say(N_("Withdraw"))))
    return inside.show("statement_withdraw.html", page, status=answer_to(refusal).status if refusal else 200)


def _old(desk: StudyDesk, entry: StatementEntry) -> OldStatement:
    text = entry.statement.text
    return OldStatement(
        entry.statement.code, tuple(Told(text[code], code) for code in desk.study.languages if text.get(code))
    )
