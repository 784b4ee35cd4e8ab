"""A statement written by hand, or edited; whoever saves second is shown both wordings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import ActionBlocked, DomainError
from app.domain.messages import N_
from app.domain.statement_editing import (
    ORIGIN_LIMIT,
    CodeTaken,
    FieldsRefused,
    StatementChangedMeanwhile,
    StatementDraft,
    StatementEntry,
    checked_draft,
    next_code,
)
from app.services.statement_desk import StatementTable, read_editable_statements
from app.services.statement_editing import add_statement, edit_statement
from app.services.statement_sources import StatementSources, add_statement_from, read_sources
from app.web.researcher.coding_filter import coder_at
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.pages import whole_number
from app.web.researcher.statement_fields import (
    StatementFields,
    TextDifference,
    field_errors,
    problems_in_words,
    statement_fields,
    text_differences,
    typed_draft,
)
from app.web.shared.parts import Crumb, FieldError
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm

router = APIRouter()


@dataclass(frozen=True, slots=True)
class SourceQuote:
    """A coded text out of which the statement is written; ``reference`` names it in the form."""

    reference: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class StatementFormPage:
    """The form of one statement.

    ``known`` is the sign of what the editor has seen. ``is_stale``: somebody else was faster, and
    ``differences`` shows what saving would change of what is stored now. ``sources`` and the ``theme`` are
    what a new statement is written from, if anything. ``topics_href`` leads to where the first topic is
    named; it is empty where there is one.
    """

    code: str
    fields: StatementFields
    known: str
    asks_reason: bool
    reason: str
    reason_error: str
    errors: tuple[FieldError, ...]
    is_stale: bool
    differences: tuple[TextDifference, ...]
    sources: tuple[SourceQuote, ...]
    theme: str
    theme_name: str
    topics_href: str
    action: str
    cancel_href: str


@router.get("/research/{slug}/new-statement")
def write_statement(request: Request, slug: str) -> Response:
    """Show an empty form, beside the coded texts that were chosen for it."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    table = editable_statements(desk)
    last = [topic.code for topic in table.topics] + [entry.statement.topic for entry in table.entries]
    topic = last[-1] if last else ""
    code = next_code([entry.statement.code for entry in table.entries])
    chosen = request.query_params.getlist("piece")
    sources = _sources(desk, chosen, request.query_params.get("theme", ""))
    return _show_new(desk, table, StatementDraft(code, topic, {}, origin=_origin(desk, sources)), sources)


@router.post("/research/{slug}/new-statement")
def add(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Store a new statement."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    draft = typed_draft(form, desk.study.languages)
    database, clock = database_of(request), clock_of(request)
    pieces, theme = form.all("piece"), whole_number(form.one("theme"), otherwise=0) or None
    try:
        if pieces or theme:
            add_statement_from(database, clock, slug, coder_at(desk), draft, pieces, theme)
        else:
            add_statement(database, clock, slug, desk.actor, draft)
    except FieldsRefused as refusal:
        table = read_editable_statements(database, slug)
        if not _was_sent_twice(table, draft, refusal):
            return _show_new(desk, table, draft, _sources(desk, pieces, form.one("theme")), refusal)
    return desk.go(Room.STATEMENTS, done="added")


@router.get("/research/{slug}/statements/{code}/edit")
def edit_form(request: Request, slug: str, code: str) -> Response:
    """Show the form of a statement."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    table = editable_statements(desk)
    entry = table.get(code)
    return _show_edit(desk, table, entry, entry.draft, entry.fingerprint)


@router.post("/research/{slug}/statements/{code}/edit")
def save(request: Request, slug: str, code: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Store what a statement is to be."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    draft = typed_draft(form, desk.study.languages, code=code)
    known, reason = form.one("known"), form.one("reason")
    database, clock = database_of(request), clock_of(request)
    try:
        edit_statement(database, clock, slug, desk.actor, draft, known=known, reason=reason)
    except (FieldsRefused, StatementChangedMeanwhile) as refusal:
        table = read_editable_statements(database, slug)
        return _show_edit(desk, table, table.get(code), draft, known, reason=reason, refusal=refusal)
    return desk.go(Room.STATEMENTS, code, done="saved")


def _was_sent_twice(table: StatementTable, draft: StatementDraft, refusal: FieldsRefused) -> bool:
    """Whether this very statement is stored already: somebody pressed the button twice."""
    if [type(problem) for problem in refusal.problems.values()] != [CodeTaken]:
        return False
    same = checked_draft(draft, table.study.languages, [topic.code for topic in table.topics])
    return any(entry.draft == same for entry in table.standing)


def editable_statements(desk: StudyDesk) -> StatementTable:
    """The statements, if they can be changed now.

    Raises
    ------
    ActionBlocked
    """
    table = read_editable_statements(database_of(desk.request), desk.slug)
    if table.hindrance is not None:
        raise ActionBlocked([table.hindrance])
    return table


def _show_new(
    desk: StudyDesk,
    table: StatementTable,
    draft: StatementDraft,
    sources: StatementSources,
    refusal: DomainError | None = None,
) -> Response:
    errors = problems_in_words(desk, refusal)
    page = StatementFormPage(
        code="",
        fields=statement_fields(desk, table.topics, draft, errors=errors),
        known="",
        asks_reason=False,
        reason="",
        reason_error="",
        errors=field_errors(errors),
        is_stale=False,
        differences=(),
        sources=tuple(
            SourceQuote(one.reference, one.stored.text, one.stored.language) for one in sources.pieces
        ),
        theme=str(sources.theme.id) if sources.theme else "",
        theme_name=sources.theme.name if sources.theme else "",
        topics_href="" if table.topics else desk.path("topics"),
        action=desk.path("new-statement"),
        cancel_href=desk.path(Room.STATEMENTS),
    )
    inside = desk.inside(Crumb(desk.say(N_("New statement"))))
    return inside.show("statement_form.html", page, status=answer_to(refusal).status if refusal else 200)


def _sources(desk: StudyDesk, references: Sequence[str], theme: str) -> StatementSources:
    number = whole_number(theme, otherwise=0) or None
    if not (references or number):
        return StatementSources((), None)
    return read_sources(database_of(desk.request), desk.slug, coder_at(desk), references, number)


def _origin(desk: StudyDesk, sources: StatementSources) -> str:
    """Where a statement comes from, in words: the theme, and the rounds and questions of its texts."""
    round_word = desk.say(N_("Round %(round)s"))
    places = dict.fromkeys(
        f"{round_word % {'round': one.stored.key.round_number}}, {one.stored.about}"
        if one.stored.key.round_number
        else one.stored.about
        for one in sources.pieces
    )
    named = [sources.theme.name] if sources.theme else []
    return "; ".join([*named, *places])[:ORIGIN_LIMIT]


def _show_edit(
    desk: StudyDesk,
    table: StatementTable,
    entry: StatementEntry,
    draft: StatementDraft,
    known: str,
    *,
    reason: str = "",
    refusal: DomainError | None = None,
) -> Response:
    code = entry.statement.code
    errors = problems_in_words(desk, refusal)
    is_stale = isinstance(refusal, StatementChangedMeanwhile)
    page = StatementFormPage(
        code=code,
        fields=statement_fields(desk, table.topics, draft, code_is_fixed=True, errors=errors),
        known=entry.fingerprint if is_stale else known,
        asks_reason=entry.needs_reason,
        reason=reason,
        reason_error=errors.get("reason", ""),
        errors=field_errors(errors),
        is_stale=is_stale,
        differences=text_differences(desk, entry.draft, draft) if is_stale else (),
        sources=(),
        theme="",
        theme_name="",
        topics_href="",
        action=desk.path(Room.STATEMENTS, code, "edit"),
        cancel_href=desk.path(Room.STATEMENTS, code),
    )
    inside = desk.inside(Crumb(code, desk.path(Room.STATEMENTS, code)), Crumb(desk.say(N_("Edit"))))
    return inside.show("statement_form.html", page, status=answer_to(refusal).status if refusal else 200)
