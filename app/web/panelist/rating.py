"""Rating: a page saved as a whole by its button, or answer by answer by the script."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.domain.errors import NotFound, RoundNotOpen, StaleComment, StaleRating
from app.domain.messages import N_
from app.services.questionnaire import Questionnaire, read_statement, read_topic
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
from app.web.panelist.kept_answers import KeptAnswers, kept_answers
from app.web.panelist.lost_answers import show_uncounted
from app.web.panelist.progress import deadline_of, progress_of
from app.web.panelist.sheets import Sheet, first_unanswered_path, statement_path, statement_sheet, topic_sheet
from app.web.panelist.statement_cards import card_frame, saved_time, statement_card
from app.web.panelist.visit import Visit, find_member, read_form, read_json
from app.web.shared.direct import DirectRoute
from app.web.shared.parts import Deadline, FieldError, Progress, StatementCard, gap
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.templating import CARDS
from app.web.shared.words import error_in_words

router = APIRouter()


class TopicNotFound(NotFound):
    """The round asks nothing on this topic."""

    message = N_("There is no topic “%(topic)s” in this round.")


class StatementNotFound(NotFound):
    """The round does not ask this statement."""

    message = N_("There is no statement “%(statement)s” in this round.")


@dataclass(frozen=True, slots=True)
class RatingPage:
    """The statements of one topic to rate, or a single one."""

    sheet: Sheet
    is_single: bool
    cards: tuple[StatementCard, ...]
    errors: tuple[FieldError, ...]
    progress: Progress
    deadline: Deadline | None
    round_number: int
    autosave_path: str
    kept: KeptAnswers
    overview_path: str
    is_real_time: bool
    statements_path: str
    cards_place: str = ""

    @property
    def gaps(self) -> Mapping[str, object]:
        """What is this panelist's own, or new on every page."""
        return {"kept.name": self.kept.name, "kept.key": self.kept.key}

    def with_gaps(self) -> "RatingPage":
        """The page as it is for all who answered as many statements, in this minute."""
        deadline = self.deadline
        return replace(
            self,
            cards=(),
            cards_place=gap(CARDS),
            kept=KeptAnswers(gap("kept.name"), gap("kept.key")),
            deadline=deadline and replace(deadline, now=deadline.now.replace(second=0, microsecond=0)),
        )


def show_topic(request: Request, slug: str, code: str) -> Response:
    """Show a topic's statements with what is stored; where one is asked a page, the first that waits."""
    visit = find_member(request, slug)
    questionnaire, sheet = _find_topic(visit, code)
    if not questionnaire.accepts_ratings:
        return visit.go()
    if visit.visitor.protocol.one_statement_a_page:
        first = statement_path(visit, questionnaire.statements[0].statement)
        return RedirectResponse(first_unanswered_path(visit, questionnaire) or first, 303)
    return visit.show_framed("topic.html", _page(visit, questionnaire, sheet))


def show_statement(request: Request, slug: str, code: str) -> Response:
    """Show one statement with what is stored; where a topic is asked a page, its place there."""
    visit = find_member(request, slug)
    questionnaire, sheet = _find_statement(visit, code)
    if not questionnaire.accepts_ratings:
        return visit.go()
    if not visit.visitor.protocol.one_statement_a_page:
        return RedirectResponse(statement_path(visit, questionnaire.statements[0].statement), 303)
    return visit.show_framed("topic.html", _page(visit, questionnaire, sheet))


@router.get("/s/{slug}/statements/{code}/feedback")
def show_live_feedback(request: Request, slug: str, code: str) -> Response:
    """The panel's figures on one statement at this moment, for the page that a script keeps up to date."""
    visit = find_member(request, slug)
    questionnaire, _ = _find_statement(visit, code)
    frame = card_frame(visit, questionnaire, clock_of(request).now())
    return visit.show("live_feedback.html", statement_card(questionnaire.statements[0], frame))


def save_topic(request: Request, slug: str, code: str, sent: SentForm) -> Response:
    """Store a topic's answers and go on; show what was refused, with everything that was typed."""
    visit = find_member(request, slug)
    return _save(visit, sent, partial(_find_topic, visit, code))


def save_statement(request: Request, slug: str, code: str, sent: SentForm) -> Response:
    """Store the answers to one statement and go on, in the same way."""
    visit = find_member(request, slug)
    return _save(visit, sent, partial(_find_statement, visit, code))


def save_answer(request: Request, slug: str, sent: Mapping[str, object]) -> Response:
    """Store one answer that the script sends; the reply comes after the commit."""
    round_number = read_version(request.query_params.get("round", ""))
    if not round_number:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
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


router.routes.extend(
    (
        DirectRoute("GET", "/s/{slug}/topics/{code}", show_topic),
        DirectRoute("GET", "/s/{slug}/statements/{code}", show_statement),
        DirectRoute("POST", "/s/{slug}/topics/{code}", save_topic, read_form),
        DirectRoute("POST", "/s/{slug}/statements/{code}", save_statement, read_form),
        DirectRoute("POST", "/s/{slug}/autosave", save_answer, read_json),
    )
)


def _find_topic(visit: Visit, code: str, *, to_save: bool = False) -> tuple[Questionnaire, Sheet]:
    request = visit.request
    questionnaire = read_topic(database_of(request), clock_of(request), visit.visitor, code, to_save=to_save)
    if questionnaire is None or not questionnaire.statements:
        raise TopicNotFound(topic=code)
    return questionnaire, topic_sheet(visit, questionnaire, code)


def _find_statement(visit: Visit, code: str, *, to_save: bool = False) -> tuple[Questionnaire, Sheet]:
    request = visit.request
    questionnaire = read_statement(
        database_of(request), clock_of(request), visit.visitor, code, to_save=to_save
    )
    if questionnaire is None or not questionnaire.statements:
        raise StatementNotFound(statement=code)
    return questionnaire, statement_sheet(visit, questionnaire, questionnaire.statements[0].statement)


def _page(
    visit: Visit,
    questionnaire: Questionnaire,
    sheet: Sheet,
    typed: TypedTopic | None = None,
    errors: tuple[FieldError, ...] = (),
    messages: Mapping[str, str] | None = None,
) -> RatingPage:
    now = clock_of(visit.request).now()
    round_ = questionnaire.round
    frame = card_frame(visit, questionnaire, now, typed, messages)
    return RatingPage(
        sheet=sheet,
        is_single=visit.visitor.protocol.one_statement_a_page,
        cards=tuple(statement_card(item, frame) for item in questionnaire.statements),
        errors=errors,
        progress=progress_of(visit, questionnaire),
        deadline=deadline_of(visit, round_, now),
        round_number=round_.number,
        autosave_path=f"{visit.path('autosave')}?round={round_.number}",
        kept=kept_answers(visit, round_.number),
        overview_path=visit.path("overview"),
        is_real_time=round_.is_real_time,
        statements_path=visit.path("statements"),
    )


def _save(visit: Visit, form: SentForm, find: Callable[..., tuple[Questionnaire, Sheet]]) -> Response:
    database, clock = database_of(visit.request), clock_of(visit.request)
    questionnaire, sheet = find(to_save=True)
    typed = parse_topic(form, questionnaire.statements, visit.visitor.protocol)
    round_number = read_version(form.one("round"))
    try:
        saved = save_answers(
            database, clock, visit.visitor, round_number, typed.changes, typed.comment_changes
        )
    except RoundNotOpen:
        return show_uncounted(visit, find()[0], typed, round_number)
    refusals = (*typed.refusals, *saved.refusals)
    if refusals:
        return _show_refused(visit, *find(), typed, refusals)
    return _go_on(visit, form, sheet, questionnaire)


def _show_refused(
    visit: Visit,
    questionnaire: Questionnaire,
    sheet: Sheet,
    typed: TypedTopic,
    refusals: tuple[Refusal, ...],
) -> Response:
    if all(isinstance(refusal.error, StaleRating | StaleComment) for refusal in refusals):
        return show_conflicts(visit, questionnaire, sheet, typed, refusals)
    messages = {_name_of(refusal): error_in_words(refusal.error, visit.locale) for refusal in refusals}
    errors = tuple(FieldError(_element_id(refusal), messages[_name_of(refusal)]) for refusal in refusals)
    page = _page(visit, questionnaire, sheet, typed, errors, messages)
    return visit.show("topic.html", page, status=422)


def _go_on(visit: Visit, form: SentForm, sheet: Sheet, questionnaire: Questionnaire) -> Response:
    if kept := form.one("keep"):
        codes = (item.statement.code for item in questionnaire.statements)
        fragment = next((f"#statement-{code}" for code in codes if kept.startswith(f"{code}.")), "")
        return RedirectResponse(sheet.path + fragment, 303)
    places = {
        "here": sheet.path,
        "previous": sheet.previous,
        "next": sheet.following or visit.path("review"),
        "review": visit.path("review"),
    }
    return RedirectResponse(places.get(form.one("then")) or visit.path("overview"), 303)


def _name_of(refusal: Refusal) -> str:
    if refusal.criterion is None:
        return comment_name(refusal.statement)
    return field_name(refusal.statement, refusal.criterion)


def _element_id(refusal: Refusal) -> str:
    if refusal.criterion is None:
        return f"statement-{refusal.statement}-comment"
    return f"field-{_name_of(refusal).replace('.', '-')}"


def _versions(answer: SentAnswer, saved: Saved) -> dict[str, int]:
    versions = {}
    if answer.rating is not None:
        versions["version"] = saved.versions.get((answer.statement, answer.criterion), 0)
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
