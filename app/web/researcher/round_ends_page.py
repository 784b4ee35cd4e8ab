"""The steps that end a round: closed, analysed again where it must be, fed back."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.account import Permission
from app.domain.feedback import FeedbackPolicy
from app.domain.messages import N_, Sentence
from app.domain.round import RoundAction, next_status
from app.services.analysing import analyse_closed_round
from app.services.moderating import count_waiting_comments
from app.services.response import RoundResponse, read_response
from app.services.rounds import close_round, release_feedback
from app.web.researcher.desk import Room, RoundNumber, StudyDesk, find_study_desk, read_form
from app.web.researcher.wording import FEEDBACK_WORDS
from app.web.shared.parts import Crumb, Deadline
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm

router = APIRouter()


@dataclass(frozen=True, slots=True)
class ClosePage:
    """Before a round is closed: how far the panel has come."""

    round_number: int
    asks_questions: bool
    n_invited: int
    n_started: int
    n_submitted: int
    deadline: Deadline | None
    action: str
    cancel_href: str


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """Before feedback is released: what panelists will see, and how many comments nobody has decided on."""

    round_number: int
    n_waiting_comments: int
    comments_href: str
    feedback: Sentence
    minimum: int
    shows_figures: bool
    action: str
    cancel_href: str


@router.get("/research/{slug}/rounds/{number}/close")
def confirm_close(request: Request, slug: str, number: RoundNumber) -> Response:
    """Say what closing means, and ask once more."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    response = _expect(desk, number, RoundAction.CLOSE)
    closes_at = response.round.closes_at
    page = ClosePage(
        round_number=number,
        asks_questions=response.round.asks_open_questions,
        n_invited=sum(row.n_invited for row in response.flow),
        n_started=sum(row.n_started for row in response.flow),
        n_submitted=sum(row.n_submitted for row in response.flow),
        deadline=Deadline(closes_at, response.counted_at, desk.study.time_zone) if closes_at else None,
        action=desk.path(Room.ROUNDS, number, "close"),
        cancel_href=desk.path(Room.ROUNDS, number),
    )
    return _at_round(desk, number, N_("Close")).show("close.html", page)


@router.post("/research/{slug}/rounds/{number}/close")
def close_open_round(
    request: Request,
    slug: str,
    number: RoundNumber,
    form: Annotated[SentForm, Depends(read_form)],  # noqa: ARG001 - checked
) -> Response:
    """Close the round and go to its decisions."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    _expect(desk, number, RoundAction.CLOSE)
    closed = close_round(database_of(request), clock_of(request), slug, desk.actor, number=number)
    if closed.asks_open_questions:
        return desk.go(Room.ROUNDS, done="closed")
    return desk.go(Room.RESULTS, number, done="closed")


@router.post("/research/{slug}/rounds/{number}/analyse")
def analyse_again(
    request: Request,
    slug: str,
    number: RoundNumber,
    form: Annotated[SentForm, Depends(read_form)],  # noqa: ARG001 - checked
) -> Response:
    """Compute the figures of a closed round that has none."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    _expect(desk, number, RoundAction.RELEASE_FEEDBACK)
    analyse_closed_round(database_of(request), clock_of(request), slug, desk.actor)
    return desk.go(Room.ROUNDS, done="analysed")


@router.get("/research/{slug}/rounds/{number}/release")
def confirm_release(request: Request, slug: str, number: RoundNumber) -> Response:
    """Say what panelists will see, and ask once more."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    protocol = _expect(desk, number, RoundAction.RELEASE_FEEDBACK).protocol
    waiting = 0
    if protocol.feedback.comments and desk.may(Permission.MODERATE_COMMENTS):
        waiting = count_waiting_comments(database_of(request), slug, number)
    page = ReleasePage(
        round_number=number,
        n_waiting_comments=waiting,
        comments_href=desk.path(Room.COMMENTS),
        feedback=Sentence(FEEDBACK_WORDS[protocol.feedback.policy]),
        minimum=protocol.minimum_group_size,
        shows_figures=protocol.feedback.policy is not FeedbackPolicy.NONE,
        action=desk.path(Room.ROUNDS, number, "release"),
        cancel_href=desk.path(Room.ROUNDS),
    )
    return _at_round(desk, number, N_("Release the feedback")).show("release.html", page)


@router.post("/research/{slug}/rounds/{number}/release")
def release_round_feedback(
    request: Request,
    slug: str,
    number: RoundNumber,
    form: Annotated[SentForm, Depends(read_form)],  # noqa: ARG001 - checked
) -> Response:
    """Release the feedback of a closed round."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    _expect(desk, number, RoundAction.RELEASE_FEEDBACK)
    released = release_feedback(database_of(request), clock_of(request), slug, desk.actor, number=number)
    return desk.go(Room.ROUNDS, done="finished" if released.asks_open_questions else "released")


def _expect(desk: StudyDesk, number: int, action: RoundAction) -> RoundResponse:
    """The round, if the action is its next step: a page opened long ago must not act on a later round."""
    response = read_response(database_of(desk.request), clock_of(desk.request), desk.slug, number)
    next_status(response.round, action)
    return response


def _at_round(desk: StudyDesk, number: int, here: str) -> StudyDesk:
    round_ = Crumb(desk.say(N_("Round %(round)s")) % {"round": number}, desk.path(Room.ROUNDS, number))
    return desk.inside(round_, Crumb(desk.say(here)))
