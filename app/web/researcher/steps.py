"""The next steps of a study: what each does, where it is taken, and what stands in its way."""

from dataclasses import dataclass
from typing import Final

from app.domain.account import Permission
from app.domain.messages import N_, Sentence
from app.domain.round import Round
from app.services.overview import NextAction, StudyAction, StudyOverview
from app.web.researcher.desk import Room, StudyDesk


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the study's way.

    ``href`` is the page on which it is taken, or, with ``is_post``, where its form goes. ``blockers`` say why
    it cannot be taken now.
    """

    action: StudyAction
    round_number: int
    title: Sentence
    effect: Sentence
    href: str
    is_post: bool
    blockers: tuple[Sentence, ...]


_TITLES: Final[dict[StudyAction, str]] = {
    StudyAction.OPEN_ROUND: N_("Open round %(round)s"),
    StudyAction.CLOSE_ROUND: N_("Close round %(round)s"),
    StudyAction.ANALYSE_ROUND: N_("Compute the figures of round %(round)s"),
    StudyAction.RELEASE_FEEDBACK: N_("Release the feedback of round %(round)s"),
    StudyAction.FINISH_ROUND: N_("Finish round %(round)s"),
    StudyAction.CONCLUDE: N_("Conclude the study"),
}
_EFFECTS: Final[dict[StudyAction, str]] = {
    StudyAction.OPEN_ROUND: N_("The panel can then rate. Everybody who has not left is asked."),
    StudyAction.CLOSE_ROUND: N_("No rating counts after that. The figures are computed at once."),
    StudyAction.ANALYSE_ROUND: N_(
        "The round is closed, but its figures were not stored. Nothing else is changed."
    ),
    StudyAction.RELEASE_FEEDBACK: N_("Panelists can then see the figures that the protocol allows."),
    StudyAction.FINISH_ROUND: N_("The answers stay as they are, and the next round can be opened."),
    StudyAction.CONCLUDE: N_("Nothing more is asked of the panel, and the last decisions are final."),
}
_EFFECTS_OF_OPEN_ROUNDS: Final[dict[StudyAction, str]] = {
    StudyAction.OPEN_ROUND: N_(
        "The panel can then answer the open questions. Everybody who has not left is asked."
    ),
    StudyAction.CLOSE_ROUND: N_("No answer counts after that."),
}
_NOT_YOUR_ROLE: Final = Sentence(N_("Your role in this study does not include running rounds."))


def next_steps(desk: StudyDesk, overview: StudyOverview) -> tuple[Step, ...]:
    """What can be done next, the likeliest first: the possible first, and of it what is advised."""
    steps = [_step(desk, action) for action in overview.next_actions]
    concludes = overview.advice is not None and overview.advice.conclude
    return tuple(
        sorted(
            steps,
            key=lambda step: (bool(step.blockers), (step.action is StudyAction.CONCLUDE) is not concludes),
        )
    )


def _step(desk: StudyDesk, next_action: NextAction) -> Step:
    action, number = next_action.action, next_action.round.number
    blockers = next_action.blockers if desk.may(Permission.RUN_ROUNDS) else (_NOT_YOUR_ROLE,)
    return Step(
        action=action,
        round_number=number,
        title=Sentence(_TITLES[action], {"round": number}),
        effect=Sentence(_effect(action, next_action.round)),
        href=_address(desk, action, number),
        is_post=action in (StudyAction.ANALYSE_ROUND, StudyAction.FINISH_ROUND),
        blockers=blockers,
    )


def _effect(action: StudyAction, round_: Round) -> str:
    if round_.asks_open_questions:
        return _EFFECTS_OF_OPEN_ROUNDS.get(action, _EFFECTS[action])
    return _EFFECTS[action]


def _address(desk: StudyDesk, action: StudyAction, number: int) -> str:
    return {
        StudyAction.OPEN_ROUND: f"{desk.path(Room.ROUNDS)}#open",
        StudyAction.CLOSE_ROUND: desk.path(Room.ROUNDS, number, "close"),
        StudyAction.ANALYSE_ROUND: desk.path(Room.ROUNDS, number, "analyse"),
        StudyAction.RELEASE_FEEDBACK: desk.path(Room.ROUNDS, number, "release"),
        StudyAction.FINISH_ROUND: desk.path(Room.ROUNDS, number, "release"),
        StudyAction.CONCLUDE: desk.path("conclude"),
    }[action]
