"""A round by another grouping, the language or a profile answer: computed when asked for, then stored.

Such figures are exploratory. They change no decision, and the log says who had them computed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.metadata import version
from typing import Final

from analysis.other_views import GroupedAnalysis
from analysis.results import OVERALL, RoundAnalysis
from analysis.rules import ConsensusRule
from analysis.scale import Scale
from app.clock import Clock
from app.domain.errors import NotFound
from app.domain.event import EventKind, canonical_json
from app.domain.profile import ProfileQuestion, QuestionKind
from app.services.analysing import read_frozen_ratings
from app.services.results import StudyResults, read_results
from app.storage import groupings, profiles
from app.storage.database import Connection, Database
from app.storage.events import append_event

LANGUAGE: Final = "language"
PROFILE: Final = "profile-"
NO_ANSWER: Final = ""
"""The category of those who gave no answer."""
CHOSEN: Final = "="
"""Stands before an answer's code, which could otherwise be a word that figures are kept under."""


@dataclass(frozen=True)
class Grouping:
    """What a panel can be grouped by: a profile question with answers to choose, or (None) the language."""

    code: str
    question: ProfileQuestion | None = None

    @property
    def allows_several(self) -> bool:
        """Whether one panelist can be in several categories."""
        return self.question is not None and self.question.kind is QuestionKind.MULTIPLE


@dataclass(frozen=True)
class GroupedResults:
    """A round by a grouping; ``analysis`` is None as long as nobody had it computed."""

    results: StudyResults
    round: RoundAnalysis
    grouping: Grouping
    choices: tuple[Grouping, ...]
    analysis: GroupedAnalysis | None
    computed_at: datetime | None

    @property
    def rests_on_other_ratings(self) -> bool:
        """Whether somebody was erased since the round was analysed, so that fewer ratings are left."""
        if self.analysis is None:
            return False
        now = {(e.statement, e.criterion): e.figures_of(OVERALL).n for e in self.analysis.statements}
        then = {(e.statement, e.criterion): e.figures_of(OVERALL).n for e in self.round.statements}
        return now != then


def read_groupings(database: Database, study_id: int) -> tuple[Grouping, ...]:
    """What the panel of a study can be grouped by, besides the stakeholder groups."""
    with database.reading() as connection:
        return _choices(connection, study_id)


def read_grouped_results(database: Database, slug: str, round_number: int, code: str) -> GroupedResults:
    """The stored figures of a round by a grouping.

    Raises
    ------
    StudyNotFound, RoundNotFound, AnalysisMissing, NotFound
    """
    results = read_results(database, slug, round_number)
    with database.reading() as connection:
        choices = _choices(connection, results.study.id)
        chosen = _find(choices, code)
        stored = groupings.find_grouping(connection, results.study.id, round_number, code)
    return GroupedResults(
        results=results,
        round=results.analysis_of(round_number),
        grouping=chosen,
        choices=choices,
        analysis=None if stored is None else _read(stored.result),
        computed_at=None if stored is None else stored.created_at,
    )


def analyse_by(database: Database, clock: Clock, slug: str, actor: str, round_number: int, code: str) -> None:
    """Compute a round's figures by a grouping, and keep them; of the same input they are kept once.

    Raises
    ------
    StudyNotFound, RoundNotFound, AnalysisMissing, NotFound
    """
    # Only who computes figures waits for the libraries they need.
    from analysis.grouped_analysis import analyse_by_grouping  # noqa: PLC0415

    results = read_results(database, slug, round_number)
    analysed = results.analysis_of(round_number)
    study_id = results.study.id
    with database.reading() as connection:
        chosen = _find(_choices(connection, study_id), code)
        found = _members(connection, study_id, chosen)
    ratings = read_frozen_ratings(database, slug).ratings.round(round_number)
    members = _with_everybody(found, ratings.panelists)
    rules = {
        criterion: ConsensusRule.from_mapping(rule, Scale.from_mapping(analysed.scales[criterion]))
        for criterion, rule in analysed.rules.items()
    }
    result = analyse_by_grouping(
        ratings,
        rules,
        members,
        seed=analysed.seed,
        n_permutations=analysed.n_permutations,
        no_group=NO_ANSWER,
    ).to_dict()
    sha256 = hashlib.sha256(canonical_json(result).encode()).hexdigest()
    with database.writing() as connection:
        kept = groupings.find_grouping(connection, study_id, round_number, code)
        if kept is not None and kept.result_sha256 == sha256:
            return
        now = clock.now()
        groupings.insert_grouping(
            connection,
            study_id,
            round_number,
            code,
            result_sha256=sha256,
            code_version=version("castalia"),
            result=result,
            at=now,
        )
        payload = {"round": round_number, "grouping": code, "result_sha256": sha256}
        append_event(connection, study_id, EventKind.GROUPING_ANALYSED, actor, now, payload)


@lru_cache(maxsize=16)
def _read(result: str) -> GroupedAnalysis:
    return GroupedAnalysis.from_dict(json.loads(result))


def _choices(connection: Connection, study_id: int) -> tuple[Grouping, ...]:
    questions = profiles.read_profile_questions(connection, study_id)
    return (
        Grouping(LANGUAGE),
        *(Grouping(f"{PROFILE}{question.code}", question) for question in questions if question.options),
    )


def _find(choices: Sequence[Grouping], code: str) -> Grouping:
    for one in choices:
        if one.code == code:
            return one
    raise NotFound(name=code)


def _members(connection: Connection, study_id: int, chosen: Grouping) -> dict[str, tuple[int, ...]]:
    """Who is in which category, the categories in the order in which they are asked."""
    if chosen.question is None:
        found = groupings.read_panelists_by_language(connection, study_id)
    else:
        found = groupings.read_panelists_by_answer(connection, study_id, chosen.question.code)
    return {f"{CHOSEN}{code}": listed for code, listed in found.items()}


def _with_everybody(found: Mapping[str, Sequence[int]], panel: Sequence[str]) -> dict[str, list[str]]:
    """The same by the names that ratings carry, with a category of those who are in no other."""
    members = {code: [str(one) for one in listed] for code, listed in found.items()}
    grouped = {one for listed in members.values() for one in listed}
    return members | {NO_ANSWER: [one for one in panel if one not in grouped]}
