"""Where each study of a researcher stands, for the list they start from."""

from dataclasses import dataclass

from analysis.rules import Decision
from app.domain.account import Researcher, Role
from app.domain.study import Study
from app.services.access import list_studies
from app.services.stored_analyses import decision_tally, latest_decisions, read_analyses_of_studies
from app.storage.database import Database
from app.storage.standings import NewestRound, count_panels, read_newest_rounds


@dataclass(frozen=True)
class Standing:
    """One study: the researcher's role, its newest round if it has any, and the last decisions so far."""

    study: Study
    role: Role
    newest_round: NewestRound | None
    n_panelists: int
    decisions: dict[Decision, int]


def list_standings(database: Database, researcher: Researcher) -> tuple[Standing, ...]:
    """Where every study stands in which the researcher has a role, the newest first."""
    studies = list_studies(database, researcher)
    ids = [study.id for study, _ in studies]
    with database.reading() as connection:
        newest = read_newest_rounds(connection, ids)
        panels = count_panels(connection, ids)
        analyses = read_analyses_of_studies(connection, ids)
        return tuple(
            Standing(
                study=study,
                role=role,
                newest_round=newest.get(study.id),
                n_panelists=panels.get(study.id, 0),
                decisions=decision_tally(latest_decisions(analyses[study.id])),
            )
            for study, role in studies
        )
