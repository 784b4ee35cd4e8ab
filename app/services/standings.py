"""Where each study of a researcher stands, for the list they start from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.rules import Decision
from app.domain.account import Researcher, Role
from app.domain.study import Study
from app.services.access import list_studies
from app.services.stored_analyses import decision_tally
from app.storage.analyses import read_newest_decisions
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
        decided = read_newest_decisions(connection, ids)
        return tuple(
            Standing(
                study=study,
                role=role,
                newest_round=newest.get(study.id),
                n_panelists=panels.get(study.id, 0),
                decisions=_tally(decided[study.id]),
            )
            for study, role in studies
        )


def _tally(rounds: Iterable[Mapping[str, Mapping[str, str]]]) -> dict[Decision, int]:
    """How often each decision was the last one on a statement and criterion."""
    last: dict[str, dict[str, Decision]] = {}
    for decided in rounds:
        for statement, by_criterion in decided.items():
            told = {criterion: Decision(decision) for criterion, decision in by_criterion.items()}
            last.setdefault(statement, {}).update(told)
    return decision_tally(last)
