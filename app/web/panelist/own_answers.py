"""A panelist's own answers to take away: as a table, and as a PDF."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.protocol import Criterion
from app.domain.rating import CHANGE_REASON_WORDS, Rating
from app.domain.study import in_language
from app.i18n import translations
from app.i18n.formats import formats
from app.reports.own_answers import (
    OwnAnswersDocument,
    PrintedLine,
    PrintedRound,
    PrintedStatement,
    PrintedTopic,
    render_pdf,
)
from app.services.open_answers import QuestionAnswers
from app.services.own_answers import AnsweredRound, AnsweredStatement, OwnAnswers, read_own_answers
from app.web.panelist.statement_cards import answer_in_words
from app.web.panelist.turns import take_turn
from app.web.panelist.visit import Visit, find_visit
from app.web.shared.state import database_of

router = APIRouter()

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_BEFORE_ANY_ANSWER: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OwnAnswersPaths:
    """Where one's own answers can be taken away."""

    pdf: str
    csv: str


def own_answers_paths(visit: Visit) -> OwnAnswersPaths:
    """Where this panelist takes their own answers away."""
    return OwnAnswersPaths(visit.path("answers.pdf"), visit.path("answers.csv"))


@router.get("/s/{slug}/answers.csv")
def download_table(request: Request, slug: str) -> Response:
    """Give the panelist everything they have answered, as a table."""
    visit = find_visit(request, slug)
    table = _table(visit, read_own_answers(database_of(request), visit.visitor))
    return _file(table, "text/csv; charset=utf-8", f"{slug}-my-answers.csv")


@router.get("/s/{slug}/answers.pdf", dependencies=[Depends(take_turn, scope="function")])
def download_document(request: Request, slug: str) -> Response:
    """Give the panelist everything they have answered, as a document to read and keep."""
    visit = find_visit(request, slug)
    document = _document(visit, read_own_answers(database_of(request), visit.visitor))
    return _file(render_pdf(document), "application/pdf", f"{slug}-my-answers.pdf")


def _file(content: str | bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


def _table(visit: Visit, own: OwnAnswers) -> str:
    gettext = translations(visit.locale).gettext
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
            gettext("Why you changed it"),
            gettext("Your comment"),
            gettext("Saved"),
        ]
    )
    for round_ in own.rounds:
        for asked in round_.questions:
            writer.writerows(_question_rows(visit, round_, asked))
        for answered in round_.statements:
            writer.writerows(_rows(visit, round_, answered))
    return out.getvalue()


def _rows(visit: Visit, round_: AnsweredRound, answered: AnsweredStatement) -> Iterator[list[object]]:
    """A row for each rating; a comment without a rating has a row of its own."""
    zone = visit.visitor.study.zone
    text = _as_text(in_language(answered.statement.text, visit.locale))
    comment = _as_text(answered.comment)
    for criterion, rating in _given(visit, answered):
        yield [
            round_.number,
            answered.statement.code,
            text,
            _as_text(in_language(criterion.name, visit.locale)),
            "" if rating.point is None else rating.point,
            _as_text(_said(visit, criterion, rating)),
            _as_text(_reason(visit, rating)),
            comment,
            rating.rated_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
        ]
    if not answered.ratings:
        yield [round_.number, answered.statement.code, text, "", "", "", "", comment, ""]


def _question_rows(visit: Visit, round_: AnsweredRound, asked: QuestionAnswers) -> Iterator[list[object]]:
    """A row for each answer to an open question, which stands where a statement's code and text would."""
    question = asked.question
    text = _as_text(in_language(question.text, visit.locale))
    for said in _in_own_words(visit, asked):
        yield [round_.number, question.code, text, "", "", _as_text(said), "", "", ""]


def _in_own_words(visit: Visit, asked: QuestionAnswers) -> tuple[str, ...]:
    if asked.nothing_to_add:
        return (translations(visit.locale).gettext("nothing to add"),)
    return tuple(answer.text for answer in asked.given)


def _as_text(cell: str) -> str:
    """A cell that a spreadsheet takes for text, even when it begins like a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _document(visit: Visit, own: OwnAnswers) -> OwnAnswersDocument:
    study = visit.visitor.study
    return OwnAnswersDocument(
        language=visit.locale,
        study=in_language(study.texts.title, visit.locale),
        contact=study.contact,
        rounds=tuple(_printed_round(visit, own, round_) for round_ in own.rounds),
        at=own.last_answered_at or _BEFORE_ANY_ANSWER,
    )


def _printed_round(visit: Visit, own: OwnAnswers, round_: AnsweredRound) -> PrintedRound:
    gettext = translations(visit.locale).gettext
    handed_in = gettext("Not handed in; what was saved counts.")
    if round_.submitted_at is not None:
        handed_in = gettext("Handed in: %(moment)s. Receipt: %(code)s") % {
            "moment": _moment(visit, round_.submitted_at),
            "code": round_.receipt_code,
        }
    topics = (
        PrintedTopic(
            name=in_language(topic.name, visit.locale),
            statements=tuple(
                _printed_statement(visit, answered)
                for answered in round_.statements
                if answered.statement.topic == topic.code
            ),
        )
        for topic in own.topics
    )
    return PrintedRound(
        name=gettext("Round %(number)s") % {"number": round_.number},
        handed_in=handed_in,
        topics=(*_printed_questions(visit, round_), *(topic for topic in topics if topic.statements)),
    )


def _printed_questions(visit: Visit, round_: AnsweredRound) -> Iterator[PrintedTopic]:
    gettext = translations(visit.locale).gettext
    if round_.questions:
        yield PrintedTopic(
            name=gettext("Open questions"),
            statements=tuple(
                PrintedStatement(
                    code=asked.question.code,
                    text=in_language(asked.question.text, visit.locale),
                    answers=tuple(
                        PrintedLine(gettext("Your answer"), said, is_free=True)
                        for said in _in_own_words(visit, asked)
                    ),
                    saved="",
                )
                for asked in round_.questions
            ),
        )


def _printed_statement(visit: Visit, answered: AnsweredStatement) -> PrintedStatement:
    gettext = translations(visit.locale).gettext
    saved = max((rating.rated_at for rating in answered.ratings.values()), default=None)
    return PrintedStatement(
        code=answered.statement.code,
        text=in_language(answered.statement.text, visit.locale),
        answers=tuple(_lines(visit, answered)),
        saved=gettext("Saved: %(moment)s") % {"moment": _moment(visit, saved)} if saved else "",
    )


def _lines(visit: Visit, answered: AnsweredStatement) -> Iterator[PrintedLine]:
    gettext = translations(visit.locale).gettext
    is_only_one = len(visit.visitor.protocol.criteria) == 1
    for criterion, rating in _given(visit, answered):
        label = gettext("Your answer") if is_only_one else in_language(criterion.name, visit.locale)
        yield PrintedLine(label, _said(visit, criterion, rating))
        if reason := _reason(visit, rating):
            yield PrintedLine(gettext("Why you changed it"), reason, is_free=True)
    if answered.comment:
        yield PrintedLine(gettext("Your comment"), answered.comment, is_free=True)


def _given(visit: Visit, answered: AnsweredStatement) -> Iterator[tuple[Criterion, Rating]]:
    for criterion in visit.visitor.protocol.criteria:
        if criterion.code in answered.ratings:
            yield criterion, answered.ratings[criterion.code]


def _said(visit: Visit, criterion: Criterion, rating: Rating) -> str:
    return answer_in_words(criterion, rating.point, visit.locale, is_unable=rating.abstained)


def _reason(visit: Visit, rating: Rating) -> str:
    """The reason from the list and the one in free words, one under the other."""
    chosen = translations(visit.locale).gettext(CHANGE_REASON_WORDS[rating.reason]) if rating.reason else ""
    return "\n".join(part for part in (chosen, rating.reason_text) if part)


def _moment(visit: Visit, at: datetime) -> str:
    """A day and hour in the study's zone, which is named."""
    written, zone = formats(visit.locale), visit.visitor.study.time_zone
    said = {"date": written.date(at, zone), "time": written.time(at, zone), "place": written.place(zone)}
    return translations(visit.locale).gettext("%(date)s at %(time)s (%(place)s time)") % said
