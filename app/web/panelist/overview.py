"""Where the panelist stands: every statement answered or not, what is left, and until when."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.domain.study import in_language
from app.services.questionnaire import Questionnaire, read_questionnaire
from app.web.panelist.progress import deadline_of
from app.web.panelist.sheets import first_unanswered_path, statement_path
from app.web.panelist.visit import Visit, find_member
from app.web.shared.parts import Deadline, Progress, StatementMark, TopicProgress
from app.web.shared.state import clock_of, database_of

router = APIRouter()


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """Where the panelist stands: what is answered, what is left, and until when.

    ``next_path`` leads to the first statement that waits for an answer; empty when none does.
    """

    round_number: int
    progress: Progress
    deadline: Deadline | None
    minutes_per_round: int
    shows_feedback: bool
    is_submitted: bool
    next_path: str
    review_path: str
    receipt_path: str
    profile_path: str
    study_path: str


@router.get("/s/{slug}/overview")
def show_overview(request: Request, slug: str) -> Response:
    """Show every topic and statement, what is left, and until when."""
    visit = find_member(request, slug)
    clock = clock_of(request)
    questionnaire = read_questionnaire(database_of(request), clock, visit.visitor)
    if questionnaire is None or not questionnaire.accepts_ratings:
        return visit.go()
    if questionnaire.questions:
        return visit.go("questions")
    page = OverviewPage(
        round_number=questionnaire.round.number,
        progress=_progress(visit, questionnaire),
        deadline=deadline_of(visit, questionnaire.round, clock.now()),
        minutes_per_round=visit.visitor.study.minutes_per_round,
        shows_feedback=any(item.feedback for item in questionnaire.statements),
        is_submitted=questionnaire.submitted_at is not None,
        next_path=_next_path(visit, questionnaire),
        review_path=visit.path("review"),
        receipt_path=visit.path("receipt"),
        profile_path=visit.path("profile"),
        study_path=visit.path("study"),
    )
    return visit.show("overview.html", page)


def _next_path(visit: Visit, questionnaire: Questionnaire) -> str:
    """A topic that is not begun is entered at its head, any other at the first statement that waits."""
    topic = next((line for line in questionnaire.topics if line.n_answered < line.n_statements), None)
    if topic is not None and not topic.n_answered:
        return visit.path("topics", topic.topic.code)
    return first_unanswered_path(visit, questionnaire)


def _progress(visit: Visit, questionnaire: Questionnaire) -> Progress:
    """What is answered, topic by topic and statement by statement."""
    topics = []
    for line in questionnaire.topics:
        asked = [s.statement for s in questionnaire.statements if s.statement.topic == line.topic.code]
        marks = tuple(
            StatementMark(one.code, statement_path(visit, one), one.code not in questionnaire.unanswered)
            for one in asked
        )
        topics.append(
            TopicProgress(
                name=in_language(line.topic.name, visit.locale),
                answered=line.n_answered,
                total=line.n_statements,
                href=visit.path("topics", line.topic.code),
                statements=marks,
            )
        )
    return Progress(questionnaire.n_answered, questionnaire.n_statements, tuple(topics))
