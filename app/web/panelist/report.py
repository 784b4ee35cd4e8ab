"""The report at the end of the study, for those who took part."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from app.reports.panel_edition import render_panel_edition
from app.services.panel_report import read_panel_report
from app.web.panelist.visit import find_member
from app.web.shared.state import database_of, nonce_of

router = APIRouter()


@router.get("/s/{slug}/report")
def show_report(request: Request, slug: str) -> Response:
    """Show what the panel decided, in the panelist's language."""
    visit = find_member(request, slug)
    report = read_panel_report(database_of(request), visit.visitor)
    page = render_panel_edition(report, visit.locale, nonce=nonce_of(request), back_path=visit.path())
    return HTMLResponse(page)
