"""A round's lifecycle: which step is possible when, and what stands in its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.errors import ActionBlocked, RoundTransitionError
from app.domain.messages import N_, Sentence


class RoundKind(StrEnum):
    """What a round asks of its panel."""

    OPEN = "open"
    RATING = "rating"


class RoundMode(StrEnum):
    """When feedback appears: after the round, or after one's own first answer."""

    STANDARD = "standard"
    REAL_TIME = "real_time"


class PlannedRound(StrEnum):
    """A round in the protocol's plan, in one word."""

    OPEN = "open"
    RATING = "rating"
    REAL_TIME = "real_time"

    @property
    def kind(self) -> RoundKind:
        """What the round asks."""
        return RoundKind.OPEN if self is PlannedRound.OPEN else RoundKind.RATING

    @property
    def mode(self) -> RoundMode:
        """When its feedback appears."""
        return RoundMode.REAL_TIME if self is PlannedRound.REAL_TIME else RoundMode.STANDARD


class RoundStatus(StrEnum):
    """Where a round stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    FED_BACK = "fed_back"


class RoundAction(StrEnum):
    """A step of the lifecycle."""

    OPEN = "open"
    CLOSE = "close"
    RELEASE_FEEDBACK = "release_feedback"


TRANSITIONS: dict[tuple[RoundStatus, RoundAction], RoundStatus] = {
    (RoundStatus.DRAFT, RoundAction.OPEN): RoundStatus.OPEN,
    (RoundStatus.OPEN, RoundAction.CLOSE): RoundStatus.CLOSED,
    (RoundStatus.CLOSED, RoundAction.RELEASE_FEEDBACK): RoundStatus.FED_BACK,
}

STATUS_WORDS: dict[RoundStatus, str] = {
    RoundStatus.DRAFT: N_("being prepared"),
    RoundStatus.OPEN: N_("open"),
    RoundStatus.CLOSED: N_("closed"),
    RoundStatus.FED_BACK: N_("fed back"),
}

ACTION_WORDS: dict[RoundAction, str] = {
    RoundAction.OPEN: N_("opened"),
    RoundAction.CLOSE: N_("closed"),
    RoundAction.RELEASE_FEEDBACK: N_("fed back"),
}


@dataclass(frozen=True)
class Round:
    """One cycle of a study: open, close, analyse, feed back.

    ``closes_at`` is the deadline told to the panel; ``closed_at`` is when the round was in fact closed.
    ``next_opens_at`` is when the round after it is planned to open, as the panel is told.
    """

    number: int
    kind: RoundKind
    mode: RoundMode
    status: RoundStatus
    protocol_version: int
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    closed_at: datetime | None = None
    fed_back_at: datetime | None = None
    next_opens_at: datetime | None = None

    @property
    def asks_open_questions(self) -> bool:
        """Whether it asks open questions, and nothing is rated."""
        return self.kind is RoundKind.OPEN

    @property
    def is_real_time(self) -> bool:
        """Whether feedback appears while it is open."""
        return self.mode is RoundMode.REAL_TIME

    @property
    def in_one_word(self) -> PlannedRound:
        """What it is, as a protocol's plan calls it."""
        if self.asks_open_questions:
            return PlannedRound.OPEN
        return PlannedRound.REAL_TIME if self.is_real_time else PlannedRound.RATING


@dataclass(frozen=True)
class RoundFacts:
    """What decides whether a step can be taken.

    ``kind``: what the round asks. ``n_statements`` and ``n_questions``: what it has to ask. ``n_invited``:
    panelists who can be asked (not declined, not withdrawn). ``empty_groups``: groups without a panelist.
    ``untranslated``: statements that miss a text. ``deadline_in_past``: the deadline asked for is over.
    ``is_analysed``: the closed round has its figures; an open round has none.
    """

    n_statements: int
    n_invited: int
    empty_groups: tuple[str, ...] = ()
    untranslated: tuple[str, ...] = ()
    deadline_in_past: bool = False
    is_analysed: bool = False
    study_concluded: bool = False
    kind: RoundKind = RoundKind.RATING
    n_questions: int = 0


def next_status(round_: Round, action: RoundAction) -> RoundStatus:
    """The status after ``action``.

    Raises
    ------
    RoundTransitionError
        When the lifecycle has no such step from the round's status.
    """
    try:
        return TRANSITIONS[round_.status, action]
    except KeyError:
        raise RoundTransitionError(
            round=round_.number,
            status=Sentence(STATUS_WORDS[round_.status]),
            action=Sentence(ACTION_WORDS[action]),
        ) from None


def blockers(action: RoundAction, facts: RoundFacts) -> tuple[Sentence, ...]:
    """Why ``action`` is not available; empty when nothing stands in its way.

    The page greys its button with this and the service refuses with it, so the two cannot disagree.
    """
    if action is RoundAction.OPEN:
        return tuple(_opening_blockers(facts))
    needs_figures = action is RoundAction.RELEASE_FEEDBACK and facts.kind is RoundKind.RATING
    if needs_figures and not facts.is_analysed:
        return (Sentence(N_("The round has no figures yet: its analysis has not been stored.")),)
    return ()


def planning_blockers(
    round_: Round, *, is_newest: bool, is_over: bool, in_past: bool = False
) -> tuple[Sentence, ...]:
    """Why the panel cannot be told when the round after ``round_`` opens; empty when it can.

    ``is_over``: the study is concluded. ``in_past``: the moment asked for is over.
    """
    if is_over:
        return (Sentence(N_("The study is concluded.")),)
    if not is_newest:
        return (Sentence(N_("The round after round %(round)s is there already."), {"round": round_.number}),)
    if round_.status not in (RoundStatus.CLOSED, RoundStatus.FED_BACK):
        return (Sentence(N_("Round %(round)s is not closed yet."), {"round": round_.number}),)
    if in_past:
        return (Sentence(N_("This moment lies in the past. Choose a later one.")),)
    return ()


def planned_round(plan: Sequence[PlannedRound], number: int) -> PlannedRound:
    """What round ``number`` is by the protocol's plan; beyond the plan the last rating round comes again."""
    if number <= len(plan):
        return plan[number - 1]
    return [one for one in plan if one is not PlannedRound.OPEN][-1]


def last_rating_round(rounds: Sequence[Round], before: int) -> Round | None:
    """The last rating round before round ``before``: its answers and its feedback are looked back on."""
    earlier = [one for one in rounds if one.number < before and not one.asks_open_questions]
    return earlier[-1] if earlier else None


def refuse_if_blocked(action: RoundAction, facts: RoundFacts) -> None:
    """Raise :class:`ActionBlocked` with everything that stands in the way of ``action``."""
    standing = blockers(action, facts)
    if standing:
        raise ActionBlocked(standing)


def accepts_ratings(round_: Round, now: datetime) -> bool:
    """Whether a rating given at ``now`` counts: the round is open and its deadline has not passed."""
    return round_.status is RoundStatus.OPEN and (round_.closes_at is None or now < round_.closes_at)


def _opening_blockers(facts: RoundFacts) -> list[Sentence]:
    found: list[Sentence] = []
    if facts.study_concluded:
        found.append(Sentence(N_("The study is concluded.")))
    if facts.kind is RoundKind.OPEN and facts.n_questions == 0:
        found.append(Sentence(N_("The study has no open question to ask.")))
    if facts.kind is RoundKind.RATING and facts.n_statements == 0:
        found.append(Sentence(N_("No statement is left to rate.")))
    if facts.n_invited == 0:
        found.append(Sentence(N_("The panel has nobody who can be asked.")))
    if facts.empty_groups:
        found.append(
            Sentence(
                N_("These stakeholder groups have no panelist: %(groups)s."),
                {"groups": ", ".join(facts.empty_groups)},
            )
        )
    if facts.untranslated:
        found.append(
            Sentence(
                N_("These statements miss a translation: %(statements)s."),
                {"statements": ", ".join(facts.untranslated)},
            )
        )
    if facts.deadline_in_past:
        found.append(Sentence(N_("The deadline lies in the past. Choose a later one.")))
    return found
