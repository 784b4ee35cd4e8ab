"""The consensus report to be downloaded: as one HTML file, and its tables as CSV."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.messages import N_, Sentence
from app.domain.study import Language
from app.services.overview import read_overview
from app.services.reporting import ReportFormat, download_report
from app.web.researcher.desk import Room, find_study_desk, read_form
from app.web.shared.parts import Choice
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm

router = APIRouter()


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """What can be downloaded; `blocker` says why nothing can be yet."""

    html_action: str
    csv_action: str
    recommendations_href: str
    languages: tuple[Choice, ...]
    language: str
    last_round: int | None
    is_concluded: bool
    blocker: Sentence | None


@router.get("/research/{slug}/reports")
def show_reports(request: Request, slug: str) -> Response:
    """Show what can be downloaded."""
    desk = find_study_desk(request, slug, Room.REPORTS)
    overview = read_overview(database_of(request), clock_of(request), slug)
    analysed = [line.round.number for line in overview.rounds if line.is_analysed]
    languages = desk.study.languages
    page = ReportsPage(
        html_action=desk.path(Room.REPORTS, ReportFormat.HTML),
        csv_action=desk.path(Room.REPORTS, ReportFormat.CSV),
        recommendations_href=desk.path("recommendations"),
        languages=tuple(Choice(code, desk.written.language(code)) for code in languages),
        language=desk.locale if desk.locale in languages else languages[0],
        last_round=analysed[-1] if analysed else None,
        is_concluded=desk.study.concluded_at is not None,
        blocker=None if analysed else Sentence(N_("The first report can be made when round 1 is closed.")),
    )
    return desk.show("reports.html", page)


# Taking the report out is an event of the study, so it is asked for by a form and not by a link.
@router.post("/research/{slug}/reports/{format_}")
def take_report(
    request: Request, slug: str, format_: ReportFormat, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Hand out the report as a file, with its fingerprint in the log."""
    desk = find_study_desk(request, slug, Room.REPORTS)
    asked = form.one("language")
    language = Language(asked) if asked in desk.study.languages else None
    file = download_report(database_of(request), clock_of(request), slug, desk.actor, format_, language)
    return Response(
        file.content,
        media_type=file.media_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )
