"""Putting people on the panel: one in a form, or many from a CSV or XLSX file that is looked at first."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import ActionBlocked, DomainError
from app.domain.import_preview import NothingToImport
from app.domain.messages import N_, Sentence
from app.domain.panel import Invitee
from app.domain.panel_editing import ComparedPerson, GroupsChanged, PersonKind
from app.domain.statement_editing import FieldsRefused
from app.interchange.panel_csv import PANEL_COLUMNS
from app.services.panel_adding import (
    OpenPanel,
    PanelPreview,
    add_panelist,
    preview_panel,
    read_open_panel,
    read_panel_preview,
    store_panel_preview,
)
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.figures import GroupLabel, StudyWords
from app.web.researcher.person_fields import PersonFields, person_fields, typed_person
from app.web.researcher.statement_fields import field_errors, problems_in_words
from app.web.researcher.uploading import Upload, read_upload, upload_form_of
from app.web.shared.parts import Column, Crumb, FieldError
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.uploads import SentFile
from app.web.shared.words import error_in_words

router = APIRouter()

MOST_ROWS: Final = 200
"""The most rows of a kind that a preview shows; it stores all of them."""


@dataclass(frozen=True, slots=True)
class NewPanelistPage:
    """The form for one person. `round_missed` is the open round in which they are not asked any more."""

    fields: PersonFields
    round_missed: int | None
    errors: tuple[FieldError, ...]
    action: str
    cancel_href: str


@dataclass(frozen=True, slots=True)
class PanelUploadPage:
    """The form for a file, with the codes that can stand in it."""

    columns: tuple[str, ...]
    groups: tuple[GroupLabel, ...]
    languages: tuple[tuple[str, str], ...]
    upload: Upload


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One row of a file."""

    number: int
    invitee: Invitee
    group: str


@dataclass(frozen=True, slots=True)
class PanelPreviewPage:
    """What a file would do, before it does; long lists are cut, their whole lengths stand beside."""

    file: str
    encoding: str
    columns: tuple[Column, ...]
    new: tuple[PersonLine, ...]
    n_new: int
    different: tuple[PersonLine, ...]
    n_different: int
    n_there: int
    round_missed: int | None
    refusal: str
    hindrance: Sentence | None
    action: str
    again_href: str


@router.get("/research/{slug}/new-panelist")
def new_panelist(request: Request, slug: str) -> Response:
    """Show an empty form."""
    desk = find_study_desk(request, slug, Room.PANEL)
    return _show_form(desk, Invitee("", "", "", ""))


@router.post("/research/{slug}/new-panelist")
def add(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Put somebody on the panel."""
    desk = find_study_desk(request, slug, Room.PANEL)
    typed = typed_person(form)
    try:
        add_panelist(database_of(request), clock_of(request), slug, desk.actor, typed)
    except FieldsRefused as refusal:
        return _show_form(desk, typed, refusal)
    return desk.go(Room.PANEL, "people", done="added")


@router.get("/research/{slug}/panel-import")
def upload_form(request: Request, slug: str) -> Response:
    """Show the form for a file."""
    return _show_upload(find_study_desk(request, slug, Room.PANEL))


@router.post("/research/{slug}/panel-import")
def upload(request: Request, slug: str, sent: Annotated[SentFile, Depends(read_upload)]) -> Response:
    """Read the file; go on to the preview, or say what is wrong in it."""
    desk = find_study_desk(request, slug, Room.PANEL)
    if not sent.name:
        return _show_upload(desk, error=desk.say(N_("Choose a file first.")), status=422)
    preview = preview_panel(
        database_of(request), clock_of(request), slug, desk.researcher, sent.name, sent.content
    )
    if preview.faults:
        return _show_upload(desk, preview, status=422)
    return desk.go("panel-import", preview.token)


@router.get("/research/{slug}/panel-import/{token}")
def show_preview(request: Request, slug: str, token: str) -> Response:
    """Show what the file would do to the panel as it is now."""
    return _show_preview(find_study_desk(request, slug, Room.PANEL), token)


@router.post("/research/{slug}/panel-import/{token}")
def store(
    request: Request,
    slug: str,
    token: str,
    form: Annotated[SentForm, Depends(read_form)],  # noqa: ARG001 - checked
) -> Response:
    """Put all of them on the panel."""
    desk = find_study_desk(request, slug, Room.PANEL)
    try:
        store_panel_preview(database_of(request), clock_of(request), slug, desk.researcher, token)
    except (NothingToImport, GroupsChanged) as refusal:
        return _show_preview(desk, token, refusal)
    return desk.go(Room.PANEL, "people", done="imported")


def _open_panel(desk: StudyDesk) -> OpenPanel:
    panel = read_open_panel(database_of(desk.request), desk.slug)
    if panel.hindrance is not None:
        raise ActionBlocked([panel.hindrance])
    return panel


def _show_form(desk: StudyDesk, typed: Invitee, refusal: DomainError | None = None) -> Response:
    panel = _open_panel(desk)
    problems = problems_in_words(desk, refusal)
    page = NewPanelistPage(
        fields=person_fields(desk, panel.protocol, typed, problems),
        round_missed=panel.round_missed,
        errors=field_errors(problems),
        action=desk.path("new-panelist"),
        cancel_href=desk.path(Room.PANEL),
    )
    inside = desk.inside(Crumb(desk.say(N_("Add a panelist"))))
    return inside.show("new_panelist.html", page, status=answer_to(refusal).status if refusal else 200)


def _show_upload(
    desk: StudyDesk, preview: PanelPreview | None = None, *, error: str = "", status: int = 200
) -> Response:
    panel = _open_panel(desk)
    page = PanelUploadPage(
        columns=PANEL_COLUMNS,
        groups=StudyWords(panel.protocol, desk.locale).groups,
        languages=tuple((code, desk.written.language(code)) for code in desk.study.languages),
        upload=upload_form_of(
            desk,
            action=desk.path("panel-import"),
            cancel_href=desk.path(Room.PANEL),
            error=error,
            file=preview.file if preview else "",
            faults=preview.faults if preview else (),
        ),
    )
    return desk.inside(Crumb(desk.say(N_("Import")))).show("panel_upload.html", page, status=status)


def _show_preview(desk: StudyDesk, token: str, refusal: DomainError | None = None) -> Response:
    preview = read_panel_preview(
        database_of(desk.request), clock_of(desk.request), desk.slug, desk.researcher, token
    )
    new, different = preview.of_kind(PersonKind.NEW), preview.of_kind(PersonKind.DIFFERENT)
    labels = (N_("Name"), N_("E-mail address"), N_("Group"), N_("Language"))
    page = PanelPreviewPage(
        file=preview.file,
        encoding=preview.encoding,
        columns=(
            Column(desk.say(N_("Row")), "number"),
            *(Column(desk.say(label)) for label in labels),
        ),
        new=_lines(desk, preview.panel, new),
        n_new=len(new),
        different=_lines(desk, preview.panel, different),
        n_different=len(different),
        n_there=len(preview.of_kind(PersonKind.THERE)),
        round_missed=preview.panel.round_missed,
        refusal=error_in_words(refusal, desk.locale) if refusal else "",
        hindrance=preview.panel.hindrance,
        action=desk.path("panel-import", token),
        again_href=desk.path("panel-import"),
    )
    inside = desk.inside(Crumb(desk.say(N_("Import")), desk.path("panel-import")), Crumb(preview.file))
    return inside.show("panel_preview.html", page, status=answer_to(refusal).status if refusal else 200)


def _lines(desk: StudyDesk, panel: OpenPanel, rows: tuple[ComparedPerson, ...]) -> tuple[PersonLine, ...]:
    names = {group.code: group.name for group in StudyWords(panel.protocol, desk.locale).groups}
    return tuple(
        PersonLine(row.number, row.invitee, names.get(row.invitee.group, row.invitee.group))
        for row in rows[:MOST_ROWS]
    )
