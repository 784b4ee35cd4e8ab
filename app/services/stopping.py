"""What the stopping rule says of a study as it stands, and the numbers that its advice rests on."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.results import RoundAnalysis
from analysis.rules import Decision
from app.domain.protocol import Protocol
from app.domain.round import Round, RoundStatus
from app.domain.stopping import StoppingAdvice, StoppingFacts, advise_stopping
from app.domain.study import Study
from app.services.stored_analyses import (
    decision_tally,
    latest_decisions,
    read_round_analyses,
    share_unchanged,
)
from app.storage import rounds
from app.storage.database import Connection


@dataclass(frozen=True)
class Stopping:
    """The advice of the stopping rule with its numbers."""

    facts: StoppingFacts
    advice: StoppingAdvice


def read_stopping(connection: Connection, study: Study, protocol: Protocol) -> Stopping | None:
    """What the stopping rule says; None while nothing has been analysed."""
    analyses = read_round_analyses(connection, study.id)
    return stopping_after(protocol, rounds.read_rounds(connection, study.id), analyses)


def stopping_after(
    protocol: Protocol, held: Sequence[Round], analyses: Sequence[RoundAnalysis]
) -> Stopping | None:
    """The same of rounds and analyses that have been read."""
    if not analyses:
        return None
    analysed = {analysis.round for analysis in analyses}
    tally = decision_tally(latest_decisions(analyses))
    facts = StoppingFacts(
        n_rounds_done=sum(
            one.status in (RoundStatus.CLOSED, RoundStatus.FED_BACK)
            and (one.asks_open_questions or one.number in analysed)
            for one in held
        ),
        n_rounds_planned=protocol.rounds,
        n_undecided=tally[Decision.NO_CONSENSUS] + tally[Decision.NOT_ASSESSABLE],
        share_unchanged=share_unchanged(analyses[-1]),
    )
    return Stopping(facts, advise_stopping(protocol.stopping, facts, stable_share=protocol.stable_share))
