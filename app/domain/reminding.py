"""Who is reminded of a round that they have not finished: never too soon, and not too often."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import DomainError
from app.domain.messages import N_, Sentence
from app.domain.round import Round, accepts_ratings

REMINDER_PAUSE = timedelta(days=3)
"""How long nobody is reminded after an e-mail about the same round: an invitation, a reminder, more time."""

MOST_REMINDERS = 3
"""How often somebody is reminded of one round."""


class Remindable(StrEnum):
    """Whether somebody who has not handed in is reminded now, or why not."""

    DUE = "due"
    WRITTEN_LATELY = "written_lately"
    REMINDED_ENOUGH = "reminded_enough"
    UNREACHABLE = "unreachable"


class PreviewOutdated(DomainError):
    """Somebody handed in, left or was reminded between the preview and the sending."""

    message = N_(
        "Since you looked, the number of people who would be reminded has changed to %(n)s. Nobody was "
        "written to: look once more, and send then."
    )


@dataclass(frozen=True)
class Unfinished:
    """Somebody who was asked in a round, has not left, and has not handed in.

    ``last_written_at`` and ``n_reminders`` are about this round; ``is_reachable``: their address is not known
    to refuse mail or to be somebody else's.
    """

    panelist_id: int
    group: str
    language: str
    is_reachable: bool
    last_written_at: datetime | None
    n_reminders: int


def remindable(person: Unfinished, now: datetime) -> Remindable:
    """Whether somebody is reminded now."""
    if not person.is_reachable:
        return Remindable.UNREACHABLE
    if person.n_reminders >= MOST_REMINDERS:
        return Remindable.REMINDED_ENOUGH
    written = person.last_written_at
    if written is not None and now < written + REMINDER_PAUSE:
        return Remindable.WRITTEN_LATELY
    return Remindable.DUE


def reminder_blockers(round_: Round, now: datetime, *, n_due: int, writes: bool) -> tuple[Sentence, ...]:
    """Why nobody can be reminded now; empty when somebody can.

    ``n_due``: how many would be. ``writes``: the panel is written to from here.
    """
    if not accepts_ratings(round_, now):
        return (Sentence(N_("Round %(round)s takes no answers any more."), {"round": round_.number}),)
    if not writes:
        return (Sentence(N_("No e-mail goes to this panel from here.")),)
    if not n_due:
        return (Sentence(N_("There is nobody to remind now.")),)
    return ()
