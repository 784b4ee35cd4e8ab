"""A study as anybody would play it on paper: what is asked of whom, what they answer, and what is decided.

Written without a look at how the engine does it: no versions of rows, no locks, no tables; the 70% rule is
counted by hand.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from analysis.rules import Decision
from app.domain.errors import (
    ActionBlocked,
    ConsentMissing,
    DomainError,
    NotInvited,
    PanelistHasLeft,
    PointOffScale,
    QuestionnaireIncomplete,
    RepeatedRequestDiffers,
    RoundNotFound,
    RoundNotOpen,
    RoundTransitionError,
    StaleComment,
    StaleRating,
    UnknownStatement,
)

POINTS = (1, 2, 3)
MINIMUM_RATINGS = 2
GROUPS = ("peers", "relatives")

QUESTIONS = ("Q1", "Q2")

Refused = type[DomainError]
Plan = tuple[str, ...]


class Part(Enum):
    """Whether somebody takes part."""

    UNDECIDED = "undecided"
    TAKES_PART = "takes part"
    DECLINED = "declined"
    LEFT = "left"


@dataclass(frozen=True)
class Answer:
    """A point, or None for "unable to rate", and how often it was changed."""

    point: int | None
    version: int


@dataclass
class PaperRound:
    """One round: what was asked, and what came back by person and statement."""

    asked: tuple[str, ...]
    invited: frozenset[int]
    closes_at: datetime | None
    status: str = "open"
    answers: dict[tuple[int, str], Answer] = field(default_factory=dict)
    comments: dict[tuple[int, str], tuple[str, int]] = field(default_factory=dict)
    receipts: dict[int, str] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    texts: dict[tuple[int, str], tuple[str, int]] = field(default_factory=dict)

    def takes_answers(self, now: datetime) -> bool:
        """Whether it is open, and not too late."""
        return self.status == "open" and (self.closes_at is None or now < self.closes_at)

    def is_complete_for(self, person: int) -> bool:
        """Whether the person has answered everything."""
        rated = all((person, statement) in self.answers for statement in self.asked)
        return rated and all(self.texts.get((person, code), ("", 0))[0] for code in self.questions)


@dataclass
class PaperStudy:
    """Six people, three of each group, and the rounds so far."""

    statements: tuple[str, ...]
    group_of: dict[int, str]
    carry_forward: str
    erases: bool
    plan: Plan = ("rating", "rating", "rating")
    rounds: list[PaperRound] = field(default_factory=list)
    parts: dict[int, Part] = field(default_factory=dict)
    decided: dict[str, Decision] = field(default_factory=dict)
    requests: dict[tuple[int, str], int] = field(default_factory=dict)
    is_concluded: bool = False

    def __post_init__(self) -> None:
        self.parts = dict.fromkeys(self.group_of, Part.UNDECIDED)

    @property
    def people_left(self) -> list[int]:
        """Everybody who has not left."""
        return [person for person, part in self.parts.items() if part in (Part.UNDECIDED, Part.TAKES_PART)]

    @property
    def statements_to_ask(self) -> tuple[str, ...]:
        """What the next round asks by the policy of carrying forward."""
        settled = {
            "undecided": {Decision.CONSENSUS_IN, Decision.CONSENSUS_OUT},
            "not_in": {Decision.CONSENSUS_IN},
            "all": set[Decision](),
        }[self.carry_forward]
        return tuple(s for s in self.statements if s not in self.decided or self.decided[s] not in settled)

    @property
    def asks_questions_next(self) -> bool:
        """Whether the plan says that the next round asks open questions."""
        return len(self.rounds) < len(self.plan) and self.plan[len(self.rounds)] == "open"

    def refusal_to_open(self, closes_at: datetime | None, now: datetime) -> Refused | None:
        """Why no round can be opened."""
        if self.rounds and self.rounds[-1].status != "fed_back":
            return RoundTransitionError
        missing_group = {self.group_of[person] for person in self.people_left} != set(GROUPS)
        too_late = closes_at is not None and closes_at <= now
        nothing_to_ask = not self.statements_to_ask and not self.asks_questions_next
        if self.is_concluded or missing_group or too_late or nothing_to_ask:
            return ActionBlocked
        return None

    def refusal_to_step(self, status_needed: str) -> Refused | None:
        """Why the newest round cannot be closed, or fed back."""
        if not self.rounds:
            return RoundNotFound
        return None if self.rounds[-1].status == status_needed else RoundTransitionError

    def refusal_to_conclude(self) -> Refused | None:
        """Why the study cannot end."""
        was_rated = any(not round_.questions for round_ in self.rounds)
        is_done = was_rated and self.rounds[-1].status == "fed_back"
        return None if self.is_concluded or is_done else ActionBlocked

    def refusal_to_answer(self, person: int, number: int, now: datetime) -> Refused | None:
        """Why the person can answer nothing at all in this round."""
        if not 1 <= number <= len(self.rounds):
            return RoundNotFound
        if self.parts[person] is not Part.TAKES_PART:
            return ConsentMissing if self.parts[person] is Part.UNDECIDED else PanelistHasLeft
        round_ = self.rounds[number - 1]
        if not round_.takes_answers(now):
            return RoundNotOpen
        return None if person in round_.invited else NotInvited

    def refusal_of_rating(
        self, person: int, number: int, statement: str, point: int | None, known_version: int
    ) -> Refused | None:
        """Why one rating of a page is not stored."""
        round_ = self.rounds[number - 1]
        if statement not in round_.asked:
            return UnknownStatement
        if point is not None and point not in POINTS:
            return PointOffScale
        before = round_.answers.get((person, statement), Answer(None, 0))
        if before.version and before.point == point:
            return None
        return None if before.version == known_version else StaleRating

    def refusal_of_comment(
        self, person: int, number: int, statement: str, text: str, known_version: int
    ) -> Refused | None:
        """Why one comment is not stored."""
        round_ = self.rounds[number - 1]
        if statement not in round_.asked:
            return UnknownStatement
        before, version = round_.comments.get((person, statement), ("", 0))
        return None if before == text or version == known_version else StaleComment

    def refusal_to_submit(self, person: int, number: int, key: str, now: datetime) -> Refused | None:
        """Why the questionnaire is not taken; what was answered before is answered the same again, always."""
        if (person, key) in self.requests:
            return None if self.requests[person, key] == number else RepeatedRequestDiffers
        refusal = self.refusal_to_answer(person, number, now)
        if refusal is not None:
            return refusal
        return None if self.rounds[number - 1].is_complete_for(person) else QuestionnaireIncomplete

    def open(self, closes_at: datetime | None) -> None:
        """Begin the next round."""
        asks_questions = self.asks_questions_next
        self.rounds.append(
            PaperRound(
                () if asks_questions else self.statements_to_ask,
                frozenset(self.people_left),
                closes_at,
                questions=QUESTIONS if asks_questions else (),
            )
        )

    def close(self) -> None:
        """End the round, and decide on what it asked."""
        round_ = self.rounds[-1]
        round_.status = "closed"
        self.decided |= {statement: self.decide(round_, statement) for statement in round_.asked}

    def rate(self, person: int, number: int, statement: str, point: int | None) -> bool:
        """Store a rating, and say whether it changed anything."""
        answers = self.rounds[number - 1].answers
        before = answers.get((person, statement), Answer(None, 0))
        if before.version and before.point == point:
            return False
        answers[person, statement] = Answer(point, before.version + 1)
        return True

    def comment(self, person: int, number: int, statement: str, text: str) -> bool:
        """Store a comment, and say whether it changed anything."""
        comments = self.rounds[number - 1].comments
        before, version = comments.get((person, statement), ("", 0))
        if before == text:
            return False
        comments[person, statement] = text, version + 1
        return True

    def consent(self, person: int, now: datetime) -> None:
        """Let the person take part; who had declined is asked in the open round after all."""
        had_declined = self.parts[person] is Part.DECLINED
        self.parts[person] = Part.TAKES_PART
        if had_declined and self.rounds and self.rounds[-1].takes_answers(now):
            self.rounds[-1].invited |= {person}

    def write(self, person: int, number: int, question: str, said: str) -> bool:
        """Store an answer to an open question, and say whether it changed anything."""
        round_ = self.rounds[number - 1]
        before, version = round_.texts.get((person, question), ("", 0))
        if question not in round_.questions or before == said:
            return False
        round_.texts[person, question] = said, version + 1
        return True

    def leave(self, person: int) -> None:
        """Take the person out, with or without what they answered."""
        self.parts[person] = Part.LEFT
        if self.erases:
            for round_ in self.rounds:
                round_.answers = {key: a for key, a in round_.answers.items() if key[0] != person}
                round_.comments = {key: c for key, c in round_.comments.items() if key[0] != person}
                round_.texts = {key: said for key, said in round_.texts.items() if key[0] != person}

    def count(self, round_: PaperRound) -> Counter[tuple[str, str, int | None]]:
        """How many of each group gave each answer to each statement."""
        return Counter(
            (statement, self.group_of[person], answer.point)
            for (person, statement), answer in round_.answers.items()
        )

    def count_texts(self, round_: PaperRound) -> Counter[tuple[str, str]]:
        """How many answers in words each group gave to each question."""
        return Counter(
            (question, self.group_of[person])
            for (person, question), (said, _) in round_.texts.items()
            if said
        )

    def decide(self, round_: PaperRound, statement: str) -> Decision:
        """Seven of ten in every group agree: in. Seven of ten in every group disagree: out."""
        says = [self._say(round_, statement, group) for group in GROUPS]
        heard = {said for said in says if said is not None}
        if Decision.NO_CONSENSUS in heard or len(heard) > 1:
            return Decision.NO_CONSENSUS
        return Decision.NOT_ASSESSABLE if None in says else heard.pop()

    def _say(self, round_: PaperRound, statement: str, group: str) -> Decision | None:
        """What one group says; None when too few of it say anything."""
        points: Sequence[int] = [
            answer.point
            for (person, s), answer in round_.answers.items()
            if s == statement and self.group_of[person] == group and answer.point is not None
        ]
        if len(points) < MINIMUM_RATINGS:
            return None
        if 10 * points.count(3) >= 7 * len(points):
            return Decision.CONSENSUS_IN
        return Decision.CONSENSUS_OUT if 10 * points.count(1) >= 7 * len(points) else Decision.NO_CONSENSUS
