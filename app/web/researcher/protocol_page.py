"""The protocol, to be read: the rules fixed before round 1."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from analysis.rules import rule_sentence
from analysis.scale import Band
from app.domain.account import Permission
from app.domain.messages import N_, Sentence
from app.domain.protocol import Criterion, Protocol, ProtocolVersion
from app.services.study_contents import ProtocolHistory, read_protocol_history
from app.web.researcher.design.parts import PART_NAMES
from app.web.researcher.desk import Room, StudyDesk, find_study_desk
from app.web.researcher.figures import GroupLabel, StudyWords
from app.web.researcher.texts import Told, told
from app.web.researcher.wording import (
    CARRY_FORWARD_WORDS,
    FEEDBACK_WORDS,
    STOPPING_WORDS,
    WITHDRAWAL_WORDS,
)
from app.web.shared.parts import Column, NavLink
from app.web.shared.state import database_of

router = APIRouter()


@dataclass(frozen=True, slots=True)
class GroupTarget:
    """A stakeholder group and how many panelists are aimed at."""

    label: GroupLabel
    target: int | None


@dataclass(frozen=True, slots=True)
class PointLine:
    """One point of a scale, its band and its labels in the study's languages."""

    point: int
    band: Band
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    """What statements are rated on, and when the rule says that a statement is in or out."""

    code: str
    name: Told
    question: Told
    rule: str
    points: tuple[PointLine, ...]


@dataclass(frozen=True, slots=True)
class ProtocolPage:
    """The protocol in force, and every version before it.

    ``folder_with_panel_action`` is empty for those who may not see the mail list.
    """

    protocol: Protocol
    versions: tuple[ProtocolVersion, ...]
    time_zone: str
    groups: tuple[GroupTarget, ...]
    criteria: tuple[CriterionFacts, ...]
    point_columns: tuple[Column, ...]
    feedback: Sentence
    carry_forward: Sentence
    stopping: Sentence
    withdrawal: Sentence
    organiser: Told
    frozen_at: datetime | None
    parts: tuple[NavLink, ...]
    planner_href: str
    folder_action: str
    folder_with_panel_action: str
    done: str


@router.get("/research/{slug}/protocol")
def show_protocol(request: Request, slug: str, done: str = "") -> Response:
    """Show the rules the study is held by."""
    desk = find_study_desk(request, slug, Room.PROTOCOL)
    history = read_protocol_history(database_of(request), slug)
    return desk.show("protocol.html", _page(desk, history, done))


def _page(desk: StudyDesk, history: ProtocolHistory, done: str) -> ProtocolPage:
    version, protocol = history.in_force, history.in_force.protocol
    words = StudyWords(protocol, desk.locale)
    return ProtocolPage(
        protocol=protocol,
        versions=history.versions,
        time_zone=history.study.time_zone,
        groups=tuple(GroupTarget(words.group(group.code), group.target) for group in protocol.groups),
        criteria=tuple(_criterion(desk, protocol, criterion) for criterion in protocol.criteria),
        point_columns=_point_columns(desk, protocol),
        feedback=Sentence(FEEDBACK_WORDS[protocol.feedback.policy]),
        carry_forward=Sentence(CARRY_FORWARD_WORDS[protocol.carry_forward]),
        stopping=Sentence(STOPPING_WORDS[protocol.stopping]),
        withdrawal=Sentence(WITHDRAWAL_WORDS[protocol.withdrawal]),
        organiser=told(history.study.texts.organiser, desk.locale),
        frozen_at=version.frozen_at,
        parts=tuple(
            NavLink(desk.say(name), desk.path(Room.PROTOCOL, part)) for part, name in PART_NAMES.items()
        )
        if desk.may(Permission.DESIGN_STUDY) and history.study.concluded_at is None
        else (),
        planner_href=desk.path(Room.PROTOCOL, "planner"),
        folder_action=desk.path("study-folder"),
        folder_with_panel_action=desk.path("study-folder", "with-panel")
        if desk.may(Permission.READ_IDENTITIES)
        else "",
        done=done,
    )


def _criterion(desk: StudyDesk, protocol: Protocol, criterion: Criterion) -> CriterionFacts:
    return CriterionFacts(
        code=criterion.code,
        name=told(criterion.name, desk.locale),
        question=told(criterion.question, desk.locale),
        rule=rule_sentence(criterion.rule, desk.locale),
        points=tuple(
            PointLine(
                point,
                criterion.scale.band_of(point),
                tuple(criterion.labels[language][place] for language in protocol.languages),
            )
            for place, point in enumerate(criterion.scale.points)
        ),
    )


def _point_columns(desk: StudyDesk, protocol: Protocol) -> tuple[Column, ...]:
    return (
        Column(desk.say(N_("Point")), "text", is_sortable=False),
        Column(desk.say(N_("Band")), "text", is_sortable=False),
        *(Column(desk.written.language_head(code), is_sortable=False) for code in protocol.languages),
    )
