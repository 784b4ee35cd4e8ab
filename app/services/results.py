"""Results for the researchers: stored analyses beside the words of the study; nothing is computed here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.other_views import RoundComparison
from analysis.results import RoundAnalysis, StatementAnalysis
from analysis.what_if_results import SensitivityAnalysis
from app.domain.errors import AnalysisMissing, RoundNotFound, UnknownStatement
from app.domain.protocol import Protocol
from app.domain.round import Round
from app.domain.statement import Statement, Topic
from app.domain.study import Study
from app.services.finding import get_study_of
from app.services.stored_analyses import (
    read_comparisons_of_rounds,
    read_other_rules_of_rounds,
    read_round_analyses,
)
from app.storage import rounds, statements, studies
from app.storage.database import Database


@dataclass(frozen=True)
class LastDecision:
    """The last analysis of a statement on a criterion, and the round it comes from."""

    round_number: int
    analysis: StatementAnalysis


@dataclass(frozen=True)
class StudyResults:
    """Every round's stored analysis, first round first, and the statements as they were asked.

    ``statements`` holds each statement in the wording of the round looked at, or the newest.
    """

    study: Study
    protocol: Protocol
    rounds: tuple[Round, ...]
    analyses: tuple[RoundAnalysis, ...]
    topics: tuple[Topic, ...]
    statements: Mapping[str, Statement]

    @property
    def analysed_rounds(self) -> tuple[int, ...]:
        """The numbers of the rounds that have figures."""
        return tuple(analysis.round for analysis in self.analyses)

    def analysis_of(self, round_number: int) -> RoundAnalysis:
        """The analysis of a round; KeyError when it has none."""
        for analysis in self.analyses:
            if analysis.round == round_number:
                return analysis
        raise KeyError(round_number)


def read_results(database: Database, slug: str, round_number: int | None = None) -> StudyResults:
    """The stored figures of a study; with a round, the statements stand in that round's wording.

    Raises
    ------
    StudyNotFound, RoundNotFound
    AnalysisMissing
        The round has no figures yet.
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        analyses = read_round_analyses(connection, study.id)
        held = rounds.read_rounds(connection, study.id)
        if round_number is None:
            stored = statements.read_newest_statements(connection, study.id)
        else:
            _refuse_without_figures(slug, round_number, held, analyses)
            stored = statements.read_round_statements(connection, study.id, round_number)
        return StudyResults(
            study=study,
            protocol=studies.protocol_in_force(connection, study.id).protocol,
            rounds=held,
            analyses=analyses,
            topics=studies.read_topics(connection, study.id),
            statements={s.statement.code: s.statement for s in stored},
        )


@dataclass(frozen=True)
class RoundBeside:
    """What is stored beside a round's figures: what other rules decide, and what changed since each round."""

    other_rules: tuple[SensitivityAnalysis, ...]
    comparisons: tuple[RoundComparison, ...]


def read_beside(database: Database, study_id: int, round_number: int) -> RoundBeside:
    """What other rules decide on an analysed round, and that round beside each before it."""
    with database.reading() as connection:
        return RoundBeside(
            other_rules=read_other_rules_of_rounds(connection, study_id).get(round_number, ()),
            comparisons=read_comparisons_of_rounds(connection, study_id).get(round_number, ()),
        )


def last_decisions(analyses: Iterable[RoundAnalysis]) -> tuple[LastDecision, ...]:
    """The last analysis of every statement and criterion ever rated, in the order of the first round."""
    last: dict[tuple[str, str], LastDecision] = {}
    for analysis in analyses:
        for entry in analysis.statements:
            last[entry.statement, entry.criterion] = LastDecision(analysis.round, entry)
    return tuple(last.values())


def statement_analyses(results: StudyResults, round_number: int, code: str) -> tuple[StatementAnalysis, ...]:
    """The analyses of one statement in one round, one for each criterion.

    Raises
    ------
    UnknownStatement
        The round did not ask it.
    """
    found = tuple(e for e in results.analysis_of(round_number).statements if e.statement == code)
    if not found:
        raise UnknownStatement(statement=code)
    return found


def _refuse_without_figures(
    slug: str, round_number: int, held: Iterable[Round], analyses: Iterable[RoundAnalysis]
) -> None:
    if all(round_.number != round_number for round_ in held):
        raise RoundNotFound(slug=slug, round=round_number)
    if all(analysis.round != round_number for analysis in analyses):
        raise AnalysisMissing(round=round_number)
