"""The study as a folder of files, to be taken out: with the names on its panel, or without."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.services.exporting import export_study
from app.web.researcher.desk import Room, find_study_desk, read_form
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm

router = APIRouter()


@router.post("/research/{slug}/study-folder")
def download_study(request: Request, slug: str, _form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Send the study's files without its panel."""
    return _send(request, slug, with_panel=False)


@router.post("/research/{slug}/study-folder/with-panel")
def download_study_with_panel(
    request: Request, slug: str, _form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Send the study's files with the names and addresses of its panel."""
    return _send(request, slug, with_panel=True)


def _send(request: Request, slug: str, *, with_panel: bool) -> Response:
    desk = find_study_desk(request, slug, Room.PROTOCOL)
    exported = export_study(database_of(request), clock_of(request), slug, desk.actor, with_panel=with_panel)
    return Response(
        exported.archive,
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{exported.slug}.zip"'},
    )
