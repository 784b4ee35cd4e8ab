"""Deciding against the rule what the next round asks about: before it opens, and with a reason."""

from collections.abc import Sequence
from dataclasses import replace

from app.domain.carry_forward import CarryForward, Override
from app.domain.errors import DomainError
from app.domain.messages import N_, Sentence
from app.domain.rating import REASON_LIMIT
from app.domain.round import PlannedRound, Round, RoundStatus, planned_round
from app.domain.statement_editing import FieldsRefused, checked_field
from app.domain.study import StudyStatus


class OverrideNeedsReason(DomainError):
    """Somebody decides against the rule and does not say why."""

    message = N_("Say why. The log and the report keep the reason; the panel does not see it.")


class OverrideNotNeeded(DomainError):
    """The rule says the same."""

    message = N_("The rule says the same about %(code)s by now, so there is nothing to decide against it.")


class OverrideStandsAlready(DomainError):
    """A colleague has decided about the statement since the page was opened; nothing was overwritten."""

    message = N_(
        "A colleague has decided about %(code)s since you opened this page. Nothing was overwritten: "
        "their reason stands below, yours in the field."
    )


class StatementNotAsked(DomainError):
    """A withdrawn statement is asked in no round."""

    message = N_("%(code)s is withdrawn, so no round asks about it. Restore it first.")


def choosing_hindrance(
    status: StudyStatus, rounds: Sequence[Round], plan: Sequence[PlannedRound]
) -> Sentence | None:
    """Why it cannot be decided now what the next round asks about; None when it can."""
    if status is StudyStatus.CONCLUDED:
        return Sentence(N_("The study is concluded."))
    if rounds and rounds[-1].status is RoundStatus.OPEN:
        message = N_("Round %(round)s is open. What the next one asks shows when it is closed.")
        return Sentence(message, {"round": rounds[-1].number})
    number = len(rounds) + 1
    if planned_round(plan, number) is PlannedRound.OPEN:
        message = N_("Round %(round)s asks open questions, and is about no statement.")
        return Sentence(message, {"round": number})
    return None


def checked_override(carry: CarryForward, wanted: Override, *, known: str) -> Override:
    """The override as it will be stored.

    Parameters
    ----------
    known
        The reason that stood there when the page was opened; empty where there was none.

    Raises
    ------
    OverrideNotNeeded
        The rule says the same.
    OverrideStandsAlready
        Somebody else was faster.
    FieldsRefused
        The field ``reason`` is empty, or cannot be kept.
    """
    if wanted.asks is carry.asks_by_rule:
        raise OverrideNotNeeded(code=wanted.statement)
    if reason_standing(carry) != known:
        raise OverrideStandsAlready(code=wanted.statement)
    problems: dict[str, DomainError] = {}
    why = checked_field("reason", wanted.reason, REASON_LIMIT, problems)
    if not why and not problems:
        problems["reason"] = OverrideNeedsReason()
    if problems:
        raise FieldsRefused(problems)
    return replace(wanted, reason=why)


def reason_standing(carry: CarryForward) -> str:
    """The reason of the override that stands now; empty where there is none."""
    return carry.override.reason if carry.override else ""
