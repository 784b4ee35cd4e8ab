"""Answers that came after the close: not counted, and given back so that they can be copied."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from app.domain.study import in_language
from app.i18n import translations
from app.i18n.formats import formats
from app.services.questionnaire import Questionnaire, QuestionnaireStatement
from app.web.panelist.forms import TypedTopic
from app.web.panelist.statement_cards import answer_in_words
from app.web.panelist.visit import Visit


@dataclass(frozen=True, slots=True)
class UncountedAnswer:
    """One answer that differs from what is stored, in words."""

    code: str
    text: str
    answer: str
    comment: str


@dataclass(frozen=True, slots=True)
class UncountedPage:
    """When the round closed, and what came too late."""

    round_number: int
    closed_at: datetime | None
    zone: str
    answers: tuple[UncountedAnswer, ...]
    home_path: str


def show_uncounted(
    visit: Visit, questionnaire: Questionnaire, typed: TypedTopic, round_number: int
) -> Response:
    """Say that the round is closed, and give back what came too late."""
    answers = tuple(_uncounted(visit, questionnaire.statements, typed))
    return show_too_late_answers(visit, questionnaire, round_number, answers)


def show_too_late_answers(
    visit: Visit, questionnaire: Questionnaire, round_number: int, answers: tuple[UncountedAnswer, ...]
) -> Response:
    """The same for answers that are in words already."""
    round_ = questionnaire.round
    page = UncountedPage(
        round_number=round_number,
        closed_at=(round_.closed_at or round_.closes_at) if round_.number == round_number else None,
        zone=visit.visitor.study.time_zone,
        answers=answers,
        home_path=visit.path(),
    )
    return visit.show("uncounted.html", page, status=409)


def _uncounted(
    visit: Visit, items: tuple[QuestionnaireStatement, ...], typed: TypedTopic
) -> Iterator[UncountedAnswer]:
    for item in items:
        code = item.statement.code
        answer = formats(visit.locale).clause_sign.join(_changed_ratings(visit, item, typed))
        comment = typed.comments.get(code, "").strip()
        if comment.replace("\r\n", "\n") == item.comment.text:
            comment = ""
        if answer or comment:
            text = in_language(item.statement.text, visit.locale)
            yield UncountedAnswer(code, text, answer, comment)


def _changed_ratings(visit: Visit, item: QuestionnaireStatement, typed: TypedTopic) -> Iterator[str]:
    protocol = visit.visitor.protocol
    for criterion in protocol.criteria:
        given = typed.ratings[item.statement.code, criterion.code]
        stored = item.ratings.get(criterion.code)
        is_stored = stored is not None and (stored.point, stored.abstained) == (given.point, given.is_unable)
        if given.is_untouched or is_stored:
            continue
        said = answer_in_words(criterion, given.point, visit.locale, is_unable=given.is_unable) or given.value
        if len(protocol.criteria) == 1:
            yield said
        else:
            gettext = translations(visit.locale).gettext
            name = in_language(criterion.name, visit.locale)
            yield gettext("%(criterion)s: %(answer)s") % {"criterion": name, "answer": said}
