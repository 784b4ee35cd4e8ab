"""What rounds ask against the rule: planned for the next one, and kept of those that were opened."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, delete, insert, select

from app.domain.carry_forward import Override
from app.storage.tables.rounds import carry_override, planned_override
from app.storage.tables.statement import statement


def read_planned_overrides(connection: Connection, study_id: int) -> dict[str, Override]:
    """What is planned for the next round, by the statement's code, in the study's order."""
    rows = connection.execute(_beside_statements(planned_override, study_id))
    return {row.code: Override(row.code, bool(row.carried), row.reason) for row in rows}


def read_applied_overrides(connection: Connection, study_id: int) -> dict[int, tuple[Override, ...]]:
    """What the rounds that were opened asked or left out against the rule, by the round's number."""
    found: dict[int, tuple[Override, ...]] = {}
    for row in connection.execute(_beside_statements(carry_override, study_id)):
        one = Override(row.code, bool(row.carried), row.reason)
        found[row.round_number] = (*found.get(row.round_number, ()), one)
    return dict(sorted(found.items()))


def plan_override(connection: Connection, study_id: int, statement_id: int, override: Override) -> None:
    """Keep for the next round what is to be asked or left out, in place of what was planned before."""
    forget_planned_override(connection, study_id, statement_id)
    connection.execute(
        insert(planned_override),
        {
            "study_id": study_id,
            "statement_id": statement_id,
            "carried": int(override.asks),
            "reason": override.reason,
        },
    )


def forget_planned_override(connection: Connection, study_id: int, statement_id: int) -> None:
    """Let the rule decide again on a statement."""
    connection.execute(
        delete(planned_override).where(
            planned_override.c.study_id == study_id, planned_override.c.statement_id == statement_id
        )
    )


def apply_overrides(
    connection: Connection, study_id: int, round_number: int, overrides: Iterable[tuple[int, Override]]
) -> None:
    """Keep with a round that opens what was decided against the rule; nothing is planned any more."""
    rows = [
        {
            "study_id": study_id,
            "round_number": round_number,
            "statement_id": statement_id,
            "carried": int(override.asks),
            "reason": override.reason,
        }
        for statement_id, override in overrides
    ]
    if rows:
        connection.execute(insert(carry_override), rows)
    connection.execute(delete(planned_override).where(planned_override.c.study_id == study_id))


def _beside_statements(table: Table, study_id: int) -> Select[Any]:
    return (
        select(table, statement.c.code)
        .join(
            statement,
            and_(statement.c.study_id == table.c.study_id, statement.c.id == table.c.statement_id),
        )
        .where(table.c.study_id == study_id)
        .order_by(statement.c.position, statement.c.id)
    )
