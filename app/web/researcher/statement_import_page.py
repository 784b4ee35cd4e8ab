"""Statements from a CSV or XLSX file: looked at row by row, then stored whole or not at all."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import ActionBlocked, DomainError
from app.domain.import_preview import NothingToImport
from app.domain.messages import N_, Sentence
from app.domain.statement_editing import FieldsRefused
from app.domain.statement_import import ComparedRow, PreviewStale, RowKind
from app.interchange.statement_table import statement_columns
from app.services.statement_desk import read_editable_statements
from app.services.statement_import import (
    StatementPreview,
    preview_statements,
    read_preview,
    store_preview,
)
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.statement_fields import problems_in_words
from app.web.researcher.uploading import MOST_FAULTS, Upload, read_upload, upload_form_of
from app.web.shared.parts import Column, Crumb, WordSpan
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.uploads import SentFile
from app.web.shared.wording import changed_words
from app.web.shared.words import error_in_words, in_words

router = APIRouter()


@dataclass(frozen=True, slots=True)
class UploadPage:
    """The form for a file, and what is wrong with the one that was sent."""

    columns: tuple[str, ...]
    topics: tuple[str, ...]
    topics_href: str
    upload: Upload


@dataclass(frozen=True, slots=True)
class CellChange:
    """One text of a row; with a word diff where it replaces another."""

    language: str
    text: str
    spans: tuple[WordSpan, ...]


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row: what it would do, and how."""

    number: int
    code: str
    topic: str
    topic_before: str
    cells: tuple[CellChange, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """What a file would do, before it does."""

    file: str
    encoding: str
    columns: tuple[Column, ...]
    new: tuple[RowLine, ...]
    changed: tuple[RowLine, ...]
    unchanged: tuple[str, ...]
    known: str
    needs_reason: bool
    reason: str
    reason_error: str
    refusal: str
    hindrance: Sentence | None
    action: str
    again_href: str


@router.get("/research/{slug}/statement-import")
def upload_form(request: Request, slug: str) -> Response:
    """Show the form for a file."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    return _show_upload(desk)


@router.post("/research/{slug}/statement-import")
def upload(request: Request, slug: str, sent: Annotated[SentFile, Depends(read_upload)]) -> Response:
    """Read the file; go on to the preview, or say what is wrong in it."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    if not sent.name:
        return _show_upload(desk, error=desk.say(N_("Choose a file first.")), status=422)
    preview = preview_statements(
        database_of(request), clock_of(request), slug, desk.researcher, sent.name, sent.content
    )
    if preview.faults:
        return _show_upload(desk, preview, status=422)
    if preview.hindrance is not None:
        raise ActionBlocked([preview.hindrance])
    return desk.go("statement-import", preview.token)


@router.get("/research/{slug}/statement-import/{token}")
def show_preview(request: Request, slug: str, token: str) -> Response:
    """Show what the file would do to what is stored now."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    return _show_preview(desk, token)


@router.post("/research/{slug}/statement-import/{token}")
def store(request: Request, slug: str, token: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Store all of it."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    reason, known = form.one("reason"), form.one("known")
    database, clock = database_of(request), clock_of(request)
    try:
        store_preview(database, clock, slug, desk.researcher, token, known=known, reason=reason)
    except (FieldsRefused, PreviewStale, NothingToImport) as refusal:
        return _show_preview(desk, token, reason, refusal)
    return desk.go(Room.STATEMENTS, done="imported")


def _show_upload(
    desk: StudyDesk, preview: StatementPreview | None = None, *, error: str = "", status: int = 200
) -> Response:
    table = read_editable_statements(database_of(desk.request), desk.slug)
    if table.hindrance is not None:
        raise ActionBlocked([table.hindrance])
    page = UploadPage(
        columns=statement_columns(table.study.languages),
        topics=tuple(topic.code for topic in table.topics),
        topics_href=desk.path("topics"),
        upload=upload_form_of(
            desk,
            action=desk.path("statement-import"),
            cancel_href=desk.path(Room.STATEMENTS),
            error=error,
            file=preview.file if preview else "",
            faults=preview.faults if preview else (),
        ),
    )
    return desk.inside(Crumb(desk.say(N_("Import")))).show("statement_upload.html", page, status=status)


def _show_preview(
    desk: StudyDesk, token: str, reason: str = "", refusal: DomainError | None = None
) -> Response:
    preview = read_preview(
        database_of(desk.request), clock_of(desk.request), desk.slug, desk.researcher, token
    )
    problems = problems_in_words(desk, refusal)
    page = PreviewPage(
        file=preview.file,
        encoding=preview.encoding,
        columns=(
            Column(desk.say(N_("Row")), "number"),
            Column(desk.say(N_("Code"))),
            *(Column(desk.written.language_head(code)) for code in desk.study.languages),
            Column(desk.say(N_("Topic"))),
        ),
        new=tuple(_row(desk, row) for row in preview.of_kind(RowKind.NEW)),
        changed=tuple(_row(desk, row) for row in preview.of_kind(RowKind.CHANGED)),
        unchanged=tuple(row.draft.code for row in preview.of_kind(RowKind.UNCHANGED)),
        known=preview.known,
        needs_reason=preview.needs_reason,
        reason=reason,
        reason_error=problems.get("reason", ""),
        refusal=_refusal(desk, preview, refusal, problems),
        hindrance=preview.hindrance,
        action=desk.path("statement-import", token),
        again_href=desk.path("statement-import"),
    )
    inside = desk.inside(Crumb(desk.say(N_("Import")), desk.path("statement-import")), Crumb(preview.file))
    return inside.show("statement_preview.html", page, status=answer_to(refusal).status if refusal else 200)


def _refusal(
    desk: StudyDesk, preview: StatementPreview, refusal: DomainError | None, problems: dict[str, str]
) -> str:
    """Why it cannot be stored: what was refused, or what became wrong since it was uploaded."""
    if preview.faults:
        return " ".join(
            f"{in_words(one.place, desk.locale)}: {in_words(one.sentence, desk.locale)}"
            for one in preview.faults[:MOST_FAULTS]
        )
    return error_in_words(refusal, desk.locale) if refusal and not problems else ""


def _row(desk: StudyDesk, row: ComparedRow) -> RowLine:
    before = row.before.draft if row.before else None
    cells = []
    for code in desk.study.languages:
        text = row.draft.text.get(code, "")
        stored = before.text.get(code, "") if before else ""
        spans = changed_words(stored, text) if before and stored != text else ()
        cells.append(CellChange(code, text, spans))
    topic_before = before.topic if before and before.topic != row.draft.topic else ""
    missing = tuple(
        desk.written.language(code) for code in desk.study.languages if not row.draft.text.get(code)
    )
    return RowLine(row.number, row.draft.code, row.draft.topic, topic_before, tuple(cells), missing)
