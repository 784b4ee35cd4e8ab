"""Amending a protocol: possible between rounds, with a reason, and never under ratings already given."""

from collections.abc import Sequence

from app.domain.errors import ActionBlocked, AmendmentNeedsReason, AmendmentTouchesRatings
from app.domain.messages import N_, Sentence
from app.domain.protocol import Protocol
from app.domain.rating import REASON_LIMIT, checked_text
from app.domain.round import PlannedRound, Round, RoundStatus, planned_round
from app.domain.study import StudyStatus


def refuse_amendment_now(status: StudyStatus, rounds: Sequence[Round]) -> None:
    """Refuse an amendment while a round is in hand: its ratings are decided by the rule it opened with.

    Raises
    ------
    ActionBlocked
    """
    if status is StudyStatus.CONCLUDED:
        raise ActionBlocked([Sentence(N_("The study is concluded."))])
    if rounds and rounds[-1].status is not RoundStatus.FED_BACK:
        message = N_("A protocol is amended between rounds: release the feedback of round %(round)s first.")
        raise ActionBlocked([Sentence(message, {"round": rounds[-1].number})])


def checked_amendment(current: Protocol, amended: Protocol, reason: str, *, n_held: int) -> str:
    """The reason as it will be stored and reported.

    Raises
    ------
    AmendmentNeedsReason
        No reason is given.
    AmendmentTouchesRatings
        Languages, groups, criteria, points of a scale or the kinds of the ``n_held`` rounds already held
        differ: what was already answered rests on them.
    TextTooLong, TextNotReadable
    """
    given = checked_text(reason, REASON_LIMIT)
    if not given:
        raise AmendmentNeedsReason
    kept = {
        N_("the languages"): (current.languages, amended.languages),
        N_("the stakeholder groups"): (current.group_codes, amended.group_codes),
        N_("the criteria"): (current.criterion_codes, amended.criterion_codes),
        N_("the scales"): (_scales(current), _scales(amended)),
        N_("the rounds already held"): (_held(current, n_held), _held(amended, n_held)),
    }
    for what, (before, after) in kept.items():
        if before != after:
            raise AmendmentTouchesRatings(what=Sentence(what))
    return given


def _held(protocol: Protocol, n_held: int) -> list[PlannedRound]:
    return [planned_round(protocol.plan, number) for number in range(1, n_held + 1)]


def _scales(protocol: Protocol) -> list[object]:
    return [(criterion.scale.points, criterion.scale.direction) for criterion in protocol.criteria]
