"""The receipt: the proof that the questionnaire was handed in, and what can still be done."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.services.questionnaire import read_questionnaire
from app.services.submitting import read_receipt
from app.web.panelist.home import results_link
from app.web.panelist.own_answers import OwnAnswersPaths, own_answers_paths
from app.web.panelist.progress import deadline_of
from app.web.panelist.results import shows_figures
from app.web.panelist.visit import find_member
from app.web.shared.parts import Deadline, NavLink
from app.web.shared.state import clock_of, database_of

router = APIRouter()


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """The proof that the questionnaire was handed in, and what can still be done.

    ``overview_path`` leads to changing answers; empty when the round takes none any more.
    """

    code: str
    submitted_at: datetime
    round_number: int
    n_answered: int
    asks_questions: bool
    zone: str
    deadline: Deadline | None
    overview_path: str
    own_answers: OwnAnswersPaths
    shows_figures: bool
    results: NavLink | None
    study_path: str


@router.get("/s/{slug}/receipt")
def show_receipt(request: Request, slug: str) -> Response:
    """Show the receipt of the newest round."""
    visit = find_member(request, slug)
    database, clock = database_of(request), clock_of(request)
    receipt = read_receipt(database, visit.visitor)
    if receipt is None:
        return visit.go()
    questionnaire = read_questionnaire(database, clock, visit.visitor)
    can_change = questionnaire is not None and questionnaire.accepts_ratings
    page = ReceiptPage(
        code=receipt.code,
        submitted_at=receipt.submitted_at,
        round_number=receipt.round_number,
        n_answered=receipt.n_answered,
        asks_questions=questionnaire is not None and bool(questionnaire.questions),
        zone=visit.visitor.study.time_zone,
        deadline=deadline_of(visit, questionnaire.round, clock.now()) if questionnaire else None,
        overview_path=visit.path("overview") if can_change else "",
        own_answers=own_answers_paths(visit),
        shows_figures=shows_figures(visit),
        results=results_link(visit, questionnaire),
        study_path=visit.path("study"),
    )
    return visit.show("receipt.html", page)
