"""The launch checklist on the page of the rounds: every line with the place where it is mended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.account import Permission
from app.domain.carry_forward import Override
from app.domain.launch import Check, Matter, Weight
from app.domain.messages import N_, Sentence
from app.domain.round import Round
from app.services.launching import Launch
from app.services.planning import OpeningPlan
from app.web.researcher.desk import Room, StudyDesk


@dataclass(frozen=True, slots=True)
class LaunchLine:
    """One line of the checklist; ``href`` is empty where there is nothing to mend, or not by this reader."""

    weight: Weight
    sentence: Sentence
    href: str
    href_words: str


@dataclass(frozen=True, slots=True)
class LaunchList:
    """What is met, missing or worth knowing before the next round opens."""

    round: Round
    lines: tuple[LaunchLine, ...]
    overrides: tuple[Override, ...]
    freezes_protocol: bool


@dataclass(frozen=True, slots=True)
class OpeningNote:
    """What is planned for the next round.

    ``opens_at`` is None while nothing is fixed. ``is_told``: a panel waits, and reads it. ``opens_itself``:
    it is not only told; ``hindered_at`` says when that failed, and ``is_left_waiting`` that no worker came.
    ``waits_for`` is a round whose feedback has to be released first, or 0. ``href`` is empty for those who
    run no rounds.
    """

    round_number: int
    opens_at: datetime | None
    is_told: bool
    opens_itself: bool
    hindered_at: datetime | None
    is_left_waiting: bool
    waits_for: int
    href: str


_PLACES: Final[dict[Matter, tuple[tuple[str, ...], str, Permission]]] = {
    Matter.STATEMENTS: ((Room.STATEMENTS,), N_("Go to the statements"), Permission.READ_STUDY),
    Matter.QUESTIONS: ((Room.PROTOCOL, "questions"), N_("Write the open questions"), Permission.DESIGN_STUDY),
    Matter.TRANSLATIONS: (
        (Room.STATEMENTS, "?state=missing"),
        N_("Translate them"),
        Permission.DESIGN_STUDY,
    ),
    Matter.TOPICS: (("topics",), N_("Name them"), Permission.DESIGN_STUDY),
    Matter.EVIDENCE: ((Room.STATEMENTS,), N_("Go to the statements"), Permission.DESIGN_STUDY),
    Matter.CONSENT: ((Room.PROTOCOL, "texts"), N_("Write it"), Permission.DESIGN_STUDY),
    Matter.PANEL: ((Room.PANEL,), N_("Go to the panel"), Permission.READ_STUDY),
    Matter.GROUPS: ((Room.PANEL,), N_("Go to the panel"), Permission.READ_STUDY),
    Matter.TARGETS: ((Room.PANEL,), N_("Go to the panel"), Permission.READ_STUDY),
    Matter.ADDRESSES: (
        (Room.PANEL, "people", "?reached=no"),
        N_("Correct the addresses"),
        Permission.READ_IDENTITIES,
    ),
    Matter.COMMENTS: ((Room.COMMENTS,), N_("Read the comments"), Permission.MODERATE_COMMENTS),
}


def launch_list(desk: StudyDesk, launch: Launch) -> LaunchList:
    """The checklist as this researcher reads it."""
    return LaunchList(
        round=launch.round,
        lines=tuple(_line(desk, check) for check in launch.checks),
        overrides=launch.overrides,
        freezes_protocol=launch.freezes_protocol,
    )


def opening_note(
    desk: StudyDesk, plan: OpeningPlan, newest: Round | None, now: datetime
) -> OpeningNote | None:
    """What is planned; None while nothing can be."""
    if plan.blockers:
        return None
    planned = plan.planned
    return OpeningNote(
        round_number=plan.round_number,
        opens_at=planned.opens_at if planned else plan.told_at,
        is_told=newest is not None,
        opens_itself=planned is not None,
        hindered_at=planned.hindered_at if planned else None,
        is_left_waiting=planned is not None and planned.is_left_waiting(now),
        waits_for=newest.number if newest is not None and newest.fed_back_at is None else 0,
        href=desk.path(Room.ROUNDS, plan.round_number, "plan") if desk.may(Permission.RUN_ROUNDS) else "",
    )


def _line(desk: StudyDesk, check: Check) -> LaunchLine:
    place = _PLACES.get(check.matter)
    if check.weight is Weight.MET or place is None or not desk.may(place[2]):
        return LaunchLine(check.weight, check.sentence, "", "")
    parts, words, _ = place
    return LaunchLine(check.weight, check.sentence, desk.path(*parts).replace("/?", "?"), desk.say(words))
