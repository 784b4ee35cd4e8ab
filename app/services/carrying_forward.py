"""What the next round asks about: looked at before it opens, and decided against the rule with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.rules import Decision
from app.clock import Clock
from app.domain.carry_forward import CarryForward, CarryForwardPolicy, Override, carry_forward
from app.domain.carry_override import StatementNotAsked, checked_override, choosing_hindrance
from app.domain.errors import ActionBlocked
from app.domain.event import EventKind
from app.domain.messages import N_, Sentence
from app.domain.statement import Statement
from app.domain.statement_editing import Lineage, StatementEntry, StatementNotFound
from app.domain.study import Study, Texts
from app.services.finding import get_study_of, hold_study_of
from app.services.results import LastDecision, last_decisions
from app.services.stored_analyses import read_round_analyses
from app.storage import carry_overrides, rounds, statements, studies
from app.storage.database import Connection, Database
from app.storage.events import append_event
from app.storage.statement_entries import StoredEntry, read_entries, read_lineage


@dataclass(frozen=True)
class CarriedStatement:
    """One statement before the next round; a withdrawn one has no ``carry``.

    ``asked_text`` is the wording that was rated last, where it is another one by now.
    """

    id: int
    entry: StatementEntry
    decisions: tuple[LastDecision, ...]
    carry: CarryForward | None
    asked_text: Texts
    came_from: tuple[Lineage, ...]
    became: tuple[Lineage, ...]

    @property
    def code(self) -> str:
        """The statement's code."""
        return self.entry.statement.code


@dataclass(frozen=True)
class NextRoundPreview:
    """All statements with what the next round would make of them."""

    study: Study
    round_number: int
    policy: CarryForwardPolicy
    statements: tuple[CarriedStatement, ...]

    def get(self, code: str) -> CarriedStatement:
        """The statement of a code.

        Raises
        ------
        StatementNotFound
        """
        for one in self.statements:
            if one.code == code:
                return one
        raise StatementNotFound(code=code[:40])


def read_next_round(database: Database, slug: str) -> NextRoundPreview:
    """What the next round would ask about, and why.

    Raises
    ------
    StudyNotFound
    ActionBlocked
        A round is open, the next one asks open questions, or the study is over.
    """
    with database.reading() as connection:
        return _preview(connection, get_study_of(connection, slug))


def override_rule(
    database: Database,
    clock: Clock,
    slug: str,
    actor: str,
    number: int,
    wanted: Override,
    *,
    known: str = "",
) -> None:
    """Decide against the rule that round ``number``, which is to come, asks about a statement, or does not.

    Parameters
    ----------
    known
        The reason that stood there when the page was opened; empty where there was none.

    Raises
    ------
    StudyNotFound, StatementNotFound, StatementNotAsked, OverrideNotNeeded, OverrideStandsAlready
    FieldsRefused
        The ``reason`` is missing or cannot be kept.
    ActionBlocked
        Nothing can be decided now, or that round has been opened.
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        one, carry = _standing(connection, study, number, wanted.statement)
        override = checked_override(carry, wanted, known=known)
        if override == carry.override:
            return
        carry_overrides.plan_override(connection, study.id, one.id, override)
        payload = {"round": number, **vars(override)}
        append_event(connection, study.id, EventKind.CARRY_FORWARD_OVERRIDDEN, actor, clock.now(), payload)


def let_rule_decide(database: Database, clock: Clock, slug: str, actor: str, number: int, code: str) -> None:
    """Undo what was decided against the rule for round ``number``, which is to come.

    Raises
    ------
    StudyNotFound, StatementNotFound, StatementNotAsked, ActionBlocked
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        one, carry = _standing(connection, study, number, code)
        if carry.override is None:
            return
        carry_overrides.forget_planned_override(connection, study.id, one.id)
        payload = {"round": number, "statement": code}
        append_event(connection, study.id, EventKind.CARRY_FORWARD_RESTORED, actor, clock.now(), payload)


def _standing(
    connection: Connection, study: Study, number: int, code: str
) -> tuple[CarriedStatement, CarryForward]:
    preview = _preview(connection, study)
    if preview.round_number != number:
        message = N_("Round %(round)s has been opened. What it asks stays as it is.")
        raise ActionBlocked([Sentence(message, {"round": number})])
    one = preview.get(code)
    if one.carry is None:
        raise StatementNotAsked(code=code)
    return one, one.carry


def _preview(connection: Connection, study: Study) -> NextRoundPreview:
    held = rounds.read_rounds(connection, study.id)
    protocol = studies.protocol_in_force(connection, study.id).protocol
    hindrance = choosing_hindrance(study.status, held, protocol.plan)
    if hindrance is not None:
        raise ActionBlocked([hindrance])
    decided: dict[str, tuple[LastDecision, ...]] = {}
    for last in last_decisions(read_round_analyses(connection, study.id)):
        decided[last.analysis.statement] = (*decided.get(last.analysis.statement, ()), last)
    asked = statements.read_last_asked_statements(connection, study.id, len(held))
    reader = _Reader(
        policy=protocol.carry_forward,
        decided=decided,
        planned=carry_overrides.read_planned_overrides(connection, study.id),
        asked={one.id: one.statement for one in asked},
        lineage=read_lineage(connection, study.id),
    )
    return NextRoundPreview(
        study=study,
        round_number=len(held) + 1,
        policy=protocol.carry_forward,
        statements=tuple(reader.carried(one) for one in read_entries(connection, study.id)),
    )


@dataclass(frozen=True)
class _Reader:
    """Puts together what is known of a statement."""

    policy: CarryForwardPolicy
    decided: Mapping[str, tuple[LastDecision, ...]]
    planned: Mapping[str, Override]
    asked: Mapping[int, Statement]
    lineage: Sequence[Lineage]

    def carried(self, stored: StoredEntry) -> CarriedStatement:
        entry, code = stored.entry, stored.entry.statement.code
        decisions = self.decided.get(code, ())
        before = self.asked.get(stored.id)
        is_reworded = before is not None and before.text != entry.statement.text
        return CarriedStatement(
            id=stored.id,
            entry=entry,
            decisions=decisions,
            carry=None if entry.withdrawn_at else self._carry(code, decisions),
            asked_text=before.text if before and is_reworded else {},
            came_from=tuple(one for one in self.lineage if one.code == code),
            became=tuple(one for one in self.lineage if one.from_code == code),
        )

    def _carry(self, code: str, decisions: Sequence[LastDecision]) -> CarryForward:
        found: list[Decision] = [one.analysis.decision for one in decisions]
        return carry_forward(found, self.policy, self.planned.get(code))
