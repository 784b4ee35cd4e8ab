"""How far the panel has come in one round, counted by the database, so that a large panel costs no more."""

from dataclasses import dataclass
from datetime import datetime

from app.clock import Clock
from app.domain.errors import RoundNotFound
from app.domain.protocol import Protocol
from app.domain.round import Round
from app.domain.study import Study
from app.services.finding import get_study_of
from app.storage import open_answers, response, rounds, studies
from app.storage.database import Database
from app.storage.response import FlowRow


@dataclass(frozen=True)
class RoundResponse:
    """The response to one round as of now, by group and language."""

    study: Study
    protocol: Protocol
    round: Round
    n_statements: int
    n_questions: int
    flow: tuple[FlowRow, ...]
    counted_at: datetime


def read_response(database: Database, clock: Clock, slug: str, number: int) -> RoundResponse:
    """How many were asked, opened, began and handed in.

    Raises
    ------
    StudyNotFound, RoundNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        round_ = rounds.find_round(connection, study.id, number)
        if round_ is None:
            raise RoundNotFound(slug=slug, round=number)
        return RoundResponse(
            study=study,
            protocol=studies.protocol_in_force(connection, study.id).protocol,
            round=round_,
            n_statements=rounds.count_round_statements(connection, study.id).get(number, 0),
            n_questions=open_answers.count_round_questions(connection, study.id).get(number, 0),
            flow=response.count_flow_of_round(connection, study.id, number),
            counted_at=clock.now(),
        )
