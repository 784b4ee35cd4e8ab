"""The way in: whoever comes to the study is led to the next step, or told what happens now."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.domain.panel import Membership, WithdrawalMode
from app.domain.round import Round, RoundStatus
from app.domain.study import StudyStatus
from app.services.questionnaire import Questionnaire, read_questionnaire
from app.web.panelist.kept_answers import KeptAnswers, kept_answers
from app.web.panelist.own_answers import OwnAnswersPaths, own_answers_paths
from app.web.panelist.results import results_title, shows_figures
from app.web.panelist.visit import Visit, find_visit
from app.web.shared.parts import NavLink
from app.web.shared.state import clock_of, database_of

router = APIRouter()


class Situation(StrEnum):
    """Why there is nothing to fill in now."""

    NOT_BEGUN = "not_begun"
    TIME_IS_UP = "time_is_up"
    CLOSED = "closed"
    BETWEEN_ROUNDS = "between_rounds"
    NOT_INVITED = "not_invited"
    CONCLUDED = "concluded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class HomePage:
    """What happens now, while nothing is asked of the panelist.

    ``came_too_late`` is set when something was sent after the end of the round; with ``kept`` a browser finds
    what it could not send. ``next_opens_at`` is None while it is not fixed; ``results`` is None, and
    ``report_path`` empty, where there is nothing to be seen.
    """

    situation: Situation
    came_too_late: bool
    round_number: int
    n_rounds: int
    closed_at: datetime | None
    submitted_at: datetime | None
    receipt_code: str
    n_answered: int
    n_statements: int
    asks_questions: bool
    answers_erased: bool
    zone: str
    next_opens_at: datetime | None
    study_path: str
    shows_figures: bool
    results: NavLink | None
    report_path: str
    own_answers: OwnAnswersPaths | None
    kept: KeptAnswers


@router.get("/s/{slug}")
def lead_on(request: Request, slug: str) -> Response:
    """Lead the panelist to the next step."""
    visit = find_visit(request, slug)
    membership = visit.visitor.panelist.membership
    if membership is Membership.UNDECIDED:
        return visit.go("study")
    if membership is Membership.DECLINED:
        return visit.go("declined")
    if membership is Membership.WITHDRAWN:
        return _show(visit, Situation.WITHDRAWN, None)
    questionnaire = _read(visit)
    situation = situation_of(visit, questionnaire)
    if situation is not None or questionnaire is None:
        return _show(visit, situation or Situation.NOT_BEGUN, questionnaire)
    if not questionnaire.profile_complete:
        return visit.go("profile")
    return visit.go("receipt" if questionnaire.submitted_at else "overview")


def show_too_late(visit: Visit) -> Response:
    """Say that what was just sent came after the end of the round, and what counts all the same."""
    questionnaire = _read(visit)
    situation = situation_of(visit, questionnaire)
    if situation is None:
        return visit.go()
    return _show(visit, situation, questionnaire, came_too_late=True)


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
    if not questionnaire.is_invited:
        return Situation.NOT_INVITED
    return Situation.TIME_IS_UP if questionnaire.round.status is RoundStatus.OPEN else Situation.CLOSED


def _read(visit: Visit) -> Questionnaire | None:
    return read_questionnaire(database_of(visit.request), clock_of(visit.request), visit.visitor)


def _show(
    visit: Visit, situation: Situation, questionnaire: Questionnaire | None, *, came_too_late: bool = False
) -> Response:
    round_ = questionnaire.round if questionnaire else None
    protocol = visit.visitor.protocol
    page = HomePage(
        situation=situation,
        came_too_late=came_too_late,
        round_number=round_.number if round_ else 0,
        n_rounds=protocol.rounds,
        closed_at=(round_.closed_at or round_.closes_at) if round_ else None,
        submitted_at=questionnaire.submitted_at if questionnaire else None,
        receipt_code=(questionnaire.receipt_code or "") if questionnaire else "",
        n_answered=questionnaire.n_answered if questionnaire else 0,
        n_statements=questionnaire.n_statements if questionnaire else 0,
        asks_questions=questionnaire is not None and bool(questionnaire.questions),
        answers_erased=protocol.withdrawal is WithdrawalMode.ERASE,
        zone=visit.visitor.study.time_zone,
        next_opens_at=_planned_opening(visit, round_),
        study_path=visit.path("study"),
        shows_figures=shows_figures(visit),
        results=results_link(visit, questionnaire),
        report_path=visit.path("report") if _may_see_report(visit, situation) else "",
        own_answers=own_answers_paths(visit) if _has_answers(visit, situation) else None,
        kept=kept_answers(visit, round_.number) if round_ else KeptAnswers(),
    )
    return visit.show("home.html", page, status=409 if came_too_late else 200, path=visit.path())


def results_link(visit: Visit, questionnaire: Questionnaire | None) -> NavLink | None:
    """Where the panelist looks back on the rounds, once something of them was released; else None."""
    if questionnaire is None:
        return None
    round_ = questionnaire.round
    is_shown = round_.status is RoundStatus.FED_BACK and not round_.asks_open_questions
    has_results = questionnaire.looks_back_on is not None or is_shown
    return NavLink(results_title(visit), visit.path("results")) if has_results else None


def _planned_opening(visit: Visit, round_: Round | None) -> datetime | None:
    """When the next round is planned to open; a moment that has passed says nothing any more."""
    planned = round_.next_opens_at if round_ else None
    return planned if planned and planned > clock_of(visit.request).now() else None


def _may_see_report(visit: Visit, situation: Situation) -> bool:
    return situation is Situation.CONCLUDED and visit.visitor.protocol.feedback.report


def _has_answers(visit: Visit, situation: Situation) -> bool:
    if situation is Situation.WITHDRAWN:
        return visit.visitor.protocol.withdrawal is WithdrawalMode.STOP
    return situation is not Situation.NOT_BEGUN
