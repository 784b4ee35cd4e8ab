"""Ending the study: what will be final, what stays undecided, and what the stopping rule says."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from analysis.rules import Decision
from app.domain.errors import ActionBlocked, DomainError
from app.domain.messages import N_, NN_, Sentence
from app.domain.protocol import Protocol
from app.domain.rating import REASON_LIMIT
from app.domain.statement_editing import FieldsRefused
from app.domain.stopping import StoppingPolicy
from app.services.overview import StudyAction, read_overview
from app.services.results import StudyResults, last_decisions, read_results
from app.services.rounds import conclude_study
from app.services.stopping import Stopping
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.figures import DecisionCount, decision_counts
from app.web.researcher.statement_fields import field_errors, problems_in_words
from app.web.researcher.wording import STOPPING_WORDS
from app.web.shared.parts import Crumb, FieldError
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm

router = APIRouter()

_OPEN: Final = NN_("%(n)s decision is still open.", "%(n)s decisions are still open.")


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """A statement that the study would end without deciding."""

    code: str
    decision: Decision
    href: str


@dataclass(frozen=True, slots=True)
class ConcludePage:
    """Before the study is concluded: what will be final, and the stopping rule's advice with its numbers."""

    decisions: tuple[DecisionCount, ...]
    undecided: tuple[OpenEnd, ...]
    concludes: bool
    advice: Sentence
    rule: Sentence
    numbers: tuple[Sentence, ...]
    reason: str
    maximum: int
    errors: tuple[FieldError, ...]
    action: str
    cancel_href: str


@router.get("/research/{slug}/conclude")
def confirm_conclusion(request: Request, slug: str) -> Response:
    """Say what will be final, and ask once more."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    return _show(desk)


@router.post("/research/{slug}/conclude")
def conclude(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Conclude the study, against the advice of its rule only with a reason."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    reason = form.one("reason")
    try:
        conclude_study(database_of(request), clock_of(request), slug, desk.actor, reason=reason)
    except FieldsRefused as refusal:
        return _show(desk, reason, refusal)
    return desk.go()


def stopping_numbers(desk: StudyDesk, protocol: Protocol, stopping: Stopping) -> tuple[Sentence, ...]:
    """The numbers that the stopping rule looks at, in words."""
    facts, written = stopping.facts, desk.written
    said = [
        Sentence(
            N_("%(done)s of the %(planned)s rounds planned are done."),
            {"done": facts.n_rounds_done, "planned": facts.n_rounds_planned},
        ),
        Sentence(_OPEN[0], {"n": written.number(facts.n_undecided)}, _OPEN[1], facts.n_undecided),
    ]
    if facts.share_unchanged is not None:
        share = {"share": written.percent(facts.share_unchanged, 1)}
        said.append(Sentence(N_("%(share)s of the ratings stayed the same as in the round before."), share))
    if protocol.stopping is StoppingPolicy.STABLE:
        asked = {"share": written.percent(protocol.stable_share, 0)}
        said.append(Sentence(N_("The protocol asks that %(share)s stay the same."), asked))
    return tuple(said)


def _show(desk: StudyDesk, reason: str = "", refusal: DomainError | None = None) -> Response:
    database = database_of(desk.request)
    overview = read_overview(database, clock_of(desk.request), desk.slug)
    for step in overview.next_actions:
        if step.action is StudyAction.CONCLUDE and step.blockers:
            raise ActionBlocked(step.blockers)
    if overview.stopping is None or overview.study.concluded_at is not None:
        raise ActionBlocked([Sentence(N_("The study is concluded."))])
    protocol, stopping = overview.protocol.protocol, overview.stopping
    page = ConcludePage(
        decisions=decision_counts(overview.decisions),
        undecided=_undecided(desk, read_results(database, desk.slug)),
        concludes=stopping.advice.conclude,
        advice=stopping.advice.reason,
        rule=Sentence(STOPPING_WORDS[protocol.stopping]),
        numbers=stopping_numbers(desk, protocol, stopping),
        reason=reason,
        maximum=REASON_LIMIT,
        errors=field_errors(problems_in_words(desk, refusal)),
        action=desk.path("conclude"),
        cancel_href=desk.path(Room.ROUNDS),
    )
    inside = desk.inside(Crumb(desk.say(N_("Conclude"))))
    return inside.show("conclude.html", page, status=answer_to(refusal).status if refusal else 200)


def _undecided(desk: StudyDesk, results: StudyResults) -> tuple[OpenEnd, ...]:
    has_many = len(results.protocol.criteria) > 1
    return tuple(
        OpenEnd(
            f"{entry.statement} ({entry.criterion})" if has_many else entry.statement,
            entry.decision,
            desk.path(Room.RESULTS, last.round_number, entry.statement),
        )
        for last in last_decisions(results.analyses)
        for entry in (last.analysis,)
        if entry.decision in (Decision.NO_CONSENSUS, Decision.NOT_ASSESSABLE)
    )
