"""The way in: whoever comes to the study is led to the next step, or told what happens now."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.domain.panel import Membership, WithdrawalMode
from app.domain.round import RoundStatus
from app.domain.study import StudyStatus
from app.services.questionnaire import Questionnaire, read_questionnaire
from app.web.panelist.visit import Visit, find_visit
from app.web.shared.state import clock_of, database_of

router = APIRouter()


class Situation(StrEnum):
    """Why there is nothing to fill in now."""

    NOT_BEGUN = "not_begun"
    CLOSED = "closed"
    BETWEEN_ROUNDS = "between_rounds"
    NOT_INVITED = "not_invited"
    CONCLUDED = "concluded"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class HomePage:
    """What happens now, while nothing is asked of the panelist."""

    situation: Situation
    round_number: int
    closed_at: datetime | None
    submitted_at: datetime | None
    receipt_code: str
    n_answered: int
    n_statements: int
    answers_erased: bool
    zone: str
    study_path: str
    answers_path: str


@router.get("/s/{slug}")
def lead_on(request: Request, slug: str) -> Response:
    """Lead the panelist to the next step."""
    visit = find_visit(request, slug)
    membership = visit.visitor.panelist.membership
    if membership is Membership.UNDECIDED:
        return visit.go("study")
    if membership is Membership.DECLINED:
        return _show(visit, Situation.DECLINED, None)
    if membership is Membership.WITHDRAWN:
        return _show(visit, Situation.WITHDRAWN, None)
    questionnaire = read_questionnaire(database_of(request), clock_of(request), visit.visitor)
    situation = situation_of(visit, questionnaire)
    if situation is not None or questionnaire is None:
        return _show(visit, situation or Situation.NOT_BEGUN, questionnaire)
    if not questionnaire.profile_complete:
        return visit.go("profile")
    return visit.go("receipt" if questionnaire.submitted_at else "overview")


def situation_of(visit: Visit, questionnaire: Questionnaire | None) -> Situation | None:
    """Why nothing can be filled in now, or None when the questionnaire waits."""
    if visit.visitor.study.status is StudyStatus.CONCLUDED:
        return Situation.CONCLUDED
    if questionnaire is None:
        return Situation.NOT_BEGUN
    if questionnaire.accepts_ratings:
        return None
    if questionnaire.round.status is RoundStatus.FED_BACK:
        return Situation.BETWEEN_ROUNDS
    return Situation.CLOSED if questionnaire.is_invited else Situation.NOT_INVITED


def _show(visit: Visit, situation: Situation, questionnaire: Questionnaire | None) -> Response:
    round_ = questionnaire.round if questionnaire else None
    page = HomePage(
        situation=situation,
        round_number=round_.number if round_ else 0,
        closed_at=(round_.closed_at or round_.closes_at) if round_ else None,
        submitted_at=questionnaire.submitted_at if questionnaire else None,
        receipt_code=(questionnaire.receipt_code or "") if questionnaire else "",
        n_answered=questionnaire.n_answered if questionnaire else 0,
        n_statements=questionnaire.n_statements if questionnaire else 0,
        answers_erased=visit.visitor.protocol.withdrawal is WithdrawalMode.ERASE,
        zone=visit.visitor.study.time_zone,
        study_path=visit.path("study"),
        answers_path=visit.path("answers.csv"),
    )
    return visit.show("home.html", page)
