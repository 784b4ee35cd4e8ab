"""Recommendations: audiences named, recommendations written, changed, moved and removed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.rules import Decision
from app.clock import Clock
from app.domain.event import EventKind
from app.domain.recommendation import (
    Audience,
    AudiencesChangedMeanwhile,
    Findings,
    Recommendation,
    RecommendationChangedMeanwhile,
    RecommendationNotFound,
    audiences_fingerprint,
    checked_audiences,
    checked_recommendation,
    moved,
)
from app.domain.statement import Evidence, Statement
from app.domain.study import Study
from app.services.finding import get_study_of, hold_study_of
from app.services.results import LastDecision, last_decisions
from app.services.stored_analyses import latest_decisions, read_round_analyses
from app.storage import evidence_changes, recommendations, statements
from app.storage.database import Connection, Database
from app.storage.events import append_event
from app.storage.statement_entries import read_entries


@dataclass(frozen=True)
class RecommendationDesk:
    """All recommendations of a study, and what they can rest on.

    ``decisions`` and ``statements`` hold every statement that the panel has rated, as it was rated last.
    """

    study: Study
    audiences: tuple[Audience, ...]
    recommendations: tuple[Recommendation, ...]
    decisions: Mapping[str, tuple[LastDecision, ...]]
    statements: Mapping[str, Statement]
    evidence: tuple[Evidence, ...]
    themes: Mapping[int, str]

    @property
    def accepted(self) -> dict[str, bool]:
        """Of every statement that the panel has rated, whether it is accepted on every criterion."""
        return {
            code: all(one.analysis.decision is Decision.CONSENSUS_IN for one in decided)
            for code, decided in self.decisions.items()
        }

    def get(self, number: int) -> Recommendation:
        """The recommendation of a number.

        Raises
        ------
        RecommendationNotFound
        """
        return _find(self.recommendations, number)


def read_recommendation_desk(database: Database, slug: str) -> RecommendationDesk:
    """All recommendations, and what they can rest on.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        analyses = read_round_analyses(connection, study.id)
        decided: dict[str, tuple[LastDecision, ...]] = {}
        for last in last_decisions(analyses):
            decided[last.analysis.statement] = (*decided.get(last.analysis.statement, ()), last)
        last_round = analyses[-1].round if analyses else 0
        asked = statements.read_last_asked_statements(connection, study.id, last_round)
        ids = [one.id for one in read_entries(connection, study.id)]
        return RecommendationDesk(
            study=study,
            audiences=recommendations.read_audiences(connection, study.id),
            recommendations=recommendations.read_recommendations(connection, study.id),
            decisions=decided,
            statements={one.statement.code: one.statement for one in asked},
            evidence=statements.read_evidence(connection, study.id, ids),
            themes=recommendations.read_themes(connection, study.id),
        )


def save_audiences(
    database: Database, clock: Clock, slug: str, actor: str, audiences: Sequence[Audience], *, known: str
) -> None:
    """Store the audiences in this order; one that is not among them is removed.

    Raises
    ------
    StudyNotFound, AudiencesChangedMeanwhile
    FieldsRefused
        The fields of an audience are named ``<code>.name.<language>``; ``<code>.remove`` cannot be done.
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        stored = recommendations.read_audiences(connection, study.id)
        if audiences_fingerprint(stored) != known:
            raise AudiencesChangedMeanwhile
        in_use = {one.audience for one in recommendations.read_recommendations(connection, study.id)}
        checked = checked_audiences(audiences, study.languages, stored, in_use)
        if checked == stored:
            return
        recommendations.replace_audiences(connection, study.id, checked)
        payload = {"audiences": [[one.code, dict(one.name)] for one in checked]}
        append_event(connection, study.id, EventKind.AUDIENCES_CHANGED, actor, clock.now(), payload)


def add_recommendation(
    database: Database, clock: Clock, slug: str, actor: str, wanted: Recommendation
) -> int:
    """Store a new recommendation behind the others of its audience; return its number.

    Raises
    ------
    StudyNotFound, FieldsRefused
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        checked = checked_recommendation(wanted, study.languages, _findings(connection, study))
        now = clock.now()
        ids = recommendations.read_basis_ids(connection, study.id)
        number = recommendations.insert_recommendation(connection, study.id, checked, ids, now)
        payload = _told(number, checked)
        append_event(connection, study.id, EventKind.RECOMMENDATION_WRITTEN, actor, now, payload)
        return number


def change_recommendation(
    database: Database, clock: Clock, slug: str, actor: str, wanted: Recommendation, *, known: str
) -> None:
    """Store what a recommendation is to say, if it still says what the editor has ``known``.

    Raises
    ------
    StudyNotFound, RecommendationNotFound, RecommendationChangedMeanwhile, FieldsRefused
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        stored = _find(recommendations.read_recommendations(connection, study.id), wanted.number)
        if stored.fingerprint != known:
            raise RecommendationChangedMeanwhile
        checked = checked_recommendation(wanted, study.languages, _findings(connection, study))
        if checked == stored:
            return
        ids = recommendations.read_basis_ids(connection, study.id)
        recommendations.update_recommendation(connection, study.id, stored, checked, ids)
        payload = _told(stored.number, checked)
        append_event(connection, study.id, EventKind.RECOMMENDATION_CHANGED, actor, clock.now(), payload)


def remove_recommendation(database: Database, clock: Clock, slug: str, actor: str, number: int) -> None:
    """Remove a recommendation; the log keeps what it said.

    Raises
    ------
    StudyNotFound, RecommendationNotFound
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        stored = _find(recommendations.read_recommendations(connection, study.id), number)
        recommendations.remove_recommendation(connection, study.id, number)
        payload = _told(number, stored)
        append_event(connection, study.id, EventKind.RECOMMENDATION_REMOVED, actor, clock.now(), payload)


def move_recommendation(
    database: Database, clock: Clock, slug: str, actor: str, number: int, *, up: bool
) -> None:
    """Put a recommendation a place further up or down among those of its audience.

    Raises
    ------
    StudyNotFound, RecommendationNotFound
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        stored = recommendations.read_recommendations(connection, study.id)
        found = _find(stored, number)
        before = [one.number for one in stored if one.audience == found.audience]
        after = moved(before, number, up=up)
        if after == before:
            return
        recommendations.order_recommendations(connection, study.id, after)
        payload = {"recommendation": number, "audience": found.audience, "order": after}
        append_event(connection, study.id, EventKind.RECOMMENDATION_MOVED, actor, clock.now(), payload)


def _findings(connection: Connection, study: Study) -> Findings:
    decided = latest_decisions(read_round_analyses(connection, study.id))
    return Findings(
        audiences=[one.code for one in recommendations.read_audiences(connection, study.id)],
        accepted={
            code: set(decisions.values()) == {Decision.CONSENSUS_IN} for code, decisions in decided.items()
        },
        themes=recommendations.read_themes(connection, study.id),
        evidence=evidence_changes.read_card_codes(connection, study.id),
    )


def _find(stored: Sequence[Recommendation], number: int) -> Recommendation:
    for one in stored:
        if one.number == number:
            return one
    raise RecommendationNotFound


def _told(number: int, one: Recommendation) -> dict[str, object]:
    return {
        "recommendation": number,
        "audience": one.audience,
        "text": dict(one.text),
        "reservation": dict(one.reservation),
        "statements": list(one.basis.statements),
        "themes": list(one.basis.themes),
        "evidence": list(one.basis.evidence),
    }
