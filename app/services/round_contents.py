"""What goes into a round and what is kept of it: statements to ask, counts at the close, feedback to show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from analysis.results import GROUP_EQUAL, NotAssessable, RoundAnalysis
from app.domain.carry_forward import CarryForward, Override, carry_forward
from app.domain.launch import RoundFacts
from app.domain.moderation import Moderation
from app.domain.panel import Panelist
from app.domain.protocol import Protocol
from app.domain.round import Round, last_rating_round
from app.domain.study import Study, StudyStatus, misses_a_language
from app.services.stored_analyses import latest_decisions, read_round_analyses
from app.storage import (
    carry_overrides,
    comments,
    open_answers,
    panel,
    panel_states,
    rounds,
    statements,
    studies,
)
from app.storage.database import Connection
from app.storage.open_answers import AnswerCount
from app.storage.ratings import CountRow
from app.storage.statements import StoredStatement


@dataclass(frozen=True)
class ChosenStatements:
    """What the next round asks about, and what is decided against the rule, by the statement's id."""

    statements: tuple[StoredStatement, ...] = ()
    overrides: tuple[tuple[int, Override], ...] = ()


def choose_statements(
    connection: Connection, study: Study, protocol: Protocol, round_: Round
) -> ChosenStatements:
    """The statements the next round asks about: those never decided, those carried forward, and overrides.

    A round of open questions asks about none.
    """
    if round_.asks_open_questions:
        return ChosenStatements()
    decided = latest_decisions(read_round_analyses(connection, study.id))
    planned = carry_overrides.read_planned_overrides(connection, study.id)
    found: list[tuple[StoredStatement, CarryForward]] = []
    for stored in statements.read_newest_statements(connection, study.id):
        code = stored.statement.code
        decisions = tuple(decided.get(code, {}).values())
        found.append((stored, carry_forward(decisions, protocol.carry_forward, planned.get(code))))
    return ChosenStatements(
        statements=tuple(stored for stored, carry in found if carry.is_asked),
        overrides=tuple(
            (stored.id, carry.override) for stored, carry in found if carry.override and carry.is_overridden
        ),
    )


def panelists_to_ask(connection: Connection, study: Study) -> list[Panelist]:
    """Everybody who has neither declined nor withdrawn."""
    return [p for p in panel.read_panel(connection, study.id) if not p.has_left]


def opening_facts(
    connection: Connection,
    study: Study,
    protocol: Protocol,
    round_: Round,
    chosen: Iterable[StoredStatement],
    *,
    closes_at: datetime | None,
    now: datetime,
) -> RoundFacts:
    """What decides whether the next round can be opened, and what is worth knowing before."""
    chosen = list(chosen)
    asked = {one.group: one.n_asked for one in panel_states.count_groups(connection, study.id)}
    groups = protocol.groups
    topics = {stored.statement.topic for stored in chosen}
    cards = statements.read_evidence(connection, study.id, [stored.id for stored in chosen])
    return RoundFacts(
        n_statements=len(chosen),
        n_invited=sum(asked.values()),
        has_statements=bool(chosen) or statements.has_statements(connection, study.id),
        empty_groups=tuple(group.name for group in groups if not asked.get(group.code)),
        untranslated=tuple(
            one.statement.code for one in chosen if misses_a_language(one.statement.text, study.languages)
        ),
        untranslated_topics=tuple(
            topic.code
            for topic in studies.read_topics(connection, study.id)
            if topic.code in topics and misses_a_language(topic.name, study.languages)
        ),
        untranslated_cards=tuple(
            card.code
            for card in cards
            if any(misses_a_language(text, study.languages) for text in card.texts)
        ),
        deadline_in_past=closes_at is not None and closes_at <= now,
        study_concluded=study.status is StudyStatus.CONCLUDED,
        kind=round_.kind,
        n_questions=open_answers.count_planned_questions(connection, study.id),
        is_real_time=round_.is_real_time,
        n_groups=len(groups),
        n_languages=len(study.languages),
        groups_below_target=tuple(
            group.name for group in groups if 0 < asked.get(group.code, 0) < (group.target or 0)
        ),
        n_unreachable=panel_states.count_unreachable(connection, study.id),
        without_consent=tuple(code for code in study.languages if not study.texts.consent.get(code)),
        n_waiting_comments=_waiting_comments(connection, study, protocol, round_),
    )


def _waiting_comments(connection: Connection, study: Study, protocol: Protocol, round_: Round) -> int:
    before = last_rating_round(rounds.read_rounds(connection, study.id), round_.number)
    if before is None or not protocol.feedback.comments:
        return 0
    counted = comments.count_comments_by_state(connection, study.id, before.number)
    return sum(line.n for line in counted if line.moderation is Moderation.PENDING)


def counts_content(protocol: Protocol, rows: Iterable[CountRow]) -> dict[str, Any]:
    """The counts with which a round closes: ratings by point, and abstentions, of each group."""
    points = {criterion.code: criterion.scale.points for criterion in protocol.criteria}
    cells: dict[tuple[str, str, str], tuple[list[int], int]] = {}
    for row in rows:
        counts, abstained = cells.get(
            (row.statement, row.criterion, row.group), ([0] * len(points[row.criterion]), 0)
        )
        if row.point is None:
            abstained += row.n
        else:
            counts[points[row.criterion].index(row.point)] += row.n
        cells[row.statement, row.criterion, row.group] = (counts, abstained)
    return {
        "points": {code: list(of_criterion) for code, of_criterion in points.items()},
        "counts": [[*key, counts, abstained] for key, (counts, abstained) in cells.items()],
    }


def answer_counts_content(rows: Iterable[AnswerCount]) -> dict[str, Any]:
    """The counts with which an open round closes: answers, their writers, and who had nothing to add."""
    return {
        "questions": [
            [row.question, row.group, row.n_answers, row.n_panelists, row.n_nothing] for row in rows
        ]
    }


def feedback_content(analysis: RoundAnalysis) -> dict[str, Any]:
    """What panelists may be shown of a round: per criterion, statement and group the counts and quartiles.

    A group without ratings has None for its quartiles; the feedback rule never shows it.
    """
    content: dict[str, dict[str, Any]] = {criterion: {} for criterion in analysis.criteria}
    for entry in analysis.statements:
        content[entry.criterion][entry.statement] = {
            figures.group: {
                "counts": list(figures.counts),
                **{
                    name: None if isinstance(value, NotAssessable) else value
                    for name, value in (("median", figures.median), ("q1", figures.q1), ("q3", figures.q3))
                },
            }
            for figures in entry.groups
            if figures.group != GROUP_EQUAL
        }
    return content
