"""How often the rule would decide rightly, by the size of the panel: a table and its curves."""

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from analysis.results import NotAssessable
from analysis.rules import Decision, rule_sentence
from analysis.what_if_results import OperatingCharacteristic
from app.domain.errors import NotFound
from app.domain.messages import N_
from app.domain.protocol import Criterion, Protocol
from app.domain.study import in_language
from app.services.panel_planning import Assumed, PlanAssumptions, plan_panel, targets_of
from app.services.study_contents import read_protocol_history
from app.web.researcher.desk import Room, StudyDesk, find_study_desk
from app.web.shared.parts import Choice, Column, Crumb, FieldError
from app.web.shared.state import database_of

router = APIRouter()

_USUAL_AGREEING: Final = "80"
_USUAL_LOST: Final = "10"
_MOST_LOST: Final = 90

ASSUMED_WORDS: Final[dict[Assumed, str]] = {
    Assumed.AGREED: N_("Every group agrees"),
    Assumed.ONE_GROUP_APART: N_("One group is against"),
    Assumed.DIVIDED: N_("Everybody is divided"),
}


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One assumption with one size: the truth, and how often panels are decided how."""

    assumed: str
    size: int
    is_aimed_at: bool
    truth: Decision
    consensus_in: float
    consensus_out: float
    undecided: float
    false: float | None
    missed: float | None


@dataclass(frozen=True, slots=True)
class PlannerPage:
    """The assumptions as typed, and what follows from them; no lines while they are at fault."""

    rule: str
    criteria: tuple[Choice, ...]
    criterion: str
    agreeing: str
    lost: str
    errors: tuple[FieldError, ...]
    agreeing_error: str
    lost_error: str
    columns: tuple[Column, ...]
    lines: tuple[PlanLine, ...]
    figure_href: str
    action: str
    cancel_href: str


@router.get("/research/{slug}/protocol/planner")
def show_planner(
    request: Request, slug: str, criterion: str = "", agreeing: str = _USUAL_AGREEING, lost: str = _USUAL_LOST
) -> Response:
    """Show what panels of several sizes would decide."""
    desk = find_study_desk(request, slug, Room.PROTOCOL)
    protocol = _protocol(desk)
    chosen = _criterion(protocol, criterion)
    assumed = _assumptions(agreeing, lost)
    wrong_agreeing = "" if _percent(agreeing, 100) is not None else desk.say(_NO_SHARE) % {"most": 100}
    wrong_lost = "" if _percent(lost, _MOST_LOST) is not None else desk.say(_NO_SHARE) % {"most": _MOST_LOST}
    found = plan_panel(chosen.rule, targets_of(protocol), assumed) if assumed else ()
    query = urlencode({"criterion": chosen.code, "agreeing": agreeing, "lost": lost})
    page = PlannerPage(
        rule=rule_sentence(chosen.rule, desk.locale),
        criteria=tuple(Choice(one.code, in_language(one.name, desk.locale)) for one in protocol.criteria),
        criterion=chosen.code,
        agreeing=agreeing,
        lost=lost,
        errors=tuple(
            FieldError(f"field-{name}", message)
            for name, message in (("agreeing", wrong_agreeing), ("lost", wrong_lost))
            if message
        ),
        agreeing_error=wrong_agreeing,
        lost_error=wrong_lost,
        columns=_columns(desk),
        lines=tuple(_line(desk, one, protocol) for one in found),
        figure_href=f"{desk.path(Room.PROTOCOL, 'planner.svg')}?{query}",
        action=desk.path(Room.PROTOCOL, "planner"),
        cancel_href=desk.path(Room.PROTOCOL),
    )
    here = desk.inside(Crumb(desk.say(N_("Planner"))))
    return here.show("planner.html", page, status=422 if page.errors else 200)


@router.get("/research/{slug}/protocol/planner.svg")
def draw_planner(
    request: Request, slug: str, criterion: str = "", agreeing: str = _USUAL_AGREEING, lost: str = _USUAL_LOST
) -> Response:
    """Draw the curves of the same table."""
    desk = find_study_desk(request, slug, Room.PROTOCOL)
    protocol = _protocol(desk)
    assumed = _assumptions(agreeing, lost)
    if assumed is None:
        raise NotFound(name="planner.svg")
    found = plan_panel(_criterion(protocol, criterion).rule, targets_of(protocol), assumed)
    named = tuple(replace(one, statement=desk.say(ASSUMED_WORDS[Assumed(one.statement)])) for one in found)
    # Drawing needs libraries that no other page needs.
    from analysis.figures import plan_figure, to_svg  # noqa: PLC0415

    return Response(to_svg(plan_figure(named, locale=desk.locale)), media_type="image/svg+xml")


_NO_SHARE: Final = N_("Write a number from 0 to %(most)s.")


def _protocol(desk: StudyDesk) -> Protocol:
    return read_protocol_history(database_of(desk.request), desk.slug).in_force.protocol


def _criterion(protocol: Protocol, code: str) -> Criterion:
    return next((one for one in protocol.criteria if one.code == code), protocol.criteria[0])


def _assumptions(agreeing: str, lost: str) -> PlanAssumptions | None:
    share, attrition = _percent(agreeing, 100), _percent(lost, _MOST_LOST)
    return None if share is None or attrition is None else PlanAssumptions(share / 100, attrition / 100)


def _percent(typed: str, most: int) -> int | None:
    """Whole per cent, so that the same question is not computed twice."""
    word = typed.strip().rstrip("%").strip()
    is_number = word.isascii() and word.isdigit() and len(word) <= len(str(most))
    return int(word) if is_number and int(word) <= most else None


def _line(desk: StudyDesk, one: OperatingCharacteristic, protocol: Protocol) -> PlanLine:
    smallest = min((group.target for group in protocol.groups if group.target), default=None)
    false, missed = (
        None if isinstance(value, NotAssessable) else float(value)
        for value in (one.false_consensus, one.missed_consensus)
    )
    return PlanLine(
        assumed=desk.say(ASSUMED_WORDS[Assumed(one.statement)]),
        size=one.group_size,
        is_aimed_at=one.group_size == smallest,
        truth=one.truth,
        consensus_in=one.consensus_in,
        consensus_out=one.consensus_out,
        undecided=one.no_consensus + one.not_assessable,
        false=false,
        missed=missed,
    )


def _columns(desk: StudyDesk) -> tuple[Column, ...]:
    return (
        Column(desk.say(N_("If in truth"))),
        Column(desk.say(N_("Panelists a group")), "number"),
        Column(desk.say(N_("The rule should say"))),
        Column(desk.say(N_("Says in")), "number"),
        Column(desk.say(N_("Says out")), "number"),
        Column(desk.say(N_("Undecided")), "number"),
        Column(desk.say(N_("False consensus")), "number"),
        Column(desk.say(N_("Missed consensus")), "number"),
    )
