"""Where a study stands: its rounds, how far the panel has come, what is next and what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis.rules import Decision
from app.clock import Clock
from app.domain.errors import RoundTransitionError
from app.domain.launch import RoundFacts, blockers
from app.domain.messages import Sentence
from app.domain.protocol import Protocol, ProtocolVersion
from app.domain.round import Round, RoundAction, RoundStatus, next_status
from app.domain.stopping import StoppingAdvice
from app.domain.study import Study, StudyStatus
from app.services.finding import get_study_of
from app.services.round_contents import choose_statements, opening_facts
from app.services.rounds import conclusion_blockers, next_round
from app.services.stopping import Stopping, stopping_after
from app.services.stored_analyses import decision_tally, latest_decisions, read_round_analyses
from app.storage import open_answers, response, rounds, statements, studies
from app.storage.database import Connection, Database
from app.storage.response import FlowRow


class StudyAction(StrEnum):
    """What a researcher can do next with a study's rounds."""

    OPEN_ROUND = "open_round"
    CLOSE_ROUND = "close_round"
    ANALYSE_ROUND = "analyse_round"
    RELEASE_FEEDBACK = "release_feedback"
    FINISH_ROUND = "finish_round"
    CONCLUDE = "conclude"


@dataclass(frozen=True)
class NextAction:
    """One possible next step on a round; ``blockers`` say why it is not available (empty: it is)."""

    action: StudyAction
    round: Round
    blockers: tuple[Sentence, ...]


@dataclass(frozen=True)
class RoundLine:
    """One round, what it asks, and how far each group and language has come.

    ``n_answers`` counts the answers to its open questions.
    """

    round: Round
    n_statements: int
    n_questions: int
    n_answers: int
    flow: tuple[FlowRow, ...]
    is_analysed: bool

    @property
    def is_done(self) -> bool:
        """Whether the round is closed, and what it was held for is there."""
        is_closed = self.round.status in (RoundStatus.CLOSED, RoundStatus.FED_BACK)
        return is_closed and (self.is_analysed or self.round.asks_open_questions)

    @property
    def n_invited(self) -> int:
        """Panelists who were asked."""
        return sum(row.n_invited for row in self.flow)

    @property
    def n_submitted(self) -> int:
        """Panelists who handed in."""
        return sum(row.n_submitted for row in self.flow)


@dataclass(frozen=True)
class StudyOverview:
    """Where a study stands.

    ``decisions`` counts the last decision on every statement and criterion rated so far. ``stopping`` is
    what the stopping rule says after the last analysed round.
    """

    study: Study
    protocol: ProtocolVersion
    rounds: tuple[RoundLine, ...]
    next_actions: tuple[NextAction, ...]
    n_statements: int
    decisions: dict[Decision, int]
    stopping: Stopping | None

    @property
    def advice(self) -> StoppingAdvice | None:
        """What the stopping rule advises; None while nothing has been analysed."""
        return self.stopping.advice if self.stopping else None


def read_overview(database: Database, clock: Clock, slug: str) -> StudyOverview:
    """Where the study stands now.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        protocol = studies.protocol_in_force(connection, study.id)
        analyses = read_round_analyses(connection, study.id)
        lines = _round_lines(connection, study, {analysis.round for analysis in analyses})
        decided = latest_decisions(analyses)
        return StudyOverview(
            study=study,
            protocol=protocol,
            rounds=lines,
            next_actions=_next_actions(connection, clock, study, protocol, lines),
            n_statements=len(decided) or len(statements.read_newest_statements(connection, study.id)),
            decisions=decision_tally(decided),
            stopping=stopping_after(protocol.protocol, [line.round for line in lines], analyses),
        )


def _round_lines(connection: Connection, study: Study, analysed: set[int]) -> tuple[RoundLine, ...]:
    n_statements = rounds.count_round_statements(connection, study.id)
    n_questions = open_answers.count_round_questions(connection, study.id)
    n_answers = open_answers.count_open_answers(connection, study.id)
    flow = response.count_flow(connection, study.id)
    return tuple(
        RoundLine(
            round=round_,
            n_statements=n_statements.get(round_.number, 0),
            n_questions=n_questions.get(round_.number, 0),
            n_answers=n_answers.get(round_.number, 0),
            flow=tuple(row for row in flow if row.round == round_.number),
            is_analysed=round_.number in analysed,
        )
        for round_ in rounds.read_rounds(connection, study.id)
    )


def _next_actions(
    connection: Connection, clock: Clock, study: Study, version: ProtocolVersion, lines: Sequence[RoundLine]
) -> tuple[NextAction, ...]:
    if study.status is StudyStatus.CONCLUDED:
        return ()
    round_ = next_round([line.round for line in lines], version)
    found = []
    for action, step in (
        (RoundAction.OPEN, StudyAction.OPEN_ROUND),
        (RoundAction.CLOSE, StudyAction.CLOSE_ROUND),
        (
            RoundAction.RELEASE_FEEDBACK,
            StudyAction.FINISH_ROUND if round_.asks_open_questions else StudyAction.RELEASE_FEEDBACK,
        ),
    ):
        try:
            next_status(round_, action)
        except RoundTransitionError:
            continue
        facts = _facts(connection, clock, study, version.protocol, action, round_, lines)
        found.append(NextAction(step, round_, blockers(action, facts)))
    is_to_analyse = round_.status is RoundStatus.CLOSED and not round_.asks_open_questions
    if is_to_analyse and not lines[-1].is_analysed:
        found.insert(0, NextAction(StudyAction.ANALYSE_ROUND, round_, ()))
    if lines:
        standing = conclusion_blockers([line.round for line in lines])
        found.append(NextAction(StudyAction.CONCLUDE, lines[-1].round, standing))
    return tuple(found)


def _facts(
    connection: Connection,
    clock: Clock,
    study: Study,
    protocol: Protocol,
    action: RoundAction,
    round_: Round,
    lines: Sequence[RoundLine],
) -> RoundFacts:
    if action is RoundAction.OPEN:
        chosen = choose_statements(connection, study, protocol, round_).statements
        return opening_facts(connection, study, protocol, round_, chosen, closes_at=None, now=clock.now())
    return RoundFacts(n_statements=1, n_invited=1, kind=round_.kind, is_analysed=lines[-1].is_analysed)
