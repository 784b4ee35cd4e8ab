"""Watching the response to a round: by group and language, as of now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.domain.account import Permission
from app.domain.errors import ResearcherSignedOut
from app.domain.messages import N_
from app.domain.round import Round, RoundStatus
from app.services.response import RoundResponse, read_response
from app.storage.rounds import FlowRow
from app.web.researcher.desk import Room, RoundNumber, StudyDesk, find_study_desk
from app.web.researcher.figures import GroupLabel, StudyWords
from app.web.shared.parts import Column, Crumb, Deadline
from app.web.shared.state import clock_of, database_of

router = APIRouter()

UPDATE_SECONDS: Final = 15


@dataclass(frozen=True, slots=True)
class ResponseLine:
    """How far the panelists of one group, language, or both have come. Each number includes the next."""

    label: GroupLabel | None
    language: str
    target: int | None
    n_invited: int
    n_opened: int
    n_started: int
    n_submitted: int

    @property
    def parts(self) -> tuple[tuple[str, float, float], ...]:
        """The bar: each state with its left edge and width in per cent of those asked."""
        counts = (
            ("submitted", self.n_submitted),
            ("partial", self.n_started - self.n_submitted),
            ("opened", max(self.n_opened - self.n_started, 0)),
        )
        drawn, left = [], 0.0
        for state, count in counts:
            width = 100 * count / self.n_invited if self.n_invited else 0.0
            drawn.append((state, round(left, 3), round(width, 3)))
            left += width
        return tuple(drawn)


@dataclass(frozen=True, slots=True)
class ResponsePage:
    """The response to one round. `updates_href` gives fresh figures; empty when nothing changes."""

    round: Round
    zone: str
    n_statements: int
    n_questions: int
    deadline: Deadline | None
    total: ResponseLine
    by_group: tuple[ResponseLine, ...]
    by_language: tuple[ResponseLine, ...]
    by_both: tuple[ResponseLine, ...]
    group_columns: tuple[Column, ...]
    language_columns: tuple[Column, ...]
    both_columns: tuple[Column, ...]
    counted_at: datetime
    updates_href: str
    update_seconds: int
    own_href: str
    close_href: str
    results_href: str
    answers_href: str


@router.get("/research/{slug}/rounds/{number}")
def show_response(
    request: Request,
    slug: str,
    number: RoundNumber,
    updates: Annotated[str, Query(pattern="^(on|off)$")] = "on",
) -> Response:
    """Show how far the panel has come in this round."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    response = read_response(database_of(request), clock_of(request), slug, number)
    here = Crumb(desk.say(N_("Round %(round)s")) % {"round": number})
    return desk.inside(here).show("response.html", _page(desk, response, updates=updates == "on"))


@router.get("/research/{slug}/rounds/{number}/response")
def show_fresh_response(request: Request, slug: str, number: RoundNumber) -> Response:
    """The figures alone, for a page that updates itself."""
    try:
        desk = find_study_desk(request, slug, Room.ROUNDS)
    except ResearcherSignedOut:
        # The page then loads itself again and is asked to sign in; the sign-in page has no place inside it.
        return Response(headers={"HX-Refresh": "true"})
    response = read_response(database_of(request), clock_of(request), slug, number)
    return desk.show("response_figures.html", _page(desk, response, updates=True))


def _page(desk: StudyDesk, response: RoundResponse, *, updates: bool) -> ResponsePage:
    round_, words = response.round, StudyWords(response.protocol, desk.locale)
    is_open, asks_questions = round_.status is RoundStatus.OPEN, round_.asks_open_questions
    own = desk.path(Room.ROUNDS, round_.number)
    return ResponsePage(
        round=round_,
        zone=desk.study.time_zone,
        n_statements=response.n_statements,
        n_questions=response.n_questions,
        deadline=_deadline(desk, response) if is_open else None,
        total=response_line(response.flow),
        by_group=tuple(
            _group_line(words, response, group.code, group.target) for group in response.protocol.groups
        ),
        by_language=tuple(
            response_line((row for row in response.flow if row.language == language), language=language)
            for language in response.protocol.languages
            if any(row.language == language for row in response.flow)
        ),
        by_both=tuple(
            response_line((row,), label=words.group(row.group), language=row.language)
            for row in response.flow
        ),
        group_columns=_columns(desk, N_("Group"), N_("Target")),
        language_columns=_columns(desk, N_("Language")),
        both_columns=_columns(desk, N_("Group"), N_("Language")),
        counted_at=response.counted_at,
        updates_href=f"{own}/response" if is_open and updates else "",
        update_seconds=UPDATE_SECONDS,
        own_href=own,
        close_href=f"{own}/close" if is_open else "",
        results_href="" if is_open or asks_questions else desk.path(Room.RESULTS, round_.number),
        answers_href=f"{own}/answers" if asks_questions and desk.may(Permission.READ_RESULTS) else "",
    )


def _deadline(desk: StudyDesk, response: RoundResponse) -> Deadline | None:
    closes_at = response.round.closes_at
    return Deadline(closes_at, response.counted_at, desk.study.time_zone) if closes_at else None


def _group_line(words: StudyWords, response: RoundResponse, code: str, target: int | None) -> ResponseLine:
    return response_line(
        (row for row in response.flow if row.group == code), label=words.group(code), target=target
    )


def response_line(
    rows: Iterable[FlowRow], *, label: GroupLabel | None = None, language: str = "", target: int | None = None
) -> ResponseLine:
    """The rows added up, under the name of their group or language."""
    counted = tuple(rows)
    return ResponseLine(
        label=label,
        language=language,
        target=target,
        n_invited=sum(row.n_invited for row in counted),
        n_opened=sum(row.n_opened for row in counted),
        n_started=sum(row.n_started for row in counted),
        n_submitted=sum(row.n_submitted for row in counted),
    )


def _columns(desk: StudyDesk, *heads: str) -> tuple[Column, ...]:
    kinds = {N_("Target"): "number"}
    numbers = (N_("Asked"), N_("Opened"), N_("Began"), N_("Handed in"))
    return (
        *(Column(desk.say(head), "number" if head in kinds else "text") for head in heads),
        *(Column(desk.say(label), "number") for label in numbers),
        Column(desk.say(N_("Response")), "figure", is_sortable=False),
    )
