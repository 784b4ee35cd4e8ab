"""When a round opens and closes by itself, and when its deadline can be put off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.errors import DomainError
from app.domain.messages import N_, Sentence
from app.domain.round import Round, RoundStatus

PATIENCE = timedelta(minutes=5)
"""How long after its moment a round may wait for the worker before the pages say that none seems to run."""


class ClosingNeedsDeadline(DomainError):
    """A round was to close by itself, at no moment."""

    message = N_("Give the deadline at which the round closes by itself, or close it yourself.")


class OpeningNeedsMoment(DomainError):
    """A plan was stored without the moment at which the round opens."""

    message = N_("Give the day and the hour at which the round opens.")


class ExtensionNeedsMoment(DomainError):
    """A deadline was to be put off to no moment."""

    message = N_("Give the day and the hour until which the round stays open.")


class ExtensionNeedsReason(DomainError):
    """A deadline was put off and nobody said why."""

    message = N_("Say why the deadline changes. The reason stands in the log; the panel does not see it.")


@dataclass(frozen=True)
class PlannedOpening:
    """When the next round opens by itself, and the deadline that it then gets.

    ``planned_by`` is named as in the log. ``hindered_at``: when the moment had come and something stood in
    the way; it is not tried again.
    """

    round_number: int
    opens_at: datetime
    closes_at: datetime | None
    closes_itself: bool
    planned_by: str
    hindered_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether the round is to be opened."""
        return self.hindered_at is None and self.opens_at <= now

    def is_left_waiting(self, now: datetime) -> bool:
        """Whether the moment has passed, and no worker has come."""
        return self.hindered_at is None and self.opens_at + PATIENCE <= now


def is_to_close(round_: Round, now: datetime) -> bool:
    """Whether an open round closes by itself now; nothing counts from its deadline on, however late it is."""
    is_over = round_.closes_at is not None and round_.closes_at <= now
    return round_.status is RoundStatus.OPEN and round_.closes_itself and is_over


def is_left_open(round_: Round, now: datetime) -> bool:
    """Whether a round should have closed by itself, and no worker has come."""
    return is_to_close(round_, now - PATIENCE)


def refuse_closing_without_deadline(closes_at: datetime | None, *, closes_itself: bool) -> None:
    """Refuse a round that would close by itself at no moment.

    Raises
    ------
    ClosingNeedsDeadline
    """
    if closes_itself and closes_at is None:
        raise ClosingNeedsDeadline


def planning_blockers(held: Sequence[Round], number: int, *, is_over: bool) -> tuple[Sentence, ...]:
    """Why it cannot be planned when round ``number`` opens; empty when it can.

    ``held`` are the rounds so far; ``is_over``: the study is concluded.
    """
    if is_over:
        return (Sentence(N_("The study is concluded.")),)
    if number <= len(held):
        return (Sentence(N_("Round %(round)s has been opened already."), {"round": number}),)
    if held and held[-1].status not in (RoundStatus.CLOSED, RoundStatus.FED_BACK):
        return (Sentence(N_("Round %(round)s is not closed yet."), {"round": held[-1].number}),)
    return ()


def moment_blockers(
    opens_at: datetime | None, closes_at: datetime | None, now: datetime
) -> tuple[Sentence, ...]:
    """Why a round cannot be planned to open and close at these moments; empty when it can."""
    if opens_at is None:
        return ()
    if opens_at <= now:
        return (Sentence(N_("This moment lies in the past. Choose a later one.")),)
    if closes_at is not None and closes_at <= opens_at:
        return (Sentence(N_("The deadline lies before the opening. Choose a later one.")),)
    return ()


def extension_blockers(
    round_: Round, now: datetime, closes_at: datetime | None = None
) -> tuple[Sentence, ...]:
    """Why the deadline of a round cannot be put off, or not to ``closes_at``; empty when it can.

    A round whose deadline has passed, and that nobody closed yet, can be given more time too.
    """
    if round_.status is not RoundStatus.OPEN:
        return (Sentence(N_("Round %(round)s is not open."), {"round": round_.number}),)
    if closes_at is None:
        return ()
    if closes_at <= now:
        return (Sentence(N_("The deadline lies in the past. Choose a later one.")),)
    if round_.closes_at is not None and closes_at <= round_.closes_at:
        return (Sentence(N_("People were told a later deadline than this. It can only be put off.")),)
    return ()
