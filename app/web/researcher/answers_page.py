"""What the panel answered to open questions: read by question, without a trace of who wrote it."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.domain.messages import N_
from app.domain.study import in_language
from app.interchange.open_answers_csv import open_answers_table
from app.services.open_answers import RoundAnswers, all_round_answers, read_round_answers
from app.web.researcher.desk import Room, RoundNumber, StudyDesk, find_study_desk
from app.web.researcher.figures import GroupLabel, StudyWords
from app.web.researcher.pages import Pages, pages_of, whole_number
from app.web.researcher.texts import Told, told
from app.web.shared.downloads import file_of
from app.web.shared.parts import Column, Crumb
from app.web.shared.state import database_of

router = APIRouter()

PAGE_SIZE: Final = 200


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer; ``group`` is None where naming it could point at somebody."""

    text: str
    language: str
    group: GroupLabel | None


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question with everything that was answered, and how many had nothing to add."""

    code: str
    text: Told
    n_nothing: int
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True)
class AnswersPage:
    """The answers to an open round, question by question; a question whose answers stand elsewhere is absent.

    `n_answers` counts those on all pages.
    """

    round_number: int
    questions: tuple[AnsweredQuestion, ...]
    n_answers: int
    names_groups: bool
    minimum: int
    columns: tuple[Column, ...]
    pages: Pages
    table_href: str
    round_href: str


@router.get("/research/{slug}/rounds/{number}/answers")
def show_answers(request: Request, slug: str, number: RoundNumber, page: str = "1") -> Response:
    """Show the answers to a round's open questions."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    database, asked = database_of(request), whole_number(page)
    read = read_round_answers(database, slug, number, page=asked, page_size=PAGE_SIZE)
    round_ = Crumb(desk.say(N_("Round %(round)s")) % {"round": number}, desk.path(Room.ROUNDS, number))
    return desk.inside(round_, Crumb(desk.say(N_("Answers")))).show("answers.html", _page(desk, read))


@router.get("/research/{slug}/rounds/{number}/answers.csv")
def download_answers(request: Request, slug: str, number: RoundNumber) -> Response:
    """Give the same as a table."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    with all_round_answers(database_of(request), slug, number) as (read, answers):
        texts = {question.code: in_language(question.text, desk.locale) for question in read.questions}
        names_groups = read.names_groups
        rows = (
            (one.question, texts[one.question], one.group if names_groups else "", one.language, one.text)
            for one in answers
        )
        name = f"{slug}-round-{number}-answers.csv"
        return file_of(open_answers_table(rows), media_type="text/csv; charset=utf-8", name=name)


def _page(desk: StudyDesk, read: RoundAnswers) -> AnswersPage:
    words = StudyWords(read.protocol, desk.locale)
    number = read.round.number
    answered = {row.question for row in read.counts if row.n_answers}
    elsewhere = answered - {one.question for one in read.answers}
    return AnswersPage(
        round_number=number,
        questions=tuple(
            AnsweredQuestion(
                code=question.code,
                text=told(question.text, desk.locale),
                n_nothing=sum(row.n_nothing for row in read.counts if row.question == question.code),
                rows=tuple(
                    AnswerRow(one.text, one.language, words.group(one.group) if read.names_groups else None)
                    for one in read.answers
                    if one.question == question.code
                ),
            )
            for question in read.questions
            if question.code not in elsewhere
        ),
        n_answers=read.n_answers,
        names_groups=read.names_groups,
        minimum=read.protocol.minimum_group_size,
        columns=(
            Column(desk.say(N_("Answer"))),
            *((Column(desk.say(N_("Group"))),) if read.names_groups else ()),
            Column(desk.say(N_("Language"))),
        ),
        pages=pages_of(desk, desk.path(Room.ROUNDS, number, "answers"), read.page, read.n_answers, PAGE_SIZE),
        table_href=desk.path(Room.ROUNDS, number, "answers.csv"),
        round_href=desk.path(Room.ROUNDS, number),
    )
