"""What the next round would be, before it is opened: the launch checklist."""

from dataclasses import dataclass

from app.clock import Clock
from app.domain.round import Round, RoundFacts, RoundStatus
from app.services.finding import get_study_of
from app.services.round_contents import choose_statements, opening_facts
from app.services.rounds import next_round
from app.storage import rounds, studies
from app.storage.database import Database


@dataclass(frozen=True)
class Launch:
    """The next round, what it would ask and of whom, and whether it would freeze the protocol."""

    round: Round
    facts: RoundFacts
    freezes_protocol: bool


def read_launch(database: Database, clock: Clock, slug: str) -> Launch | None:
    """The facts of the launch checklist; None while another round is still in hand.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        version = studies.protocol_in_force(connection, study.id)
        round_ = next_round(rounds.read_rounds(connection, study.id), version)
        if round_.status is not RoundStatus.DRAFT:
            return None
        chosen = choose_statements(connection, study, version.protocol, round_)
        facts = opening_facts(
            connection, study, version.protocol, round_, chosen, closes_at=None, now=clock.now()
        )
        return Launch(round_, facts, freezes_protocol=version.frozen_at is None)
