"""Answers that were changed on another page in the meantime: both are shown, and the panelist chooses."""

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.responses import Response

from app.domain.rating import Comment
from app.domain.study import in_language
from app.i18n import translations
from app.services.questionnaire import Questionnaire
from app.services.ratings import Refusal
from app.web.panelist.forms import TypedTopic, comment_name, field_name
from app.web.panelist.sheets import Sheet
from app.web.panelist.statement_cards import answer_in_words
from app.web.panelist.visit import Visit
from app.web.shared.parts import UNABLE, Choice


@dataclass(frozen=True, slots=True)
class Conflict:
    """One answer with two values; ``hidden`` fields make the choice a complete form of the topic.

    ``asked`` says which of several answers to the statement it is.
    """

    code: str
    text: str
    asked: str
    name: str
    choices: tuple[Choice, ...]
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """Everything that was changed elsewhere; the other answers of the page are saved."""

    conflicts: tuple[Conflict, ...]
    action: str
    round_number: int


def show_conflicts(
    visit: Visit,
    questionnaire: Questionnaire,
    sheet: Sheet,
    typed: TypedTopic,
    refusals: tuple[Refusal, ...],
) -> Response:
    """Ask which of two values counts, for each answer that was changed elsewhere."""
    texts = {
        item.statement.code: in_language(item.statement.text, visit.locale)
        for item in questionnaire.statements
    }
    conflicts = tuple(_conflicts(visit, typed, refusals, texts))
    return show_choices(visit, conflicts, sheet.path, questionnaire.round.number)


def show_choices(visit: Visit, conflicts: tuple[Conflict, ...], action: str, round_number: int) -> Response:
    """Ask, and let the choice be sent to where the page itself would have been."""
    page = ConflictPage(conflicts=conflicts, action=action, round_number=round_number)
    return visit.show("conflict.html", page, status=409)


def _conflicts(
    visit: Visit, typed: TypedTopic, refusals: tuple[Refusal, ...], texts: dict[str, str]
) -> Iterator[Conflict]:
    for refusal in refusals:
        text = texts[refusal.statement]
        if refusal.criterion is None:
            yield _comment_conflict(
                visit, typed, refusal.statement, text, refusal.current_comment or Comment()
            )
        else:
            yield _rating_conflict(visit, typed, refusal, refusal.criterion, text)


def _rating_conflict(
    visit: Visit, typed: TypedTopic, refusal: Refusal, criterion_code: str, text: str
) -> Conflict:
    criterion = visit.visitor.protocol.criterion(criterion_code)
    name = field_name(refusal.statement, criterion_code)
    mine, stored = typed.ratings[refusal.statement, criterion_code], refusal.current
    here = answer_in_words(criterion, mine.point, visit.locale, is_unable=mine.is_unable)
    there = (
        answer_in_words(criterion, stored.point, visit.locale, is_unable=stored.abstained) if stored else ""
    )
    return Conflict(
        code=refusal.statement,
        text=text,
        asked=in_language(criterion.name, visit.locale) if len(visit.visitor.protocol.criteria) > 1 else "",
        name=name,
        choices=two_choices(
            visit,
            (_value(mine.point, is_unable=mine.is_unable), here),
            (_value(stored.point, is_unable=stored.abstained) if stored else "", there),
        ),
        hidden=(
            (f"{name}.version", str(stored.version if stored else 0)),
            (f"{name}.reason", mine.reason),
            (f"{name}.reason_text", mine.reason_text),
        ),
    )


def _comment_conflict(
    visit: Visit, typed: TypedTopic, statement: str, text: str, stored: Comment
) -> Conflict:
    name, mine = comment_name(statement), typed.comments[statement]
    return Conflict(
        code=statement,
        text=text,
        asked=translations(visit.locale).gettext("Comment"),
        name=name,
        choices=two_choices(visit, (mine, mine), (stored.text, stored.text)),
        hidden=((f"{name}.version", str(stored.version)),),
    )


def two_choices(visit: Visit, here: tuple[str, str], there: tuple[str, str]) -> tuple[Choice, ...]:
    """What was chosen here and what is stored, each as a value of the form and in words."""
    gettext = translations(visit.locale).gettext
    nothing = gettext("no answer")
    return (
        Choice(here[0], here[1] or nothing, hint=gettext("What you chose on this page")),
        Choice(there[0], there[1] or nothing, hint=gettext("What is stored, from another page or device")),
    )


def _value(point: int | None, *, is_unable: bool) -> str:
    return UNABLE if is_unable else "" if point is None else str(point)
