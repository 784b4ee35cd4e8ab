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
from app.domain.schedule import is_left_open
from app.services.response import RoundResponse, read_response
from app.storage.response import FlowRow
from app.web.researcher.desk import Room, RoundNumber, StudyDesk, find_study_desk
from app.web.researcher.figures import GroupLabel, StudyWords
from app.web.researcher.person_fields import writes_to_panel
from app.web.shared.parts import Column, Crumb, Deadline
from app.web.shared.state import clock_of, database_of

router = APIRouter()

UPDATE_SECONDS: Final = 15

_JUST_DONE: Final = frozenset({"extended", "reminded"})


@dataclass(frozen=True, slots=True)
class ResponseLine:
    """How far the panelists of one group, language, or both have come; see :class:`FlowRow`."""

    label: GroupLabel | None
    language: str
    target: int | None
    n_invited: int
    n_opened: int
    n_started: int
    n_submitted: int
    n_reached: int
    n_bounced: int
    n_declined: int
    n_withdrawn: int

    @property
    def n_left(self) -> int:
        """How many of those asked have left."""
        return self.n_declined + self.n_withdrawn

    @property
    def missing(self) -> int:
        """How many more have to hand in to reach the target."""
        return max((self.target or 0) - self.n_submitted, 0)

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
    """The response to one round.

    `updates_href` gives fresh figures; empty when nothing changes. `shows_mail`: the panel is written to from
    here, or was. Steps that this researcher may not take have no address.
    """

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
    is_open: bool
    is_left_open: bool
    shows_mail: bool
    updates_href: str
    update_seconds: int
    own_href: str
    remind_href: str
    extend_href: str
    close_href: str
    results_href: str
    answers_href: str
    done: str


@router.get("/research/{slug}/rounds/{number}")
def show_response(
    request: Request,
    slug: str,
    number: RoundNumber,
    updates: Annotated[str, Query(pattern="^(on|off)$")] = "on",
    done: str = "",
) -> Response:
    """Show how far the panel has come in this round."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    response = read_response(database_of(request), clock_of(request), slug, number)
    here = Crumb(desk.say(N_("Round %(round)s")) % {"round": number})
    page = _page(desk, response, updates=updates == "on", done=done if done in _JUST_DONE else "")
    return desk.inside(here).show("response.html", page)


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


def _page(desk: StudyDesk, response: RoundResponse, *, updates: bool, done: str = "") -> ResponsePage:
    round_, words = response.round, StudyWords(response.protocol, desk.locale)
    is_open, asks_questions = round_.status is RoundStatus.OPEN, round_.asks_open_questions
    own = desk.path(Room.ROUNDS, round_.number)
    runs = own if is_open and desk.may(Permission.RUN_ROUNDS) else ""
    total = response_line(response.flow)
    shows_mail = writes_to_panel(desk) or total.n_reached + total.n_bounced > 0
    return ResponsePage(
        round=round_,
        zone=desk.study.time_zone,
        n_statements=response.n_statements,
        n_questions=response.n_questions,
        deadline=_deadline(desk, response) if is_open else None,
        total=total,
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
        group_columns=_columns(desk, N_("Group"), N_("Target"), shows_mail=shows_mail),
        language_columns=_columns(desk, N_("Language"), shows_mail=shows_mail),
        both_columns=_columns(desk, N_("Group"), N_("Language"), shows_mail=shows_mail),
        counted_at=response.counted_at,
        is_open=is_open,
        is_left_open=is_left_open(round_, response.counted_at),
        shows_mail=shows_mail,
        updates_href=f"{own}/response" if is_open and updates else "",
        update_seconds=UPDATE_SECONDS,
        own_href=own,
        remind_href=f"{runs}/remind" if runs else "",
        extend_href=f"{runs}/extend" if runs else "",
        close_href=f"{runs}/close" if runs else "",
        results_href="" if is_open or asks_questions else desk.path(Room.RESULTS, round_.number),
        answers_href=f"{own}/answers" if asks_questions and desk.may(Permission.READ_RESULTS) else "",
        done=done,
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
        n_reached=sum(row.n_reached for row in counted),
        n_bounced=sum(row.n_bounced for row in counted),
        n_declined=sum(row.n_declined for row in counted),
        n_withdrawn=sum(row.n_withdrawn for row in counted),
    )


def _columns(desk: StudyDesk, *heads: str, shows_mail: bool) -> tuple[Column, ...]:
    kinds = {N_("Target"): "number"}
    by_mail = (N_("Reached"), N_("Refused"))
    numbers = (
        N_("Asked"),
        *(by_mail if shows_mail else ()),
        N_("Opened"),
        N_("Part way"),
        N_("Handed in"),
        N_("Left"),
    )
    return (
        *(Column(desk.say(head), "number" if head in kinds else "text") for head in heads),
        *(Column(desk.say(label), "number") for label in numbers),
        Column(desk.say(N_("Response")), "figure", is_sortable=False),
    )
