"""Open questions: all of a round on one page, saved by its button or answer by answer by the script.

Names of form fields: ``<question>.<place>`` is an answer, with ``.version``; ``<question>.nothing`` says that
there is nothing to add.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.domain.errors import NotFound, RoundNotOpen, StaleAnswer
from app.domain.messages import N_
from app.domain.open_question import ANSWER_LIMIT, AnswerChange, NothingToAdd, OpenAnswer
from app.domain.study import in_language
from app.i18n import translations
from app.services.open_answers import AnswerRefusal, QuestionAnswers, SavedAnswers, save_open_answers
from app.services.questionnaire import Questionnaire, read_questionnaire
from app.web.panelist.conflicts import Conflict, show_choices, two_choices
from app.web.panelist.forms import read_version, sent_code, sent_text, sent_version
from app.web.panelist.kept_answers import KeptAnswers, kept_answers
from app.web.panelist.lost_answers import UncountedAnswer, show_too_late_answers
from app.web.panelist.progress import deadline_of, progress_of
from app.web.panelist.statement_cards import saved_time
from app.web.panelist.visit import Visit, find_member, read_form, read_json
from app.web.shared.parts import Deadline, FieldError, Progress
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm, SubmissionNotReadable
from app.web.shared.words import error_in_words

router = APIRouter()

NOTHING: Final = "0"
"""The place at which the script sends that there is nothing to add."""


class NoOpenQuestions(NotFound):
    """The round asks no open questions."""

    message = N_("This round asks no open questions.")


@dataclass(frozen=True, slots=True)
class AnswerSlot:
    """One place for an answer to a question, filled in or empty."""

    name: str
    position: int
    text: str
    version: int
    error: str = ""

    @property
    def element_id(self) -> str:
        """The id of its field."""
        return f"field-{self.name.replace('.', '-')}"


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """A question with its places for answers; ``can_add`` offers one more."""

    code: str
    text: str
    hint: str
    slots: tuple[AnswerSlot, ...]
    can_add: bool
    nothing_to_add: bool


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """All questions of an open round."""

    cards: tuple[QuestionCard, ...]
    errors: tuple[FieldError, ...]
    progress: Progress
    deadline: Deadline | None
    round_number: int
    minutes_per_round: int
    maximum: int
    is_submitted: bool
    action: str
    autosave_path: str
    kept: KeptAnswers
    profile_path: str
    study_path: str


@dataclass(frozen=True)
class TypedAnswers:
    """The form as it was sent: texts and known versions by question and place, and what is left empty."""

    texts: Mapping[tuple[str, int], str] = field(default_factory=dict)
    versions: Mapping[tuple[str, int], int] = field(default_factory=dict)
    nothing: Mapping[str, bool] = field(default_factory=dict)


@router.get("/s/{slug}/questions")
def show_questions(request: Request, slug: str) -> Response:
    """Show the open questions with what is stored."""
    visit = find_member(request, slug)
    questionnaire = _find(visit)
    if not questionnaire.accepts_ratings:
        return visit.go()
    return visit.show("questions.html", _page(visit, questionnaire))


@router.post("/s/{slug}/questions")
def save_questions(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Store all answers and go on; show what was refused, with everything that was typed."""
    visit = find_member(request, slug)
    questionnaire = _find(visit)
    typed = _typed(form, questionnaire)
    round_number = read_version(form.one("round"))
    changes = [AnswerChange(*key, text, typed.versions[key]) for key, text in typed.texts.items()]
    said = [NothingToAdd(code, is_said) for code, is_said in typed.nothing.items()]
    try:
        saved = save_open_answers(
            database_of(request), clock_of(request), visit.visitor, round_number, changes, said
        )
    except RoundNotOpen:
        return show_too_late_answers(
            visit, questionnaire, round_number, tuple(_uncounted(visit, questionnaire, typed))
        )
    if saved.refusals:
        return _show_refused(visit, typed, saved.refusals)
    return _go_on(visit, form)


@router.post("/s/{slug}/questions/autosave")
def save_one_answer(
    request: Request,
    slug: str,
    round_number: Annotated[int, Query(alias="round", ge=1, le=1000)],
    sent: Annotated[Mapping[str, object], Depends(read_json)],
) -> Response:
    """Store one answer that the script sends; the reply comes after the commit."""
    visit = find_member(request, slug)
    clock = clock_of(request)
    change = _sent_change(sent)
    changes, said = ([change], []) if isinstance(change, AnswerChange) else ([], [change])
    saved = save_open_answers(database_of(request), clock, visit.visitor, round_number, changes, said)
    if saved.refusals:
        return _refused_answer(visit, saved.refusals[0])
    zone, now = visit.visitor.study.time_zone, clock.now()
    return JSONResponse(
        {
            "saved_at": saved_time(saved.saved_at, now, zone, visit.locale),
            **_versions(change, saved),
            "answered": saved.n_answered,
            "total": saved.n_questions,
        }
    )


def _find(visit: Visit) -> Questionnaire:
    request = visit.request
    questionnaire = read_questionnaire(database_of(request), clock_of(request), visit.visitor)
    if questionnaire is None or not questionnaire.questions:
        raise NoOpenQuestions
    return questionnaire


def _page(
    visit: Visit,
    questionnaire: Questionnaire,
    typed: TypedAnswers | None = None,
    messages: Mapping[tuple[str, int], str] | None = None,
) -> QuestionsPage:
    said = messages or {}
    round_ = questionnaire.round
    cards = tuple(_card(visit, asked, typed, said) for asked in questionnaire.questions)
    return QuestionsPage(
        cards=cards,
        errors=tuple(
            FieldError(slot.element_id, slot.error) for card in cards for slot in card.slots if slot.error
        ),
        progress=progress_of(visit, questionnaire),
        deadline=deadline_of(visit, round_, clock_of(visit.request).now()),
        round_number=round_.number,
        minutes_per_round=visit.visitor.study.minutes_per_round,
        maximum=ANSWER_LIMIT,
        is_submitted=questionnaire.submitted_at is not None,
        action=visit.path("questions"),
        autosave_path=f"{visit.path('questions', 'autosave')}?round={round_.number}",
        kept=kept_answers(visit, round_.number),
        profile_path=visit.path("profile"),
        study_path=visit.path("study"),
    )


def _card(
    visit: Visit,
    asked: QuestionAnswers,
    typed: TypedAnswers | None,
    messages: Mapping[tuple[str, int], str],
) -> QuestionCard:
    question = asked.question
    texts = {position: answer.text for position, answer in asked.answers.items()}
    nothing = asked.nothing_to_add
    if typed is not None:
        texts |= {place: text for (code, place), text in typed.texts.items() if code == question.code}
        nothing = typed.nothing.get(question.code, nothing)
    filled = {position for position, text in texts.items() if text}
    empty = (position for position in range(1, question.most_answers + 1) if position not in filled)
    offered = sorted({*filled, *([free] if (free := next(empty, None)) else [])})
    return QuestionCard(
        code=question.code,
        text=in_language(question.text, visit.locale),
        hint=in_language(question.hint, visit.locale) if question.hint else "",
        slots=tuple(
            AnswerSlot(
                name=f"{question.code}.{position}",
                position=position,
                text=texts.get(position, ""),
                version=asked.answers.get(position, OpenAnswer(question.code, position)).version,
                error=messages.get((question.code, position), ""),
            )
            for position in offered
        ),
        can_add=len(offered) < question.most_answers,
        nothing_to_add=nothing,
    )


def _typed(form: SentForm, questionnaire: Questionnaire) -> TypedAnswers:
    texts, versions = {}, {}
    for asked in questionnaire.questions:
        code = asked.question.code
        for position in range(1, asked.question.most_answers + 1):
            name = f"{code}.{position}"
            if name in form:
                texts[code, position] = form.one(name)
                versions[code, position] = read_version(form.one(f"{name}.version"))
    # A box that is not ticked is not sent: only a form that has the question at all says something of it.
    nothing = {code: bool(form.one(f"{code}.nothing")) for code, _ in texts}
    return TypedAnswers(texts, versions, nothing)


def _show_refused(visit: Visit, typed: TypedAnswers, refusals: tuple[AnswerRefusal, ...]) -> Response:
    questionnaire = _find(visit)
    if all(isinstance(refusal.error, StaleAnswer) for refusal in refusals):
        conflicts = tuple(_conflict(visit, questionnaire, typed, refusal) for refusal in refusals)
        return show_choices(visit, conflicts, visit.path("questions"), questionnaire.round.number)
    messages = {
        (refusal.question, refusal.position): error_in_words(refusal.error, visit.locale)
        for refusal in refusals
    }
    return visit.show("questions.html", _page(visit, questionnaire, typed, messages), status=422)


def _conflict(
    visit: Visit, questionnaire: Questionnaire, typed: TypedAnswers, refusal: AnswerRefusal
) -> Conflict:
    code, stored = refusal.question, refusal.current
    question = next(q.question for q in questionnaire.questions if q.question.code == code)
    name, mine = f"{code}.{refusal.position}", typed.texts[code, refusal.position]
    gettext = translations(visit.locale).gettext
    hidden = [(f"{name}.version", str(stored.version))]
    if typed.nothing.get(code):
        hidden.append((f"{code}.nothing", "yes"))
    return Conflict(
        code=code,
        text=in_language(question.text, visit.locale),
        asked=gettext("Answer %(number)s") % {"number": refusal.position},
        name=name,
        choices=two_choices(visit, (mine, mine), (stored.text, stored.text)),
        hidden=tuple(hidden),
    )


def _uncounted(visit: Visit, questionnaire: Questionnaire, typed: TypedAnswers) -> Iterator[UncountedAnswer]:
    for asked in questionnaire.questions:
        code = asked.question.code
        for (question, position), text in typed.texts.items():
            stored = asked.answers.get(position, OpenAnswer(code, position)).text
            if question == code and text.strip() and text.strip().replace("\r\n", "\n") != stored:
                yield UncountedAnswer(code, in_language(asked.question.text, visit.locale), text.strip(), "")


def _go_on(visit: Visit, form: SentForm) -> Response:
    following = form.one("then")
    if following.startswith("more."):
        code = following.removeprefix("more.")
        return RedirectResponse(f"{visit.path('questions')}#question-{code}", 303)
    return visit.go("questions" if following == "here" else "review")


def _sent_change(sent: Mapping[str, object]) -> AnswerChange | NothingToAdd:
    """What the script sends: places of answers stand where a rating has its criterion."""
    question, place = sent_code(sent, "statement"), sent_text(sent, "criterion")
    if place == NOTHING:
        is_said = sent.get("abstained", False)
        if not isinstance(is_said, bool):
            raise SubmissionNotReadable
        return NothingToAdd(question, is_said)
    return AnswerChange(
        question, read_version(place), sent_text(sent, "comment"), sent_version(sent, "comment_version")
    )


def _versions(change: AnswerChange | NothingToAdd, saved: SavedAnswers) -> dict[str, int]:
    if isinstance(change, NothingToAdd):
        return {}
    return {"comment_version": saved.versions.get((change.question, change.position), 0)}


def _refused_answer(visit: Visit, refusal: AnswerRefusal) -> Response:
    """The refusal, with what is stored now, so that the page can show both."""
    reply = answer_to(refusal.error)
    content = {
        "error": reply.code,
        "message": error_in_words(refusal.error, visit.locale),
        "current": {
            "point": None,
            "abstained": False,
            "version": 0,
            "comment": refusal.current.text,
            "comment_version": refusal.current.version,
        },
    }
    return JSONResponse(content, reply.status)
