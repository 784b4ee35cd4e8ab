"""All answers on one page, and handing them in."""

import secrets
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import QuestionnaireIncomplete, RoundNotOpen
from app.domain.study import in_language
from app.i18n import translations
from app.services.open_answers import QuestionAnswers
from app.services.questionnaire import Questionnaire, QuestionnaireStatement, read_questionnaire
from app.services.submitting import submit_questionnaire
from app.web.panelist.forms import read_version
from app.web.panelist.home import show_too_late
from app.web.panelist.progress import deadline_of
from app.web.panelist.sheets import statement_path
from app.web.panelist.statement_cards import answer_in_words
from app.web.panelist.visit import Visit, find_member, read_form
from app.web.shared.parts import Deadline
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm

router = APIRouter()

_LONGEST_KEY: Final = 80


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One statement with the answer given, or none yet."""

    code: str
    text: str
    answers: tuple[str, ...]
    comment: str
    is_missing: bool
    change_path: str


@dataclass(frozen=True, slots=True)
class AnsweredTopic:
    """The answers of one topic."""

    name: str
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """All answers on one page, and the button that hands them in.

    ``request_key`` makes sending the form twice harmless.
    """

    round_number: int
    topics: tuple[AnsweredTopic, ...]
    missing: tuple[AnswerLine, ...]
    n_statements: int
    asks_questions: bool
    deadline: Deadline | None
    request_key: str
    is_submitted: bool
    was_refused: bool
    submit_path: str
    overview_path: str


@router.get("/s/{slug}/review")
def show_review(request: Request, slug: str) -> Response:
    """Show all answers, each with a way to change it."""
    visit = find_member(request, slug)
    questionnaire = _read(visit)
    if questionnaire is None:
        return visit.go()
    return visit.show("review.html", _page(visit, questionnaire))


@router.post("/s/{slug}/submit")
def submit(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Hand in the questionnaire; sending it again gives the same receipt."""
    visit = find_member(request, slug)
    request_key = form.one("request_key")[:_LONGEST_KEY] or secrets.token_urlsafe(16)
    round_number = read_version(form.one("round"))
    try:
        submit_questionnaire(
            database_of(request), clock_of(request), visit.visitor, round_number, request_key
        )
    except QuestionnaireIncomplete:
        questionnaire = _read(visit)
        if questionnaire is None:
            raise
        page = _page(visit, questionnaire, was_refused=True)
        return visit.show("review.html", page, status=409, path=visit.path("review"))
    except RoundNotOpen:
        return show_too_late(visit)
    return visit.go("receipt")


def _read(visit: Visit) -> Questionnaire | None:
    """The questionnaire while it can be filled in."""
    request = visit.request
    questionnaire = read_questionnaire(database_of(request), clock_of(request), visit.visitor)
    return questionnaire if questionnaire is not None and questionnaire.accepts_ratings else None


def _page(visit: Visit, questionnaire: Questionnaire, *, was_refused: bool = False) -> ReviewPage:
    topics = tuple(
        AnsweredTopic(
            name=in_language(line.topic.name, visit.locale),
            lines=tuple(
                _answer_line(visit, item, is_missing=item.statement.code in questionnaire.unanswered)
                for item in questionnaire.statements
                if item.statement.topic == line.topic.code
            ),
        )
        for line in questionnaire.topics
    )
    if questionnaire.questions:
        lines = tuple(_question_line(visit, asked) for asked in questionnaire.questions)
        topics = (AnsweredTopic(translations(visit.locale).gettext("Open questions"), lines),)
    return ReviewPage(
        round_number=questionnaire.round.number,
        topics=topics,
        missing=tuple(line for topic in topics for line in topic.lines if line.is_missing),
        n_statements=questionnaire.n_statements,
        asks_questions=bool(questionnaire.questions),
        deadline=deadline_of(visit, questionnaire.round, clock_of(visit.request).now()),
        request_key=secrets.token_urlsafe(16),
        is_submitted=questionnaire.submitted_at is not None,
        was_refused=was_refused,
        submit_path=visit.path("submit"),
        overview_path=visit.path("overview"),
    )


def _question_line(visit: Visit, asked: QuestionAnswers) -> AnswerLine:
    given = tuple(answer.text for answer in asked.given)
    if asked.nothing_to_add:
        given = (translations(visit.locale).gettext("nothing to add"),)
    return AnswerLine(
        code=asked.question.code,
        text=in_language(asked.question.text, visit.locale),
        answers=given,
        comment="",
        is_missing=not given,
        change_path=f"{visit.path('questions')}#question-{asked.question.code}",
    )


def _answer_line(visit: Visit, item: QuestionnaireStatement, *, is_missing: bool) -> AnswerLine:
    statement, criteria = item.statement, visit.visitor.protocol.criteria
    gettext = translations(visit.locale).gettext
    given = []
    for criterion in criteria:
        rating = item.ratings.get(criterion.code)
        if rating is None:
            continue
        said = answer_in_words(criterion, rating.point, visit.locale, is_unable=rating.abstained)
        named = {"criterion": in_language(criterion.name, visit.locale), "answer": said}
        given.append(said if len(criteria) == 1 else gettext("%(criterion)s: %(answer)s") % named)
    return AnswerLine(
        code=statement.code,
        text=in_language(statement.text, visit.locale),
        answers=tuple(given),
        comment=item.comment.text,
        is_missing=is_missing,
        change_path=statement_path(visit, statement),
    )
