"""The whole questionnaire at a glance, handing it in, the receipt, and one's own answers to take away."""

import csv
import io
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import QuestionnaireIncomplete
from app.domain.study import in_language
from app.i18n import translations
from app.services.questionnaire import Questionnaire, QuestionnaireStatement, read_questionnaire
from app.services.submitting import OwnAnswer, read_own_answers, read_receipt, submit_questionnaire
from app.web.panelist.forms import read_version
from app.web.panelist.progress import deadline_of, progress_of
from app.web.panelist.statement_cards import answer_in_words
from app.web.panelist.visit import Visit, find_member, find_visit, read_form
from app.web.shared.parts import Deadline, Progress
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm

router = APIRouter()

_LONGEST_KEY: Final = 80
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """Where the panelist stands: what is answered, what is left, and until when."""

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
    deadline: Deadline | None
    request_key: str
    is_submitted: bool
    was_refused: bool
    submit_path: str
    overview_path: str


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """The proof that the questionnaire was handed in, and what can still be done."""

    code: str
    submitted_at: datetime
    round_number: int
    n_answered: int
    zone: str
    deadline: Deadline | None
    overview_path: str
    answers_path: str
    study_path: str


@router.get("/s/{slug}/overview")
def show_overview(request: Request, slug: str) -> Response:
    """Show the topics, what is left in each, and until when."""
    visit = find_member(request, slug)
    questionnaire = _read(visit)
    if questionnaire is None:
        return visit.go()
    now = clock_of(request).now()
    next_topic = next((line for line in questionnaire.topics if line.n_answered < line.n_statements), None)
    page = OverviewPage(
        round_number=questionnaire.round.number,
        progress=progress_of(visit, questionnaire),
        deadline=deadline_of(visit, questionnaire.round, now),
        minutes_per_round=visit.visitor.study.minutes_per_round,
        shows_feedback=any(item.feedback for item in questionnaire.statements),
        is_submitted=questionnaire.submitted_at is not None,
        next_path=visit.path("topics", next_topic.topic.code) if next_topic else "",
        review_path=visit.path("review"),
        receipt_path=visit.path("receipt"),
        profile_path=visit.path("profile"),
        study_path=visit.path("study"),
    )
    return visit.show("overview.html", page)


@router.get("/s/{slug}/review")
def show_review(request: Request, slug: str) -> Response:
    """Show all answers, each with a way to change it."""
    visit = find_member(request, slug)
    questionnaire = _read(visit)
    if questionnaire is None:
        return visit.go()
    return visit.show("review.html", _review_page(visit, questionnaire))


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
        page = _review_page(visit, questionnaire, was_refused=True)
        return visit.show("review.html", page, status=409, path=visit.path("review"))
    return visit.go("receipt")


@router.get("/s/{slug}/receipt")
def show_receipt(request: Request, slug: str) -> Response:
    """Show the receipt of the newest round."""
    visit = find_member(request, slug)
    receipt = read_receipt(database_of(request), visit.visitor)
    if receipt is None:
        return visit.go()
    questionnaire = _read(visit)
    now = clock_of(request).now()
    page = ReceiptPage(
        code=receipt.code,
        submitted_at=receipt.submitted_at,
        round_number=receipt.round_number,
        n_answered=receipt.n_answered,
        zone=visit.visitor.study.time_zone,
        deadline=deadline_of(visit, questionnaire.round, now) if questionnaire else None,
        overview_path=visit.path("overview") if questionnaire else "",
        answers_path=visit.path("answers.csv"),
        study_path=visit.path("study"),
    )
    return visit.show("receipt.html", page)


@router.get("/s/{slug}/answers.csv")
def download_answers(request: Request, slug: str) -> Response:
    """Give the panelist everything they have answered, as a table."""
    visit = find_visit(request, slug)
    table = _table(visit, read_own_answers(database_of(request), visit.visitor))
    headers = {"Content-Disposition": f'attachment; filename="{slug}-my-answers.csv"'}
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)


def _read(visit: Visit) -> Questionnaire | None:
    """The questionnaire while it can be filled in."""
    request = visit.request
    questionnaire = read_questionnaire(database_of(request), clock_of(request), visit.visitor)
    return questionnaire if questionnaire is not None and questionnaire.accepts_ratings else None


def _review_page(visit: Visit, questionnaire: Questionnaire, *, was_refused: bool = False) -> ReviewPage:
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
    return ReviewPage(
        round_number=questionnaire.round.number,
        topics=topics,
        missing=tuple(line for topic in topics for line in topic.lines if line.is_missing),
        n_statements=questionnaire.n_statements,
        deadline=deadline_of(visit, questionnaire.round, clock_of(visit.request).now()),
        request_key=secrets.token_urlsafe(16),
        is_submitted=questionnaire.submitted_at is not None,
        was_refused=was_refused,
        submit_path=visit.path("submit"),
        overview_path=visit.path("overview"),
    )


def _answer_line(visit: Visit, item: QuestionnaireStatement, *, is_missing: bool) -> AnswerLine:
    statement, criteria = item.statement, visit.visitor.protocol.criteria
    given = []
    for criterion in criteria:
        rating = item.ratings.get(criterion.code)
        if rating is None:
            continue
        said = answer_in_words(criterion, rating.point, visit.locale, is_unable=rating.abstained)
        name = in_language(criterion.name, visit.locale)
        given.append(said if len(criteria) == 1 else f"{name}: {said}")
    return AnswerLine(
        code=statement.code,
        text=in_language(statement.text, visit.locale),
        answers=tuple(given),
        comment=item.comment.text,
        is_missing=is_missing,
        change_path=f"{visit.path('topics', statement.topic)}#statement-{statement.code}",
    )


def _table(visit: Visit, answers: tuple[OwnAnswer, ...]) -> str:
    protocol, locale = visit.visitor.protocol, visit.locale
    gettext = translations(locale).gettext
    zone = visit.visitor.study.zone
    out = io.StringIO()
    # Excel reads UTF-8 only when it begins with this mark.
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(
        [
            gettext("Round"),
            gettext("Statement"),
            gettext("Text"),
            gettext("Criterion"),
            gettext("Your answer"),
            gettext("In words"),
            gettext("Your comment"),
            gettext("Saved"),
        ]
    )
    for answer in answers:
        criterion = protocol.criterion(answer.criterion)
        words = answer_in_words(criterion, answer.point, locale, is_unable=answer.abstained)
        writer.writerow(
            [
                answer.round_number,
                answer.statement,
                _as_text(answer.text),
                _as_text(in_language(criterion.name, locale)),
                "" if answer.point is None else answer.point,
                _as_text(words),
                _as_text(answer.comment),
                answer.rated_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
            ]
        )
    return out.getvalue()


def _as_text(cell: str) -> str:
    """A cell that a spreadsheet takes for text, even when it begins like a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
