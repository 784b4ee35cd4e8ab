"""Texts from elsewhere out of a CSV or XLSX file: looked at row by row, then stored whole or not at all."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import DomainError
from app.domain.import_preview import NothingToImport
from app.domain.messages import N_
from app.interchange.experience_table import EXPERIENCE_COLUMNS
from app.services.experience_import import (
    ExperiencePreview,
    bring_in_preview,
    preview_texts,
    read_text_preview,
)
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.uploading import Upload, read_upload, upload_form_of
from app.web.shared.parts import Column, Crumb
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.uploads import SentFile
from app.web.shared.words import error_in_words

router = APIRouter()


@dataclass(frozen=True, slots=True)
class ExperienceUploadPage:
    """The form for a file, and what is wrong with the one that was sent."""

    columns: tuple[str, ...]
    languages: tuple[str, ...]
    upload: Upload


@dataclass(frozen=True, slots=True)
class NewText:
    """One text that would be brought in."""

    text: str
    source: str
    language: str


@dataclass(frozen=True, slots=True)
class ExperiencePreviewPage:
    """What a file would bring in, before it does."""

    file: str
    encoding: str
    columns: tuple[Column, ...]
    new: tuple[NewText, ...]
    n_known: int
    refusal: str
    action: str
    again_href: str


@router.get("/research/{slug}/coding/import")
def experience_upload_form(request: Request, slug: str) -> Response:
    """Show the form for a file."""
    return _show_upload(find_study_desk(request, slug, Room.CODING))


@router.post("/research/{slug}/coding/import")
def upload_experience(
    request: Request, slug: str, sent: Annotated[SentFile, Depends(read_upload)]
) -> Response:
    """Read the file; go on to the preview, or say what is wrong in it."""
    desk = find_study_desk(request, slug, Room.CODING)
    if not sent.name:
        return _show_upload(desk, error=desk.say(N_("Choose a file first.")), status=422)
    preview = preview_texts(
        database_of(request), clock_of(request), slug, desk.researcher, sent.name, sent.content
    )
    if preview.faults:
        return _show_upload(desk, preview, status=422)
    return desk.go(Room.CODING, "import", preview.token)


@router.get("/research/{slug}/coding/import/{token}")
def show_experience_preview(request: Request, slug: str, token: str) -> Response:
    """Show what the file would bring in."""
    return _show_preview(find_study_desk(request, slug, Room.CODING), token)


@router.post("/research/{slug}/coding/import/{token}")
def store_experience(
    request: Request,
    slug: str,
    token: str,
    form: Annotated[SentForm, Depends(read_form)],  # noqa: ARG001 - checked
) -> Response:
    """Store all of it."""
    desk = find_study_desk(request, slug, Room.CODING)
    try:
        bring_in_preview(database_of(request), clock_of(request), slug, desk.researcher, token)
    except NothingToImport as refusal:
        return _show_preview(desk, token, refusal)
    return desk.go(Room.CODING, "experience", done="added")


def _show_upload(
    desk: StudyDesk, preview: ExperiencePreview | None = None, *, error: str = "", status: int = 200
) -> Response:
    page = ExperienceUploadPage(
        columns=EXPERIENCE_COLUMNS,
        languages=tuple(desk.study.languages),
        upload=upload_form_of(
            desk,
            action=desk.path(Room.CODING, "import"),
            cancel_href=desk.path(Room.CODING, "experience"),
            error=error,
            file=preview.file if preview else "",
            faults=preview.faults if preview else (),
        ),
    )
    return _inside(desk, Crumb(desk.say(N_("Import")))).show("experience_upload.html", page, status=status)


def _show_preview(desk: StudyDesk, token: str, refusal: DomainError | None = None) -> Response:
    preview = read_text_preview(
        database_of(desk.request), clock_of(desk.request), desk.slug, desk.researcher, token
    )
    page = ExperiencePreviewPage(
        file=preview.file,
        encoding=preview.encoding,
        columns=tuple(
            Column(desk.say(label), is_sortable=False)
            for label in (N_("Text"), N_("Where it comes from"), N_("Language"))
        ),
        new=tuple(NewText(one.text, one.source, one.language) for one in preview.new),
        n_known=preview.n_known,
        refusal=error_in_words(refusal, desk.locale) if refusal else "",
        action=desk.path(Room.CODING, "import", token),
        again_href=desk.path(Room.CODING, "import"),
    )
    upload = Crumb(desk.say(N_("Import")), desk.path(Room.CODING, "import"))
    inside = _inside(desk, upload, Crumb(preview.file))
    return inside.show("experience_preview.html", page, status=answer_to(refusal).status if refusal else 200)


def _inside(desk: StudyDesk, *way: Crumb) -> StudyDesk:
    texts = Crumb(desk.say(N_("Texts from elsewhere")), desk.path(Room.CODING, "experience"))
    return desk.inside(texts, *way)
