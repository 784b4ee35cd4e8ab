"""Rating: a topic a page, saved as a whole by its button or answer by answer by the script."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response

from app.domain.errors import NotFound, RoundNotOpen, StaleComment, StaleRating
from app.domain.messages import N_
from app.domain.study import in_language
from app.services.questionnaire import Questionnaire, read_topic
from app.services.ratings import Refusal, Saved, save_answers
from app.web.panelist.conflicts import show_conflicts
from app.web.panelist.forms import (
    SentAnswer,
    TypedTopic,
    comment_name,
    field_name,
    parse_answer,
    parse_topic,
    read_version,
)
from app.web.panelist.lost_answers import show_uncounted
from app.web.panelist.progress import deadline_of, progress_of
from app.web.panelist.statement_cards import card_frame, saved_time, statement_card
from app.web.panelist.visit import Visit, find_member, read_form, read_json
from app.web.shared.parts import Deadline, FieldError, Progress, StatementCard
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words

router = APIRouter()


class TopicNotFound(NotFound):
    """The round asks nothing on this topic."""

    message = N_("There is no topic “%(topic)s” in this round.")


@dataclass(frozen=True, slots=True)
class TopicPage:
    """One topic's statements to rate.

    ``next_code`` is the topic after this one in the questionnaire, empty on the last.
    """

    name: str
    position: int
    n_topics: int
    cards: tuple[StatementCard, ...]
    errors: tuple[FieldError, ...]
    progress: Progress
    deadline: Deadline | None
    round_number: int
    action: str
    autosave_path: str
    kept_answers_key: str
    next_code: str
    overview_path: str


@router.get("/s/{slug}/topics/{code}")
def show_topic(request: Request, slug: str, code: str) -> Response:
    """Show a topic's statements, with what is stored."""
    visit = find_member(request, slug)
    questionnaire = _read(visit, code)
    if not questionnaire.accepts_ratings:
        return visit.go()
    return visit.show("topic.html", _page(visit, questionnaire, code))


@router.post("/s/{slug}/topics/{code}")
def save_topic(
    request: Request, slug: str, code: str, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Store a topic's answers and go on; show what was refused, with everything that was typed."""
    visit = find_member(request, slug)
    database, clock = database_of(request), clock_of(request)
    questionnaire = _read(visit, code)
    typed = parse_topic(form, questionnaire.statements, visit.visitor.protocol)
    round_number = read_version(form.one("round"))
    try:
        saved = save_answers(
            database, clock, visit.visitor, round_number, typed.changes, typed.comment_changes
        )
    except RoundNotOpen:
        return show_uncounted(visit, questionnaire, typed, round_number)
    refusals = (*typed.refusals, *saved.refusals)
    if refusals:
        return _show_refused(visit, code, typed, refusals)
    return _go_on(visit, form, code, questionnaire)


@router.post("/s/{slug}/autosave")
def save_answer(
    request: Request,
    slug: str,
    round_number: Annotated[int, Query(alias="round", ge=1, le=1000)],
    sent: Annotated[Mapping[str, object], Depends(read_json)],
) -> Response:
    """Store one answer that the script sends; the reply comes after the commit."""
    visit = find_member(request, slug)
    clock = clock_of(request)
    answer = parse_answer(sent, visit.visitor.protocol)
    ratings = [answer.rating] if answer.rating else []
    comments = [answer.comment] if answer.comment else []
    saved = save_answers(database_of(request), clock, visit.visitor, round_number, ratings, comments)
    if saved.refusals:
        return _refused_answer(visit, answer, saved)
    zone, now = visit.visitor.study.time_zone, clock.now()
    return JSONResponse(
        {
            "saved_at": saved_time(saved.saved_at, now, zone, visit.locale),
            **_versions(answer, saved),
            "answered": saved.n_answered,
            "total": saved.n_statements,
        }
    )


def _read(visit: Visit, code: str) -> Questionnaire:
    request = visit.request
    questionnaire = read_topic(database_of(request), clock_of(request), visit.visitor, code)
    if questionnaire is None or not questionnaire.statements:
        raise TopicNotFound(topic=code)
    return questionnaire


def _page(
    visit: Visit,
    questionnaire: Questionnaire,
    code: str,
    typed: TypedTopic | None = None,
    errors: tuple[FieldError, ...] = (),
    messages: Mapping[str, str] | None = None,
) -> TopicPage:
    now = clock_of(visit.request).now()
    round_ = questionnaire.round
    codes = [line.topic.code for line in questionnaire.topics]
    position = codes.index(code)
    frame = card_frame(visit, round_.number, now, typed, messages)
    return TopicPage(
        name=in_language(questionnaire.topics[position].topic.name, visit.locale),
        position=position + 1,
        n_topics=len(codes),
        cards=tuple(statement_card(item, frame) for item in questionnaire.statements),
        errors=errors,
        progress=progress_of(visit, questionnaire, current=code),
        deadline=deadline_of(visit, round_, now),
        round_number=round_.number,
        action=visit.path("topics", code),
        autosave_path=f"{visit.path('autosave')}?round={round_.number}",
        kept_answers_key=visit.kept_answers_key(round_.number),
        next_code=codes[position + 1] if position + 1 < len(codes) else "",
        overview_path=visit.path("overview"),
    )


def _show_refused(visit: Visit, code: str, typed: TypedTopic, refusals: tuple[Refusal, ...]) -> Response:
    questionnaire = _read(visit, code)
    if all(isinstance(refusal.error, StaleRating | StaleComment) for refusal in refusals):
        return show_conflicts(visit, questionnaire, code, typed, refusals)
    messages = {_name_of(refusal): error_in_words(refusal.error, visit.locale) for refusal in refusals}
    errors = tuple(FieldError(_element_id(refusal), messages[_name_of(refusal)]) for refusal in refusals)
    return visit.show("topic.html", _page(visit, questionnaire, code, typed, errors, messages), status=422)


def _go_on(visit: Visit, form: SentForm, code: str, questionnaire: Questionnaire) -> Response:
    if kept := form.one("keep"):
        statement = next(
            (s for s in questionnaire.statements if kept.startswith(f"{s.statement.code}.")), None
        )
        return visit.go("topics", code, fragment=f"statement-{statement.statement.code}" if statement else "")
    following = form.one("then")
    if following in [line.topic.code for line in questionnaire.topics]:
        return visit.go("topics", following)
    return visit.go("review" if following == "review" else "overview")


def _name_of(refusal: Refusal) -> str:
    if refusal.criterion is None:
        return comment_name(refusal.statement)
    return field_name(refusal.statement, refusal.criterion)


def _element_id(refusal: Refusal) -> str:
    if refusal.criterion is None:
        return f"statement-{refusal.statement}-comment"
    return f"field-{_name_of(refusal).replace('.', '-')}"


def _versions(answer: SentAnswer, saved: Saved) -> dict[str, int]:
    versions = {"version": saved.versions.get((answer.statement, answer.criterion), 0)}
    if answer.comment is not None:
        versions["comment_version"] = saved.comment_versions.get(answer.statement, 0)
    return versions


def _refused_answer(visit: Visit, answer: SentAnswer, saved: Saved) -> Response:
    """The refusal, with what is stored now, so that the page can show both."""
    refusal = saved.refusals[0]
    reply = answer_to(refusal.error)
    current = _sent(answer) | _versions(answer, saved)
    for refused in saved.refusals:
        current |= _stored(refused)
    content = {
        "error": reply.code,
        "message": error_in_words(refusal.error, visit.locale),
        "current": current,
    }
    return JSONResponse(content, reply.status)


def _sent(answer: SentAnswer) -> dict[str, object]:
    rating, comment = answer.rating, answer.comment
    sent: dict[str, object] = {
        "point": rating and rating.point,
        "abstained": bool(rating and rating.abstained),
    }
    return sent | {"comment": comment.text} if comment else sent


def _stored(refused: Refusal) -> dict[str, object]:
    if refused.current_comment is not None:
        return {"comment": refused.current_comment.text, "comment_version": refused.current_comment.version}
    rating = refused.current
    if rating is None:
        return {"point": None, "abstained": False, "version": 0}
    return {"point": rating.point, "abstained": rating.abstained, "version": rating.version}
